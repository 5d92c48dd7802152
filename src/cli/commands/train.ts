import { Command, Option } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import type { Stamp } from "../../experiments/compare-result.js";
import type { TrainOptions, TrainResult } from "../../training/index.js";
import { checkOut } from "../check-out-directory.js";
import { type Console, processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { nonNegativeNumber, numberList, oneOf, positiveNumber, seedOf, text, wholeNumber } from "../option-values.js";
import { refuseIdle } from "../refuse-idle.js";
import { mergedOptions, sdeOf, targetOf, withCommonOptions, withProblemOptions } from "../shared-options.js";
import { withProgress } from "../with-progress.js";

const EXAMPLES = `
Examples:
  $ score-sde train --target bimodal --out run
  $ score-sde train --sde ve --target two-moons --network residual-mlp:width=64,depth=4 --steps 20000 --out run
  $ score-sde train --data points.csv --recipe edm --out run --export model.onnx
  $ score-sde train --target digits --steps 1500 --average 0.995 --out digits
  $ score-sde train --data images --recipe edm --out run
  $ score-sde train --target bimodal --out run --resume`;

const PREDICTIONS = ["score", "noise", "data", "velocity"] as const;
const PRECONDITIONINGS = ["none", "vp", "ve", "edm"] as const;
const DECAYS = ["cosine", "constant"] as const;
const ENGINES = ["auto", "tensorflow", "onnx", "wasm", "cpu"] as const;

/** `score-sde train`. */
export function trainCommand(): Command {
  const command = new Command("train");
  return withCommonOptions(withProblemOptions(command, { target: "bimodal" }))
    .option(
      "--network <spec>",
      "mlp, residual-mlp, unet or transformer, with options (default: mlp, for images unet:channels=16)",
    )
    .option("--shape <counts>", "shape of a row of --data, such as 16,16,1")
    .option(
      "--labels <file>",
      "class of each row of --data, from 0, in an array file; folders of images bring their own",
    )
    .option("--dropout <share>", "share of rows shown without their class (default: 0.1)")
    .option("--recipe <spec>", "default, edm, ddpm, likelihood or flow-matching: sets the next four", "default")
    .addOption(new Option("--predicts <what>", "what the network predicts").choices(PREDICTIONS))
    .addOption(new Option("--preconditioning <name>", "what ties the network to it").choices(PRECONDITIONINGS))
    .option("--weighting <spec>", "simple, sigma-squared, likelihood, elbo, edm, min-snr:gamma=5")
    .option("--time-sampling <spec>", "uniform, log-snr, edm:mean=-1.2,standardDeviation=1.2, importance")
    .option("--steps <count>", "training steps", "5000")
    .option("--batch <count>", "rows per step (default: 512, for images 64; at most the data)")
    .option("--learning-rate <number>", "highest learning rate", "2e-3")
    .addOption(new Option("--decay <kind>", "fall of the learning rate").choices(DECAYS).default("cosine"))
    .option("--average <number>", "decay of the averaged parameters, below 1", "0.999")
    .option("--warm-up <count>", "steps over which the learning rate rises (default: 100)")
    .option("--weight-decay <number>", "decoupled weight decay of Adam (default: 0)")
    .option("--clip <number>", "largest norm of the gradient (default: 1)")
    .option("--no-standardise", "leave the columns of --data as they are")
    .addOption(new Option("--engine <name>", "what computes it").choices(ENGINES).default("auto"))
    .option("--threads <count>", "threads of the engine", "1")
    .option("--checkpoint-every <count>", "steps between checkpoints (default: a tenth of --steps)")
    .option("--sample-every <count>", "steps between measurements of samples, 0 for none (default: a fifth of --steps)")
    .option("--resume", "go on from the newest checkpoint in --out; begin where there is none")
    .option("--export <file>", "write the trained model to this .onnx file")
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await runTrain(self);
    });
}

