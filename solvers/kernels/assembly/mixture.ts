// Two rows at a time of src/targets/mixture-kernels.ts and mixture-row-scores.ts, the same operations in the same order.
// A component that is left out there is masked here: it adds 0 to sums that are never −0.

import { exp } from "./exponential";

@inline
function splatAt(numbers: usize, index: usize): v128 {
  return v128.load64_splat(numbers + (index << 3));
}

/** Scores of `pairs` × 2 points on the line; `scratch` has room for one pair of numbers per component. */
export function scoreLine(
  x: usize,
  pairs: usize,
  out: usize,
  components: usize,
  centres: usize,
  precisions: usize,
  factors: usize,
  cutoff: f64,
  scratch: usize,
): void {
  const least = f64x2.splat(cutoff);
  for (let i: usize = 0; i < pairs << 4; i += 16) {
    const xi = v128.load(x + i);
    let largest = f64x2.splat(-Infinity);
    for (let k: usize = 0; k < components; k++) {
      const dx = f64x2.sub(splatAt(centres, k), xi);
      const exponent = f64x2.mul(f64x2.mul(f64x2.splat(-0.5), splatAt(precisions, k)), f64x2.mul(dx, dx));
      v128.store(scratch + (k << 4), exponent);
      largest = f64x2.pmax(largest, exponent);
    }
    let sum = f64x2.splat(0);
    let pull = f64x2.splat(0);
    for (let k: usize = 0; k < components; k++) {
      const exponent = f64x2.sub(v128.load(scratch + (k << 4)), largest);
      const isLeftOut = f64x2.lt(exponent, least);
      if (i64x2.all_true(isLeftOut)) continue;
      const share = v128.andnot(f64x2.mul(splatAt(factors, k), exp(exponent)), isLeftOut);
      const slope = f64x2.mul(splatAt(precisions, k), f64x2.sub(splatAt(centres, k), xi));
      sum = f64x2.add(sum, share);
      pull = f64x2.add(pull, v128.andnot(f64x2.mul(share, slope), isLeftOut));
    }
    v128.store(out + i, f64x2.div(pull, sum));
  }
}

/** As `scoreLine` for points in the plane, x and y alternating; `centres` likewise. */
export function scorePlane(
  x: usize,
  pairs: usize,
  out: usize,
  components: usize,
  centres: usize,
  precisions: usize,
  factors: usize,
  cutoff: f64,
  scratch: usize,
): void {
  const least = f64x2.splat(cutoff);
  for (let i: usize = 0; i < pairs << 5; i += 32) {
    const first = v128.load(x + i);
    const second = v128.load(x + i, 16);
    const xi = v128.shuffle<f64>(first, second, 0, 2);
    const yi = v128.shuffle<f64>(first, second, 1, 3);
    let largest = f64x2.splat(-Infinity);
    for (let k: usize = 0; k < components; k++) {
      const dx = f64x2.sub(splatAt(centres, 2 * k), xi);
      const dy = f64x2.sub(splatAt(centres, 2 * k + 1), yi);
      const square = f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy));
      const exponent = f64x2.mul(f64x2.mul(f64x2.splat(-0.5), splatAt(precisions, k)), square);
      v128.store(scratch + (k << 4), exponent);
      largest = f64x2.pmax(largest, exponent);
    }
    let sum = f64x2.splat(0);
    let pullX = f64x2.splat(0);
    let pullY = f64x2.splat(0);
    for (let k: usize = 0; k < components; k++) {
      const exponent = f64x2.sub(v128.load(scratch + (k << 4)), largest);
      const isLeftOut = f64x2.lt(exponent, least);
      if (i64x2.all_true(isLeftOut)) continue;
      const share = v128.andnot(f64x2.mul(splatAt(factors, k), exp(exponent)), isLeftOut);
      const weight = f64x2.mul(share, splatAt(precisions, k));
      const partX = f64x2.mul(weight, f64x2.sub(splatAt(centres, 2 * k), xi));
      const partY = f64x2.mul(weight, f64x2.sub(splatAt(centres, 2 * k + 1), yi));
      sum = f64x2.add(sum, share);
      pullX = f64x2.add(pullX, v128.andnot(partX, isLeftOut));
      pullY = f64x2.add(pullY, v128.andnot(partY, isLeftOut));
    }
    const scoreX = f64x2.div(pullX, sum);
    const scoreY = f64x2.div(pullY, sum);
    v128.store(out + i, v128.shuffle<f64>(scoreX, scoreY, 0, 2));
    v128.store(out + i, v128.shuffle<f64>(scoreX, scoreY, 1, 3), 16);
  }
}

/** Exponents this far below the largest are negligible, whatever factors from `least` to `largest` stand before them. */
@inline
function cutoffOf(negligible: f64, least: v128, largest: v128): v128 {
  let cutoff = f64x2.splat(negligible);
  let reach = least;
  while (v128.any_true(f64x2.lt(reach, largest))) {
    cutoff = f64x2.sub(cutoff, v128.and(f64x2.lt(reach, largest), f64x2.splat(7)));
    reach = f64x2.mul(reach, f64x2.splat(1024));
  }
  return cutoff;
}

