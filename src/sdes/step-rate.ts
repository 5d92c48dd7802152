import { log1p } from "../../solvers/math/elementary.js";

/** A rate that is constant on (t_{i−1}, t_i], with its integral B(t) = −2 ln α(t). */
export class StepRate {
  /** t_i = (i + 1)/N. */
  readonly nodes: Float64Array;
  private readonly rates: Float64Array;
  /** B(t_i) as an unevaluated sum high + low, so that differences of near nodes stay accurate. */
  private readonly high: Float64Array;
  private readonly low: Float64Array;

  constructor(betas: ArrayLike<number>) {
    const size = betas.length;
    this.nodes = new Float64Array(size);
    this.rates = new Float64Array(size);
    this.high = new Float64Array(size);
    this.low = new Float64Array(size);
    let high = 0;
    let low = 0;
    for (let i = 0; i < size; i++) {
      const term = -log1p(-betas[i]!);
      const sum = high + term;
      low += Math.abs(high) >= term ? high - sum + term : term - sum + high;
      high = sum;
      this.nodes[i] = (i + 1) / size;
      this.rates[i] = term * size;
      this.high[i] = high;
      this.low[i] = low;
    }
  }

  rate(t: number): number {
    return this.rates[this.segment(t)]!;
  }

  integral(t: number): number {
    const i = this.segment(t);
    if (i === 0) return this.rates[0]! * t;
    return this.high[i]! + this.low[i]! - this.rates[i]! * (this.nodes[i]! - t);
  }

  increment(from: number, to: number): number {
    const i = this.segment(from);
    const j = this.segment(to);
    if (i === j) return this.rates[i]! * (to - from);
    const whole = this.high[j - 1]! - this.high[i]! + (this.low[j - 1]! - this.low[i]!);
    return this.rates[i]! * (this.nodes[i]! - from) + whole + this.rates[j]! * (to - this.nodes[j - 1]!);
  }

  /** t with B(t) = b; NaN beyond the table, but for rounding. */
  timeAtIntegral(b: number): number {
    const last = this.nodes.length - 1;
    const total = this.high[last]! + this.low[last]!;
    if (!(b <= total * (1 + 8 * Number.EPSILON))) return Number.NaN;
    let below = -1;
    let above = last;
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (this.high[middle]! + this.low[middle]! < b) below = middle;
      else above = middle;
    }
    if (above === 0) return Math.min(b / this.rates[0]!, this.nodes[0]!);
    const t = this.nodes[above]! - (this.high[above]! + this.low[above]! - b) / this.rates[above]!;
    return Math.min(Math.max(t, this.nodes[above - 1]!), this.nodes[above]!);
  }

  /** The i with t in (t_{i−1}, t_i]. */
  private segment(t: number): number {
    const size = this.nodes.length;
    let i = Math.min(size - 1, Math.max(0, Math.ceil(t * size) - 1));
    // The product t·N may round to the wrong side of a node.
    while (i > 0 && t <= this.nodes[i - 1]!) i--;
    while (i < size - 1 && t > this.nodes[i]!) i++;
    return i;
  }
}
