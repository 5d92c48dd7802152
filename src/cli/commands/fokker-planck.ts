import { Command } from "commander";
import type { FokkerPlanckCheckConfig } from "../../experiments/fokker-planck-check.js";
import { checkOutDirectory } from "../check-out-directory.js";
import { type Console, processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { interruptible } from "../interrupt.js";
import { MODEL_TOLERANCE, modelClaim, type Problem, problemOf, withModelOptions } from "../model-options.js";
import {
  mergedOptions,
  positiveNumber,
  seedOf,
  text,
  withCommonOptions,
  withProblemOptions,
} from "../shared-options.js";

const EXAMPLES = `
Examples:
  $ score-sde fokker-planck
  $ score-sde fokker-planck --sde edm --target bimodal --out report
  $ score-sde fokker-planck --target bimodal --model run
  $ score-sde fokker-planck --sde 'custom:drift=x-x^3,diffusion=1,tMax=2' --target gaussian:mean=0.3,standardDeviation=0.2

Exit code 1: a check failed, or a planted mistake was not noticed.`;

/** `score-sde fokker-planck`. */
export function fokkerPlanckCommand(): Command {
  const command = new Command("fokker-planck");
  return withModelOptions(withCommonOptions(withProblemOptions(command)))
    .option("--samples <integer>", "samples per sampled test", "2000")
    .option("--no-controls", "plant no mistakes")
    .option("--model-tolerance <nats>", MODEL_TOLERANCE)
    .addHelpText("after", EXAMPLES)
    .action(async (_options, self: Command) => {
      process.exitCode = await runFokkerPlanck(self);
    });
}

async function runFokkerPlanck(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const problem = await problemOf(command);
  try {
    return await checkProblem(options, problem, terminal);
  } finally {
    await problem.model?.dispose();
  }
}

async function checkProblem(
  options: Readonly<Record<string, unknown>>,
  { sde, target, model }: Problem,
  terminal: Console,
): Promise<number> {
  const config: FokkerPlanckCheckConfig = {
    sde,
    target,
    ...modelClaim(model, options),
    samples: positiveNumber("samples", options.samples, { integer: true }),
    seed: seedOf(options.seed),
    controls: options.controls !== false,
  };
  if (options.out !== undefined) await checkOutDirectory(text("out", options.out));
  const { fokkerPlanckCheck } = await import("../../experiments/fokker-planck-check.js");
  const bar = terminal.progress();
  const { value: outcome, interrupted } = await interruptible((signal) =>
    fokkerPlanckCheck(config, { signal, onProgress: bar.update, argv: process.argv.slice(2) }).catch(
      (error: unknown) => {
        if (signal.aborted) return null;
        throw error;
      },
    ),
  ).finally(() => bar.stop());
  if (outcome === null || interrupted) {
    terminal.message("interrupted: no result");
    return ExitCode.INTERRUPTED;
  }
  const { result } = outcome;
  const { fokkerPlanckJson } = await import("../../reports/check-json.js");
  const json = fokkerPlanckJson(result);
  if (options.json === true) terminal.result(json);
  else {
    const { formatTable } = await import("../../reports/table.js");
    const { verdictHeadline } = await import("../../reports/verdict-headline.js");
    const { controlTable, verdictTable } = await import("../../reports/verdict-table.js");
    terminal.result(`${formatTable(verdictTable(result.checks), terminal)}\n`);
    if (result.controls.length > 0) terminal.result(`${formatTable(controlTable(result.controls), terminal)}\n`);
    terminal.result(`${verdictHeadline(result.checks, result.controls)}.\n`);
  }
  if (options.out !== undefined) {
    const { fokkerPlanckReport } = await import("../../reports/fokker-planck-report.js");
    const { writeReport } = await import("../write-report.js");
    const files = await writeReport(fokkerPlanckReport(outcome), json, text("out", options.out));
    terminal.message(`wrote ${files.join(", ")}`);
  }
  return result.passed ? ExitCode.OK : ExitCode.CHECK_FAILED;
}
