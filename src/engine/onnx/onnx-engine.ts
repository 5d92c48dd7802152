import { UsageError } from "../../../solvers/errors.js";
import { checkInputs } from "../check-inputs.js";
import { loadCpuBackend } from "../eager/load-backends.js";
import type { Importer } from "../eager/load-native.js";
import { EngineError, reasonOf } from "../engine-error.js";
import { PooledEngine } from "../pooled-engine.js";
import { parameterCount } from "../specification.js";
import type { Trace } from "../trace/trace.js";
import type {
  CompileOptions,
  Engine,
  FunctionSpec,
  GradientProgram,
  LossSpec,
  Program,
  Provider,
  RunOptions,
  TensorFlow,
  TensorSpec,
  Values,
} from "../types.js";
import { traceLoss, traceSpec } from "./compile-trace.js";
import { emitOnnx } from "./emit-onnx.js";
import {
  createSession,
  loadRuntime,
  type OnnxRuntime,
  type RuntimeSession,
  type RuntimeTensor,
  runSession,
  type SessionSettings,
} from "./load-runtime.js";

/**
 * The engine that traces a function once and has ONNX Runtime execute it; proves itself by running a small graph.
 * Throws `EngineError` when the runtime is absent or the provider does not work.
 */
export async function createOnnxEngine(settings: SessionSettings, importPackage?: Importer): Promise<Engine> {
  const runtime = await loadRuntime(importPackage);
  const engine = new OnnxEngine(runtime, await loadCpuBackend(), settings);
  const [squares] = await prove(engine);
  if (squares?.[0] !== 4 || squares[1] !== 9) {
    throw new EngineError(
      "engine-unavailable",
      `onnxruntime-node computes [2, 3]² = [${squares?.join(", ")}] - reinstall it`,
    );
  }
  return engine;
}

async function prove(engine: Engine): Promise<Values[]> {
  try {
    const proof = await engine.compile({
      name: "proof",
      inputs: [{ name: "x", shape: [2] }],
      build: (tf, [x]) => [tf.mul(x!, x!)],
    });
    const results = await proof.run([Float32Array.of(2, 3)]);
    await proof.dispose();
    return results;
  } catch (error) {
    const reason = reasonOf(error instanceof EngineError && error.cause !== undefined ? error.cause : error);
    throw new EngineError(
      "engine-unavailable",
      `provider '${engine.provider}' does not work here: ${reason} - choose provider 'cpu'`,
      { cause: error },
    );
  }
}

class OnnxEngine extends PooledEngine {
  readonly name = "onnx";
  readonly description: string;
  readonly provider: Provider;
  readonly threads: number;
  readonly #runtime: OnnxRuntime;
  readonly #tf: TensorFlow;

  constructor(runtime: OnnxRuntime, tf: TensorFlow, { provider, threads }: SessionSettings) {
    super();
    this.#runtime = runtime;
    this.#tf = tf;
    this.provider = provider;
    this.threads = threads;
    this.description = `ONNX Runtime ${runtime.version}, provider ${provider}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  }

  protected async build(spec: FunctionSpec, options: CompileOptions): Promise<Program> {
    const layout = spec.parameters ?? [];
    const trace = traceSpec(this.#tf, spec, options.parameters);
    const flat: TensorSpec = { name: "parameters", shape: [parameterCount(layout)] };
    const inputs = layout.length === 0 || options.parameters !== undefined ? spec.inputs : [flat, ...spec.inputs];
    const outputs = trace.outputs.map(({ shape, dtype }, index): TensorSpec => {
      return {
        name: spec.outputs?.[index] ?? `output${index}`,
        shape,
        dtype: dtype === "float32" ? "float32" : "int32",
      };
    });
    const session = await this.#open(trace);
    return {
      name: spec.name,
      inputs,
      outputs,
      run: (values, runOptions) => session.run(inputs, values, runOptions),
      dispose: () => session.dispose(),
    };
  }

  protected async buildGradient(spec: LossSpec): Promise<GradientProgram> {
    const trace = traceLoss(this.#tf, spec);
    const count = parameterCount(spec.parameters);
    const inputs: TensorSpec[] = [{ name: "parameters", shape: [count] }, ...spec.inputs];
    const auxiliary = trace.outputs.slice(2).map(({ shape, dtype }, index): TensorSpec => {
      return { name: `auxiliary${index}`, shape, dtype: dtype === "float32" ? "float32" : "int32" };
    });
    const session = await this.#open(trace);
    return {
      name: spec.name,
      parameterCount: count,
      inputs: spec.inputs,
      auxiliary,
      run: async (parameters, values, options) => {
        const [loss, gradient, ...rest] = await session.run(inputs, [parameters, ...values], options);
        if (loss === undefined || !(gradient instanceof Float32Array))
          throw new EngineError("run-failed", `${spec.name}: no gradient came back`);
        return { loss: loss[0]!, gradient, auxiliary: rest };
      },
      dispose: () => session.dispose(),
    };
  }

  async #open(trace: Trace): Promise<OpenSession> {
    const inputNames = trace.inputs.map((_, index) => `input${index}`);
    const outputNames = trace.outputs.map((_, index) => `output${index}`);
    const model = emitOnnx(trace, { inputNames, outputNames });
    const session = await createSession(this.#runtime, trace.name, model, this);
    return new OpenSession(this.#runtime, trace.name, session, outputNames);
  }
}

/** A session whose inputs are named by their position. */
class OpenSession {
  readonly #runtime: OnnxRuntime;
  readonly #name: string;
  readonly #outputNames: readonly string[];
  readonly #tensors: RuntimeTensor[] = [];
  #session: RuntimeSession | undefined;

  constructor(runtime: OnnxRuntime, name: string, session: RuntimeSession, outputNames: readonly string[]) {
    this.#runtime = runtime;
    this.#name = name;
    this.#session = session;
    this.#outputNames = outputNames;
  }

  async run(specs: readonly TensorSpec[], values: readonly Values[], options: RunOptions = {}): Promise<Values[]> {
    if (this.#session === undefined) throw new UsageError(`${this.#name}: the program is disposed - compile it again`);
    checkInputs(this.#name, specs, values, options);
    const feeds: Record<string, RuntimeTensor> = {};
    for (let index = 0; index < specs.length; index++) feeds[`input${index}`] = this.#tensor(specs, values, index);
    const results = await runSession(this.#name, this.#session, feeds);
    return this.#outputNames.map((output) => this.#values(results[output]?.data));
  }

  /** Callers mostly pass the same arrays again: their tensors, which are views of them, are kept. */
  #tensor(specs: readonly TensorSpec[], values: readonly Values[], index: number): RuntimeTensor {
    const data = values[index]!;
    const known = this.#tensors[index];
    if (known?.data === data) return known;
    const { dtype, shape } = specs[index]!;
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
