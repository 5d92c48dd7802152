import { UsageError } from "../../solvers/errors.js";
import { findSolver, solvers as registered } from "../../solvers/registry.js";
import { requireWhole } from "../../solvers/require-whole.js";
import { formatSpec } from "../../solvers/spec.js";
import type { Grid, Solver } from "../../solvers/types.js";
import { resolveGrid, resolveSolver } from "../sampling/resolve.js";
import { MOST_SAMPLES } from "../sampling/validate.js";
import { COMPARE_DEFAULTS, type CompareConfig } from "./compare-config.js";

/** One row of a comparison, ready to run. */
export interface CompareCell {
  readonly solver: Solver;
  /** Options that differ from the solver's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Name with those options. */
  readonly label: string;
  /** What makes this solver again; null for a solver of the user's own. */
  readonly spec: string | null;
  /** Null for adaptive solvers. */
  readonly grid: Grid | null;
  readonly steps: number | null;
  readonly tolerance: number | null;
}

/**
 * The rows of a comparison: every solver on every number of steps (or cost, or tolerance).
 *
 * @throws UsageError, before any work, for unknown names and for combinations that make no sense
 */
export function planCells(config: CompareConfig): CompareCell[] {
  const { sde, solvers, samples = COMPARE_DEFAULTS.samples } = config;
  const { grid = COMPARE_DEFAULTS.grid, tolerances = COMPARE_DEFAULTS.tolerances } = config;
  requireWhole("samples", samples, 2, MOST_SAMPLES, "ask for fewer samples");
  if (solvers.length === 0) throw new UsageError("solvers: at least one is needed - name some, or 'all'");
  return solvers.flatMap((given): CompareCell[] => {
    const solver = resolveSolver(given);
    const options = nonDefaultOptions(solver);
    const label = formatSpec({ name: solver.name, options });
    if (solver.kind === "adaptive") {
      // A solver of the user's own has the tolerance it was made with.
      if (registered.every(({ name }) => name !== solver.name)) {
        return [{ solver, options, label, spec: null, grid: null, steps: null, tolerance: null }];
      }
      return adaptiveTolerances(options, tolerances).map((tolerance) => {
        const toleranced = findSolver(solver.name).create({ rtol: tolerance, atol: tolerance, ...options });
        return { solver: toleranced, options, label, spec: specOf(toleranced), grid: null, steps: null, tolerance };
      });
    }
    return stepCounts(config, solver.evaluationsPerStep, label).map((steps) => {
      const placed = resolveGrid(sde, { grid, steps });
      solver.check(sde, placed);
      return { solver, options, label, spec: specOf(solver), grid: placed, steps, tolerance: null };
    });
  });
}

function specOf(solver: Solver): string | null {
  const isRegistered = registered.some(({ name }) => name === solver.name);
  return isRegistered ? formatSpec({ name: solver.name, options: nonDefaultOptions(solver) }) : null;
}

/** Every registered solver's name. */
export function allSolverNames(): string[] {
  return registered.map(({ name }) => name);
}

/** The options in which a solver differs from its registered defaults. */
export function nonDefaultOptions(solver: Solver): Record<string, unknown> {
  const factory = registered.find(({ name }) => name === solver.name);
  if (factory === undefined) return { ...solver.options };
  return Object.fromEntries(
    Object.entries(solver.options).filter(([name, value]) => factory.optionSet[name]?.default !== value),
  );
}

function adaptiveTolerances(
  options: Readonly<Record<string, unknown>>,
  tolerances: readonly number[],
): readonly number[] {
  const own = options.rtol;
  return typeof own === "number" ? [own] : tolerances;
}

function stepCounts(
  { steps = COMPARE_DEFAULTS.steps, evaluations }: CompareConfig,
  perStep: number,
  label: string,
): number[] {
  if (evaluations === undefined) return [...steps];
  const counts = evaluations.map((cost) => Math.floor(cost / Math.max(1, perStep))).filter((count) => count >= 1);
  if (counts.length === 0) {
    throw new UsageError(
      `evaluations: one step of ${label} costs ${perStep}, more than the ${Math.max(...evaluations)} given - raise them or leave ${label} out`,
    );
  }
  return [...new Set(counts)];
}