/** Scores of points on the line that each have their own (α, σ); `scratch` has room for three pairs of numbers per component. */
export function scoreLineRows(
  x: usize,
  alphas: usize,
  sigmas: usize,
  pairs: usize,
  out: usize,
  components: usize,
  weights: usize,
  means: usize,
  deviations: usize,
  negligible: f64,
  scratch: usize,
): void {
  for (let i: usize = 0; i < pairs << 4; i += 16) {
    const xi = v128.load(x + i);
    const alpha = v128.load(alphas + i);
    const sigma = v128.load(sigmas + i);
    const square = f64x2.mul(sigma, sigma);
    let largestExponent = f64x2.splat(-Infinity);
    let least = f64x2.splat(Infinity);
    let largest = f64x2.splat(0);
    let at = scratch;
    for (let k: usize = 0; k < components; k++) {
      const scaled = f64x2.mul(alpha, splatAt(deviations, k));
      const precision = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.mul(scaled, scaled), square));
      const factor = f64x2.mul(splatAt(weights, k), f64x2.sqrt(precision));
      const dx = f64x2.sub(f64x2.mul(alpha, splatAt(means, k)), xi);
      const exponent = f64x2.mul(f64x2.mul(f64x2.splat(-0.5), precision), f64x2.mul(dx, dx));
      v128.store(at, exponent);
      v128.store(at, factor, 16);
      v128.store(at, f64x2.mul(precision, dx), 32);
      largestExponent = f64x2.pmax(largestExponent, exponent);
      least = f64x2.pmin(least, factor);
      largest = f64x2.pmax(largest, factor);
      at += 48;
    }
    const cutoff = cutoffOf(negligible, least, largest);
    let sum = f64x2.splat(0);
    let pull = f64x2.splat(0);
    at = scratch;
    for (let k: usize = 0; k < components; k++) {
      const exponent = f64x2.sub(v128.load(at), largestExponent);
      const isLeftOut = f64x2.lt(exponent, cutoff);
      if (!i64x2.all_true(isLeftOut)) {
        const share = v128.andnot(f64x2.mul(v128.load(at, 16), exp(exponent)), isLeftOut);
        sum = f64x2.add(sum, share);
        pull = f64x2.add(pull, v128.andnot(f64x2.mul(share, v128.load(at, 32)), isLeftOut));
      }
      at += 48;
    }
    v128.store(out + i, f64x2.div(pull, sum));
  }
}

/** As `scoreLineRows` for points in the plane, x and y alternating; `means` likewise. */
export function scorePlaneRows(
  x: usize,
  alphas: usize,
  sigmas: usize,
  pairs: usize,
  out: usize,
  components: usize,
  weights: usize,
  means: usize,
  deviations: usize,
  negligible: f64,
  scratch: usize,
): void {
  for (let i: usize = 0; i < pairs << 4; i += 16) {
    const first = v128.load(x + 2 * i);
    const second = v128.load(x + 2 * i, 16);
    const xi = v128.shuffle<f64>(first, second, 0, 2);
    const yi = v128.shuffle<f64>(first, second, 1, 3);
    const alpha = v128.load(alphas + i);
    const sigma = v128.load(sigmas + i);
    const square = f64x2.mul(sigma, sigma);
    let largestExponent = f64x2.splat(-Infinity);
    let least = f64x2.splat(Infinity);
    let largest = f64x2.splat(0);
    let at = scratch;
    for (let k: usize = 0; k < components; k++) {
      const scaled = f64x2.mul(alpha, splatAt(deviations, k));
      const precision = f64x2.div(f64x2.splat(1), f64x2.add(f64x2.mul(scaled, scaled), square));
      const factor = f64x2.mul(splatAt(weights, k), precision);
      const dx = f64x2.sub(f64x2.mul(alpha, splatAt(means, 2 * k)), xi);
      const dy = f64x2.sub(f64x2.mul(alpha, splatAt(means, 2 * k + 1)), yi);
      const distance = f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy));
      const exponent = f64x2.mul(f64x2.mul(f64x2.splat(-0.5), precision), distance);
      v128.store(at, exponent);
      v128.store(at, factor, 16);
      v128.store(at, precision, 32);
      largestExponent = f64x2.pmax(largestExponent, exponent);
      least = f64x2.pmin(least, factor);
      largest = f64x2.pmax(largest, factor);
      at += 48;
    }
    const cutoff = cutoffOf(negligible, least, largest);
    let sum = f64x2.splat(0);
    let pullX = f64x2.splat(0);
    let pullY = f64x2.splat(0);
    at = scratch;
    for (let k: usize = 0; k < components; k++) {
      const exponent = f64x2.sub(v128.load(at), largestExponent);
      const isLeftOut = f64x2.lt(exponent, cutoff);
      if (!i64x2.all_true(isLeftOut)) {
        const share = v128.andnot(f64x2.mul(v128.load(at, 16), exp(exponent)), isLeftOut);
        const weight = f64x2.mul(share, v128.load(at, 32));
        const partX = f64x2.mul(weight, f64x2.sub(f64x2.mul(alpha, splatAt(means, 2 * k)), xi));
        const partY = f64x2.mul(weight, f64x2.sub(f64x2.mul(alpha, splatAt(means, 2 * k + 1)), yi));
        sum = f64x2.add(sum, share);
        pullX = f64x2.add(pullX, v128.andnot(partX, isLeftOut));
        pullY = f64x2.add(pullY, v128.andnot(partY, isLeftOut));
      }
      at += 48;
    }
    const scoreX = f64x2.div(pullX, sum);
    const scoreY = f64x2.div(pullY, sum);
    v128.store(out + 2 * i, v128.shuffle<f64>(scoreX, scoreY, 0, 2));
    v128.store(out + 2 * i, v128.shuffle<f64>(scoreX, scoreY, 1, 3), 16);
  }
}
