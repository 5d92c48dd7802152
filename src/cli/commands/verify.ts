import { Command } from "commander";
import type { VerifyConfig } from "../../experiments/verify.js";
import type { Report } from "../../reports/report.js";
import { checkOutDirectory } from "../check-out-directory.js";
import { type Console, processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { interruptible } from "../interrupt.js";
import { MODEL_TOLERANCE, modelClaim, type Problem, problemOf, withModelOptions } from "../model-options.js";
import { exclude } from "../resolved-options.js";
import {
  mergedOptions,
  positiveNumber,
  seedOf,
  specList,
  text,
  withCommonOptions,
  withProblemOptions,
} from "../shared-options.js";
import { solverList } from "../solver-list.js";

const EXAMPLES = `
Examples:
  $ score-sde verify
  $ score-sde verify --sde sub-vp --target bimodal --solvers em,./mine.ts --out report
  $ score-sde verify --target bimodal --model run
  $ score-sde verify --only variance-ledger,certified-bound
  $ score-sde verify --misstatements

Exit code 1 when a check fails.`;

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
    .option("--misstatements", "refute common misstatements by counterexamples, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(async (_options, self: Command) => {
      process.exitCode = await runVerify(self);
    });
}

/** What a run shows, in every form. */
interface Shown {
  readonly passed: boolean;
  readonly json: string;
  readonly text: string;
  readonly report: () => Promise<Report>;
}

async function runVerify(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const problem = options.misstatements === true ? null : await problemOf(command);
  try {
    return await verifyProblem(options, problem, terminal);
  } finally {
    await problem?.model?.dispose();
  }
}

async function verifyProblem(
  options: Readonly<Record<string, unknown>>,
  problem: Problem | null,
  terminal: Console,
): Promise<number> {
  const config = problem === null ? null : await configOf(options, problem);
  if (options.out !== undefined) await checkOutDirectory(text("out", options.out));
  const bar = terminal.progress();
  const { value, interrupted } = await interruptible((signal) => {
    const surroundings = { signal, onProgress: bar.update, argv: process.argv.slice(2) };
    const work = config === null ? misstatements(surroundings, terminal) : verification(config, surroundings, terminal);
    return work.catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    });
  }).finally(() => bar.stop());
  if (value === null || interrupted) {
    terminal.message("interrupted: no result");
    return ExitCode.INTERRUPTED;
  }
  terminal.result(options.json === true ? value.json : value.text);
  if (options.out !== undefined) {
    const { writeReport } = await import("../write-report.js");
    const files = await writeReport(await value.report(), value.json, text("out", options.out));
    terminal.message(`wrote ${files.join(", ")}`);
  }
  return value.passed ? ExitCode.OK : ExitCode.CHECK_FAILED;
}

type Surroundings = Parameters<typeof import("../../experiments/verify.js").verify>[1];
type Format = { readonly width: number; readonly colour: boolean };

async function verification(config: VerifyConfig, surroundings: Surroundings, format: Format): Promise<Shown> {
  const { verify } = await import("../../experiments/verify.js");
  const { verifyJson } = await import("../../reports/check-json.js");
  const { formatTable } = await import("../../reports/table.js");
  const { verdictHeadline } = await import("../../reports/verdict-headline.js");
  const { verdictTable } = await import("../../reports/verdict-table.js");
  const result = await verify(config, surroundings);
  const { width, colour } = format;
  return {
    passed: result.passed,
    json: verifyJson(result),
    text: `${formatTable(verdictTable(result.checks), { width, colour })}\n${verdictHeadline(result.checks)}.\n`,
    report: async () => (await import("../../reports/verify-report.js")).verifyReport(result),
  };
}

async function misstatements(surroundings: Surroundings, { colour, width }: Format): Promise<Shown> {
  const { refuteMisstatements } = await import("../../experiments/refute-misstatements.js");
  const { jsonText } = await import("../../reports/json-text.js");
  const { misstatementsReport, misstatementsText } = await import("../../reports/misstatements-text.js");
  const result = await refuteMisstatements(surroundings);
  return {
    passed: result.passed,
    json: jsonText(result),
    text: misstatementsText(result, { colour, width }),
    report: async () => misstatementsReport(result),
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
