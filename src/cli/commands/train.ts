import { Command, Option } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import type { TrainOptions, TrainResult } from "../../training/index.js";
import { checkOutDirectory } from "../check-out-directory.js";
import { processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { interruptible } from "../interrupt.js";
import { oneOf } from "../option-values.js";
import {
  mergedOptions,
  numberList,
  positiveNumber,
  sdeOf,
  seedOf,
  targetOf,
  text,
  withCommonOptions,
  withProblemOptions,
} from "../shared-options.js";

const EXAMPLES = `
Examples:
  $ score-sde train --target bimodal --out run
  $ score-sde train --sde ve --target two-moons --network residual-mlp:width=64,depth=4 --steps 20000 --out run
  $ score-sde train --data points.csv --recipe edm --out run --export model.onnx
  $ score-sde train --target bimodal --out run --resume`;

const PREDICTIONS = ["score", "noise", "data", "velocity"] as const;
const PRECONDITIONINGS = ["none", "vp", "ve", "edm"] as const;
const DECAYS = ["cosine", "constant"] as const;
const ENGINES = ["auto", "tensorflow", "onnx", "wasm", "cpu"] as const;

/** `score-sde train`. */
export function trainCommand(): Command {
  const command = new Command("train");
  return withCommonOptions(withProblemOptions(command, { target: "bimodal" }))
    .option("--network <spec>", "mlp, residual-mlp, unet or transformer, with options", "mlp:width=128,depth=3")
    .option("--shape <counts>", "shape of a row of --data, such as 16,16,1")
    .option("--recipe <spec>", "default, edm, ddpm, likelihood or flow-matching: sets the next four", "default")
    .addOption(new Option("--predicts <what>", "what the network predicts").choices(PREDICTIONS))
    .addOption(new Option("--preconditioning <name>", "what ties the network to it").choices(PRECONDITIONINGS))
    .option("--weighting <spec>", "simple, sigma-squared, likelihood, elbo, edm, min-snr:gamma=5")
    .option("--time-sampling <spec>", "uniform, log-snr, edm:mean=-1.2,standardDeviation=1.2, importance")
    .option("--steps <count>", "training steps", "5000")
    .option("--batch <count>", "rows per step", "512")
    .option("--learning-rate <number>", "highest learning rate", "2e-3")
    .addOption(new Option("--decay <kind>", "fall of the learning rate").choices(DECAYS).default("cosine"))
    .option("--average <number>", "decay of the averaged parameters, below 1", "0.999")
    .option("--no-standardise", "leave the columns of --data as they are")
    .addOption(new Option("--engine <name>", "what computes it").choices(ENGINES).default("auto"))
    .option("--threads <count>", "threads of the engine", "1")
    .option("--checkpoint-every <count>", "steps between checkpoints (default: a tenth of --steps)")
    .option("--resume", "go on from the newest checkpoint in --out")
    .option("--export <file>", "write the trained model to this .onnx file")
    .addHelpText("after", EXAMPLES)
    .action(async (_options, self: Command) => {
      process.exitCode = await runTrain(self);
    });
}

async function runTrain(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const exported = options.export === undefined ? null : onnxPath(text("export", options.export));
  const config = await trainingOf(options);
  if (config.directory !== undefined) await checkOutDirectory(config.directory);
  const { exportOnnx, train } = await import("../../training/index.js");
  const bar = terminal.progress();
  const started = performance.now();
  let taken = 0;
  let loss = "";
  const { value: result, interrupted } = await interruptible((signal) =>
    train({
      ...config,
      signal,
      onProgress({ step, steps, report }) {
        taken++;
        if (report !== undefined) loss = `loss ${report.loss.toPrecision(4)}, `;
        const rate = (1000 * taken) / (performance.now() - started);
        bar.update(`${loss}${rate.toFixed(0)} steps/s`, step / steps);
      },
    }),
  ).finally(() => bar.stop());
  const seconds = (performance.now() - started) / 1000;
  try {
    for (const reason of result.refused) terminal.warning(`warning: passed over ${reason}`);
    if (exported !== null) await exportOnnx(result.model, exported);
    const { trainJson, trainText } = await import("../../reports/train-report.js");
    const facts = { seconds, exported };
    terminal.result(options.json === true ? trainJson(result, facts) : `${trainText(result, facts)}\n`);
    const written = [...(await writeCurves(result)), ...(exported === null ? [] : [exported])];
    if (written.length > 0) terminal.message(`wrote ${written.join(", ")}`);
  } finally {
    await result.model.dispose();
  }
  if (result.message !== "") terminal.warning(result.message);
  if (result.status === "non-finite") return ExitCode.NUMERICAL;
  return interrupted ? ExitCode.INTERRUPTED : ExitCode.OK;
}

async function trainingOf(options: Readonly<Record<string, unknown>>): Promise<TrainOptions> {
  const { data, out, predicts, preconditioning, weighting, timeSampling, shape, checkpointEvery } = options;
  if (options.resume === true && out === undefined) {
    throw new UsageError("resume: needs the directory of the run, but got none - give --out");
  }
  const whole = (name: string) => positiveNumber(name, options[name], { integer: true });
  return {
    sde: await sdeOf(options.sde),
    data: data === undefined ? await targetOf(options) : await rowsOf(text("data", data)),
    network: text("network", options.network),
    recipe: text("recipe", options.recipe),
    ...(predicts === undefined ? {} : { predicts: oneOf("predicts", predicts, PREDICTIONS) }),
    ...(preconditioning === undefined
      ? {}
      : { preconditioning: oneOf("preconditioning", preconditioning, PRECONDITIONINGS) }),
    ...(weighting === undefined ? {} : { weighting: text("weighting", weighting) }),
    ...(timeSampling === undefined ? {} : { timeSampling: text("time-sampling", timeSampling) }),
    ...(shape === undefined ? {} : { shape: numberList("shape", shape, { integer: true }) }),
    standardise: options.standardise !== false,
    steps: whole("steps"),
    batch: whole("batch"),
    learningRate: positiveNumber("learningRate", options.learningRate),
    decay: oneOf("decay", options.decay, DECAYS),
    average: positiveNumber("average", options.average),
    engine: oneOf("engine", options.engine, ENGINES),
    threads: whole("threads"),
    seed: seedOf(options.seed),
    ...(checkpointEvery === undefined ? {} : { checkpointEvery: whole("checkpointEvery") }),
    ...(out === undefined ? {} : { directory: text("out", out) }),
    resume: options.resume === true,
  };
}

async function rowsOf(path: string) {
  const { readArray } = await import("../../files/index.js");
  return readArray(path);
}

function onnxPath(path: string): string {
  if (path.toLowerCase().endsWith(".onnx")) return path;
  throw new UsageError(`export: must end in .onnx, but got ${path} - rename it`);
}

async function writeCurves({ history, directory }: TrainResult): Promise<string[]> {
  if (directory === null || history.length < 2) return [];
  const { learningCurve, scoreErrorCurve } = await import("../../reports/train-report.js");
  const { writeChart } = await import("../write-chart.js");
  const errors = scoreErrorCurve(history);
  return [
    ...(await writeChart(learningCurve(history), directory, "learning-curve")),
    ...(errors === null ? [] : await writeChart(errors, directory, "score-error")),
  ];
}
