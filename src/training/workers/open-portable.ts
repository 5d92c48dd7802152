import type { ConvertibleModel } from "../../scores/model.js";
import { createSde } from "../../sdes/registry.js";
import type { Sde } from "../../sdes/types.js";
import type { PortableModel } from "./portable-model.js";

/** A model as a thread that draws needs it. */
export interface OpenedModel extends ConvertibleModel {
  readonly sde: Sde;
  dispose(): Promise<void>;
}

/** The model that was described, on one thread; loads no more than its kind needs. @throws as `loadOnnxModel` and `createEngine` */
export async function openPortable(portable: PortableModel): Promise<OpenedModel> {
  const sde = await createSde(portable.sde.name, portable.sde.options);
  if (portable.kind === "onnx") {
    const { loadOnnxModel } = await import("../onnx-model.js");
    return loadOnnxModel(portable.path, { ...portable.options, sde, threads: 1 });
  }
  const [{ preconditioning }, { NetworkPrograms, networkPrediction }] = await Promise.all([
    import("../preconditioning.js"),
    import("../network-prediction.js"),
  ]);
  const { network, chunk } = portable;
  const scheme = preconditioning({ ...portable.preconditioning, sde });
  const { open, dispose } = await opener(portable);
  const programs = new NetworkPrograms(open);
  return {
    ...networkPrediction({ sde, network, preconditioning: scheme, chunk, smaller: [] }, programs),
    sde,
    async dispose() {
      await programs.dispose();
      await dispose();
    },
  };
}

/** What opens the programs of a network. */
async function opener(portable: Exclude<PortableModel, { kind: "onnx" }>) {
  if (portable.kind === "programs") {
    const { openProgram } = await import("../../engine/onnx-files.js");
    return {
      open: (_rows: number, levels: number) => openProgram(portable.programs.get(levels)!),
      dispose: async () => {},
    };
  }
  const [{ createEngine }, { compileNetwork }, { createNetwork, networkSpec }] = await Promise.all([
    import("../../engine/index.js"),
    import("../network-model.js"),
    import("../networks/registry.js"),
  ]);
  const { network: facts, parameters } = portable;
  const network = createNetwork(networkSpec(facts.name, facts.options), facts);
  const engine = await createEngine({ engine: portable.engine });
  return {
    open: (rows: number, levels: number) => compileNetwork(engine, network, rows, parameters, levels),
    dispose: () => engine.dispose(),
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
