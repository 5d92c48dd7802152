import { Command, Option } from "commander";
import type { ConvergeConfig } from "../../experiments/converge-config.js";
import type { ConvergeResult } from "../../experiments/converge-result.js";
import { checkOut } from "../check-out-directory.js";
import { type Console, processConsole } from "../console.js";
import { ExitCode } from "../exit-code.js";
import { fitting } from "../fitting-help.js";
import { numberList, oneOf, positiveNumber, seedOf, text } from "../option-values.js";
import { refuseIdle } from "../refuse-idle.js";
import { exclude } from "../resolved-options.js";
import { mergedOptions, sdeOf, targetOf, withCommonOptions, withProblemOptions } from "../shared-options.js";
import { showResult } from "../show-result.js";
import { solverList } from "../solver-list.js";
import { withProgress } from "../with-progress.js";

const KINDS = ["auto", "law", "deterministic", "strong"] as const;

const EXAMPLES = `
Examples:
  $ score-sde converge
  $ score-sde converge --solver ./mine.ts --out report
  $ score-sde converge --target trimodal --solvers em,stochastic-heun --steps 20,40,80,160
  $ score-sde converge --kind strong --solvers em,stochastic-heun --samples 4096`;

/** `score-sde converge`. */
export function convergeCommand(): Command {
  const command = new Command("converge");
  exclude(command, "solvers", "solver");
  return withCommonOptions(withProblemOptions(command, { target: "gaussian:mean=0.7,standardDeviation=0.5" }))
    .option(
      "--solvers <list>",
      "solver specs and files, or all",
      "em,exponential-em,stochastic-heun,ddim,dpm++2m,ode-heun,ode-rk4",
    )
    .option("--solver <spec>", "one solver instead: a spec, or a file that exports one, such as ./mine.ts")
    .option(
      "--steps <counts>",
      "numbers of steps; three ratios of consecutive ones make a certificate",
      "20,40,80,160,320,640",
    )
    .addOption(
      new Option("--kind <kind>", "errors of the law, of deterministic end points, or along Brownian paths")
        .choices(KINDS)
        .default("auto"),
    )
    .option("--grid <spec>", "auto, uniform, quadratic, log-snr, karras, exponential, cosine", "auto")
    .option("--samples <count>", "paths of strong and deterministic errors", "1024")
    .addOption(new Option("--format <kind>", "form of the table").choices(["text", "markdown"]).default("text"))
    .addHelpText("after", fitting(`${EXAMPLES}\n\nExit code 1 when a solver misses the order it declares.`))
    .action(async (_options, self: Command) => {
      process.exitCode = await runConverge(self);
    });
}

async function runConverge(command: Command): Promise<number> {
  const options = await mergedOptions(command);
  const terminal = processConsole({ quiet: options.quiet === true });
  if (options.json === true) refuseIdle(command, ["format"], "on --json");
  if (options.kind === "law") refuseIdle(command, ["samples"], "on errors of the law, which are exact");
  const config = await configOf(options);
  await checkOut(options);
  const { converge } = await import("../../experiments/converge.js");
  const { value, interrupted } = await withProgress(terminal, (signal, onProgress) =>
    converge(config, { signal, onProgress, argv: process.argv.slice(2) }),
  );
  if (interrupted) terminal.warning(`interrupted: the ${value.rows.length} finished solvers are shown`);
  if (interrupted && value.rows.length === 0) return ExitCode.INTERRUPTED;
  await show(value, options, terminal);
  if (interrupted) return ExitCode.INTERRUPTED;
  return value.rows.some(({ verdict }) => verdict === "missed") ? ExitCode.CHECK_FAILED : ExitCode.OK;
}

async function configOf(options: Readonly<Record<string, unknown>>): Promise<ConvergeConfig> {
  return {
    sde: await sdeOf(options.sde),
    target: await targetOf(options),
    solvers: await (options.solver === undefined
      ? solverList("solvers", options.solvers)
      : solverList("solver", options.solver)),
    steps: numberList("steps", options.steps, { integer: true }),
    kind: oneOf("kind", options.kind, KINDS),
    grid: text("grid", options.grid),
    samples: positiveNumber("samples", options.samples, { integer: true }),
    seed: seedOf(options.seed),
  };
}

async function show(result: ConvergeResult, options: Readonly<Record<string, unknown>>, terminal: Console) {
  const table = () => import("../../reports/converge-table.js");
  const { width, colour } = terminal;
  await showResult(terminal, options, {
    json: async () => (await import("../../reports/converge-json.js")).convergeJson(result),
    async text() {
      const { convergeMarkdown, convergeText } = await table();
      return options.format === "markdown" ? convergeMarkdown(result) : convergeText(result, { width, colour });
    },
    report: async () => (await import("../../reports/converge-report.js")).convergeReport(result),
    files: async () => ({ "results.md": (await table()).convergeMarkdown(result) }),
  });
}
