/** Why an engine refused or failed. */
export type EngineErrorCode =
  /** The engine asked for is not present on this machine. */
  | "engine-unavailable"
  /** The traced function uses a TensorFlow.js kernel that has no rule. */
  | "unmapped-kernel"
  /** The traced function read the value of a tensor. */
  | "value-read"
  /** Two traces of the same function differ: it is random, or captures a changing number. */
  | "impure-function"
  /** The function itself threw while it was built. */
  | "build-failed"
  /** The runtime refused a graph. */
  | "compile-failed"
  /** The runtime failed while it ran a program. */
  | "run-failed"
  /** A model file is missing, torn, or of a kind that cannot be run. */
  | "model-file";

/** A failure of an engine or its runtime, with a code to branch on and a message that names the way out. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The first line of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split("\n")[0]!.trim();
}
