import { UsageError } from "../../solvers/errors.js";
import { ProgramCache, specsKey } from "./program-cache.js";
import { checkLayout, checkSpecs, parameterCount } from "./specification.js";
import type {
  CompileOptions,
  Engine,
  EngineName,
  FunctionSpec,
  GradientProgram,
  LossSpec,
  Program,
  Provider,
} from "./types.js";

/** What every engine shares: checked specifications, programs cached by function and shape, disposal. */
export abstract class PooledEngine implements Engine {
  abstract readonly name: EngineName;
  abstract readonly description: string;
  abstract readonly provider: Provider;
  abstract readonly threads: number;
  readonly #programs = new ProgramCache<Program>();
  readonly #gradients = new ProgramCache<GradientProgram>();
  readonly #fixed = new Set<Program>();

  protected abstract build(spec: FunctionSpec, options: CompileOptions): Promise<Program>;
  protected abstract buildGradient(spec: LossSpec): Promise<GradientProgram>;

  async compile(spec: FunctionSpec, options: CompileOptions = {}): Promise<Program> {
    const layout = spec.parameters ?? [];
    checkLayout(`${spec.name}, parameter`, layout);
    checkSpecs(`${spec.name}, input`, spec.inputs);
    if (options.parameters === undefined) {
      const key = specsKey(layout, spec.inputs) + (spec.outputs ?? []).join();
      return this.#programs.get(
        spec.build,
        key,
        () => this.build(spec, options),
        (program, dispose) => ({ ...program, dispose }),
      );
    }
    if (options.parameters.length !== parameterCount(layout)) {
      throw new UsageError(
        `${spec.name}, parameters: the layout holds ${parameterCount(layout)} values, but got ${options.parameters.length} - pass the vector this layout belongs to`,
      );
    }
    const program = await this.build(spec, options);
    this.#fixed.add(program);
    const dispose = async (): Promise<void> => {
      this.#fixed.delete(program);
      await program.dispose();
    };
    return { ...program, dispose };
  }

  async compileGradient(spec: LossSpec): Promise<GradientProgram> {
    checkLayout(`${spec.name}, parameter`, spec.parameters);
    checkSpecs(`${spec.name}, input`, spec.inputs);
    if (parameterCount(spec.parameters) === 0) {
      throw new UsageError(
        `${spec.name}, parameters: a gradient needs at least one parameter, but got an empty layout - use compile`,
      );
    }
    const key = specsKey(spec.parameters, spec.inputs);
    return this.#gradients.get(
      spec.loss,
      key,
      () => this.buildGradient(spec),
      (program, dispose) => ({ ...program, dispose }),
    );
  }

  async dispose(): Promise<void> {
    await this.#programs.clear();
    await this.#gradients.clear();
    for (const program of this.#fixed) await program.dispose();
    this.#fixed.clear();
  }
}
