import { UsageError } from "../../../solvers/errors.js";
import { checkInputs } from "../check-inputs.js";
import { EngineError, reasonOf } from "../engine-error.js";
import { lossAndGradient } from "../gradient-function.js";
import { PooledEngine } from "../pooled-engine.js";
import { parameterAccess, parameterCount, sizeOf, splitParameters } from "../specification.js";
import type {
  CompileOptions,
  EngineName,
  FunctionSpec,
  GradientProgram,
  LossSpec,
  Program,
  Provider,
  Tensor,
  TensorFlow,
  TensorSpec,
  Values,
} from "../types.js";

/** Runs tensor functions operation by operation on one TensorFlow.js backend. */
export class EagerEngine extends PooledEngine {
  readonly name: EngineName;
  readonly description: string;
  readonly provider: Provider;
  readonly threads: number;
  readonly #tf: TensorFlow;
  readonly #backend: string;

  constructor(
    tf: TensorFlow,
    backend: string,
    identity: { name: EngineName; description: string; threads: number; provider?: Provider },
  ) {
    super();
    this.#tf = tf;
    this.#backend = backend;
    this.name = identity.name;
    this.description = identity.description;
    this.threads = identity.threads;
    this.provider = identity.provider ?? "cpu";
  }

  protected async build(spec: FunctionSpec, options: CompileOptions): Promise<Program> {
    const layout = spec.parameters ?? [];
    const fixed = options.parameters?.slice();
    const flat: TensorSpec = { name: "parameters", shape: [parameterCount(layout)] };
    const inputs = layout.length === 0 || fixed !== undefined ? spec.inputs : [flat, ...spec.inputs];
    const evaluate = (values: readonly Values[]): Results => {
      const all = fixed === undefined || layout.length === 0 ? values : [fixed, ...values];
      return this.#evaluate(
        spec.name,
        layout.length === 0 ? spec.inputs : [flat, ...spec.inputs],
        all,
        (tf, tensors) => {
          if (layout.length === 0) return spec.build(tf, tensors, parameterAccess([], []));
          const pieces = splitParameters(tf, tensors[0]!, layout);
          return spec.build(tf, tensors.slice(1), parameterAccess(layout, pieces));
        },
      );
    };
    // One run on zeros tells the output shapes and lets a faulty function fail now.
    const outputs = evaluate(inputs.map(zeros)).specs.map((output, index) => ({
      ...output,
      name: spec.outputs?.[index] ?? output.name,
    }));
    let disposed = false;
    return {
      name: spec.name,
      inputs,
      outputs,
      run: async (values, runOptions) => {
        if (disposed) throw new UsageError(`${spec.name}: the program is disposed - compile it again`);
        checkInputs(spec.name, inputs, values, runOptions);
        return evaluate(values).values;
      },
      dispose: async () => {
        disposed = true;
      },
    };
  }

  protected async buildGradient(spec: LossSpec): Promise<GradientProgram> {
    const count = parameterCount(spec.parameters);
    const all: TensorSpec[] = [{ name: "parameters", shape: [count] }, ...spec.inputs];
    const evaluate = (values: readonly Values[]): Results =>
      this.#evaluate(spec.name, all, values, (tf, tensors) => lossAndGradient(tf, spec, tensors[0]!, tensors.slice(1)));
    const auxiliary = evaluate(all.map(zeros))
      .specs.slice(2)
      .map((output, index) => ({ ...output, name: `auxiliary${index}` }));
    let disposed = false;
    return {
      name: spec.name,
      parameterCount: count,
      inputs: spec.inputs,
      auxiliary,
      run: async (parameters, inputs, runOptions) => {
        if (disposed) throw new UsageError(`${spec.name}: the program is disposed - compile it again`);
        const given = [parameters, ...inputs];
        checkInputs(spec.name, all, given, runOptions);
        const [loss, gradient, ...rest] = evaluate(given).values;
        if (loss === undefined || !(gradient instanceof Float32Array))
          throw new EngineError("run-failed", `${spec.name}: no gradient came back`);
        return { loss: loss[0]!, gradient, auxiliary: rest };
      },
      dispose: async () => {
        disposed = true;
      },
    };
  }

  #evaluate(
    name: string,
    specs: readonly TensorSpec[],
    values: readonly Values[],
    compute: (tf: TensorFlow, tensors: readonly Tensor[]) => readonly Tensor[],
  ): Results {
    const tf = this.#tf;
    selectBackend(tf, this.#backend);
    tf.engine().startScope();
    let outputs: readonly Tensor[] = [];
    try {
      const tensors = specs.map(({ shape, dtype }, index) => tf.tensor(values[index]!, [...shape], dtype ?? "float32"));
      outputs = compute(tf, tensors);
      return {
        specs: outputs.map((tensor, index) => outputSpec(name, tensor, index)),
        values: outputs.map((tensor) => ownedValues(tensor)),
      };
    } catch (error) {
      if (error instanceof UsageError || error instanceof EngineError) throw error;
      throw new EngineError(
        "build-failed",
        `${name}: ${reasonOf(error)} - the function failed on the ${this.name} engine; check the shapes it combines`,
        { cause: error },
      );
    } finally {
      for (const tensor of outputs) tensor.dispose();
      tf.engine().endScope();
    }
  }
}

interface Results {
  readonly specs: readonly TensorSpec[];
  readonly values: Values[];
}

/** Makes `name` the backend that TensorFlow.js uses from here on; it must be initialised. */
export function selectBackend(tf: TensorFlow, name: string): void {
  // Switching to an initialised backend takes effect before the promise is returned.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

function outputSpec(name: string, tensor: Tensor, index: number): TensorSpec {
  const dtype = tensor.dtype === "float32" ? "float32" : "int32";
  if (tensor.dtype !== "float32" && tensor.dtype !== "int32" && tensor.dtype !== "bool") {
    throw new UsageError(
      `${name}: outputs must be float32, int32 or bool, but got ${tensor.dtype} for output ${index} - convert it with tf.cast`,
    );
  }
  return { name: `output${index}`, shape: tensor.shape, dtype };
}

/** A copy of the tensor's values that no backend will overwrite. */
function ownedValues(tensor: Tensor): Values {
  const data = tensor.dataSync<"float32" | "int32" | "bool">();
  return tensor.dtype === "float32" ? Float32Array.from(data) : Int32Array.from(data);
}

function zeros({ shape, dtype }: TensorSpec): Values {
  return dtype === "int32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
}
