import { Command, Option } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import type { ResultModel } from "../../experiments/result-head.js";
import type { SampleReport } from "../../experiments/sample-report.js";
import type { SampleOptions, SampleResult } from "../../sampling/types.js";
import type { Sde } from "../../sdes/types.js";
import type { Target } from "../../targets/types.js";
import { checkOut } from "../check-out-directory.js";
import type { Console } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { type ModelProblem, withModelOptions } from "../model-options.js";
import { text } from "../option-values.js";
import { refuseIdle } from "../refuse-idle.js";
import { conditioned, sampleRequest, workersOf } from "../sample-request.js";
import { targetOf, withCommonOptions, withProblemOptions } from "../shared-options.js";
import { showSamples } from "../show-samples.js";
import { withModelProblem } from "../with-problem.js";
import { withProgress } from "../with-progress.js";

const EXAMPLES = `
Examples:
  $ score-sde sample --out drawn
  $ score-sde sample --sde edm --target two-moons --solver dpm++2m --steps 20 --samples 10000 --to moons.npy
  $ score-sde sample --solver ddpm --steps 3 --posterior sample --denoise --out exact
  $ score-sde sample --data points.csv --solver rk45 --rtol 1e-7 --atol 1e-7 --first-sample 4096 --json
  $ score-sde sample --target bimodal --model run --out drawn
  $ score-sde sample --model unet.onnx --sde vp --predicts noise --time index --solver dpm++2m --steps 20 --samples 16 --out drawn`;

/** `score-sde sample`. */
export function sampleCommand(): Command {
  const command = new Command("sample");
  return withModelOptions(withCommonOptions(withProblemOptions(command)))
    .option("--solver <spec>", "solver with options, such as pc:snr=0.16", "rk45")
    .option("--steps <count>", "steps of a solver on a grid (default: 100)")
    .option("--grid <spec>", "auto, uniform, quadratic, log-snr, karras, exponential, cosine", "auto")
    .option("--samples <count>", "number of samples", "4096")
    .option("--first-sample <integer>", "number of the first sample: sample i is the same in every run", "0")
    .option("--rtol <number>", "relative tolerance of an adaptive solver")
    .option("--atol <number>", "absolute tolerance of an adaptive solver")
    .addOption(
      new Option("--noise <kind>", "independent numbers, or one Brownian path for every grid")
        .choices(["counter", "path"])
        .default("counter"),
    )
    .addOption(
      new Option("--posterior <kind>", "take for x0 its mean, or an exact draw of it (ddpm, ddim)")
        .choices(["mean", "sample"])
        .default("mean"),
    )
    .addOption(
      new Option("--variable <name>", "independent variable of probability-flow solvers").choices(["t", "rho"]),
    )
    .option("--class <number>", "class of the samples, from 0, where the model has classes (default: none)")
    .option("--guidance <w>", "classifier-free guidance: none + w (class − none); 1 is the class alone (default: 1)")
    .option("--denoise", "end with one Tweedie step to σ = 0")
    .option("--workers <count>", "threads that draw from a --model (default: one per core when the run is long)")
    .option("--to <file>", "write the samples to this .npy, .npz or .csv file")
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await withModelProblem(self, sampleProblem);
    });
}

async function sampleProblem(
  options: Readonly<Record<string, unknown>>,
  problem: ModelProblem,
  terminal: Console,
  command: Command,
): Promise<number> {
  await checkOut(options);
  const { sde, model } = problem;
  if (model !== null && options.posterior === "sample") {
    throw new UsageError("posterior: 'sample' draws from the exact law, but got --model - leave one of them out");
  }
  const { resolveSolver } = await import("../../sampling/resolve.js");
  const guide = await conditioned(options, model);
  const request = sampleRequest(options, problem, guide ?? model);
  const { name, kind, stochastic } = resolveSolver(text("solver", options.solver));
  if (kind === "adaptive") refuseIdle(command, ["grid"], `on ${name}, which chooses its own steps`);
  if (!stochastic) refuseIdle(command, ["noise"], `on ${name}, which draws none after its start`);
  if (kind === "adaptive" && request.steps !== undefined) {
    throw new UsageError(`steps: ${name} chooses its own steps - leave --steps out and set --rtol and --atol`);
  }
  if (options.to !== undefined) {
    const { requireArrayExtension } = await import("../../files/read-array.js");
    requireArrayExtension(text("to", options.to));
  }
  const { sample } = await import("../../sampling/sample.js");
  const workers = workersOf(options.workers, model !== null && guide === null);
  const started = new Date();
  const { value: drawn, interrupted } = await withProgress(terminal, async (signal, onProgress) => {
    const whole = { ...request, ...(kind === "fixed" ? { steps: request.steps ?? 100 } : {}), signal };
    const tell = (fraction: number) => onProgress(name, fraction);
    if (model === null || guide !== null) return sample({ ...whole, onStep: ({ fraction }) => tell(fraction) });
    const { sampleModel } = await import("../../training/index.js");
    return sampleModel(model, { ...whole, workers, onProgress: tell });
  });
  if (interrupted) {
    terminal.warning(`interrupted: ${drawn.message}; nothing is written`);
    return ExitCode.INTERRUPTED;
  }
  const { result, target } = await inDataUnits(drawn, problem, options);
  const named = model === null ? {} : { model: { path: text("model", options.model), engine: model.engine } };
  const report = await reportOf({ options, sde, target, request, result, started, ...named });
  await showSamples(terminal, options, { report, result, target, shape: model?.shape ?? target?.shape });
  if (result.message !== "") terminal.warning(result.message);
  return report.statuses.success === undefined ? ExitCode.NUMERICAL : ExitCode.OK;
}

/** Samples of a model of standardised data, and the data law, as the data file has them. */
async function inDataUnits(
  result: SampleResult,
  { target, model }: ModelProblem,
  options: Readonly<Record<string, unknown>>,
): Promise<{ readonly result: SampleResult; readonly target: Target | null }> {
  const standardisation = model?.standardisation ?? null;
  if (standardisation === null) return { result, target };
  const { unstandardise } = await import("../../training/index.js");
  const { default: ndarray } = await import("ndarray");
  const samples = ndarray(unstandardise(standardisation, result.samples.data), result.samples.shape);
  return { result: { ...result, samples }, target: target === null ? null : await targetOf(options) };
}

interface Finished {
  readonly options: Readonly<Record<string, unknown>>;
  readonly sde: Sde;
  readonly target: Target | null;
  readonly model?: ResultModel;
  readonly request: SampleOptions;
  readonly result: SampleResult;
  readonly started: Date;
}

async function reportOf({ options, request, started, ...facts }: Finished): Promise<SampleReport> {
  const { resolveGrid, resolveSolver } = await import("../../sampling/resolve.js");
  const { sampleReport } = await import("../../experiments/sample-report.js");
  const { stamp } = await import("../../experiments/stamp.js");
  const { rtol, atol, variable, seed = 0, firstSample = 0, posterior = "mean", denoise = false } = request;
  const solver = resolveSolver(request.solver, { rtol, atol, variable });
  const { sde, result } = facts;
  const grid =
    result.times === null ? null : resolveGrid(sde, { grid: request.grid ?? "auto", steps: result.times.length - 1 });
  const seconds = (Date.now() - started.getTime()) / 1000;
  return sampleReport({
    stamp: stamp({ seed, config: { ...options }, argv: process.argv.slice(2), started, seconds }),
    ...facts,
    solver,
    grid: grid?.name ?? null,
    posterior,
    denoise,
    firstSample,
    seconds,
  });
}
