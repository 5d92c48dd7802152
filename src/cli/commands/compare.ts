import { Command, Option } from "commander";
import { UsageError } from "../../../solvers/errors.js";
import type { Comparison } from "../../experiments/compare.js";
import type { CompareConfig } from "../../experiments/compare-config.js";
import { type Console, processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { interruptible } from "../interrupt.js";
import {
  mergedOptions,
  numberList,
  positiveNumber,
  sdeOf,
  seedOf,
  specList,
  targetOf,
  text,
  withCommonOptions,
  withProblemOptions,
} from "../shared-options.js";

const EXAMPLES = `
Examples:
  $ score-sde compare
  $ score-sde compare --sde ve --target gaussian:mean=0.7,standardDeviation=0.5 --solvers em,pc,ode-heun --steps 20,100
  $ score-sde compare --target two-moons --evaluations 20,50,100 --solvers 'ddim,dpm++2m,edm-heun,ode-heun:variable=rho'
  $ score-sde compare --data points.csv --solvers rk45 --tolerances 1e-3,1e-6 --json`;

/** `score-sde compare`. */
export function compareCommand(): Command {
  const command = new Command("compare").description("compare solvers on an SDE and a data law, against the truth");
  return withCommonOptions(withProblemOptions(command))
    .option("--solvers <list>", "solver specs, or all", "em,pc,ddim,dpm++2m,ode-heun,stochastic-heun,rk45")
    .option("--steps <list>", "numbers of steps", "10,20,50,100")
    .addOption(
      new Option("--evaluations <list>", "equal cost instead: numbers of score evaluations per sample").conflicts(
        "steps",
      ),
    )
    .option("--tolerances <list>", "rtol = atol of adaptive solvers", "1e-2,1e-3,1e-5")
    .option("--grid <spec>", "auto, uniform, quadratic, log-snr, karras, exponential, cosine", "auto")
    .option("--samples <integer>", "samples per run", "4096")
    .option("--repeats <integer>", "independent repeats, for the standard errors", "5")
    .option("--metrics <list>", "metrics to measure (default: what the dimension affords)")
    .option("--no-exact", "no exact laws and budgets")
    .option("--denoise", "end with one Tweedie step to σ = 0")
    .option("--reference <spec>", "solver that relative costs refer to (default: the cheapest run)")
    .addOption(new Option("--format <kind>", "form of the table").choices(["text", "markdown", "csv"]).default("text"))
    .addHelpText("after", EXAMPLES)
    .action(async (_options, self: Command) => {
      process.exitCode = await runCompare(self);
    });
}

async function runCompare(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  const config = await configOf(options);
  const { compare } = await import("../../experiments/compare.js");
  const bar = terminal.progress();
  const { value, interrupted } = await interruptible((signal) =>
    compare(config, { signal, onProgress: bar.update, argv: process.argv.slice(2) }),
  ).finally(() => bar.stop());
  await show(value, options, terminal);
  if (interrupted) {
    terminal.message(`interrupted: ${value.result.runs.length} runs are finished and shown`);
    return ExitCode.INTERRUPTED;
  }
  const failed = value.result.runs.filter(({ status }) => status !== "success");
  for (const { solver, steps, message } of failed) terminal.message(`${solver}, ${steps} steps: ${message}`);
  return failed.length === value.result.runs.length ? ExitCode.NUMERICAL : ExitCode.OK;
}

async function configOf(options: Readonly<Record<string, unknown>>): Promise<CompareConfig> {
  const { evaluations, steps, metrics } = options;
  const { allSolverNames } = await import("../../experiments/compare-plan.js");
  const solvers = specList("solvers", options.solvers);
  return {
    sde: await sdeOf(options.sde),
    target: await targetOf(options),
    solvers: solvers.length === 1 && solvers[0] === "all" ? allSolverNames() : solvers,
    ...(evaluations === undefined
      ? { steps: numberList("steps", steps, { integer: true }) }
      : { evaluations: numberList("evaluations", evaluations, { integer: true }) }),
    tolerances: numberList("tolerances", options.tolerances),
    grid: text("grid", options.grid),
    samples: positiveNumber("samples", options.samples, { integer: true }),
    repeats: positiveNumber("repeats", options.repeats, { integer: true }),
    seed: seedOf(options.seed),
    exact: options.exact !== false,
    denoise: options.denoise === true,
    ...(metrics === undefined ? {} : { metrics: specList("metrics", metrics) }),
  };
}

async function show(comparison: Comparison, options: Readonly<Record<string, unknown>>, terminal: Console) {
  const { result } = comparison;
  const { out, reference } = options;
  const table = reference === undefined ? {} : { reference: text("reference", reference) };
  if (options.json === true) {
    const { compareJson } = await import("../../reports/compare-json.js");
    terminal.result(compareJson(result));
  } else terminal.result(`${await tableText(comparison, String(options.format), table, terminal)}\n`);
  if (out === undefined) return;
  const { writeCompareReport } = await import("../write-compare-report.js");
  const files = await writeCompareReport(comparison, text("out", out), table);
  terminal.message(`wrote ${files.join(", ")}`);
}

async function tableText({ result }: Comparison, format: string, table: { reference?: string }, terminal: Console) {
  const { compareCsv, compareMarkdown, compareText } = await import("../../reports/compare-table.js");
  switch (format) {
    case "markdown":
      return compareMarkdown(result, table);
    case "csv":
      return compareCsv(result);
    case "text":
      return compareText(result, { ...table, width: terminal.width, colour: terminal.colour });
    default:
      throw new UsageError(`format: must be text, markdown or csv, but got ${format}`);
  }
}
