import { join } from "node:path";
import { Command, Option } from "commander";
import ndarray from "ndarray";
import { UsageError } from "../../../solvers/errors.js";
import type { LikelihoodReport } from "../../experiments/likelihood-report.js";
import type { LikelihoodOptions } from "../../sampling/likelihood-options.js";
import type { LikelihoodResult } from "../../sampling/log-likelihood.js";
import type { ConvertibleModel } from "../../scores/model.js";
import type { Target } from "../../targets/types.js";
import type { Standardisation } from "../../training/index.js";
import { checkOut } from "../check-out-directory.js";
import type { Console } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { type ModelProblem, withModelOptions } from "../model-options.js";
import { oneOf, positiveNumber, seedOf, text } from "../option-values.js";
import { refuseIdle } from "../refuse-idle.js";
import { exclude } from "../resolved-options.js";
import { withCommonOptions, withProblemOptions } from "../shared-options.js";
import { withModelProblem } from "../with-problem.js";
import { withProgress } from "../with-progress.js";

const EXAMPLES = `
Examples:
  $ score-sde likelihood
  $ score-sde likelihood --sde ve --target two-moons --points moons.npy --out likelihoods
  $ score-sde likelihood --data train.npy --points test.npy --bin-width 0.00390625
  $ score-sde likelihood --model run --target bimodal --points points.csv
  $ score-sde likelihood --target gaussian:mean=[1,2,3] --divergence hutchinson --probes 32 --json`;

/** `score-sde likelihood`. */
export function likelihoodCommand(): Command {
  const command = new Command("likelihood");
  exclude(command, "points", "samples");
  return withModelOptions(withCommonOptions(withProblemOptions(command)))
    .option("--points <file>", "points from .npy, .npz or .csv (default: samples of the data law)")
    .option("--samples <count>", "number of samples of the data law to take as points", "1000")
    .addOption(
      new Option("--divergence <kind>", "exact, Hutchinson's estimate, or exact where it is cheap")
        .choices(["auto", "exact", "hutchinson"])
        .default("auto"),
    )
    .option("--probes <count>", "Hutchinson probes per point", "8")
    .addOption(
      new Option("--distribution <law>", "law of the probes").choices(["rademacher", "gaussian"]).default("rademacher"),
    )
    .option("--rtol <number>", "relative tolerance", "1e-5")
    .option("--atol <number>", "absolute tolerance", "1e-5")
    .addOption(new Option("--method <name>", "adaptive integrator").choices(["rk45", "rk23"]).default("rk45"))
    .addOption(new Option("--variable <name>", "independent variable").choices(["t", "rho"]).default("t"))
    .option("--bin-width <number>", "width of the data's bins: adds −log2(width) bits per dimension", "1")
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await withModelProblem(self, likelihoodOf);
    });
}

async function likelihoodOf(
  options: Readonly<Record<string, unknown>>,
  problem: ModelProblem,
  terminal: Console,
  command: Command,
): Promise<number> {
  const { sde, target, model } = problem;
  if (options.divergence !== "hutchinson") {
    refuseIdle(command, ["probes", "distribution"], "without --divergence hutchinson");
  }
  const settings = settingsOf(options);
  await checkOut(options);
  const standardisation = model?.standardisation ?? null;
  const score = await scoreOf(problem);
  const { dimension } = score;
  const { points, origin } = await pointsOf(options, target ?? dimension, standardisation);
  const { logLikelihood } = await import("../../sampling/log-likelihood.js");
  const started = new Date();
  const { value: found, interrupted } = await withProgress(terminal, (signal) =>
    logLikelihood({ ...settings, sde, model: score, points, signal }),
  );
  // A density in units of the data is that of standardised data divided by the volume of one of its units.
  const logVolume = (standardisation?.scale ?? []).reduce((sum, scale) => sum + Math.log(scale), 0);
  const result = perUnitOfData(found, dimension, logVolume);
  if (interrupted) {
    terminal.warning(`interrupted: ${result.message}; nothing is written`);
    return ExitCode.INTERRUPTED;
  }
  const { likelihoodReport } = await import("../../experiments/likelihood-report.js");
  const { stamp } = await import("../../experiments/stamp.js");
  const seconds = (Date.now() - started.getTime()) / 1000;
  const report = likelihoodReport({
    stamp: stamp({ seed: seedOf(options.seed), config: { ...options }, argv: process.argv.slice(2), started, seconds }),
    sde,
    target,
    points: origin,
    flat: points,
    result,
    logVolume,
    ...(model === null ? {} : { model: { path: text("model", options.model), engine: model.engine } }),
    seconds,
  });
  await show(report, result, options, terminal);
  if (result.message !== "") terminal.warning(result.message);
  return report.succeeded === 0 ? ExitCode.NUMERICAL : ExitCode.OK;
}

