import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scoreSde, scratchDirectory } from "./run.js";

const directory = scratchDirectory();
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
mkdirSync(join(directory, "folder.csv"));

/** Each command with the text its one line of error must hold: the value, and the constraint or the way out. */
const CASES: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["unknown verb", ["comapre"], /'comapre'.*Did you mean 'compare'/],
  ["unknown verb, nothing near", ["xyzzyxyzzy"], /'xyzzyxyzzy' - --help shows/],
  ["unknown option", ["compare", "--stpes", "5"], /'--stpes'.*Did you mean '--steps'/],
  ["missing value", ["compare", "--steps"], /--steps <counts>.*missing/],
  ["too many arguments", ["compare", "em"], /too many arguments/],
  ["unknown solver", ["compare", "--solvers", "em,hoin"], /'hoin'/],
  ["near solver", ["compare", "--solvers", "ode-hoin"], /'ode-hoin'.*Did you mean 'ode-heun'/],
  ["unknown SDE", ["compare", "--sde", "edn"], /'edn'.*Did you mean 'edm'/],
  ["unknown target", ["compare", "--target", "trimdal"], /'trimdal'.*Did you mean 'trimodal'/],
  ["unknown grid", ["compare", "--grid", "karas"], /'karas'.*Did you mean 'karras'/],
  ["unknown metric", ["compare", "--metrics", "enrgy"], /'enrgy'.*Did you mean 'energy'/],
  ["metric of another dimension", ["compare", "--metrics", "slicedW2"], /slicedW2.*use w2/],
  ["unknown solver option", ["compare", "--solvers", "pc:snrr=0.1"], /'snrr'.*Did you mean 'snr'/],
  ["unknown SDE option", ["compare", "--sde", "vp:betamax=3"], /'betamax'.*Did you mean 'betaMax'/],
  ["unknown target option", ["compare", "--target", "gaussian:men=3"], /'men'.*Did you mean 'mean'/],
  ["unknown grid option", ["compare", "--grid", "karras:rhoo=3"], /'rhoo'.*Did you mean 'rho'/],
  ["solver option out of range", ["compare", "--solvers", "pc:snr=-1"], /snr.*> 0.*-1/],
  ["spec without value", ["compare", "--sde", "vp:betaMax"], /'betaMax'.*option=value/],
  ...["0", "-5", "1.5", "NaN", "abc", "10,,20", "1e400"].map(
    (steps) =>
      [
        `steps ${steps}`,
        ["compare", "--steps", steps],
        /steps: must be a whole number ≥ 1, but got.*--steps 10,20,50/,
      ] as const,
  ),
  ["samples 0", ["compare", "--samples", "0"], /samples: .*≥ 1, but got 0 - for example --samples/],
  ["samples 1", ["compare", "--samples", "1"], /samples: must be ≥ 2, but got 1/],
  [
    "samples beyond memory",
    ["compare", "--samples", "1e12", "--no-exact"],
    /samples: must be a whole number in \[2, 33554432\], but got 1000000000000 - ask for fewer samples/,
  ],
  ["repeats 0", ["compare", "--repeats", "0"], /repeats: .*but got 0/],
  ...["-1", "1.5", "1e300", "x"].map(
    (seed) =>
      [`seed ${seed}`, ["compare", "--seed", seed], /seed: must be a whole number in \[0, 2\^53\), but got/] as const,
  ),
  ["tolerance 0", ["compare", "--tolerances", "1e-3,0"], /tolerances: must be a positive number, but got 0/],
  ["steps and evaluations", ["compare", "--steps", "5", "--evaluations", "5"], /steps.*evaluations.*leave one/],
  ["target and data", ["compare", "--target", "rings", "--data", "x.csv"], /target.*data.*leave one/],
  [
    "evaluations below one step",
    ["compare", "--solvers", "ode-heun", "--evaluations", "1"],
    /evaluations: one step of ode-heun costs 2, more than the 1 given/,
  ],
  ["format", ["compare", "--format", "html"], /'html'.*text, markdown, csv/],
  ["reference", ["compare", "--solvers", "em", "--reference", "emm"], /'emm'.*Did you mean 'em'/],
  [
    "steps beyond memory",
    ["sample", "--solver", "em", "--steps", "1e9"],
    /steps: .*\[1, 10000000\], but got 1000000000/,
  ],
  ["steps of adaptive solvers", ["compare", "--solvers", "rk45", "--steps", "5"], /steps: has no effect on adaptive/],
  [
    "tolerances on a grid",
    ["compare", "--solvers", "em", "--tolerances", "0.1"],
    /tolerances: has no effect on solvers/,
  ],
  ["format of JSON", ["converge", "--json", "--format", "markdown"], /format: has no effect on --json/],
  ["grid of an adaptive solver", ["sample", "--grid", "karras"], /grid: has no effect on rk45/],
  ["noise of the flow", ["sample", "--solver", "ddim", "--noise", "path"], /noise: has no effect on ddim/],
  [
    "probes of the exact trace",
    ["likelihood", "--probes", "3"],
    /probes: has no effect without --divergence hutchinson/,
  ],
  [
    "paths of an exact law",
    ["converge", "--kind", "law", "--samples", "9"],
    /samples: has no effect on errors of the law/,
  ],
  [
    "one of the misstatements",
    ["verify", "--misstatements", "--sde", "ve"],
    /sde: has no effect beside --misstatements/,
  ],
  ["one of the planted faults", ["verify", "--planted", "--only", "score"], /only: has no effect beside --planted/],
  ["checkpoints nowhere", ["train", "--checkpoint-every", "5"], /checkpoint-every: has no effect without --out/],
  ["dropout of no classes", ["train", "--dropout", "0.2"], /dropout: .*the data have none/],
  ["a model of unknown data", ["compare", "--model", "run"], /target: must name what the model was trained on.*--data/],
  ["covariance", ["compare", "--target", "gaussian:mean=[0,0],covariance=[[1,2],[2,1]]"], /positive definite.*-1/],
  [
    "weights",
    ["compare", "--target", "mixture:weights=[0.5,0.6],means=[0,1],standardDeviations=[1,1]"],
    /sum to 1.*1\.1.*divide/,
  ],
  ["times", ["compare", "--sde", "vp:tMin=2"], /tMin.*2/],
  ["formula", ["compare", "--sde", "custom:alpha=exp(-t,sigma=t"], /alpha/],
  [
    "no such data",
    ["compare", "--data", join(directory, "none.csv")],
    /none\.csv: cannot read it, there is no such file/,
  ],
  [
    "data is a directory",
    ["compare", "--data", join(directory, "folder.csv")],
    /folder\.csv: must hold \.png images, itself or in one subfolder per class, but there are none/,
  ],
  ["data ending", ["compare", "--data", "points.txt"], /points\.txt.*'\.txt'.*\.npy, \.npz, \.csv/],
  ["empty data", ["compare", "--data", file("empty.npy", "")], /empty\.npy: .*empty/],
  ["header only", ["compare", "--data", file("header.csv", "x,y\n")], /header\.csv: .*empty/],
  ["malformed .npy", ["compare", "--data", file("bad.npy", "this is no array")], /bad\.npy: /],
  ["torn .npz", ["compare", "--data", file("bad.npz", Uint8Array.of(80, 75, 3, 4, 0))], /bad\.npz: /],
  ["malformed .csv", ["compare", "--data", file("word.csv", "1,2\n3,four\n")], /word\.csv: line 2, column 2 .*'four'/],
  ["ragged .csv", ["compare", "--data", file("ragged.csv", "1,2\n3\n")], /ragged\.csv: line 2 must have 2 numbers/],
  [
    "NaN in data",
    ["compare", "--data", file("nan.csv", "1\n2\nnan\n")],
    /nan\.csv: .*NaN at line 3, column 1 - remove/,
  ],
  ["no such config", ["compare", "--config", join(directory, "none.json")], /none\.json: cannot read it/],
  ["config is no JSON", ["compare", "--config", file("bad.json", "{samples: 3}")], /bad\.json: must be JSON/],
  [
    "config is an array",
    ["compare", "--config", file("list.json", "[]")],
    /list\.json: must hold a JSON object.*array/,
  ],
  [
    "config key",
    ["compare", "--config", file("key.json", '{"smaples": 3}')],
    /key\.json: unknown key 'smaples'.*'samples'/,
  ],
  [
    "config value",
    ["compare", "--config", file("value.json", '{"samples": 0.5}')],
    /value\.json: samples: must be a whole number ≥ 1, but got 0\.5/,
  ],
  [
    "config flag",
    ["compare", "--config", file("flag.json", '{"json": "yes"}')],
    /flag\.json: json: must be true or false, but got "yes"/,
  ],
  [
    "config choice",
    ["compare", "--config", file("choice.json", '{"format": "html"}')],
    /choice\.json: format: .*markdown.*"html"/,
  ],
  [
    "config item",
    ["compare", "--config", file("item.json", '{"steps": [5, -1]}')],
    /item\.json: steps\.1: must be a whole number ≥ 1, but got -1/,
  ],
  [
    "config excludes",
    ["compare", "--config", file("both.json", '{"steps": [5], "evaluations": [5]}')],
    /steps.*evaluations.*leave one/,
  ],
  ["out is a file", ["compare", "--out", join(file("taken", ""), "deeper")], /taken.*not a directory/],
  ["out in a device", ["compare", "--out", "/dev/full/results"], /\/dev\/full.*not a directory/],
  ["list", ["list", "solver"], /'solver'.*'solvers'/],
  ["schema of no verb", ["info", "--config-schema", "compar"], /'compar'.*Did you mean 'compare'/],
  ["shell", ["completion", "tcsh"], /'tcsh'.*bash, zsh, fish/],
];

describe("misuse ends with code 2 and one line that names the value and the way out", () => {
  it.concurrent.each(CASES)("%s", async (_name, args, message) => {
    const { code, stdout, stderr } = await scoreSde(args);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("stacks", () => {
  it("are shown with SCORE_SDE_DEBUG=1", async () => {
    const { code, stderr } = await scoreSde(["compare", "--sde", "edn"], { env: { SCORE_SDE_DEBUG: "1" } });
    expect(stderr).toMatch(/\n {4}at /);
    expect(code).toBe(2);
  });
});
