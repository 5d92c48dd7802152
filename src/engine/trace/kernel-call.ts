import { EngineError } from "../engine-error.js";
import type { Shaped, TracedValue } from "./trace.js";

/**
 * One call of a kernel as its rule sees it: inputs by name, attributes by type.
 * With a `twin` (the same call traced at another batch size) every accessor refuses what differs between the two, so that nothing
 * depending on the batch size enters a graph by accident; `lengths` is the door for what may.
 */
export class KernelCall {
  readonly kernel: string;
  readonly #inputs: Readonly<Record<string, TracedValue>>;
  readonly #attrs: Readonly<Record<string, unknown>>;
  readonly #outputs: readonly Shaped[];
  readonly #twin: KernelCall | undefined;

  constructor(
    kernel: string,
    inputs: Readonly<Record<string, TracedValue>>,
    attrs: Readonly<Record<string, unknown>>,
    outputs: readonly Shaped[] = [],
    twin?: KernelCall,
  ) {
    this.kernel = kernel;
    this.#inputs = inputs;
    this.#attrs = attrs;
    this.#outputs = outputs;
    this.#twin = twin;
  }

  /** Whether the optional input is present. */
  has(name: string): boolean {
    return this.#inputs[name] !== undefined;
  }

  input(name: string): TracedValue {
    const value = this.#inputs[name];
    if (value === undefined) return this.fail(`input '${name}' is missing`);
    return value;
  }

  /** Every input, in order. */
  list(): TracedValue[] {
    return Object.values(this.#inputs);
  }

  rank(name: string): number {
    return this.input(name).shape.length;
  }

  /** The whole shape of an input; refused when it depends on the batch size. */
  shape(name: string): readonly number[] {
    return this.#same(`the shape of '${name}'`, (call) => call.input(name).shape);
  }

  /** One length of an input's shape; refused when it depends on the batch size. */
  length(name: string, axis: number): number {
    return this.#same(`length ${axis} of '${name}'`, (call) => call.input(name).shape[axis]!);
  }

  /** The whole shape of an output; refused when it depends on the batch size. */
  outputShape(index = 0): readonly number[] {
    return this.#same("the shape of the output", (call) => call.#outputs[index]!.shape);
  }

  outputRank(index = 0): number {
    return this.#outputs[index]!.shape.length;
  }

  outputType(index = 0): Shaped["dtype"] {
    return this.#outputs[index]!.dtype;
  }

  /** Numbers computed from this call and, when there is one, from its twin: `[here]` or `[here, there]`. */
  lengths(select: (call: KernelCall) => readonly number[]): readonly (readonly number[])[] {
    const here = select(this.#alone());
    return this.#twin === undefined ? [here] : [here, select(this.#twin)];
  }

  /** Whether `select` gives the same for this call and its twin. */
  agrees(select: (call: KernelCall) => unknown): boolean {
    return this.#twin === undefined || JSON.stringify(select(this.#alone())) === JSON.stringify(select(this.#twin));
  }

  number(name: string, fallback?: number): number {
    const value = this.#attribute(name) ?? fallback;
    return typeof value === "number" ? value : this.fail(`attribute '${name}' is no number`);
  }

  /** A list of numbers; a single number is a list of one. */
  numbers(name: string): readonly number[] {
    const value = this.#attribute(name);
    if (typeof value === "number") return [value];
    return isNumbers(value) ? value : this.fail(`attribute '${name}' holds no numbers`);
  }

  /** Pairs of numbers, as paddings are. */
  pairs(name: string): readonly (readonly number[])[] {
    const value = this.#attribute(name);
    return Array.isArray(value) && value.every(isNumbers) ? value : this.fail(`attribute '${name}' holds no pairs`);
  }

  flag(name: string): boolean {
    return this.#attribute(name) === true;
  }

  text(name: string, fallback = ""): string {
    const value = this.#attribute(name) ?? fallback;
    return typeof value === "string" ? value : this.fail(`attribute '${name}' is no text`);
  }

  /** The attribute as it is. */
  raw(name: string): unknown {
    return this.#attribute(name);
  }

  /** Throws: the call is one that the rule does not cover. */
  fail(reason: string): never {
    const shapes = this.list().map(({ shape }) => `[${shape.join(", ")}]`);
    throw new EngineError(
      "unmapped-kernel",
      `${this.kernel} on ${shapes.join(", ")}: ${reason} - write the function with other operations, or choose engine 'wasm'`,
    );
  }

  #attribute(name: string): unknown {
    return this.#same(`attribute '${name}'`, (call) => call.#attrs[name]);
  }

  #alone(): KernelCall {
    return this.#twin === undefined ? this : new KernelCall(this.kernel, this.#inputs, this.#attrs, this.#outputs);
  }

  #same<T>(what: string, select: (call: KernelCall) => T): T {
    const here = select(this.#alone());
    if (this.#twin !== undefined && JSON.stringify(here) !== JSON.stringify(select(this.#twin))) {
      return this.fail(`${what} depends on the batch size in a way that no exported graph can express`);
    }
    return here;
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "number");
}
