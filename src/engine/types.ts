import type * as tfjs from "@tensorflow/tfjs-core";

/** The TensorFlow.js module as a function under compilation receives it. */
export type TensorFlow = typeof tfjs;

/** A TensorFlow.js tensor. */
export type Tensor = tfjs.Tensor;

/** What executes a tensor function. */
export type EngineName = "tensorflow" | "onnx" | "wasm" | "cpu";

/** The device an `onnx` engine computes on. */
export type Provider = "cpu" | "webgpu" | "cuda";

/** Name, shape and element type of one tensor that crosses the boundary of a program. */
export interface TensorSpec {
  readonly name: string;
  /** Non-negative integers; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** `"float32"` when left out. */
  readonly dtype?: "float32" | "int32";
}

/** Name and shape of every parameter, in the order in which they lie in the flat vector (row-major, float32). */
export type ParameterLayout = readonly TensorSpec[];

/** The parameter tensor of that name; throws `UsageError` for a name that the layout lacks. */
export type ParameterAccess = (name: string) => Tensor;

/** A tensor function: what it is called, what goes in, and how TensorFlow.js computes what comes out. */
export interface FunctionSpec {
  /** Appears in error messages and as the graph's name in an exported file. */
  readonly name: string;
  /** Left out: a function without parameters. */
  readonly parameters?: ParameterLayout;
  readonly inputs: readonly TensorSpec[];
  /** Names of the outputs; `output0`, `output1`, … when left out. */
  readonly outputs?: readonly string[];
  /**
   * Builds the outputs from the inputs with operations of `tf` alone: no random operation, no reading of values, the same graph at every call.
   * It may differentiate (`tf.grad`, `tf.variableGrads`) inside.
   */
  build(tf: TensorFlow, inputs: readonly Tensor[], parameters: ParameterAccess): readonly Tensor[];
}

/** A scalar loss to be differentiated in its parameters. */
export interface LossSpec {
  readonly name: string;
  readonly parameters: ParameterLayout;
  readonly inputs: readonly TensorSpec[];
  /** The scalar loss, or a list whose first entry is the scalar loss and whose others are returned undifferentiated beside it (losses per sample, say). */
  loss(tf: TensorFlow, inputs: readonly Tensor[], parameters: ParameterAccess): Tensor | readonly Tensor[];
}

/** Values of one input or output, row-major. */
export type Values = Float32Array | Int32Array;

/** Options of one run. */
export interface RunOptions {
  /** Looked at before the run begins (a run itself is not interrupted); when aborted, its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Refuse inputs that hold NaN or an infinity with a `UsageError` naming input and index; default false. */
  readonly finite?: boolean;
}

/** A compiled tensor function. */
export interface Program {
  readonly name: string;
  /** What `run` takes, in order; a function compiled without fixed parameters has the flat vector `parameters` first. */
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /**
   * Runs the function on `inputs` (one array per entry of `Program.inputs`, of exactly its length and type).
   * The returned arrays belong to the caller. Throws `UsageError` for wrong inputs, `EngineError` when the runtime fails.
   */
  run(inputs: readonly Values[], options?: RunOptions): Promise<Values[]>;
  /** Gives the program's memory back; running it afterwards throws `UsageError`. */
  dispose(): Promise<void>;
}

/** A compiled program in plain data, which another thread opens without tracing: `openProgram`. */
export interface PortableProgram {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** The bytes of an ONNX file, parameters included. */
  readonly graph: Uint8Array;
}

/** What one evaluation of a loss gives. */
export interface LossAndGradient {
  readonly loss: number;
  /** ∂loss/∂parameters in the order of the layout; belongs to the caller. */
  readonly gradient: Float32Array;
  /** The undifferentiated outputs, in the order in which the loss function listed them. */
  readonly auxiliary: Values[];
}

/** A compiled loss with its gradient. */
export interface GradientProgram {
  readonly name: string;
  readonly parameterCount: number;
  readonly inputs: readonly TensorSpec[];
  readonly auxiliary: readonly TensorSpec[];
  /** Loss and gradient at the flat `parameters` (length `parameterCount`); same errors as `Program.run`. */
  run(parameters: Float32Array, inputs: readonly Values[], options?: RunOptions): Promise<LossAndGradient>;
  /** Gives the program's memory back. */
  dispose(): Promise<void>;
}

/** Options of `Engine.compile`. */
export interface CompileOptions {
  /** Flat parameters fixed inside the program (faster: the runtime packs them once); its inputs are then those of the function alone. */
  readonly parameters?: Float32Array;
}

/** Runs tensor functions. */
export interface Engine {
  readonly name: EngineName;
  /** One line for a stamp: runtime, version, provider, threads. */
  readonly description: string;
  readonly provider: Provider;
  readonly threads: number;
  /**
   * Compiles a function. Without fixed parameters, the same `build` function with the same shapes gives the same compiled program again.
   * Throws `UsageError` for a bad specification, `EngineError` when the function cannot be compiled.
   */
  compile(spec: FunctionSpec, options?: CompileOptions): Promise<Program>;
  /** Compiles a loss together with its gradient; cached like `compile` by the `loss` function and the shapes. */
  compileGradient(spec: LossSpec): Promise<GradientProgram>;
  /**
   * What `compile` makes of the same function, in plain data for another thread; absent where the engine has no such form.
   */
  emit?(spec: FunctionSpec, parameters?: Float32Array): PortableProgram;
  /** Disposes every program compiled here. */
  dispose(): Promise<void>;
}

/** Options of `createEngine`. */
export interface EngineOptions {
  /** `"auto"` (default) takes the first that loads of tensorflow, onnx, wasm, cpu. */
  readonly engine?: "auto" | EngineName;
  /** Device of the onnx engine; default `"cpu"`. */
  readonly provider?: Provider;
  /** Threads of one run, a positive integer; default 1. The engines wasm and cpu always use 1. */
  readonly threads?: number;
}

/** Whether one engine can be used here. */
export interface EngineAvailability {
  readonly name: EngineName;
  readonly available: boolean;
  /** One line: version when available, otherwise the reason why not and the way out. */
  readonly detail: string;
  /** What it computes on, when available. */
  readonly provider?: Provider;
}
