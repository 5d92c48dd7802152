import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { formatTable } from "../src/reports/table.js";

/** Processor and wall time of some work, in seconds; processor time bears a busy machine. */
export interface Timing {
  readonly cpu: number;
  readonly wall: number;
}

/** Times some work. */
export async function timed<T>(work: () => T | Promise<T>): Promise<Timing & { readonly value: T }> {
  const before = process.cpuUsage();
  const started = performance.now();
  const value = await work();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { value, wall, cpu: (user + system) / 1e6 };
}

/** Runs of some work with the time they took in all, in seconds. */
export interface Measured extends Timing {
  readonly runs: number;
}

/** Repeats some work for so many seconds, at least once. */
export async function measure(work: () => Promise<unknown>, seconds: number): Promise<Measured> {
  let runs = 0;
  const { cpu, wall } = await timed(async () => {
    const until = performance.now() + 1000 * seconds;
    while (runs === 0 || performance.now() < until) {
      await work();
      runs++;
    }
  });
  return { runs, cpu, wall };
}

/** What a Python script of this folder tells about its run. */
export interface PeerRun {
  readonly cpu: number;
  readonly wall: number;
  readonly evaluations?: number;
  readonly end?: readonly number[];
}

/** Runs a Python script of this folder with one thread; null with a line on stderr when it cannot run. */
export function python(script: string, argument: unknown): PeerRun | null {
  const threads = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"].map((name) => [name, "1"]);
  const { status, stdout, stderr, error } = spawnSync("python3", [fileURLToPath(new URL(script, import.meta.url))], {
    input: JSON.stringify(argument),
    encoding: "utf8",
    env: { ...process.env, ...Object.fromEntries(threads) },
  });
  if (status === 0) return JSON.parse(stdout);
  const reason = error?.message ?? stderr.trim().split("\n").at(-1);
  console.error(`no comparison with ${script}: ${reason}`);
  return null;
}

/** The least value: what the machine can do when others leave it alone. */
export function least(values: readonly number[]): number {
  return Math.min(...values);
}

/** Prints rows under titles, first column left. */
export function printTable(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  console.log(
    formatTable(
      {
        columns: titles.map((title, i) => ({ title, align: i === 0 ? "left" : "decimal" })),
        rows: rows.map((row) => ({
          cells: row.map((value) => ({
            text: typeof value === "number" ? String(Number(value.toPrecision(3))) : value,
          })),
        })),
      },
      { width: 200 },
    ),
  );
}

/** Processor and Node of this machine. */
export function machine(): string {
  return `${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.version}`;
}
