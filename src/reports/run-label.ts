import type { CompareRun } from "../experiments/compare-result.js";

/** A solver with its non-default options, as typed on the command line: `pc:snr=0.16,correctorSteps=2`. */
export function runLabel(run: Pick<CompareRun, "solver" | "options">): string {
  const options = optionsText(run.options);
  return options === "" ? run.solver : `${run.solver}:${options}`;
}

/** Options as `name=value` joined by commas; an empty string for none. */
export function optionsText(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(",");
}
