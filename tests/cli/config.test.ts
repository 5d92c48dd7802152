import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compareCommand } from "../../src/cli/commands/compare.js";
import { configJsonSchema } from "../../src/cli/config-schema.js";
import { resolvedOptions } from "../../src/cli/resolved-options.js";
import { scoreSde, scratchDirectory } from "./run.js";

const directory = scratchDirectory();

/** Values and origins of compare's options, without running it. */
async function resolve(args: readonly string[], config?: unknown) {
  const path = join(directory, "config.json");
  if (config !== undefined) writeFileSync(path, JSON.stringify(config));
  const command = compareCommand()
    .exitOverride()
    .action(() => {});
  await command.parseAsync([...args, ...(config === undefined ? [] : ["--config", path])], { from: "user" });
  return Object.fromEntries(await resolvedOptions(command));
}

describe("options", () => {
  it("come from the command line, then the file, then defaults", async () => {
    const resolved = await resolve(["--samples", "10"], { $schema: "x", samples: 20, repeats: 3, exact: false });
    expect(resolved.samples).toEqual({ value: "10", origin: "command line" });
    expect(resolved.repeats).toEqual({ value: 3, origin: "config file" });
    expect(resolved.exact).toEqual({ value: false, origin: "config file" });
    expect(resolved.seed).toEqual({ value: "0", origin: "default" });
    expect(resolved).not.toHaveProperty("$schema");
  });

  it("that exclude each other: the nearer source hides the other", async () => {
    const fromFile = await resolve([], { evaluations: [20] });
    expect(fromFile.evaluations?.value).toEqual([20]);
    expect(fromFile).not.toHaveProperty("steps");
    const fromCommand = await resolve(["--steps", "5"], { evaluations: [20] });
    expect(fromCommand.steps?.value).toBe("5");
    expect(fromCommand).not.toHaveProperty("evaluations");
    expect(await resolve([], { data: "points.csv" })).not.toHaveProperty("target");
    await expect(resolve([], { data: "points.csv", target: "rings" })).rejects.toThrow(/target.*data/);
  });

  it("of a file give the run that the same command line gives", async () => {
    const path = join(directory, "run.json");
    const config = { solvers: ["em", "ddim:eta=1"], steps: [4, 6], samples: 32, repeats: 2, exact: false, seed: 3 };
    writeFileSync(path, JSON.stringify({ ...config, json: true, quiet: true }));
    const words = "--solvers em,ddim:eta=1 --steps 4,6 --samples 32 --repeats 2 --no-exact --seed 3 --json".split(" ");
    const [file, line] = await Promise.all([scoreSde(["compare", "--config", path]), scoreSde(["compare", ...words])]);
    const runs = ({ stdout }: { stdout: string }) =>
      JSON.parse(stdout).runs.map(({ seconds: _s, samplesPerSecond: _p, ...run }: Record<string, unknown>) => run);
    expect(runs(file)).toEqual(runs(line));
    expect(runs(file)).toHaveLength(4);
  });
});

describe("--print-config", () => {
  it("prints every value with its origin and runs nothing", async () => {
    const path = join(directory, "print.json");
    writeFileSync(path, '{"solvers": ["em", "pc"]}');
    const args = ["compare", "--steps", "5", "--config", path, "--print-config"];
    const [text, json] = await Promise.all([scoreSde(args), scoreSde([...args, "--json"])]);
    expect({ code: text.code, stderr: text.stderr }).toEqual({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(/^steps +5 +command line$/m);
    expect(text.stdout).toMatch(/^solvers +\["em","pc"\] +config file$/m);
    expect(text.stdout).toMatch(/^samples +4096 +default$/m);
    expect(JSON.parse(json.stdout)).toMatchObject({
      steps: { value: "5", origin: "command line" },
      solvers: { value: ["em", "pc"], origin: "config file" },
      samples: { value: "4096", origin: "default" },
    });
  });
});

describe("the JSON Schema", () => {
  it("is what files are checked against, with every option, its meaning and default", async () => {
    const schema = await configJsonSchema(compareCommand());
    const shape = z.object({
      additionalProperties: z.literal(false),
      properties: z.record(
        z.string(),
        z.looseObject({ description: z.string().optional(), default: z.unknown().optional() }),
      ),
    });
    const { properties } = shape.parse(schema);
    const names = compareCommand().options.map((option) => option.attributeName());
    for (const name of names) {
      if (name === "config" || name === "printConfig") expect(properties).not.toHaveProperty(name);
      else expect(properties[name]?.description).toMatch(/\w/);
    }
    expect(properties.samples).toMatchObject({ type: "integer", minimum: 1, default: 4096 });
    expect(properties.format).toMatchObject({ enum: ["text", "markdown", "csv"] });
    expect(properties.seed).toMatchObject({ type: "integer", minimum: 0, default: 0 });
  });

  it("is printed by info, for compare and for other verbs", async () => {
    const [compare, other] = await Promise.all([
      scoreSde(["info", "--config-schema"]),
      scoreSde(["info", "--config-schema", "sample"]),
    ]);
    expect(JSON.parse(compare.stdout)).toEqual(JSON.parse(JSON.stringify(await configJsonSchema(compareCommand()))));
    expect(JSON.parse(other.stdout)).toMatchObject({ title: "Options of score-sde sample" });
  });
});
