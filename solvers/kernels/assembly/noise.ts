// Four Threefry blocks at a time of solvers/noise/threefry.ts and the Box–Muller of solvers/noise/normal.ts, the same operations in the same order.

import { log } from "./logarithm";
import { sinOfTurns } from "./sine";

const ROUND: f64 = 6755399441055744;

@inline
function turned(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** The last two lanes as the first two. */
@inline
function upper(x: v128): v128 {
  return v128.shuffle<i64>(x, x, 1, 1);
}

/** 53 random bits of two lanes as numbers in (0, 1]. */
@inline
function unit(high: v128, low: v128): v128 {
  const leading = f64x2.mul(f64x2.convert_low_i32x4_u(i32x4.shr_u(high, 6)), f64x2.splat(134217728));
  const trailing = f64x2.convert_low_i32x4_u(i32x4.shr_u(low, 5));
  return f64x2.mul(f64x2.add(f64x2.add(leading, trailing), f64x2.splat(1)), f64x2.splat(1.1102230246251565e-16));
}

@inline
function distanceToInteger(v: v128): v128 {
  return f64x2.abs(f64x2.sub(v, f64x2.sub(f64x2.add(v, f64x2.splat(ROUND)), f64x2.splat(ROUND))));
}

/** Four numbers of two blocks: cosine and sine of each. */
@inline
function boxMuller(u: v128, v: v128, out: usize): void {
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), log(u)));
  const quarter = f64x2.splat(0.25);
  const cosine = f64x2.mul(radius, sinOfTurns(f64x2.sub(quarter, distanceToInteger(v))));
  const sine = f64x2.mul(radius, sinOfTurns(f64x2.sub(quarter, distanceToInteger(f64x2.sub(v, quarter)))));
  v128.store(out, v128.shuffle<f64>(cosine, sine, 0, 2));
  v128.store(out, v128.shuffle<f64>(cosine, sine, 1, 3), 16);
}

@inline
function lanes(first: u64, shift: u64): v128 {
  let words = i32x4.splat(<i32>(first >> shift));
  words = i32x4.replace_lane(words, 1, <i32>((first + 1) >> shift));
  words = i32x4.replace_lane(words, 2, <i32>((first + 2) >> shift));
  return i32x4.replace_lane(words, 3, <i32>((first + 3) >> shift));
}

/** Normals of `quads` × 4 blocks from number (c1, c0) on, two a block, to `out`. */
export function normals(
  quads: usize,
  c0: u32,
  c1: u32,
  c2: i32,
  c3: i32,
  k0: i32,
  k1: i32,
  k2: i32,
  k3: i32,
  out: usize,
): void {
  const k4 = 0x1bd11bda ^ k0 ^ k1 ^ k2 ^ k3;
  let first = ((<u64>c1) << 32) | (<u64>c0);
  for (let i: usize = 0; i < quads; i++) {
    let x0 = i32x4.add(lanes(first, 0), i32x4.splat(k0));
    let x1 = i32x4.add(lanes(first, 32), i32x4.splat(k1));
    let x2 = i32x4.splat(c2 + k2);
    let x3 = i32x4.splat(c3 + k3);
    // 20 rounds, unrolled as in the twin.
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 10), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 26), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 11), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 21), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 13), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 27), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 23), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 5), x2);
    x0 = i32x4.add(x0, i32x4.splat(k1));
    x1 = i32x4.add(x1, i32x4.splat(k2));
    x2 = i32x4.add(x2, i32x4.splat(k3));
    x3 = i32x4.add(x3, i32x4.splat(k4 + 1));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 6), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 20), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 17), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 11), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 25), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 10), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 18), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 20), x2);
    x0 = i32x4.add(x0, i32x4.splat(k2));
    x1 = i32x4.add(x1, i32x4.splat(k3));
    x2 = i32x4.add(x2, i32x4.splat(k4));
    x3 = i32x4.add(x3, i32x4.splat(k0 + 2));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 10), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 26), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 11), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 21), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 13), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 27), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 23), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 5), x2);
    x0 = i32x4.add(x0, i32x4.splat(k3));
    x1 = i32x4.add(x1, i32x4.splat(k4));
    x2 = i32x4.add(x2, i32x4.splat(k0));
    x3 = i32x4.add(x3, i32x4.splat(k1 + 3));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 6), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 20), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 17), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 11), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 25), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 10), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 18), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 20), x2);
    x0 = i32x4.add(x0, i32x4.splat(k4));
    x1 = i32x4.add(x1, i32x4.splat(k0));
    x2 = i32x4.add(x2, i32x4.splat(k1));
    x3 = i32x4.add(x3, i32x4.splat(k2 + 4));
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 10), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 26), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 11), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 21), x2);
    x0 = i32x4.add(x0, x1);
    x1 = v128.xor(turned(x1, 13), x0);
    x2 = i32x4.add(x2, x3);
    x3 = v128.xor(turned(x3, 27), x2);
    x0 = i32x4.add(x0, x3);
    x3 = v128.xor(turned(x3, 23), x0);
    x2 = i32x4.add(x2, x1);
    x1 = v128.xor(turned(x1, 5), x2);
    x0 = i32x4.add(x0, i32x4.splat(k0));
    x1 = i32x4.add(x1, i32x4.splat(k1));
    x2 = i32x4.add(x2, i32x4.splat(k2));
    x3 = i32x4.add(x3, i32x4.splat(k3 + 5));
    boxMuller(unit(x0, x1), unit(x2, x3), out);
    boxMuller(unit(upper(x0), upper(x1)), unit(upper(x2), upper(x3)), out + 32);
    first += 4;
    out += 64;
  }
}
