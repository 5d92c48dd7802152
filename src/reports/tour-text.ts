import { numberText } from "../../solvers/number-text.js";
import type { TourProcess, TourResult } from "../experiments/tour-result.js";
import { formatSeconds, formatSignificant } from "./number-format.js";
import { processNames } from "./process-names.js";
import { formatTable, type TableFormat } from "./table.js";
import { tourHeadline } from "./tour-headline.js";
import { tourTable } from "./tour-table.js";
import { wrapWords } from "./wrap-words.js";

/** A tour for a terminal: the processes, the one table, and what it comes to. */
export function tourText(result: TourResult, { width = 80, colour = false }: TableFormat = {}): string {
  const names = processNames(result);
  const lines = result.processes.flatMap((process, i) => processLines(process, names[i]!, width));
  return [
    ...lines,
    "",
    formatTable(tourTable(result), { width, colour }),
    ...wrapWords(`${tourHeadline(result)}.`, width),
    "",
  ].join("\n");
}

/** The SDE with its drift and diffusion, and the network trained under it. */
function processLines(process: TourProcess, name: string, width: number): string[] {
  return [
    ...wrapWords(`${name}: ${processText(process)}`, width, { indent: 2 }),
    ...wrapWords(trainingText(process), width - 2).map((line) => `  ${line}`),
  ];
}

/** Drift, diffusion and prior of an SDE in words. */
export function processText({ tMin, tMax, driftCoefficient, diffusion, priorStandardDeviation }: TourProcess): string {
  const number = (value: number) => numberText(value, 3).replace(/^-/, "−");
  const range = ([from, to]: readonly [number, number]) =>
    from === to ? number(from) : `${number(from)} to ${number(to)}`;
  return `dx = f x dt + g dw on t from ${number(tMin)} to ${number(tMax)}; f = ${range(driftCoefficient)}, g = ${range(diffusion)}; prior N(0, ${number(priorStandardDeviation)}²)`;
}

/** What was trained and how well, in words. */
export function trainingText({ training }: TourProcess): string {
  const { network, parameters, steps, seconds, scoreError, klBound, status } = training;
  const worst = scoreError.reduce((most, one) => (one.value > most.value ? one : most));
  const end = status === "success" ? "" : `, ended as ${status}`;
  return `${network} of ${parameters} parameters, ${steps} steps of denoising score matching in ${formatSeconds(seconds)}${end}; noise prediction wrong by at most ${formatSignificant(worst.value, 2)} (root mean square, at t = ${formatSignificant(worst.t, 2)}), which costs at most KL ${formatSignificant(klBound, 2)} nats`;
}
