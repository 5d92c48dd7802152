import type { Engine } from "../../src/engine/types.js";
import type { Sde } from "../../src/sdes/index.js";
import { initialParameters, type NetworkModel, networkModel } from "../../src/training/index.js";
import { createNetwork } from "../../src/training/networks/registry.js";
import { type PreconditioningName, preconditioning } from "../../src/training/preconditioning.js";

/** A model with random parameters, in which every part of the network speaks. */
export function randomModel(
  engine: Engine,
  sde: Sde,
  { name = "edm" as PreconditioningName, shape = [2], classes = 0, chunk = 512, spec = "mlp:width=16,depth=2" } = {},
): Promise<NetworkModel> {
  const network = createNetwork(spec, { shape, classes });
  const parameters = initialParameters(network, 1).map((value, i) => value + 0.2 * Math.sin(3 * i));
  const predicts = name === "none" ? "noise" : "data";
  const scheme = preconditioning({ name, sde, predicts, dataStandardDeviation: 0.8 });
  return networkModel({ sde, network, preconditioning: scheme, parameters, standardisation: null }, { engine, chunk });
}

/** Rows over the whole range of times, at the scale of the states. */
export function rowsOf(sde: Sde, count: number, dimension = 2) {
  const [from, to] = [sde.logSnr(sde.tMin), sde.logSnr(sde.tMax)];
  const times = Float64Array.from({ length: count }, (_, row) =>
    Math.fround(Math.min(Math.max(sde.timeAtLogSnr(from + ((to - from) * row) / (count - 1)), sde.tMin), sde.tMax)),
  );
  const x = Float64Array.from({ length: count * dimension }, (_, i) => {
    const t = times[Math.floor(i / dimension)]!;
    return Math.fround(1.7 * Math.sin(1.3 * i) * Math.sqrt(sde.alpha(t) ** 2 + sde.sigma(t) ** 2));
  });
  return { x, times, count };
}
