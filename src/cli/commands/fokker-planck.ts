import { Command } from "commander";
import type { FokkerPlanckCheckConfig } from "../../experiments/fokker-planck-check.js";
import { checkOut } from "../check-out-directory.js";
import type { Console } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { MODEL_TOLERANCE, modelClaim, type Problem, withModelOptions } from "../model-options.js";
import { positiveNumber, seedOf } from "../option-values.js";
import { withCommonOptions, withProblemOptions } from "../shared-options.js";
import { showResult } from "../show-result.js";
import { withProblem } from "../with-problem.js";
import { wholeWithProgress } from "../with-progress.js";

const EXAMPLES = `
Examples:
  $ score-sde fokker-planck
  $ score-sde fokker-planck --sde edm --target bimodal --out report
  $ score-sde fokker-planck --target eight-gaussians --out report
  $ score-sde fokker-planck --target bimodal --model run
  $ score-sde fokker-planck --sde 'custom:drift=x-x^3,diffusion=1,tMax=2' --target gaussian:mean=0.3,standardDeviation=0.2

Targets on the line and in the plane; drifts that are nonlinear in x on the line alone.
Exit code 1: a check failed, or a planted mistake was not noticed.`;

/** `score-sde fokker-planck`. */
export function fokkerPlanckCommand(): Command {
  const command = new Command("fokker-planck");
  return withModelOptions(withCommonOptions(withProblemOptions(command)))
    .option("--samples <integer>", "samples per sampled test", "2000")
    .option("--no-controls", "plant no mistakes")
    .option("--model-tolerance <nats>", MODEL_TOLERANCE)
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await withProblem(self, checkProblem);
    });
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
  await checkOut(options);
  const { fokkerPlanckCheck } = await import("../../experiments/fokker-planck-check.js");
  const outcome = await wholeWithProgress(terminal, (signal, onProgress) =>
    fokkerPlanckCheck(config, { signal, onProgress, argv: process.argv.slice(2) }),
  );
  if (outcome === null) return ExitCode.INTERRUPTED;
  const { result } = outcome;
  await showResult(terminal, options, {
    json: async () => (await import("../../reports/check-json.js")).fokkerPlanckJson(result),
    async text() {
      const { tablesText } = await import("../../reports/tables-text.js");
      const { verdictHeadline } = await import("../../reports/verdict-headline.js");
      const { controlTable, verdictTable } = await import("../../reports/verdict-table.js");
      const tables = [
        verdictTable(result.checks),
        ...(result.controls.length > 0 ? [controlTable(result.controls)] : []),
      ];
      return tablesText(tables, `${verdictHeadline(result.checks, result.controls)}.`, terminal);
    },
    report: async () => (await import("../../reports/fokker-planck-report.js")).fokkerPlanckReport(outcome),
  });
  return result.passed ? ExitCode.OK : ExitCode.CHECK_FAILED;
}