async function runTrain(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const exported = options.export === undefined ? null : onnxPath(text("export", options.export));
  if (options.out === undefined) refuseIdle(command, ["checkpointEvery"], "without --out");
  if (options.data === undefined) refuseIdle(command, ["standardise"], "without --data");
  const config = await trainingOf(options);
  await checkOut(options);
  const { exportOnnx, train } = await import("../../training/index.js");
  if (options.resume === true) await tellNothingToResume(text("out", options.out), terminal);
  const isKept = options.out !== undefined || exported !== null;
  const begun = new Date();
  const started = performance.now();
  let taken = 0;
  let loss = "";
  let drawn: Float64Array | null = null;
  const { value: result, interrupted } = await withProgress(terminal, (signal, showProgress) =>
    train({
      ...config,
      signal,
      onProgress({ step, steps, report, samples }) {
        taken++;
        drawn = samples ?? drawn;
        if (report !== undefined) loss = `loss ${report.loss.toPrecision(4)}, `;
        const rate = (1000 * taken) / (performance.now() - started);
        showProgress(`${loss}${rate.toFixed(0)} steps/s${isKept ? "" : ", not kept without --out"}`, step / steps);
      },
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  try {
    for (const reason of result.refused) terminal.warning(`warning: passed over ${reason}`);
    if (result.otherEngine !== null) {
      terminal.warning(
        `warning: the checkpoint was computed by ${result.otherEngine}, not by ${result.model.engine}: the last bits may differ from an undisturbed run's`,
      );
    }
    if (exported !== null) await exportOnnx(result.model, exported);
    const { trainJson, trainText } = await import("../../reports/train-report.js");
    const { stamp } = await import("../../experiments/stamp.js");
    const argv = process.argv.slice(2);
    const { engine } = result.model;
    const facts = {
      exported,
      stamp: stamp({ seed: seedOf(options.seed), config: { ...options }, argv, engine, started: begun, seconds }),
    };
    const json = trainJson(result, facts);
    terminal.result(options.json === true ? json : `${trainText(result, facts)}\n`);
    const images = await writeImages(result, drawn);
    const page = await writePage(result, json, String(options.data ?? options.target), facts.stamp);
    const written = [...page, ...images, ...(exported === null ? [] : [exported])];
    if (written.length > 0) terminal.message(`wrote ${written.join(", ")}`);
  } finally {
    await result.model.dispose();
  }
  if (result.message !== "") terminal.warning(result.message);
  if (!isKept) terminal.warning("warning: the model is not kept - give --out, or --export for an .onnx file");
  if (result.status === "non-finite") return ExitCode.NUMERICAL;
  return interrupted ? ExitCode.INTERRUPTED : ExitCode.OK;
}

/** A mistyped directory would begin anew unnoticed; a job that always passes --resume must be able to. */
async function tellNothingToResume(directory: string, terminal: Console): Promise<void> {
  const { checkpointNames } = await import("../../training/checkpoint.js");
  if ((await checkpointNames(directory)).length > 0) return;
  terminal.warning(`warning: nothing to resume in ${directory}; the run begins at step 0`);
}

async function trainingOf(options: Readonly<Record<string, unknown>>): Promise<TrainOptions> {
  const { data, labels, out, predicts, preconditioning, weighting, timeSampling, shape } = options;
  if (options.resume === true && out === undefined) {
    throw new UsageError("resume: needs the directory of the run, but got none - give --out");
  }
  if (labels !== undefined && data === undefined) {
    throw new UsageError("labels: are classes of the rows of --data, but got none - give --data");
  }
  const whole = (name: string) => positiveNumber(name, options[name], { integer: true });
  const given = <T>(name: string, read: (name: string) => T): Partial<Record<string, T>> =>
    options[name] === undefined ? {} : { [name]: read(name) };
  return {
    sde: await sdeOf(options.sde),
    data: data === undefined ? await targetOf(options) : await openData(text("data", data)),
    ...(labels === undefined ? {} : { labels: await labelsOf(text("labels", labels)) }),
    ...given("network", (name) => text(name, options[name])),
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
    ...given("batch", whole),
    ...given("dropout", (name) => nonNegativeNumber(name, options[name])),
    learningRate: positiveNumber("learningRate", options.learningRate),
    ...given("warmUp", (name) => wholeNumber("warm-up", options[name])),
    ...given("weightDecay", (name) => nonNegativeNumber(name, options[name])),
    ...given("clip", (name) => positiveNumber(name, options[name])),
    decay: oneOf("decay", options.decay, DECAYS),
    average: nonNegativeNumber("average", options.average),
    engine: oneOf("engine", options.engine, ENGINES),
    threads: whole("threads"),
    seed: seedOf(options.seed),
    ...given("checkpointEvery", whole),
    ...given("sampleEvery", (name) => wholeNumber("sample-every", options[name])),
    ...(out === undefined ? {} : { directory: text("out", out) }),
    resume: options.resume === true,
  };
}

async function openData(path: string) {
  const { openRows } = await import("../../files/index.js");
  return openRows(path);
}

/** Classes from a file with one number in each row. */
async function labelsOf(path: string): Promise<Float64Array> {
  const { readArray } = await import("../../files/index.js");
  return (await readArray(path, { dimension: 1 })).data;
}

function onnxPath(path: string): string {
  if (path.toLowerCase().endsWith(".onnx")) return path;
  throw new UsageError(`export: must end in .onnx, but got ${path} - rename it`);
}

/** results.json, report.html and the charts of a run that is kept. */
async function writePage(result: TrainResult, json: string, data: string, stamp: Stamp): Promise<string[]> {
  if (result.directory === null) return [];
  const { trainPage } = await import("../../reports/train-page.js");
  const { writeReport } = await import("../write-report.js");
  return writeReport(trainPage(result, data, stamp), { "results.json": json }, result.directory);
}

/** The samples drawn last, where they are images. */
async function writeImages({ model, directory }: TrainResult, drawn: Float64Array | null): Promise<string[]> {
  if (directory === null || drawn === null) return [];
  const { unstandardise } = await import("../../training/index.js");
  const { standardisation, shape } = model;
  const images = standardisation === null ? drawn : unstandardise(standardisation, drawn);
  const { writeImageGrid } = await import("../write-image-grid.js");
  return writeImageGrid(images, shape, directory);
}
