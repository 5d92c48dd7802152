import { createEngine } from "../../engine/index.js";
import { createSde } from "../../sdes/registry.js";
import type { Sde } from "../../sdes/types.js";
import { networkModel, type TrainedModel } from "../network-model.js";
import { createNetwork, networkSpec } from "../networks/registry.js";
import { loadOnnxModel } from "../onnx-model.js";
import { preconditioning } from "../preconditioning.js";
import type { PortableModel } from "./portable-model.js";

/** The model that was described, on one thread. @throws as `loadOnnxModel` and `createEngine` */
export async function openPortable(portable: PortableModel): Promise<TrainedModel> {
  const sde = await createSde(portable.sde.name, portable.sde.options);
  if (portable.kind === "onnx") return loadOnnxModel(portable.path, { ...portable.options, sde, threads: 1 });
  const { network: net, parameters, standardisation, chunk } = portable;
  const network = createNetwork(networkSpec(net.name, net.options), net);
  const scheme = preconditioning({ ...portable.preconditioning, sde });
  const engine = await createEngine({ engine: portable.engine });
  const trained = { sde, network, preconditioning: scheme, parameters, standardisation };
  const model = await networkModel(trained, { engine, chunk });
  return {
    ...model,
    async dispose() {
      await model.dispose();
      await engine.dispose();
    },
  };
}

/** Whether name and options make this SDE again. */
export async function isNamed({ name, options }: Sde): Promise<boolean> {
  try {
    return JSON.stringify((await createSde(name, options)).options) === JSON.stringify(options);
  } catch {
    return false;
  }
}
