import { type Kernels, kernels } from "../../solvers/kernels/kernels.js";
import { type MixtureComponents, NEGLIGIBLE, type SmoothedComponents } from "./mixture-components.js";

/** Rows computed at once: they stay in the processor's first cache. */
const BLOCK = 1024;
/** Fewer rows than this are quicker without the kernel. */
const FEW = 8;
/** More components than this do not fit into the kernel's memory. */
const MOST_COMPONENTS = 4096;
/** Exponents below this leave the range of the kernel's exponential. */
const LEAST_EXPONENT = -700;

// Where things lie in the kernel's memory, in numbers.
const PARAMETERS = 0;
const SCRATCH = PARAMETERS + 4 * MOST_COMPONENTS;
const X = SCRATCH + 6 * MOST_COMPONENTS;
const ALPHAS = X + 2 * BLOCK;
const SIGMAS = ALPHAS + BLOCK;
const OUT = SIGMAS + BLOCK;
const BYTES = 8;

/** As `mixtureScore` with isotropic components on the line or in the plane, bit by bit. Returns false where the kernel cannot. */
export function scoreByKernel(mixture: SmoothedComponents, x: Float64Array, count: number, out: Float64Array): boolean {
  const { dimension, count: components, cutoff } = mixture;
  const kernel = usable(components, count, cutoff);
  if (kernel === null) return false;
  const [centres = 0, precisions = 0, factors = 0] = store(kernel, [
    mixture.centres,
    mixture.precisions,
    mixture.factors,
  ]);
  const score = dimension === 1 ? kernel.scoreLine : kernel.scorePlane;
  for (let first = 0; first < count; first += BLOCK) {
    const rows = Math.min(BLOCK, count - first);
    load(kernel, X, x, first, rows, dimension);
    const [from, to] = [X * BYTES, OUT * BYTES];
    score(from, (rows + 1) >> 1, to, components, centres, precisions, factors, cutoff, SCRATCH * BYTES);
    out.set(kernel.numbers.subarray(OUT, OUT + rows * dimension), first * dimension);
  }
  return true;
}

/** As `mixtureRowScores`, bit by bit. Returns false where the kernel cannot. */
export function rowScoresByKernel(
  mixture: MixtureComponents,
  x: Float64Array,
  alphas: Float64Array,
  sigmas: Float64Array,
  count: number,
  out: Float64Array,
): boolean {
  const { count: components, dimension } = mixture;
  const kernel = usable(components, count, leastCutoff(mixture));
  if (kernel === null) return false;
  const [weights = 0, means = 0, deviations = 0] = store(kernel, [
    mixture.weights,
    mixture.means,
    mixture.standardDeviations,
  ]);
  const score = dimension === 1 ? kernel.scoreLineRows : kernel.scorePlaneRows;
  for (let first = 0; first < count; first += BLOCK) {
    const rows = Math.min(BLOCK, count - first);
    load(kernel, X, x, first, rows, dimension);
    load(kernel, ALPHAS, alphas, first, rows, 1);
    load(kernel, SIGMAS, sigmas, first, rows, 1);
    score(
      X * BYTES,
      ALPHAS * BYTES,
      SIGMAS * BYTES,
      (rows + 1) >> 1,
      OUT * BYTES,
      components,
      weights,
      means,
      deviations,
      NEGLIGIBLE,
      SCRATCH * BYTES,
    );
    out.set(kernel.numbers.subarray(OUT, OUT + rows * dimension), first * dimension);
  }
  return true;
}

function usable(components: number, count: number, cutoff: number): Kernels | null {
  return count < FEW || components > MOST_COMPONENTS || !(cutoff > LEAST_EXPONENT) ? null : kernels();
}

/** Copies arrays of at most 2 numbers per component one after the other and returns their addresses. */
function store({ numbers }: Kernels, arrays: readonly Float64Array[]): number[] {
  let next = PARAMETERS;
  return arrays.map((array) => {
    const at = next;
    numbers.set(array, at);
    next += array.length;
    return at * BYTES;
  });
}

/** Copies a block of rows; an odd one at the end is doubled, for rows are computed in pairs. */
function load({ numbers }: Kernels, at: number, from: Float64Array, first: number, rows: number, width: number): void {
  const end = (first + rows) * width;
  numbers.set(from.subarray(first * width, end), at);
  if (rows % 2 === 1) numbers.copyWithin(at + rows * width, at + (rows - 1) * width, at + rows * width);
}

/** A lower bound of the cutoffs that `mixtureRowScores` can meet, for factors w / √(α² s² + σ²)ᴰ at any α and σ. */
function leastCutoff({ weights, standardDeviations, count, dimension }: MixtureComponents): number {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  let [narrowest, widest] = [Number.POSITIVE_INFINITY, 0];
  for (let k = 0; k < count; k++) {
    least = Math.min(least, weights[k]!);
    most = Math.max(most, weights[k]!);
    narrowest = Math.min(narrowest, standardDeviations[k]!);
    widest = Math.max(widest, standardDeviations[k]!);
  }
  const ratio = narrowest === widest ? 1 : widest / narrowest;
  const furthest = most * (dimension === 1 ? ratio : ratio * ratio);
  let cutoff = NEGLIGIBLE - 7;
  for (let reach = least; reach < furthest && cutoff > LEAST_EXPONENT; reach *= 1024) cutoff -= 7;
  return cutoff;
}
