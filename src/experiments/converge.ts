import { UsageError } from "../../solvers/errors.js";
import { requireWhole } from "../../solvers/require-whole.js";
import { formatOptions } from "../../solvers/spec.js";
import type { FixedSolver, Grid, Solver } from "../../solvers/types.js";
import { autoGrid, resolveGrid, resolveSolver } from "../sampling/resolve.js";
import { withoutDefaults } from "../sdes/without-defaults.js";
import type { ConvergenceKind, ErrorOptions, ErrorSequence } from "../verification/convergence/error-sequence.js";
import { judgeOrder, type OrderJudgement, orderBand } from "../verification/convergence/judge-order.js";
import { lawErrors } from "../verification/convergence/law-errors.js";
import { flowErrors, strongErrors } from "../verification/convergence/path-errors.js";
import { hasExactLaw } from "../verification/exact-law.js";
import type { CompareSurroundings } from "./compare-config.js";
import { nonDefaultOptions } from "./compare-plan.js";
import { CONVERGE_DEFAULTS, type ConvergeConfig } from "./converge-config.js";
import type { ConvergeResult, ConvergeRow } from "./converge-result.js";
import { sdeFacts, targetFacts } from "./result-head.js";
import { stamp } from "./stamp.js";

const KINDS = ["auto", "law", "deterministic", "strong"] as const;

/** What all rows share. */
type Setting = Omit<ErrorOptions, "solver"> & { readonly kind: ConvergenceKind | "auto"; readonly where: string };

/**
 * Measures the order of each solver and certifies it by every ratio of errors, or says why not.
 *
 * All runs start from the exact law at tMax and are held against tMin, so that neither the prior nor the truncation enters.
 * An abort keeps the rows that are finished.
 *
 * @throws UsageError before any work
 */
