import { log } from "../../../solvers/math/elementary.js";
import type { ErrorPoint, ErrorSequence } from "./error-sequence.js";

/** The order that two consecutive errors show: ln(e₁/e₂) / ln(N₂/N₁). */
export interface OrderRatio {
  readonly from: number;
  readonly to: number;
  /** Null where an error is zero or not finite. */
  readonly order: number | null;
  readonly standardError: number | null;
  /** False for ratios at the floor or without meaning, which judge nothing. */
  readonly counts: boolean;
  /** Why it does not count, or what is remarkable; empty otherwise. */
  readonly note: string;
}

/**
 * certified: the last three ratios lie in the band, which is wider than their standard errors. missed: the ratios have settled away from the order, or fall. inconclusive: too
 * few ratios, or not yet settled. exact: every error is rounding.
 */
export type OrderVerdict = "certified" | "missed" | "inconclusive" | "exact";

export interface OrderJudgement {
  readonly verdict: OrderVerdict;
  readonly expected: number;
  /** Half-width around `expected` in which ratios must lie. */
  readonly band: number;
  /** Least and greatest of the last three ratios that count; null where there are fewer. */
  readonly measured: readonly [number, number] | null;
  /** Steps from the first to the last point of those ratios. */
  readonly range: readonly [number, number] | null;
  /** Why there is no certificate; empty for a certified order. */
  readonly reason: string;
  readonly ratios: readonly OrderRatio[];
}

/** Errors below so many floors are left out: rounding moves an order by less than log₂(1 + 1/32) = 0.045. */
const FLOORS = 32;
const JUDGED = 3;
/** Errors that turn by more show that two terms of the expansion compete. */
const LEAST_COSINE = 0.9;

/** Half-width of the band around an order: 0.1, and a twentieth of higher orders. */
export function orderBand(expected: number): number {
  return 0.1 * Math.max(1, expected / 2);
}

/** Judges by every ratio of consecutive errors, never by a fitted slope, whether a solver has the order it declares. */
export function judgeOrder(
  { points, pairs }: Pick<ErrorSequence, "points" | "pairs">,
  expected: number,
): OrderJudgement {
  const band = orderBand(expected);
  const ratios = pairs.map((pair, k) => ratioOf(points[k]!, points[k + 1]!, pair));
  const counting = ratios.filter(({ counts }) => counts);
  const judged = counting.slice(-JUDGED);
  const orders = judged.map(({ order }) => order ?? Number.NaN);
  const enough = judged.length === JUDGED;
  const common = {
    expected,
    band,
    ratios,
    measured: enough ? ([Math.min(...orders), Math.max(...orders)] as const) : null,
    range: enough ? ([judged[0]!.from, judged.at(-1)!.to] as const) : null,
  };
  const broken = points.findLast(({ error }) => !Number.isFinite(error));
  if (broken !== undefined && broken === points.at(-1)) {
    return { ...common, verdict: "missed", reason: `not finite with ${broken.steps} steps` };
  }
  if (points.every(({ error, floor }) => error < FLOORS * floor)) {
    return { ...common, verdict: "exact", reason: "every error is rounding: this law cannot show an order" };
  }
  const turned = judged.find(({ note }) => note !== "");
  const isInside = judged.every(({ order, standardError }) => {
    return Math.abs((order ?? Number.NaN) - expected) <= band + 2 * (standardError ?? 0);
  });
  const isBlurred = judged.some(({ standardError }) => (standardError ?? 0) > band);
  if (enough && turned === undefined && isInside && !isBlurred) return { ...common, verdict: "certified", reason: "" };
  return { ...common, ...refusal(judged, expected, band, enough, turned) };
}

function ratioOf(coarse: ErrorPoint, fine: ErrorPoint, pair: ErrorSequence["pairs"][number]): OrderRatio {
  const refinement = log(fine.steps / coarse.steps);
  const isKnown = [coarse.error, fine.error].every((error) => Number.isFinite(error) && error > 0);
  const order = isKnown ? log(coarse.error / fine.error) / refinement : null;
  const standardError = pair.standardError === null ? null : pair.standardError / refinement;
  const ratio = { from: coarse.steps, to: fine.steps, order, standardError };
  if (fine.error < FLOORS * fine.floor) return { ...ratio, counts: false, note: "at the floor" };
  if (!isKnown) return { ...ratio, counts: false, note: "not finite" };
  const turns = pair.cosine !== null && pair.cosine < LEAST_COSINE;
  return {
    ...ratio,
    counts: true,
    note: turns ? (pair.cosine < 0 ? "the error changes sign" : "the error turns") : "",
  };
}

function refusal(
  judged: readonly OrderRatio[],
  expected: number,
  band: number,
  enough: boolean,
  turned: OrderRatio | undefined,
): Pick<OrderJudgement, "verdict" | "reason"> {
  const shown = judged.map(({ order }) => (order ?? Number.NaN).toFixed(2)).join(", ");
  const excess = judged.map(({ order }) => Math.abs((order ?? Number.NaN) - expected));
  const last = judged.at(-1);
  const slack = band + 2 * (last?.standardError ?? 0);
  if (last === undefined) {
    return { verdict: "inconclusive", reason: "no ratio lies above the floor: take fewer steps or another law" };
  }
  const approaches = excess.at(-1)! < 0.75 * excess[0]! + 2 * (last.standardError ?? 0);
  const isLow = last.order! < expected - slack;
  if (isLow && enough && !approaches) {
    return { verdict: "missed", reason: `the last ratios are ${shown}, and they do not approach ${expected}` };
  }
  if (!enough) {
    return {
      verdict: isLow && last.order! < expected - 0.5 && judged.length > 1 && !approaches ? "missed" : "inconclusive",
      reason: `only ${judged.length} ${judged.length === 1 ? "ratio counts" : "ratios count"} (${shown}), three are needed: take other numbers of steps`,
    };
  }
  if (turned !== undefined) {
    return {
      verdict: "inconclusive",
      reason: `${turned.note} between ${turned.from} and ${turned.to} steps, so its ratio means nothing (${shown}): take more steps`,
    };
  }
  const widest = Math.max(...judged.map(({ standardError }) => standardError ?? 0));
  if (widest > band) {
    return {
      verdict: "inconclusive",
      reason: `the last ratios are ${shown} with standard errors up to ${widest.toFixed(2)}, which do not tell ${expected} ± ${band.toFixed(2)}: take more samples`,
    };
  }
  if (judged.every(({ order }) => order! > expected + slack)) {
    const orders = judged.map(({ order }) => order!);
    const isSettled = Math.max(...orders) - Math.min(...orders) <= 2 * slack;
    const wayOut = isSettled
      ? ": the leading error vanishes on this law, take another one"
      : " and not settled: take more steps";
    return { verdict: "inconclusive", reason: `the last ratios are ${shown}, all above ${expected}${wayOut}` };
  }
  const how = isLow || last.order! > expected + slack ? "the last one lies outside" : "not all lie inside";
  return {
    verdict: "inconclusive",
    reason: `the last ratios are ${shown}, and ${how} ${expected} ± ${band.toFixed(2)}: take more steps, the asymptotic range is not reached`,
  };
}
