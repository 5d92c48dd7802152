import { formatSpec } from "../../solvers/spec.js";
import type { TourResult } from "../experiments/tour-result.js";

/** A short name for each process: that of its SDE, with its options where two share a name. */
export function processNames({ processes }: TourResult): string[] {
  const names = processes.map(({ sde }) => sde.name);
  return processes.map(({ sde }, i) =>
    names.indexOf(sde.name) === names.lastIndexOf(sde.name) ? names[i]! : formatSpec(sde),
  );
}
