import { UsageError } from "../../solvers/errors.js";
import { exp } from "../../solvers/math/elementary.js";
import { uniformNodes } from "../../solvers/spaces/law-frame.js";
import type { FixedSolver, Grid, Model, Schedule } from "../../solvers/types.js";
import { sample } from "../sampling/sample.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { type CellOutcome, knownDenoisingError } from "./compare-cell.js";
import type { CompareCell } from "./compare-plan.js";
import type { ComparePanels, PathPanel, SamplePanel, TruthPanel } from "./compare-result.js";
import { marginals } from "./marginals.js";

const MOST_POINTS = 2000;
const PATHS = 12;
const PATH_STEPS = 100;

/** A finished row with its plan. */
export interface FinishedCell {
  readonly cell: CompareCell;
  readonly outcome: CellOutcome;
}

export interface PanelSetting {
  readonly sde: Sde;
  readonly target: Target;
  readonly model: Model;
  /** False when the model is not the exact score. */
  readonly isExactModel: boolean;
  readonly seed: number;
}

/** Data of the pictures: truth, samples of each solver at a common cost, a few paths, the law through time. */
export async function comparePanels(finished: readonly FinishedCell[], setting: PanelSetting): Promise<ComparePanels> {
  const law = setting.target.dimension === 1 ? marginals(setting) : null;
  return {
    truth: truthPanel(setting.target),
    samples: samplePanels(finished),
    paths: await pathPanels(finished, setting),
    ...(law === null ? {} : { marginals: law }),
  };
}

/** Exact density of the data on a curve or lattice; null above two dimensions and where there is none. */
export function truthPanel(target: Target): TruthPanel | null {
  if (target.logDensity === undefined || target.dimension > 2) return null;
  const [first, second] = axes(target, target.dimension === 1 ? 801 : 121);
  if (target.dimension === 1) {
    return { dimension: 1, x: [...first], density: [...target.logDensity(first)].map(exp) };
  }
  const points = new Float64Array(2 * first.length * second.length);
  for (const [row, y] of second.entries()) {
    for (const [column, x] of first.entries()) points.set([x, y], 2 * (row * first.length + column));
  }
  const density = [...target.logDensity(points)].map(exp);
  return {
    dimension: 2,
    x: [...first],
    y: [...second],
    density: Array.from(second, (_, row) => density.slice(row * first.length, (row + 1) * first.length)),
  };
}

/** For each solver its row nearest in cost to the cheapest cost that all solvers reach. */
function samplePanels(finished: readonly FinishedCell[]): SamplePanel[] {
  const groups = [...groupByLabel(finished).values()];
  const common = Math.max(...groups.map((group) => Math.min(...group.map(({ outcome }) => outcome.run.evaluations))));
  return groups.map((group) => {
    const distance = ({ outcome }: FinishedCell) => Math.abs(outcome.run.evaluations - common);
    const { cell, outcome } = group.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    const dimension = outcome.points.length / outcome.run.samples;
    return {
      label: cell.label,
      solver: cell.solver.name,
      evaluations: outcome.run.evaluations,
      dimension,
      points: outcome.points.slice(0, MOST_POINTS * dimension),
      ...(outcome.law === null ? {} : { law: outcome.law }),
    };
  });
}

function groupByLabel(finished: readonly FinishedCell[]): Map<string, FinishedCell[]> {
  const groups = new Map<string, FinishedCell[]>();
  for (const one of finished) groups.set(one.cell.label, [...(groups.get(one.cell.label) ?? []), one]);
  return groups;
}

/** A few paths of up to four solvers, stochastic and deterministic ones. */
async function pathPanels(finished: readonly FinishedCell[], setting: PanelSetting): Promise<PathPanel[]> {
  const { sde, target, model, seed } = setting;
  const cells = [...groupByLabel(finished).values()].flatMap(([first]): FixedCell[] => {
    const { solver, label, grid } = first!.cell;
    return solver.kind === "fixed" && grid !== null ? [{ solver, label, grid }] : [];
  });
  const chosen = [
    ...cells.filter(({ solver }) => solver.stochastic).slice(0, 2),
    ...cells.filter(({ solver }) => !solver.stochastic).slice(0, 2),
  ];
  const panels: PathPanel[] = [];
  for (const { solver, label, grid } of chosen) {
    const { times } = pathGrid(solver, sde, grid);
    const known = knownDenoisingError(setting);
    const { path } = await sample({
      ...{ sde, target, model, solver, times, samples: PATHS, seed, keepPath: true },
      ...known,
    });
    if (path === null) continue;
    const states = Array.from({ length: PATHS }, (_, row) => path.states.map((state) => state.get(row, 0)));
    panels.push({ label, solver: solver.name, times: [...path.times], states });
  }
  return panels;
}

type FixedCell = Pick<CompareCell, "label"> & { readonly solver: FixedSolver; readonly grid: Grid };

/** The grid in 100 steps, or the grid itself where it has no such kin or the solver refuses it. */
function pathGrid(solver: FixedSolver, sde: Schedule, grid: Grid): Grid {
  try {
    const fine = grid.withSteps?.(PATH_STEPS) ?? grid;
    solver.check(sde, fine);
    return fine;
  } catch (error) {
    if (error instanceof UsageError) return grid;
    throw error;
  }
}

/** Axes that show a target: mean ± 3.6 standard deviations. */
function axes({ mean, covariance, dimension }: Target, count: number): [Float64Array, Float64Array] {
  const axis = (i: number) => {
    const deviation = Math.sqrt(covariance[i * dimension + i] ?? 1);
    return uniformNodes((mean[i] ?? 0) - 3.6 * deviation, (mean[i] ?? 0) + 3.6 * deviation, count);
  };
  return [axis(0), axis(Math.min(1, dimension - 1))];
}
