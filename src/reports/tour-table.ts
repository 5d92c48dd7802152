import type { CompareRun } from "../experiments/compare-result.js";
import type { TourProcess, TourResult } from "../experiments/tour-result.js";
import { formatCount, formatEstimate, formatSignificant } from "./number-format.js";
import { processNames } from "./process-names.js";
import { runLabel } from "./run-label.js";
import { seriesStyles } from "./series-style.js";
import type { Table, TableCell, TableRow } from "./table.js";

/** What the rows without a solver are called. */
export const EQUATION_LABEL = "equation";

/** Every solver under every SDE, with the exact score and with the learned one, and what the equation gives without steps. */
export function tourTable(result: TourResult): Table {
  const { processes } = result;
  const names = processNames(result);
  const first = processes[0]?.exact[0];
  const repeats = first?.repeats === 1 ? "one run" : `mean ± standard error of ${first?.repeats} runs`;
  const samplesNote = `its samples: the same distance, ${repeats} of ${first?.samples} samples; between two exact sets ${formatEstimate(processes[0]?.floor.w2)}.`;
  return {
    columns: [
      { title: "SDE", align: "left" },
      { title: "solver", align: "left" },
      { title: "evals", align: "left" },
      {
        title: "W2 exact score",
        align: "decimal",
        note: "W2: distance of the law of the output to the data law, from the prior, no sampling.",
      },
      { title: "its samples", align: "decimal", leaves: 1 },
      { title: "W2 learned score", align: "decimal" },
      { title: "its samples", align: "decimal", leaves: 2, note: samplesNote },
    ],
    rows: processes.flatMap((process, i) => processRows(process, names[i]!)),
    caption: `${EQUATION_LABEL}: the reverse-time Fokker–Planck equation, which is em without steps.`,
  };
}

function processRows({ exact, learned, generated, floor }: TourProcess, name: string): TableRow[] {
  const styles = seriesStyles(exact.map((run) => ({ label: runLabel(run), solver: run.solver })));
  const [leastExact, leastLearned] = [leastW2(exact), leastW2(learned)];
  const rows = exact.map((run, i): TableRow => {
    const other = learned[i]!;
    const { colour, shape } = styles[i]!;
    return {
      swatch: { colour, shape, isDashed: run.stochastic },
      cells: [
        { text: name },
        { text: runLabel(run) },
        { text: evaluationsText(run, other) },
        lawCell(run, leastExact),
        sampledCell(run, floor.w2),
        lawCell(other, leastLearned),
        sampledCell(other, floor.w2),
      ],
    };
  });
  const equation = [
    name,
    EQUATION_LABEL,
    "–",
    formatSignificant(generated.exact.w2),
    "–",
    formatSignificant(generated.learned.w2),
    "–",
  ];
  return [...rows, { cells: equation.map((text) => ({ text })) }];
}

/** Least exact W2 of some runs; infinite where none has one. */
export function leastW2(runs: readonly CompareRun[]): number {
  return Math.min(...runs.map(({ exact }) => exact?.w2 ?? Infinity));
}

function evaluationsText(exact: CompareRun, learned: CompareRun): string {
  const [one, other] = [formatCount(Math.round(exact.evaluations)), formatCount(Math.round(learned.evaluations))];
  return one === other ? one : `${one}, ${other}`;
}

function lawCell({ exact, status }: CompareRun, least: number): TableCell {
  if (status !== "success") return { text: status, tone: "bad" };
  const value = exact?.w2 ?? null;
  return { text: formatSignificant(value), ...(value !== null && value === least ? { tone: "best" } : {}) };
}

function sampledCell({ metrics }: CompareRun, floor: { value: number; standardError: number } | undefined): TableCell {
  const { w2 } = metrics;
  if (w2 === undefined) return { text: "–" };
  const isAtFloor = floor !== undefined && w2.value - 2 * w2.standardError <= floor.value + 2 * floor.standardError;
  return { text: formatEstimate(w2), ...(isAtFloor ? { tone: "quiet" } : {}) };
}
