import { Command } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import type { VerifyConfig } from "../../experiments/verify.js";
import { checkOut } from "../check-out-directory.js";
import { type Console, processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import {
  MODEL_TOLERANCE,
  modelClaim,
  OF_MODEL_FILES,
  type Problem,
  problemOf,
  withModelOptions,
} from "../model-options.js";
import { positiveNumber, seedOf, specList } from "../option-values.js";
import { refuseIdle } from "../refuse-idle.js";
import { exclude } from "../resolved-options.js";
import { mergedOptions, withCommonOptions, withProblemOptions } from "../shared-options.js";
import { type Shown, showResult } from "../show-result.js";
import { solverList } from "../solver-list.js";
import { wholeWithProgress } from "../with-progress.js";

const EXAMPLES = `
Examples:
  $ score-sde verify
  $ score-sde verify --sde sub-vp --target bimodal --solvers em,./mine.ts --out report
  $ score-sde verify --target bimodal --model run
  $ score-sde verify --only variance-ledger,certified-bound
  $ score-sde verify --planted --sde ve
  $ score-sde verify --misstatements

Exit code 1 when a check fails, a planted fault is missed or a misstatement stands.`;

/** `score-sde verify`. */
export function verifyCommand(): Command {
  const command = new Command("verify");
  exclude(command, "solvers", "solver");
  return withModelOptions(withCommonOptions(withProblemOptions(command)))
    .option(
      "--solvers <list>",
      "solvers on a grid, by spec or file, whose laws must tend to the exact one",
      "em,ddpm,ddim,ode-heun,stochastic-heun",
    )
    .option("--solver <spec>", "one solver instead: a spec, or a file that exports one, such as ./mine.ts")
    .option("--samples <integer>", "samples per sampled test", "2000")
    .option("--only <list>", "names of verifications to run")
    .option("--model-tolerance <nats>", MODEL_TOLERANCE)
    .option("--planted", "plant faults in SDE, score, solvers and finite volumes, and show what catches each, instead")
    .option("--misstatements", "refute common misstatements by counterexamples, and nothing else")
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await runVerify(self);
    });
}

/** What a run shows, and whether all is well. */
type Judged = Shown & { readonly passed: boolean };

async function runVerify(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  refuseIdleOptions(command, options);
  const terminal = processConsole({ quiet: options.quiet === true });
  const problem = options.misstatements === true ? null : await problemOf(command);
  try {
    return await verifyProblem(options, problem, terminal);
  } finally {
    await problem?.model?.dispose();
  }
}

const ONE_RUN = ["only", "modelTolerance", "solvers", "solver"];

/** @throws UsageError for options that the kind of verification does not read */
function refuseIdleOptions(command: Command, { misstatements, planted }: Readonly<Record<string, unknown>>): void {
  if (misstatements === true) {
    const idle = ["planted", "sde", "target", "data", "model", ...OF_MODEL_FILES, ...ONE_RUN, "samples", "seed"];
    refuseIdle(command, idle, "beside --misstatements, whose counterexamples have their own SDEs and targets");
  } else if (planted === true) {
    refuseIdle(command, ["model", ...OF_MODEL_FILES], "beside --planted, which plants faults in the exact score");
    refuseIdle(command, ONE_RUN, "beside --planted, which runs what must catch each fault");
  }
}

async function verifyProblem(
  options: Readonly<Record<string, unknown>>,
  problem: Problem | null,
  terminal: Console,
): Promise<number> {
  const config = problem === null ? null : await configOf(options, problem);
  await checkOut(options);
  const value = await wholeWithProgress(terminal, (signal, onProgress) => {
    const surroundings = { signal, onProgress, argv: process.argv.slice(2) };
    if (config === null) return misstatements(surroundings, terminal);
    const run = options.planted === true ? planted : verification;
    return run(config, surroundings, terminal);
  });
  if (value === null) return ExitCode.INTERRUPTED;
  await showResult(terminal, options, value);
  return value.passed ? ExitCode.OK : ExitCode.CHECK_FAILED;
}

type Surroundings = Parameters<typeof import("../../experiments/verify.js").verify>[1];
type Format = { readonly width: number; readonly colour: boolean };

async function verification(config: VerifyConfig, surroundings: Surroundings, format: Format): Promise<Judged> {
  const { verify } = await import("../../experiments/verify.js");
  const result = await verify(config, surroundings);
  return {
    passed: result.passed,
    json: async () => (await import("../../reports/check-json.js")).verifyJson(result),
    async text() {
      const { tablesText } = await import("../../reports/tables-text.js");
      const { verdictHeadline } = await import("../../reports/verdict-headline.js");
      const { verdictTable } = await import("../../reports/verdict-table.js");
      return tablesText([verdictTable(result.checks)], `${verdictHeadline(result.checks)}.`, format);
    },
    report: async () => (await import("../../reports/verify-report.js")).verifyReport(result),
  };
}

async function planted(config: VerifyConfig, surroundings: Surroundings, format: Format): Promise<Judged> {
  if (config.model !== undefined) {
    throw new UsageError("model: faults are planted in the exact score of the target - leave --model out");
  }
  const { plantedFaults } = await import("../../experiments/planted-faults.js");
  const forms = () => import("../../reports/planted-faults-text.js");
  const result = await plantedFaults(config, surroundings);
  const { width, colour } = format;
  return {
    passed: result.passed,
    json: async () => (await import("../../reports/json-text.js")).jsonText(result),
    text: async () => (await forms()).plantedFaultsText(result, { width, colour }),
    report: async () => (await forms()).plantedFaultsReport(result),
  };
}

async function misstatements(surroundings: Surroundings, { colour, width }: Format): Promise<Judged> {
  const { refuteMisstatements } = await import("../../experiments/refute-misstatements.js");
  const forms = () => import("../../reports/misstatements-text.js");
  const result = await refuteMisstatements(surroundings);
  return {
    passed: result.passed,
    json: async () => (await import("../../reports/json-text.js")).jsonText(result),
    text: async () => (await forms()).misstatementsText(result, { colour, width }),
    report: async () => (await forms()).misstatementsReport(result),
  };
}

async function configOf(
  options: Readonly<Record<string, unknown>>,
  { sde, target, model }: Problem,
): Promise<VerifyConfig> {
  const { only } = options;
  return {
    sde,
    target,
    ...modelClaim(model, options),
    solvers: await (options.solver === undefined
      ? solverList("solvers", options.solvers)
      : solverList("solver", options.solver)),
    samples: positiveNumber("samples", options.samples, { integer: true }),
    seed: seedOf(options.seed),
    ...(only === undefined ? {} : { only: specList("only", only) }),
  };
}