async function scoreOf(problem: ModelProblem): Promise<ConvertibleModel> {
  if (problem.target === null) return problem.model;
  const { exactScore } = await import("../../scores/exact-score.js");
  return problem.model ?? exactScore(problem.target, problem.sde);
}

function settingsOf(options: Readonly<Record<string, unknown>>): Omit<LikelihoodOptions, "sde" | "model" | "points"> {
  const kind = oneOf("divergence", options.divergence, ["auto", "exact", "hutchinson"]);
  const probes = positiveNumber("probes", options.probes, { integer: true });
  const distribution = oneOf("distribution", options.distribution, ["rademacher", "gaussian"]);
  return {
    divergence: kind === "hutchinson" ? { hutchinson: probes, distribution } : kind,
    rtol: positiveNumber("rtol", options.rtol),
    atol: positiveNumber("atol", options.atol),
    method: oneOf("method", options.method, ["rk45", "rk23"]),
    variable: oneOf("variable", options.variable, ["t", "rho"]),
    binWidth: positiveNumber("bin-width", options.binWidth),
    seed: seedOf(options.seed),
  };
}

function perUnitOfData(result: LikelihoodResult, dimension: number, logVolume: number): LikelihoodResult {
  const bits = logVolume / (dimension * Math.LN2);
  return {
    ...result,
    nats: result.nats.map((value) => value - logVolume),
    bitsPerDimension: result.bitsPerDimension.map((value) => value + bits),
  };
}

/** The points of a file, standardised as the model wants them, or samples of the data law; of a model alone only its dimension is known. */
async function pointsOf(
  { points, samples, seed }: Readonly<Record<string, unknown>>,
  law: Target | number,
  standardisation: Standardisation | null,
): Promise<{ readonly points: Float64Array; readonly origin: string }> {
  const { pointRows } = await import("../../targets/points.js");
  if (points === undefined) {
    if (typeof law === "number") {
      throw new UsageError(
        "points: a model alone has no data to take them from, but got none - give --points or --target",
      );
    }
    const count = positiveNumber("samples", samples, { integer: true });
    return { points: law.sample({ count, seed: seedOf(seed) }).data, origin: `samples of ${law.name}` };
  }
  const dimension = typeof law === "number" ? law : law.dimension;
  const { readArray } = await import("../../files/index.js");
  const path = text("points", points);
  const rows = await readArray(path, { dimension, images: true });
  const { data } = pointRows(rows, dimension, path);
  const origin = `points of ${path}`;
  if (standardisation === null) return { points: data, origin };
  const { standardise } = await import("../../training/index.js");
  return { points: standardise(standardisation, data), origin };
}

async function show(
  report: LikelihoodReport,
  result: LikelihoodResult,
  options: Readonly<Record<string, unknown>>,
  terminal: Console,
): Promise<void> {
  const { jsonText } = await import("../../reports/json-text.js");
  if (options.json === true) terminal.result(jsonText(report));
  else {
    const { likelihoodText } = await import("../../reports/likelihood-text.js");
    terminal.result(`${likelihoodText(report, { width: terminal.width })}\n`);
  }
  if (options.out === undefined) return;
  const { writeArray, writeFileAtomically } = await import("../../files/index.js");
  const directory = text("out", options.out);
  const { nats, bitsPerDimension, standardError } = result;
  const columns = [nats, bitsPerDimension, ...(standardError === null ? [] : [standardError])];
  const values = Float64Array.from(
    { length: nats.length * columns.length },
    (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
  );
  const paths = [join(directory, "values.npy"), join(directory, "results.json")] as const;
  await writeArray(paths[0], ndarray(values, [nats.length, columns.length]));
  await writeFileAtomically(paths[1], jsonText(report));
  const names = standardError === null ? "nats, bits/dim" : "nats, bits/dim, standard error";
  terminal.message(`wrote ${paths.join(", ")} (columns: ${names})`);
}
