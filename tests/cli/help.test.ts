import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { VERBS } from "../../src/cli/verbs.js";
import { writeArray } from "../../src/files/index.js";
import { type Finished, MAIN, runProgram, scoreSde, scratchDirectory } from "./run.js";

/** The commands of a help text's examples. */
function examplesOf({ stdout }: Finished): string[] {
  return Array.from(stdout.matchAll(/^ {2}\$ (score-sde\b.*?)(?: {2,}.*)?$/gm), ([, command]) => command!);
}

/** Verbs as the help lists them. */
function verbsOf({ stdout }: Finished): string[] {
  const listed = stdout.slice(stdout.indexOf("Commands:"), stdout.indexOf("Examples:"));
  return Array.from(listed.matchAll(/^ {2}([a-z-]+)/gm), ([, verb]) => verb!).filter((verb) => verb !== "help");
}

describe("the command alone", () => {
  it("is the help with three examples, code 0", async () => {
    const [alone, help] = await Promise.all([scoreSde([]), scoreSde(["--help"])]);
    expect(alone).toEqual(help);
    expect(alone).toMatchObject({ code: 0, stderr: "" });
    expect(examplesOf(alone).length).toBeGreaterThanOrEqual(3);
    expect(verbsOf(alone)).toEqual(expect.arrayContaining(["compare", "list", "info", "completion"]));
  });

  it("tells its version", async () => {
    const { stdout } = await scoreSde(["--version"]);
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    expect(stdout).toBe(`${version}\n`);
  });
});

describe("options of every verb", () => {
  it("are --seed, --json, --quiet, --out, --config and --help", async () => {
    for (const { name, load } of VERBS) {
      if (name === "completion") continue;
      const help = (await load()).helpInformation();
      for (const flag of ["--seed <", "--json", "--quiet", "--out <", "--config <", "--help"])
        expect(help).toContain(flag);
    }
  });

  it.each([["list", "grids"], ["info"]])(
    "%s %s writes its JSON to --out, and takes it from a file",
    async (...words) => {
      const directory = scratchDirectory();
      const path = join(directory, "config.json");
      writeFileSync(path, JSON.stringify({ json: true, seed: 3, quiet: true, out: join(directory, "out") }));
      const { stdout, stderr, code } = await scoreSde([...words, "--config", path]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(readFileSync(join(directory, "out/results.json"), "utf8")).toBe(stdout);
      expect(JSON.parse(stdout)).toBeTypeOf("object");
    },
  );
});

describe("start-up", () => {
  it("loads nothing heavy before it knows what to do", () => {
    const packages = new Set<string>();
    const files = new Set<string>();
    const visit = (path: string): void => {
      if (files.has(path)) return;
      files.add(path);
      for (const [, name = ""] of readFileSync(path, "utf8").matchAll(
        /^(?:import|export)\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["']/gm,
      )) {
        if (name.startsWith(".")) visit(join(dirname(path), name));
        else if (!name.startsWith("node:")) packages.add(name);
      }
    };
    visit(MAIN);
    // Together 40 ms where Node itself takes 80.
    for (const name of packages) expect(["commander", "fastest-levenshtein", "ndarray"]).toContain(name);
    const far = [...files].filter((path) =>
      /\/src\/(metrics|reports|targets|verification|training|engine)\//.test(path),
    );
    expect(far).toEqual([]);
  });
});

/** Verbs whose examples, like those with a network, take long even made smaller: SLOW_TESTS=1 runs them too. */
const SLOW_VERBS = ["converge", "fokker-planck", "tour", "train", "verify"];
/** Options that make an example smaller: the last of two equal options counts. */
const SMALLER = ["--samples 32", "--repeats 2", "--no-exact"];

describe("examples", async () => {
  const directory = scratchDirectory();
  const helps = new Map<string, Finished>();
  for (const verb of verbsOf(await scoreSde([]))) helps.set(verb, await scoreSde([verb, "--help"]));
  helps.set("", await scoreSde([]));
  const runnable = [...helps].filter(([verb]) => process.env.SLOW_TESTS || !SLOW_VERBS.includes(verb));
  const examples = runnable.flatMap(([verb, help]) =>
    examplesOf(help)
      .map((example) => ({ help: helps.get(example.split(" ")[1] ?? "") ?? help, example }))
      .filter(({ example }) => process.env.SLOW_TESTS || !example.includes(" --model "))
      .filter(({ example }) => verb !== "" || runnable.some(([name]) => name === example.split(" ")[1])),
  );

  it("are in the help of every verb", () => {
    for (const help of helps.values()) {
      expect(help).toMatchObject({ code: 0, stderr: "" });
      expect(examplesOf(help).length).toBeGreaterThan(0);
    }
  });

  it.each(examples)("$example", async ({ help, example }) => {
    await writeInputs(example, directory);
    const smaller = SMALLER.filter(
      (option) =>
        help.stdout.includes(option.split(" ")[0]!) && !(option.startsWith("--samples") && / --points /.test(example)),
    );
    const takesFigures = !/ --(config-schema|print-config)/.test(example);
    const command = takesFigures ? [example, ...smaller].join(" ") : example;
    const shell = `score-sde() { '${process.execPath}' '${MAIN}' "$@"; }; ${command}`;
    const { code, stdout, stderr } = await runProgram("bash", ["-c", shell], { cwd: directory });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\S/);
    if (/ --json/.test(example)) JSON.parse(stdout);
  });
});

/** The files that an example reads: plane points where it is about moons, a line elsewhere; a model of two training steps. */
async function writeInputs(example: string, directory: string): Promise<void> {
  for (const [, name = ""] of example.matchAll(/ --(?:data|points) (\S+)/g)) {
    const columns = name.includes("moons") ? 2 : 1;
    const values = Float64Array.from({ length: 12 * columns }, (_, i) => (i * 0.7) % 2);
    await writeArray(join(directory, name), ndarray(values, [12, columns]));
  }
  const [, model] = / --model (\S+)/.exec(example) ?? [];
  if (model === undefined) return;
  const [, target = "bimodal"] = / --target (\S+)/.exec(example) ?? [];
  const args = ["train", "--target", target, "--out", model, "--steps", "2"];
  expect(await scoreSde(args, { cwd: directory })).toMatchObject({ code: 0 });
}
