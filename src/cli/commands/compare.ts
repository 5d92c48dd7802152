import { Command, Option } from "commander";
import { suggestion, UsageError } from "../../../solvers/errors.js";
import { valueText } from "../../../solvers/number-text.js";
import type { Comparison } from "../../experiments/compare.js";
import type { CompareConfig } from "../../experiments/compare-config.js";
import type { CompareCell } from "../../experiments/compare-plan.js";
import type { CompareRun } from "../../experiments/compare-result.js";
import { checkOut } from "../check-out-directory.js";
import type { Console } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { interruptible } from "../interrupt.js";
import { type Problem, withModelOptions } from "../model-options.js";
import { numberList, positiveNumber, seedOf, specList, text } from "../option-values.js";
import { refuseIdle } from "../refuse-idle.js";
import { exclude } from "../resolved-options.js";
import { workersOf } from "../sample-request.js";
import { withCommonOptions, withProblemOptions } from "../shared-options.js";
import { showResult } from "../show-result.js";
import { solverList } from "../solver-list.js";
import { withProblem } from "../with-problem.js";
import { withProgress } from "../with-progress.js";

const EXAMPLES = `
Examples:
  $ score-sde compare
  $ score-sde compare --sde ve --target gaussian:mean=0.7,standardDeviation=0.5 --solvers em,pc,ode-heun --steps 20,100
  $ score-sde compare --target two-moons --evaluations 20,50,100 --solvers 'ddim,dpm++2m,edm-heun,ode-heun:variable=rho'
  $ score-sde compare --data points.csv --solvers rk45 --tolerances 1e-3,1e-6 --json
  $ score-sde compare --target bimodal --model run`;

/** `score-sde compare`. */
export function compareCommand(): Command {
  const command = new Command("compare");
  exclude(command, "steps", "evaluations");
  return withModelOptions(withCommonOptions(withProblemOptions(command)))
    .option("--solvers <list>", "solver specs and files, or all", "em,pc,ddim,dpm++2m,ode-heun,stochastic-heun,rk45")
    .option("--steps <counts>", "numbers of steps", "10,20,50,100")
    .option("--evaluations <counts>", "equal cost instead: numbers of score evaluations per sample")
    .option("--tolerances <numbers>", "rtol = atol of adaptive solvers", "1e-2,1e-3,1e-5")
    .option("--grid <spec>", "auto, uniform, quadratic, log-snr, karras, exponential, cosine", "auto")
    .option("--samples <count>", "samples per run", "4096")
    .option("--repeats <count>", "independent repeats, for the standard errors", "5")
    .option("--metrics <list>", "metrics to measure (default: what the dimension affords)")
    .option("--exact", "exact laws and budgets where they exist (default)")
    .option("--no-exact", "no exact laws and budgets")
    .option("--denoise", "end with one Tweedie step to σ = 0")
    .option(
      "--workers <count>",
      "threads that draw from a --model; seconds are then of all together (default: 1; auto: where a run is long)",
    )
    .option("--reference <spec>", "solver that relative costs refer to (default: the cheapest run)")
    .addOption(new Option("--format <kind>", "form of the table").choices(["text", "markdown", "csv"]).default("text"))
    .addHelpText("after", fitting(EXAMPLES))
    .action(async (_options, self: Command) => {
      process.exitCode = await runCompare(self);
    });
}

async function runCompare(command: Command): Promise<number> {
  // Read from disk while the options are looked at.
  const experiment = import("../../experiments/compare.js");
  return withProblem(command, async (options, problem, terminal) => {
    const config = await configOf(options, problem);
    await checkOptions(command, options, config);
    return compareProblem(options, { config, hasModel: problem.model !== null }, terminal, (await experiment).compare);
  });
}

