import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VERBS } from "../../src/cli/verbs.js";

const ROOT = join(import.meta.dirname, "../..");
const TEXTS = ["CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSES/Apache-2.0.txt", "README.md", "package.json"];
/** Verbs that a configuration file can set. */
const VERBS_WITH_FILES = VERBS.map(({ name }) => name).filter((name) => name !== "completion");
/** Megabytes, packed and installed without dependencies. */
const MOST = { packed: 0.8, unpacked: 2.8 };

const scratch = mkdtempSync(join(tmpdir(), "score-sde-pack-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function run(program: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error });
  }
}

describe("package.json", () => {
  const { dependencies, exports, bin, ...rest } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

  it("asks for no package that the sources do not import", () => {
    const sources = ["src", "solvers"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
    );
    const text = sources.join("\n");
    for (const name of Object.keys(dependencies)) {
      // Types are asked for by the declarations of what they describe; a font is asked for by its path.
      expect(text.includes(name.replace("@types/", "")), name).toBe(true);
    }
  });

  it("leads only into dist", () => {
    const targets = [
      rest.main,
      rest.types,
      ...Object.values(bin),
      ...Object.values(exports).flatMap((entry) =>
        typeof entry === "string" ? [entry] : Object.values(entry as object),
      ),
    ];
    for (const target of targets) expect(target).toMatch(/^\.\/(dist\/|package\.json$)/);
  });
});

// Two minutes: builds, packs, and installs from the registry.
describe.skipIf(!process.env.SLOW_TESTS)("the tarball", () => {
  const copy = join(scratch, "copy");
  const project = join(scratch, "project");
  let tarball = "";
  let packed: { size: number; unpackedSize: number; files: { path: string; size: number }[] };

  beforeAll(() => {
    const names = ["package.json", "tsconfig.json", "README.md", "LICENSE", "LICENSES", "CHANGELOG.md", "CITATION.cff"];
    for (const name of [...names, "src", "solvers", "tests/packaging"]) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    // What an earlier build left behind must not be packed.
    cpSync(join(ROOT, "LICENSE"), join(copy, "dist/src/gone.js"));
    [packed] = JSON.parse(run("npm", ["pack", "--json", "--silent"], copy));
    tarball = join(copy, readdirSync(copy).find((name) => name.endsWith(".tgz"))!);
    cpSync(join(ROOT, "LICENSE"), join(project, "LICENSE"));
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const quick = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    run("npm", ["install", tarball, ...quick], project);
  }, 600_000);

  it("holds the built sources, their types and the legal texts, and nothing else", () => {
    const built = ["src", "solvers"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts") && !name.startsWith("kernels/assembly"))
        .map((name) => `dist/${folder}/${name.slice(0, -3)}`),
    );
    const schemas = VERBS_WITH_FILES.map((name) => `dist/schema/${name}.json`);
    const expected = [...TEXTS, ...schemas, ...built.flatMap((path) => [`${path}.js`, `${path}.d.ts`])];
    expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort());
    expect(packed.size / 1e6).toBeLessThan(MOST.packed);
    expect(packed.unpackedSize / 1e6).toBeLessThan(MOST.unpacked);
  });

  it("is clean to publint", () => {
    expect(run(join(ROOT, "node_modules/.bin/publint"), ["run", tarball, "--strict"], copy)).toContain("All good!");
  });

  it("has types that every way of resolving finds", () => {
    // An ES module is what `require` gets too: Node 20.19 can load it.
    const ignored = ["--ignore-rules", "cjs-resolves-to-esm"];
    const text = run(join(ROOT, "node_modules/.bin/attw"), [tarball, ...ignored, "--no-emoji", "--no-color"], copy);
    expect(text).toMatch(/No problems found/);
  });

  it.each([
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
    ["node10", "esnext"],
  ])("compiles against a program under moduleResolution %s", (resolution, module) => {
    const program = `
import { exactLaw, gaussian, sample, toy, vp, type Sde } from "score-sde";
import { solvers, type Model } from "score-sde/solvers";
const sde: Sde = vp({ betaMax: 10 });
const law = await exactLaw({ sde, target: toy("trimodal"), solver: "em", steps: 50 });
export const w2: number = law.w2;
// @ts-expect-error a number is no text: types are there, not any
export const text: string = law.w2;
// @ts-expect-error no such option
vp({ betaMaximum: 10 });
export const names: readonly string[] = solvers.map(({ name }) => name);
const model: Model = { predicts: "score", dimension: 1, evaluate: ({ x }, out) => out.set(x) };
const { samples } = await sample({ sde, model, solver: "em", steps: 2, samples: 4 });
export const numbers: Float64Array = samples.data;
export const target = gaussian({ mean: [0, 1], standardDeviation: 1 });
`;
    writeFileSync(join(project, "program.ts"), program);
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023", "--skipLibCheck"];
    const ways = ["--module", module, "--moduleResolution", resolution, "--ignoreDeprecations", "6.0"];
    expect(run(join(ROOT, "node_modules/.bin/tsc"), [...flags, ...ways, "program.ts"], project)).toBe("");
  });

  it("runs by import and by require, library and heart", () => {
    const imported = `import { exactLaw, toy, vp } from "score-sde"; import { solvers } from "score-sde/solvers";
const { w2 } = await exactLaw({ sde: vp(), target: toy("trimodal"), solver: "em", steps: 50 });
console.log(w2.toPrecision(4), solvers.some(({ name }) => name === "rk45"));`;
    expect(run("node", ["--input-type=module", "-e", imported], project)).toBe("0.01917 true\n");
    const required = `const { vp } = require("score-sde"); console.log(vp().name, typeof require("score-sde/solvers").findSolver);`;
    expect(run("node", ["--no-warnings", "--input-type=commonjs", "-e", required], project)).toBe("vp function\n");
  });

  it("brings the command line, by npx", () => {
    const table = run(
      "npx",
      ["--no-install", "score-sde", "compare", "--solvers", "em", "--steps", "20", "--samples", "64", "--repeats", "2"],
      project,
    );
    expect(table).toMatch(/^em +20 +20 +0\.05048/m);
    const facts = JSON.parse(run("npx", ["--no-install", "score-sde", "info", "--json"], project));
    expect(facts.version).toBe(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version);
  });

  it("publishes the schema of every verb's configuration file", () => {
    const schema = JSON.parse(readFileSync(join(project, "node_modules/score-sde/dist/schema/compare.json"), "utf8"));
    expect(schema.title).toBe("Options of score-sde compare");
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(["$schema", "solvers", "steps", "sde"]));
    writeFileSync(
      join(project, "run.json"),
      JSON.stringify({
        $schema: "./node_modules/score-sde/dist/schema/compare.json",
        solvers: "em",
        steps: "20",
        samples: 64,
      }),
    );
    const printed = run(
      "npx",
      ["--no-install", "score-sde", "compare", "--config", "run.json", "--print-config"],
      project,
    );
    expect(printed).toMatch(/^samples +64 +config file$/m);
  });

  it("trains and draws without the optional packages", () => {
    const args = ["train", "--target", "bimodal", "--network", "mlp:width=8,depth=1", "--steps", "2", "--json"];
    expect(JSON.parse(run("npx", ["--no-install", "score-sde", ...args], project)).status).toBe("success");
  });
});
