import type { TourResult } from "../experiments/tour-result.js";
import { formatSignificant } from "./number-format.js";
import { processNames } from "./process-names.js";
import { leastW2 } from "./tour-table.js";
import { verdictHeadline } from "./verdict-headline.js";

/** A learned score this many times farther from the data than the exact one is what limits a run. */
const CLEARLY = 2;

/** What the tour found, in two sentences without the last full stop. */
export function tourHeadline(result: TourResult): string {
  return `${scoreSentence(result)}. Fokker–Planck: ${equationSentence(result)}`;
}

/** How near both scores come to the data. */
function scoreSentence({ processes }: TourResult): string {
  const exact = processes.map((process) => leastW2(process.exact));
  const learned = processes.map((process) => leastW2(process.learned));
  const [nearest, nearestLearned] = [Math.min(...exact), Math.min(...learned)];
  if (!Number.isFinite(nearestLearned)) return "No run with the learned score ended in success";
  const isLimited = exact.every((value, i) => learned[i]! > CLEARLY * value);
  const reading = isLimited ? ": the network, not the solver, is what limits here" : "";
  return `The exact score comes within W₂ ${formatSignificant(nearest, 2)} of the data, the learned one within ${formatSignificant(nearestLearned, 2)}${reading}`;
}

/** The verdict on all equations together. */
function equationSentence(result: TourResult): string {
  const { processes } = result;
  const names = processNames(result);
  const named = <T extends { readonly name: string }>(sde: string, all: readonly T[]) =>
    all.map((one) => ({ ...one, name: `${one.name} (${sde})` }));
  const text = verdictHeadline(
    processes.flatMap(({ equation }, i) => named(names[i]!, equation.checks)),
    processes.flatMap(({ equation }, i) => named(names[i]!, equation.controls)),
  );
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
