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
  PortableProgram,
  Program,
  Provider,
  TensorFlow,
  TensorSpec,
  Values,
} from "../types.js";
import { traceLoss, traceSpec } from "./compile-trace.js";
import { emitOnnx } from "./emit-onnx.js";
import { loadRuntime, type OnnxRuntime, type SessionSettings } from "./load-runtime.js";
import { inputName, openProgram, outputName } from "./open-program.js";

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

  emit(spec: FunctionSpec, parameters?: Float32Array): PortableProgram {
    const layout = spec.parameters ?? [];
    const trace = traceSpec(this.#tf, spec, parameters);
    const flat: TensorSpec = { name: "parameters", shape: [parameterCount(layout)] };
    const inputs = layout.length === 0 || parameters !== undefined ? spec.inputs : [flat, ...spec.inputs];
    const outputs = outputSpecs(trace, (index) => spec.outputs?.[index] ?? `output${index}`);
    return { name: spec.name, inputs, outputs, graph: graphOf(trace) };
  }

  protected async build(spec: FunctionSpec, { parameters }: CompileOptions): Promise<Program> {
    return openProgram(this.#runtime, this.emit(spec, parameters), this);
  }

  protected async buildGradient(spec: LossSpec): Promise<GradientProgram> {
    const trace = traceLoss(this.#tf, spec);
    const count = parameterCount(spec.parameters);
    const inputs: TensorSpec[] = [{ name: "parameters", shape: [count] }, ...spec.inputs];
    const outputs = outputSpecs(trace, (index) => ["loss", "gradient"][index] ?? `auxiliary${index - 2}`);
    const program = await openProgram(this.#runtime, { name: spec.name, inputs, outputs, graph: graphOf(trace) }, this);
    return {
      name: spec.name,
      parameterCount: count,
      inputs: spec.inputs,
      auxiliary: outputs.slice(2),
      run: async (parameters, values, options) => {
        const [loss, gradient, ...rest] = await program.run([parameters, ...values], options);
        if (loss === undefined || !(gradient instanceof Float32Array))
          throw new EngineError("run-failed", `${spec.name}: no gradient came back`);
        return { loss: loss[0]!, gradient, auxiliary: rest };
      },
      dispose: () => program.dispose(),
    };
  }
}

function outputSpecs(trace: Trace, nameOf: (index: number) => string): TensorSpec[] {
  return trace.outputs.map(({ shape, dtype }, index) => {
    return { name: nameOf(index), shape, dtype: dtype === "float32" ? "float32" : "int32" };
  });
}

function graphOf(trace: Trace): Uint8Array {
  return emitOnnx(trace, {
    inputNames: trace.inputs.map((_, index) => inputName(index)),
    outputNames: trace.outputs.map((_, index) => outputName(index)),
  });
}
