import { UsageError } from "../../solvers/errors.js";

/** The class of each row of a batch, null for none. @throws UsageError for a condition that is no class */
export function conditionReader(condition: unknown, classes: number, count: number): (row: number) => number | null {
  if (condition === undefined || condition === null) return () => null;
  const check = (label: unknown): number => {
    if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classes) return label;
    const allowed = classes === 0 ? "absent, for the model has no classes" : `a class in [0, ${classes})`;
    throw new UsageError(`condition: must be ${allowed}, but got ${JSON.stringify(label)}`);
  };
  if (Array.isArray(condition) || condition instanceof Int32Array || condition instanceof Float64Array) {
    const list: readonly unknown[] = Array.from(condition);
    if (list.length !== count) {
      throw new UsageError(`condition: a list must hold one class for each of ${count} rows, but got ${list.length}`);
    }
    return (row) => (list[row] === null ? null : check(list[row]));
  }
  const label = check(condition);
  return () => label;
}
