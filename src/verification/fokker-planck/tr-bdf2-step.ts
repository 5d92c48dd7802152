import { applyGenerator, type Generator, zeroGenerator } from "./generator.js";
import type { GeneratorSource } from "./generator-source.js";
import { StepMatrix, sumOfMagnitudes, type TimeStep } from "./time-step.js";

const GAMMA = 2 - Math.SQRT2;
/** Both stages solve with I − DIAGONAL·h·A. */
const DIAGONAL = GAMMA / 2;
const STAGE_WEIGHT = 1 / (GAMMA * (2 - GAMMA));
const START_WEIGHT = ((1 - GAMMA) * (1 - GAMMA)) / (GAMMA * (2 - GAMMA));
/** Error constant of the method: local error = ERROR h³ p‴. */
const ERROR = (-3 * GAMMA * GAMMA + 4 * GAMMA - 2) / (12 * (2 - GAMMA));

/**
 * TR-BDF2 with γ = 2 − √2: trapezoid to c + γh, then BDF2 to c + h. Order 2, L-stable, not positive for every h.
 *
 * The error estimate is the divided difference of the three slopes, smoothed by one solve (Bank et al. 1985; Hosea & Shampine 1996).
 */
export class TrBdf2Step implements TimeStep {
  readonly order = 2;
  readonly #source: GeneratorSource;
  readonly #first: StepMatrix;
  readonly #second: StepMatrix;
  readonly #eulerMatrix: StepMatrix;
  readonly #startSlope: Float64Array;
  readonly #stage: Float64Array;
  readonly #rhs: Float64Array;
  #masses: Float64Array;
  #result: Float64Array;
  #start: Generator;
  #middle: Generator;
  #end: Generator;
  #h = 0;

  constructor(source: GeneratorSource) {
    const cells = source.mesh.widths.length;
    this.#source = source;
    this.#first = new StepMatrix(source);
    this.#second = new StepMatrix(source);
    this.#eulerMatrix = new StepMatrix(source);
    this.#startSlope = new Float64Array(cells);
    this.#stage = new Float64Array(cells);
    this.#rhs = new Float64Array(cells);
    this.#masses = this.#rhs;
    this.#result = this.#rhs;
    this.#start = zeroGenerator(cells);
    this.#middle = this.#start;
    this.#end = this.#start;
  }

  async prepare(c: number, direction: 1 | -1, h: number): Promise<void> {
    this.#start = await this.#source.at(c);
    this.#middle = await this.#source.at(c + direction * GAMMA * h);
    this.#end = await this.#source.at(c + direction * h);
    this.#h = h;
    this.#first.set(this.#middle, DIAGONAL * h);
    this.#second.set(this.#end, DIAGONAL * h);
  }

  apply(masses: Float64Array, out: Float64Array): void {
    const slope = this.#startSlope;
    const stage = this.#stage;
    const rhs = this.#rhs;
    const step = DIAGONAL * this.#h;
    applyGenerator(this.#start, masses, slope);
    for (let i = 0; i < rhs.length; i++) rhs[i] = masses[i]! + step * slope[i]!;
    this.#first.solve(rhs, stage);
    for (let i = 0; i < rhs.length; i++) rhs[i] = STAGE_WEIGHT * stage[i]! - START_WEIGHT * masses[i]!;
    this.#second.solve(rhs, out);
    this.#masses = masses;
    this.#result = out;
  }

  error(): number {
    const rhs = this.#rhs;
    const scale = 2 * ERROR * this.#h;
    const start = scale / GAMMA;
    const middle = scale / (GAMMA * (1 - GAMMA));
    const end = scale / (1 - GAMMA);
    // Slopes of the stages: the end's from its own equation, so that stiff parts do not blow up.
    applyGenerator(this.#middle, this.#stage, rhs);
    for (let i = 0; i < rhs.length; i++) {
      const bdf = STAGE_WEIGHT * this.#stage[i]! - START_WEIGHT * this.#masses[i]!;
      const endSlope = (this.#result[i]! - bdf) / (DIAGONAL * this.#h);
      rhs[i] = start * this.#startSlope[i]! - middle * rhs[i]! + end * endSlope;
    }
    this.#second.solve(rhs, rhs);
    return sumOfMagnitudes(rhs);
  }

  applyPositive(masses: Float64Array, out: Float64Array): void {
    this.#eulerMatrix.set(this.#end, this.#h);
    this.#eulerMatrix.solve(masses, out);
  }
}
