import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { machine, printTable } from "./measure.js";

/**
 * Start-up of the built command line and of the library, as ratios to `node -e 0` taken turn by turn, and what the package weighs.
 * Arguments: rounds (default 15).
 */
const ROOT = join(import.meta.dirname, "..");
const MAIN = join(ROOT, "dist/src/cli/main.js");
const IMPORT = (name: string) => ["--input-type=module", "-e", `await import(${JSON.stringify(name)})`];
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["node -e 0", ["-e", "0"]],
  ["score-sde --version", [MAIN, "--version"]],
  ["score-sde --help", [MAIN, "--help"]],
  ["score-sde compare --help", [MAIN, "compare", "--help"]],
  ["score-sde list", [MAIN, "list"]],
  ["import score-sde/solvers", IMPORT("score-sde/solvers")],
  ["import score-sde", IMPORT("score-sde")],
];

function main(): void {
  const rounds = Number(process.argv[2] ?? 15);
  const times = CASES.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [k, [, args]] of CASES.entries()) {
      const begun = performance.now();
      const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "ignore" });
      if (status !== 0) throw new Error(`${CASES[k]![0]} ended with ${status}: is the package built?`);
      times[k]!.push(performance.now() - begun);
    }
  }
  const least = times.map((all) => Math.min(...all));
  console.log(`${machine()}; the least of ${rounds} rounds, turn by turn`);
  printTable(
    ["what", "ms", "× node -e 0"],
    CASES.map(([name], k) => [name, least[k]!.toFixed(0), (least[k]! / least[0]!).toFixed(2)]),
  );
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--silent"], {
      cwd: ROOT,
      encoding: "utf8",
    }),
  );
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(
    `package: ${megabytes(packed.size)} packed, ${megabytes(packed.unpackedSize)} unpacked, ${packed.files.length} files; built: ${megabytes(sizeOf(join(ROOT, "dist")))}`,
  );
}

function sizeOf(path: string): number {
  const { size } = statSync(path);
  if (!statSync(path).isDirectory()) return size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

main();
