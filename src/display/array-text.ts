import type { NdArray } from "ndarray";
import { formatSignificant } from "../reports/number-format.js";
import { formatTable } from "../reports/table.js";

const MOST_ROWS = 8;
const MOST_COLUMNS = 8;

/** Shape and first numbers of an array: a vector as one column, a matrix by rows, of higher arrays the first matrix. */
export function arrayText(array: NdArray<Float64Array>, width = 100): string {
  const matrix = asMatrix(array);
  const [rows = 0, columns = 0] = matrix.shape;
  const shownColumns = Math.min(columns, MOST_COLUMNS);
  const table = formatTable(
    {
      columns: [
        { title: "row", align: "decimal" },
        ...Array.from({ length: shownColumns }, (_, column) => ({ title: `[${column}]`, align: "decimal" as const })),
      ],
      rows: Array.from({ length: Math.min(rows, MOST_ROWS) }, (_, row) => ({
        cells: [
          { text: String(row) },
          ...Array.from({ length: shownColumns }, (_, column) => ({
            text: formatSignificant(matrix.get(row, column)),
          })),
        ],
      })),
    },
    { width },
  );
  const left = rows > MOST_ROWS || columns > MOST_COLUMNS || array.dimension > 2;
  return `array of ${array.shape.join(" × ")}\n${table}${left ? "…\n" : ""}`;
}

function asMatrix(array: NdArray<Float64Array>): NdArray<Float64Array> {
  if (array.dimension === 1) return matrixOf(array, array.shape[0]!, 1);
  let matrix = array;
  while (matrix.dimension > 2) matrix = matrix.pick(0);
  return matrix;
}

function matrixOf(vector: NdArray<Float64Array>, rows: number, columns: number): NdArray<Float64Array> {
  // A view with a second axis of length one.
  return Object.assign(Object.create(vector), { shape: [rows, columns], get: (row: number) => vector.get(row) });
}
