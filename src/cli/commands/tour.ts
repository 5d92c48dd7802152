import { Command } from "commander";
import { TOUR_DEFAULTS, type TourConfig } from "../../experiments/tour-config.js";
import { checkOutDirectory } from "../check-out-directory.js";
import { processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { interruptible } from "../interrupt.js";
import {
  mergedOptions,
  positiveNumber,
  sdeOf,
  seedOf,
  specList,
  targetOf,
  text,
  withCommonOptions,
} from "../shared-options.js";
import { solverList } from "../solver-list.js";

const EXAMPLES = `
Examples:
  $ score-sde tour --out results
  $ score-sde tour --sdes sub-vp,edm --target bimodal --solvers em,pc:snr=0.2,rk45
  $ score-sde tour --training-steps 5000 --network mlp:width=128,depth=3 --json

Exit code 1 when a check of the Fokker–Planck equation fails.`;

/** `score-sde tour`. */
export function tourCommand(): Command {
  return withCommonOptions(new Command("tour"))
    .option("--sdes <list>", "SDEs with options", TOUR_DEFAULTS.sdes)
    .option("--target <spec>", "data law on the line", TOUR_DEFAULTS.target)
    .option("--solvers <list>", "samplers, by spec or file", TOUR_DEFAULTS.solvers.join(","))
    .option("--evaluations <count>", "score evaluations of solvers on a grid", String(TOUR_DEFAULTS.evaluations))
    .option("--tolerance <number>", "rtol = atol of adaptive solvers", String(TOUR_DEFAULTS.tolerance))
    .option("--network <spec>", "network that learns the score, with options", TOUR_DEFAULTS.network)
    .option("--training-steps <count>", "steps of denoising score matching", String(TOUR_DEFAULTS.trainingSteps))
    .option("--samples <count>", "samples per run", String(TOUR_DEFAULTS.samples))
    .option("--repeats <count>", "runs per row", String(TOUR_DEFAULTS.repeats))
    .option("--no-controls", "plant no mistakes")
    .addHelpText("after", EXAMPLES)
    .action(async (_options, self: Command) => {
      process.exitCode = await runTour(self);
    });
}

async function runTour(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const config = await configOf(options);
  if (options.out !== undefined) await checkOutDirectory(text("out", options.out));
  const { tour } = await import("../../experiments/tour.js");
  const bar = terminal.progress();
  const { value, interrupted } = await interruptible((signal) =>
    tour(config, { signal, onProgress: bar.update, argv: process.argv.slice(2) }).catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    }),
  ).finally(() => bar.stop());
  if (value === null || interrupted) {
    terminal.message("interrupted: no result");
    return ExitCode.INTERRUPTED;
  }
  const { result } = value;
  const { jsonText } = await import("../../reports/json-text.js");
  const json = jsonText(result);
  if (options.json === true) terminal.result(json);
  else {
    const { tourText } = await import("../../reports/tour-text.js");
    terminal.result(tourText(result, terminal));
  }
  if (options.out !== undefined) {
    const { tourReport } = await import("../../reports/tour-report.js");
    const { writeReport } = await import("../write-report.js");
    const files = await writeReport(tourReport(value), json, text("out", options.out));
    terminal.message(`wrote ${files.join(", ")}`);
  }
  for (const { training } of result.processes) if (training.message !== "") terminal.warning(training.message);
  if (result.processes.every(({ training }) => training.status !== "success")) return ExitCode.NUMERICAL;
  return result.passed ? ExitCode.OK : ExitCode.CHECK_FAILED;
}

async function configOf(options: Readonly<Record<string, unknown>>): Promise<TourConfig> {
  const whole = (name: string) => positiveNumber(name, options[name], { integer: true });
  return {
    sdes: await Promise.all(specList("sdes", options.sdes).map(sdeOf)),
    target: await targetOf(options),
    solvers: await solverList("solvers", options.solvers),
    evaluations: whole("evaluations"),
    tolerance: positiveNumber("tolerance", options.tolerance),
    network: text("network", options.network),
    trainingSteps: whole("trainingSteps"),
    samples: whole("samples"),
    repeats: whole("repeats"),
    seed: seedOf(options.seed),
    controls: options.controls !== false,
  };
}
