import { UsageError } from "../../../solvers/errors.js";
import { checkInputs } from "../check-inputs.js";
import { EngineError } from "../engine-error.js";
import type { PortableProgram, Program, RunOptions, TensorSpec, Values } from "../types.js";
import {
  createSession,
  type OnnxRuntime,
  type RuntimeSession,
  type RuntimeTensor,
  runSession,
  type SessionSettings,
} from "./load-runtime.js";

/** Names of a graph's inputs and outputs: by position, for those of a function may not be names in a graph. */
export const inputName = (index: number): string => `input${index}`;
export const outputName = (index: number): string => `output${index}`;

/** A session of a compiled program. Throws `EngineError` (`compile-failed`) when the runtime refuses the graph. */
export async function openProgram(
  runtime: OnnxRuntime,
  { name, inputs, outputs, graph }: PortableProgram,
  settings: SessionSettings,
): Promise<Program> {
  const open = new OpenProgram(runtime, name, inputs, outputs, await createSession(runtime, name, graph, settings));
  return {
    name,
    inputs,
    outputs,
    run: (values, options) => open.run(values, options),
    dispose: () => open.dispose(),
  };
}

class OpenProgram {
  readonly #runtime: OnnxRuntime;
  readonly #name: string;
  readonly #inputs: readonly TensorSpec[];
  readonly #outputs: readonly TensorSpec[];
  readonly #tensors: RuntimeTensor[] = [];
  #session: RuntimeSession | undefined;

  constructor(
    runtime: OnnxRuntime,
    name: string,
    inputs: readonly TensorSpec[],
    outputs: readonly TensorSpec[],
    session: RuntimeSession,
  ) {
    this.#runtime = runtime;
    this.#name = name;
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#session = session;
  }

  async run(values: readonly Values[], options: RunOptions = {}): Promise<Values[]> {
    if (this.#session === undefined) throw new UsageError(`${this.#name}: the program is disposed - compile it again`);
    checkInputs(this.#name, this.#inputs, values, options);
    const feeds: Record<string, RuntimeTensor> = {};
    for (let index = 0; index < values.length; index++) feeds[inputName(index)] = this.#tensor(values[index]!, index);
    const results = await runSession(this.#name, this.#session, feeds);
    return this.#outputs.map((_, index) => this.#values(results[outputName(index)]?.data));
  }

  /** Callers mostly pass the same arrays again: their tensors, which are views of them, are kept. */
  #tensor(data: Values, index: number): RuntimeTensor {
    const known = this.#tensors[index];
    if (known?.data === data) return known;
    const { dtype, shape } = this.#inputs[index]!;
    const tensor = new this.#runtime.Tensor(dtype ?? "float32", data, shape);
    this.#tensors[index] = tensor;
    return tensor;
  }

  async dispose(): Promise<void> {
    this.#tensors.length = 0;
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  #values(data: unknown): Values {
    if (data instanceof Float32Array || data instanceof Int32Array) return data;
    if (data instanceof Uint8Array) return Int32Array.from(data);
    throw new EngineError("run-failed", `${this.#name}: ONNX Runtime gave an output of unknown type`);
  }
}
