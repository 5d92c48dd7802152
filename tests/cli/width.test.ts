import { describe, expect, it } from "vitest";
import { scoreSde } from "./run.js";

/** Verbs whose results are tables, made small. */
const TABLES = [
  ["compare", "--samples", "32", "--repeats", "2", "--steps", "10,20"],
  ["compare", "--samples", "32", "--repeats", "2", "--steps", "10", "--solvers", "em,pc:snr=0.2,ddim:eta=0.5,rk45"],
  ["verify", "--only", "kernels,tweedie"],
  ["list"],
  ["list", "recipes"],
] as const;

describe.each([60, 80])("%i columns", (width) => {
  it.each(TABLES.map((args) => [args.join(" "), args] as const))("%s", async (_name, args) => {
    const { code, stdout } = await scoreSde(args, { env: { COLUMNS: String(width) } });
    expect(code).toBe(0);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
  });

  it("the help of the command alone", async () => {
    const { stdout } = await scoreSde([], { env: { COLUMNS: String(width) } });
    // commander wraps at the terminal's width, 80 where there is none.
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});
