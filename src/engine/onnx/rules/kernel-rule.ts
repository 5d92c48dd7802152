import type { KernelCall } from "../../trace/kernel-call.js";
import type { Shaped } from "../../trace/trace.js";
import type { GraphWriter } from "../graph-writer.js";

/** What the compiler knows of one TensorFlow.js kernel. */
export interface KernelRule {
  readonly kernel: string;
  /** Shapes and types of the outputs. Throws `EngineError` (`unmapped-kernel`) for calls that the rule does not cover. */
  infer(call: KernelCall): Shaped | readonly Shaped[];
  /** Writes the ONNX nodes of one call and returns the names of its outputs. */
  emit(graph: GraphWriter, call: KernelCall): string | readonly string[];
}
