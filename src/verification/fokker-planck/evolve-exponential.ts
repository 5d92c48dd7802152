import type { Evolution } from "./evolve.js";
import type { GeneratorSource } from "./generator-source.js";
import { uniformisation } from "./uniformisation.js";

/** Carries cell masses through the readings of a clock in which the field is constant, without error in time. */
export async function evolveExponential(
  source: GeneratorSource,
  initial: Float64Array,
  outputs: Float64Array,
): Promise<Evolution> {
  const generator = await source.at(outputs[0]!);
  const last = initial.length - 1;
  const wall = [initial[0]!, initial[last]!];
  const masses = [Float64Array.from(initial)];
  for (let k = 1; k < outputs.length; k++) {
    const next = new Float64Array(initial.length);
    uniformisation(generator, outputs[k]! - outputs[k - 1]!, masses[k - 1]!, next);
    masses.push(next);
    wall[0] = Math.max(wall[0]!, next[0]!);
    wall[1] = Math.max(wall[1]!, next[last]!);
  }
  const allFinite = masses[masses.length - 1]!.every(Number.isFinite);
  return {
    readings: Array.from(outputs),
    masses,
    status: allFinite ? "success" : "non-finite",
    steps: outputs.length - 1,
    stepEnds: Array.from(outputs.subarray(1)),
    rejected: 0,
    limited: 0,
    limiterError: 0,
    timeError: 0,
    timeErrors: masses.map(() => 0),
    wallMass: wall,
  };
}
