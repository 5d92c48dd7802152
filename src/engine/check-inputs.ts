import { UsageError } from "../../solvers/errors.js";
import { sizeOf } from "./specification.js";
import type { RunOptions, TensorSpec, Values } from "./types.js";

/**
 * Compares the arrays given to a run with what the program takes.
 * Throws `UsageError` for a wrong count, length or element type, shared memory, and (with `finite`) NaN or infinity; the signal's reason when aborted.
 */
export function checkInputs(
  program: string,
  specs: readonly TensorSpec[],
  inputs: readonly Values[],
  options: RunOptions = {},
): void {
  options.signal?.throwIfAborted();
  if (inputs.length !== specs.length) {
    throw new UsageError(
      `${program}: takes ${specs.length} inputs (${specs.map(({ name }) => name).join(", ")}), but got ${inputs.length} - pass one array for each`,
    );
  }
  for (const [index, spec] of specs.entries()) checkInput(program, spec, inputs[index]!, options.finite ?? false);
}

function checkInput(program: string, spec: TensorSpec, values: Values, finite: boolean): void {
  const where = `${program}, input '${spec.name}'`;
  const wanted = spec.dtype === "int32" ? Int32Array : Float32Array;
  if (!(values instanceof wanted)) {
    throw new UsageError(
      `${where}: must be a ${wanted.name}, but got ${typeName(values)} - convert it with ${wanted.name}.from`,
    );
  }
  if (values.length !== sizeOf(spec.shape)) {
    throw new UsageError(
      `${where}: shape [${spec.shape.join(", ")}] holds ${sizeOf(spec.shape)} values, but got ${values.length} - pass them row-major, or compile for the other shape`,
    );
  }
  if (!(values.buffer instanceof ArrayBuffer)) {
    throw new UsageError(
      `${where}: must not lie in shared memory, but got a view of a SharedArrayBuffer - pass a copy`,
    );
  }
  if (finite && values instanceof Float32Array) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw new UsageError(`${where}: must be finite, but got ${values[at]} at index ${at} - look for its origin`);
  }
}

function typeName(value: unknown): string {
  return typeof value === "object" && value !== null ? value.constructor.name : String(value);
}