export async function converge(
  config: ConvergeConfig,
  surroundings: CompareSurroundings = {},
): Promise<ConvergeResult> {
  const { now = () => performance.now(), started = new Date(), signal, onProgress, argv = [] } = surroundings;
  const { sde, target, grid = CONVERGE_DEFAULTS.grid, kind = CONVERGE_DEFAULTS.kind } = config;
  const { samples = CONVERGE_DEFAULTS.samples, seed = CONVERGE_DEFAULTS.seed } = config;
  const begun = now();
  if (!KINDS.includes(kind)) throw new UsageError(`kind: must be one of ${KINDS.join(", ")}, but got '${kind}'`);
  requireWhole("samples", samples, 2, 1_000_000);
  const steps = increasingSteps(config.steps ?? CONVERGE_DEFAULTS.steps);
  const gridOf = (count: number): Grid => resolveGrid(sde, { grid, steps: count });
  for (const count of steps) gridOf(count);
  const solvers = config.solvers.map((solver) => resolveSolver(solver));
  if (solvers.length === 0) throw new UsageError("solvers: at least one is needed - name some, or 'all'");
  const gridName = grid === "auto" ? autoGrid(sde) : grid;
  const where = `${plainSpec(target)}, ${plainSpec(withoutDefaults(sde))}, ${gridName}`;
  const setting = { sde, target, gridOf, steps, samples, seed, kind, where };
  const rows: ConvergeRow[] = [];
  for (const [index, solver] of solvers.entries()) {
    if (signal?.aborted) break;
    const onRun = (count: number) => {
      if (signal?.aborted) throw new Interrupted();
      onProgress?.(
        `${solver.name}, ${count} steps`,
        (index + steps.filter((n) => n < count).length / steps.length) / solvers.length,
      );
    };
    try {
      // Without this turn of the event loop signals would wait for the last row.
      await new Promise((resolve) => setImmediate(resolve));
      rows.push(await measureRow(solver, { ...setting, onRun }));
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  }
  onProgress?.("done", 1);
  const plain = { sde: plainSpec(sde), target: plainSpec(target), solvers: solvers.map(({ name }) => name) };
  return {
    schema: "score-sde/converge@1",
    stamp: stamp({
      seed,
      config: { ...plain, steps, kind, grid, samples, seed },
      started,
      argv,
      seconds: (now() - begun) / 1000,
    }),
    sde: sdeFacts(sde),
    target: targetFacts(target),
    grid: gridName,
    rows,
  };
}

class Interrupted extends Error {}

async function measureRow(solver: Solver, setting: Setting): Promise<ConvergeRow> {
  const row = { solver: solver.name, options: nonDefaultOptions(solver), stochastic: solver.stochastic };
  const unmeasured = (why: string): ConvergeRow => ({
    ...row,
    verdict: "not measured",
    statement: `not measured: ${why}`,
    ...{ kind: null, distance: null, against: null, expected: solver.order, band: orderBand(solver.order) },
    ...{ measured: null, range: null, points: [], ratios: [] },
  });
  if (solver.kind === "adaptive") return unmeasured("it chooses its own steps, so there is no step to refine");
  if (setting.kind === "deterministic" && solver.stochastic) {
    return unmeasured("it draws noise, so its end point is no function of its start; measure its law or strong order");
  }
  try {
    for (const count of setting.steps) solver.check(setting.sde, setting.gridOf(count));
    const { points, pairs, ...facts } = await errorsOf(solver, setting);
    const expected = facts.kind === "strong" ? (solver.strongOrder ?? Math.min(1, solver.order)) : solver.order;
    const judgement = judgeOrder({ points, pairs }, expected);
    return {
      ...row,
      ...facts,
      ...withoutReason(judgement),
      statement: statementOf(judgement, facts.kind, setting.where),
      points,
    };
  } catch (error) {
    if (error instanceof UsageError) return unmeasured(error.message);
    throw error;
  }
}

function errorsOf(solver: FixedSolver, { kind, ...setting }: Setting): Promise<ErrorSequence> {
  const options = { ...setting, solver };
  if (!solver.stochastic) {
    // In one dimension the law's W1 weighs paths that change modes by their mass; a root mean square would not.
    const isLineLaw = hasExactLaw(setting.target) && !setting.target.isGaussian;
    return kind === "law" || (isLineLaw && kind !== "strong") ? lawErrors(options) : flowErrors(options);
  }
  const useLaw = kind === "law" || (kind === "auto" && hasExactLaw(setting.target));
  return useLaw ? lawErrors(options) : strongErrors(options);
}

function withoutReason({ reason: _reason, ...judgement }: OrderJudgement): Omit<OrderJudgement, "reason"> {
  return judgement;
}

/** The certificate, or why there is none. */
function statementOf(judgement: OrderJudgement, kind: ConvergenceKind, where: string): string {
  const { verdict, expected, measured, range, reason, ratios } = judgement;
  if (verdict !== "certified" || measured === null || range === null)
    return `order ${expected} not certified: ${reason}`;
  const [low, high] = measured.map((order) => order.toFixed(2));
  const spread = Math.max(...ratios.map(({ standardError, counts }) => (counts ? (standardError ?? 0) : 0)));
  const noise = spread > 0 ? ` (standard errors up to ${spread.toFixed(2)})` : "";
  const span = low === high ? low : `${low}–${high}`;
  const order = kind === "strong" ? `${expected} (strong)` : expected;
  return `certified ${order}, measured ${span}${noise} on ${where}, ${range[0]}–${range[1]} steps`;
}

function increasingSteps(steps: readonly number[]): number[] {
  for (const count of steps) requireWhole("steps", count, 1, 10_000_000);
  const sorted = [...new Set(steps)].sort((a, b) => a - b);
  if (sorted.length >= 2) return sorted;
  throw new UsageError(
    `steps: at least two different numbers are needed to see an order, but got ${steps.join(", ")} - give four or more, such as 40,80,160,320`,
  );
}

/** Name and options as mathematicians write them: `gaussian(mean=0.7,standardDeviation=0.5)`. */
function plainSpec({ name, options }: { name: string; options: Readonly<Record<string, unknown>> }): string {
  const text = formatOptions(options);
  return text === "" ? name : `${name}(${text})`;
}
