import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export const MAIN = join(import.meta.dirname, "../../dist/src/cli/main.js");

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSetting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the child as soon as it runs. */
  readonly afterSpawn?: (child: ChildProcess) => void;
}

/** Runs the built command line; its streams are pipes, so no terminal. */
export function scoreSde(args: readonly string[], setting: RunSetting = {}): Promise<Finished> {
  return runProgram(process.execPath, [MAIN, ...args], setting);
}

/** Runs any program. */
export function runProgram(program: string, args: readonly string[], { cwd, env, afterSpawn }: RunSetting = {}) {
  return new Promise<Finished>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...plainEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    afterSpawn?.(child);
    child.on("error", reject).on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The environment without what changes output. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, COLUMNS: _columns, SCORE_SDE_DEBUG: _debug, ...rest } = process.env;
  return rest;
}

/** An empty directory that goes away with the test file. */
export function scratchDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "score-sde-cli-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A comparison of under half a second. */
export const TINY = ["compare", "--samples", "32", "--repeats", "2", "--steps", "4", "--solvers", "em", "--no-exact"];

/** As `TINY`, of an adaptive solver that ends before it is done. */
export const FAILING =
  "compare --samples 32 --repeats 2 --tolerances 1e-3 --solvers rk45:maxEvaluations=3 --no-exact".split(" ");
