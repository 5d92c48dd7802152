import { fillNormal } from "../../../solvers/noise/normal.js";
import { sizeOf } from "../../engine/index.js";
import { TrainingSlot } from "../training-slot.js";
import type { Network } from "./network.js";

/** The start of a network's flat parameter vector; the same seed gives the same bits. */
export function initialParameters({ parameters }: Network, seed: number): Float32Array {
  const count = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const normals = new Float64Array(count);
  fillNormal({ seed, stream: "training", slot: TrainingSlot.INITIAL }, 0, normals);
  const flat = new Float32Array(count);
  let offset = 0;
  for (const { shape, mean, standardDeviation, start } of parameters) {
    const end = offset + sizeOf(shape);
    if (start !== undefined) {
      flat.set(start, offset);
      offset = end;
    }
    for (; offset < end; offset++) flat[offset] = mean + standardDeviation * normals[offset]!;
  }
  return flat;
}
