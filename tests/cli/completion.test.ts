import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CATALOGUE_KINDS } from "../../src/experiments/catalogue-kinds.js";
import { allSolverNames } from "../../src/experiments/compare-plan.js";
import { METRIC_NAMES } from "../../src/metrics/metric-suite.js";
import { SDES } from "../../src/sdes/registry.js";
import { NETWORKS, RECIPES, TIME_SAMPLINGS, WEIGHTINGS } from "../../src/training/index.js";
import { scoreSde, scratchDirectory } from "./run.js";

const directory = scratchDirectory();
const scripts: Record<string, string> = {};

beforeAll(async () => {
  await Promise.all(
    ["bash", "zsh", "fish"].map(async (shell) => {
      const { code, stdout, stderr } = await scoreSde(["completion", shell]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      scripts[shell] = join(directory, `completion.${shell}`);
      writeFileSync(scripts[shell], stdout);
    }),
  );
  writeFileSync(join(directory, "points.csv"), "1\n");
});

/** What bash offers for the last word. */
function offered(...words: readonly string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const script = `source '${scripts.bash}'; COMP_WORDS=(score-sde ${line}); COMP_CWORD=${words.length}; _score_sde; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["-uc", script], { encoding: "utf8", cwd: directory });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash", () => {
  it("completes verbs and their options", () => {
    expect(offered("")).toEqual(expect.arrayContaining(["compare", "list", "info", "completion", "help"]));
    expect(offered("comp")).toEqual(["compare", "completion"]);
    expect(offered("compare", "--sol")).toEqual(["--solvers"]);
    expect(offered("compare", "--json", "--no")).toEqual(expect.arrayContaining(["--no-exact", "--no-color"]));
    expect(
      offered("list", "")
        .filter((word) => !word.startsWith("-"))
        .sort(),
    ).toEqual(CATALOGUE_KINDS.toSorted());
    expect(offered("help", "li")).toContain("list");
  });

  it("completes every name that a value may have", () => {
    expect(offered("compare", "--solvers", "")).toEqual([...allSolverNames(), "all"]);
    expect(offered("compare", "--sde", "")).toEqual(SDES.map(({ name }) => name));
    expect(offered("compare", "--target", "two")).toEqual(["two-moons", "two-spirals"]);
    expect(offered("compare", "--grid", "")).toContain("auto");
    expect(offered("compare", "--metrics", "")).toEqual([...METRIC_NAMES]);
    expect(offered("compare", "--format", "")).toEqual(["text", "markdown", "csv"]);
    expect(offered("train", "--network", "")).toEqual(NETWORKS.map(({ name }) => name));
    expect(offered("train", "--recipe", "")).toEqual(Object.keys(RECIPES));
    expect(offered("train", "--weighting", "")).toEqual(Object.keys(WEIGHTINGS));
    expect(offered("train", "--time-sampling", "")).toEqual(Object.keys(TIME_SAMPLINGS));
    expect(offered("tour", "--sdes", "vp,sub")).toEqual(["vp,sub-vp"]);
  });

  it("completes the last name of a list, files, and nothing where anything may stand", () => {
    expect(offered("compare", "--solvers", "em,dd")).toEqual(["em,ddpm", "em,ddim"]);
    expect(offered("compare", "--data", "poi")).toEqual(["points.csv"]);
    expect(offered("compare", "--steps", "")).toEqual([]);
  });
});

const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

describe.skipIf(!has("fish"))("fish", () => {
  const complete = (line: string): string[] => {
    const { stdout, stderr } = spawnSync(
      "fish",
      ["--no-config", "-c", `source '${scripts.fish}'; complete -C '${line}'`],
      {
        encoding: "utf8",
        env: { ...process.env, HOME: directory },
      },
    );
    expect(stderr).toBe("");
    return stdout.split("\n").flatMap((row) => row.split("\t")[0] || []);
  };

  it("completes verbs, options and names", () => {
    expect(complete("score-sde comp")).toEqual(expect.arrayContaining(["compare", "completion"]));
    expect(complete("score-sde compare --sol")).toContain("--solvers");
    expect(complete("score-sde compare --sde v")).toEqual(expect.arrayContaining(["vp", "ve"]));
    expect(complete("score-sde compare --solvers em,dd")).toEqual(expect.arrayContaining(["em,ddim", "em,ddpm"]));
  });
});

describe.skipIf(!has("zsh"))("zsh", () => {
  it("reads the script and knows the command", () => {
    const script = `autoload -U compinit && compinit -u -d '${directory}/dump'; source '${scripts.zsh}'; print -r -- $_comps[score-sde]`;
    const { stdout, stderr } = spawnSync("zsh", ["-fc", script], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toContain("_bash_complete");
    expect(stdout).toContain("_score_sde");
  });
});
