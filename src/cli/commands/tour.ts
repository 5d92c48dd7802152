import { Command } from "commander";
import { numberText } from "../../../solvers/number-text.js";
import { TOUR_DEFAULTS, type TourConfig } from "../../experiments/tour-config.js";
import { checkOut } from "../check-out-directory.js";
import { processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { positiveNumber, seedOf, specList, text } from "../option-values.js";
import { mergedOptions, sdeOf, targetOf, withCommonOptions } from "../shared-options.js";
import { showResult } from "../show-result.js";
import { solverList } from "../solver-list.js";
import { wholeWithProgress } from "../with-progress.js";

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
    .option("--tolerance <number>", "rtol = atol of adaptive solvers", numberText(TOUR_DEFAULTS.tolerance))
    .option("--network <spec>", "network that learns the score, with options", TOUR_DEFAULTS.network)
    .option("--training-steps <count>", "steps of denoising score matching", String(TOUR_DEFAULTS.trainingSteps))
    .option("--samples <count>", "samples per run", String(TOUR_DEFAULTS.samples))
    .option("--repeats <count>", "runs per row", String(TOUR_DEFAULTS.repeats))
    .option("--no-controls", "plant no mistakes")
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await runTour(self);
    });
}

async function runTour(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const config = await configOf(options);
  await checkOut(options);
  const { tour } = await import("../../experiments/tour.js");
  const argv = process.argv.slice(2);
  const value = await wholeWithProgress(terminal, (signal, onProgress) => tour(config, { signal, onProgress, argv }));
  if (value === null) return ExitCode.INTERRUPTED;
  const { result } = value;
  await showResult(terminal, options, {
    json: async () => (await import("../../reports/json-text.js")).jsonText(result),
    text: async () => (await import("../../reports/tour-text.js")).tourText(result, terminal),
    report: async () => (await import("../../reports/tour-report.js")).tourReport(value),
  });
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