async function compareProblem(
  options: Readonly<Record<string, unknown>>,
  { config, hasModel }: { readonly config: CompareConfig; readonly hasModel: boolean },
  terminal: Console,
  compare: typeof import("../../experiments/compare.js")["compare"],
): Promise<number> {
  await checkOut(options);
  const workers = options.workers === undefined ? 1 : workersOf(options.workers, hasModel);
  const { value, interrupted } = await withProgress(terminal, (signal, onProgress) =>
    compare(config, { signal, workers, onProgress, argv: process.argv.slice(2) }),
  );
  const comparison = withoutAborted(value);
  const { runs } = comparison.result;
  if (interrupted) terminal.warning(`interrupted: the ${runs.length} finished runs are shown`);
  if (interrupted && runs.length === 0) return ExitCode.INTERRUPTED;
  if (runs.length === 0) {
    throw new UsageError(
      `evaluations: must pay for one step of some solver, but got ${String(options.evaluations)} - give more`,
    );
  }
  const writing = await interruptible(() => show(comparison, options, terminal));
  if (interrupted || writing.interrupted) return ExitCode.INTERRUPTED;
  const failed = runs.filter(({ status }) => status !== "success");
  for (const run of failed) terminal.warning(failureText(run));
  return failed.length === runs.length ? ExitCode.NUMERICAL : ExitCode.OK;
}

/** @throws UsageError, before any work, for options that change nothing, and a reference that is none of the solvers */
async function checkOptions(
  command: Command,
  options: Readonly<Record<string, unknown>>,
  config: CompareConfig,
): Promise<void> {
  if (options.json === true) refuseIdle(command, ["format"], "on --json");
  const { planCells } = await import("../../experiments/compare-plan.js");
  const cells = planCells(config);
  const kinds = new Set(cells.map(({ solver }) => solver.kind));
  if (!kinds.has("fixed")) {
    refuseIdle(command, ["steps", "evaluations", "grid"], "on adaptive solvers, which choose their own steps");
  }
  if (!kinds.has("adaptive")) refuseIdle(command, ["tolerances"], "on solvers that walk a grid");
  if (options.reference !== undefined) checkReference(text("reference", options.reference), cells);
}

/** @throws UsageError unless the reference is one of the solvers */
function checkReference(reference: string, cells: readonly CompareCell[]): void {
  const names = cells.flatMap(({ label, solver }) => [label, solver.name]);
  if (names.includes(reference)) return;
  const hint = suggestion(reference, [...new Set(names)]);
  throw new UsageError(`reference: must be one of the solvers compared, but got '${reference}'.${hint}`);
}

/** A row that Ctrl-C stopped half-way says nothing. */
function withoutAborted({ result, panels }: Comparison): Comparison {
  return { panels, result: { ...result, runs: result.runs.filter(({ status }) => status !== "aborted") } };
}

function failureText({ solver, steps, rtol, message, status }: CompareRun): string {
  return `warning: ${solver}, ${steps === null ? `tolerance ${valueText(rtol)}` : `${steps} steps`}: ${message ?? status}`;
}

async function configOf(
  options: Readonly<Record<string, unknown>>,
  { sde, target, model }: Problem,
): Promise<CompareConfig> {
  const samples = positiveNumber("samples", options.samples, { integer: true });
  if (samples < 2) throw new UsageError(`samples: must be ≥ 2, but got ${samples} - a covariance needs two`);
  const { evaluations, steps, metrics } = options;
  return {
    sde,
    target,
    ...(model === null ? {} : { model }),
    solvers: await solverList("solvers", options.solvers),
    ...(evaluations === undefined
      ? { steps: numberList("steps", steps, { integer: true }) }
      : { evaluations: numberList("evaluations", evaluations, { integer: true }) }),
    tolerances: numberList("tolerances", options.tolerances),
    grid: text("grid", options.grid),
    samples,
    repeats: positiveNumber("repeats", options.repeats, { integer: true }),
    seed: seedOf(options.seed),
    exact: options.exact !== false,
    denoise: options.denoise === true,
    ...(metrics === undefined ? {} : { metrics: specList("metrics", metrics) }),
  };
}

async function show(comparison: Comparison, options: Readonly<Record<string, unknown>>, terminal: Console) {
  const { runLabel } = await import("../../reports/run-label.js");
  const { result, panels } = comparison;
  const { reference } = options;
  // After Ctrl-C the reference may be among the runs that are missing.
  const isThere = result.runs.some((run) => reference === run.solver || reference === runLabel(run));
  const table = isThere ? { reference: text("reference", reference) } : {};
  await showResult(terminal, options, {
    json: async () => (await import("../../reports/compare-json.js")).compareJson(result),
    text: async () => tableText(comparison, String(options.format), table, terminal),
    report: async () => (await import("../../reports/compare-report.js")).compareReport(result, panels, table),
    async files() {
      const { compareCsv, compareMarkdown } = await import("../../reports/compare-table.js");
      return { "results.csv": compareCsv(result), "results.md": compareMarkdown(result, table) };
    },
  });
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
