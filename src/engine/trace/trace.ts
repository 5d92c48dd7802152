/** Element types a traced value can have. */
export type TraceType = "float32" | "int32" | "bool";

/** Shape and element type of a value. */
export interface Shaped {
  readonly shape: readonly number[];
  readonly dtype: TraceType;
}

/** A value of a trace: an input, a constant, or the result of a node. */
export interface TracedValue extends Shaped {
  readonly id: number;
  /** Present on constants. */
  readonly constant?: ConstantValues;
}

/** Values of a constant, row-major; booleans are 0 and 1. */
export type ConstantValues = Float32Array | Int32Array | Uint8Array;

/** One kernel that TensorFlow.js asked for. */
export interface TraceNode {
  readonly kernel: string;
  /** By the kernel's own names; a kernel that takes a list has them numbered from "0". */
  readonly inputs: Readonly<Record<string, TracedValue>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TracedValue[];
}

/** What a function did while it was built: nodes in order of execution. */
export interface Trace {
  readonly name: string;
  readonly inputs: readonly TracedValue[];
  readonly nodes: readonly TraceNode[];
  readonly outputs: readonly TracedValue[];
}
