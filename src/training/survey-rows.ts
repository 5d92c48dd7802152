import { UsageError } from "../../solvers/errors.js";
import { columnsOf, type Rows } from "../files/index.js";

/** What one pass over data finds. */
export interface RowSurvey {
  /** Mean and variance (over n) of each column. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** FNV-1a of the numbers' bytes: tells data sets apart, nothing more. */
  readonly hash: number;
}

/**
 * Reads every row once: moments by Welford's recurrence, whose rounding does not grow with the mean.
 *
 * @throws UsageError for fewer than two rows, for a number that is not finite, naming its place, and for a variance that is not
 */
export function surveyRows(rows: Rows): RowSurvey {
  const { count } = rows;
  const columns = columnsOf(rows);
  if (count * columns === 0) {
    throw new UsageError("data: there must be at least two rows, but got none - check the file");
  }
  if (count < 2) {
    throw new UsageError("data: there must be at least two rows, but got one - a law cannot be learnt from it");
  }
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const row = new Float64Array(columns);
  const words = new Uint32Array(row.buffer);
  let hash = 2166136261;
  for (let i = 0; i < count; i++) {
    rows.read(i, row, 0);
    for (let d = 0; d < columns; d++) {
      const x = row[d]!;
      if (!Number.isFinite(x)) {
        throw new UsageError(`data: must be finite, but got ${x} in ${rows.place(i, d)} - remove that row`);
      }
      const away = x - mean[d]!;
      mean[d] = mean[d]! + away / (i + 1);
      squares[d] = squares[d]! + away * (x - mean[d]!);
    }
    for (let w = 0; w < words.length; w++) hash = Math.imul(hash ^ words[w]!, 16777619) >>> 0;
  }
  const wide = squares.findIndex((sum) => !Number.isFinite(sum));
  if (wide >= 0) {
    throw new UsageError(
      `data: numbers must be below 1e150 in size, but the squares of column ${wide} overflow - scale it`,
    );
  }
  return { mean, variance: squares.map((sum) => sum / count), hash };
}
