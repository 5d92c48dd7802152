import { NoiseSlot } from "../../solvers/noise/slots.js";
import { numberText } from "../../solvers/number-text.js";
import { metricSuite } from "../metrics/metric-suite.js";
import { noiseSource } from "../sampling/noise-source.js";
import { exactScore } from "../scores/exact-score.js";
import { truncationError } from "../verification/error-budget.js";
import { hasExactLaw } from "../verification/exact-law.js";
import { exactTransport } from "../verification/exact-transport.js";
import { type CellSetting, isTrained, runCell } from "./compare-cell.js";
import { COMPARE_DEFAULTS, type CompareConfig, type CompareSurroundings } from "./compare-config.js";
import { comparePanels, type FinishedCell } from "./compare-panels.js";
import { type CompareCell, planCells } from "./compare-plan.js";
import type { ComparePanels, CompareResult } from "./compare-result.js";
import { sdeFacts, targetFacts } from "./result-head.js";
import { stamp } from "./stamp.js";

/** A comparison and the data of its pictures. */
export interface Comparison {
  readonly result: CompareResult;
  readonly panels: ComparePanels;
}

/**
 * Compares solvers on one SDE and target: errors against the data law of what a user gets, starting from the prior.
 *
 * Sampled metrics come with their standard error over repeats and the floor between exact samples; where an exact law exists, with
 * exact errors and the error budget. An abort keeps the rows that are finished.
 *
 * @throws UsageError before any work
 */
export async function compare(config: CompareConfig, surroundings: CompareSurroundings = {}): Promise<Comparison> {
  const { now = () => performance.now(), started = new Date(), signal, onProgress, argv = [] } = surroundings;
  const { workers = 1 } = surroundings;
  const { sde, target, samples = COMPARE_DEFAULTS.samples, repeats = COMPARE_DEFAULTS.repeats } = config;
  const { seed = COMPARE_DEFAULTS.seed, metrics, exact = true } = config;
  const begun = now();
  const cells = planCells(config);
  onProgress?.("floor", 0);
  const suite = await metricSuite(target, { count: samples, seed, repeats, ...(metrics ? { names: metrics } : {}) });
  const setting: CellSetting = {
    sde,
    target,
    model: config.model ?? exactScore(target, sde),
    isExactModel: config.model === undefined,
    suite,
    samples,
    repeats,
    seed,
    exact,
    truncation: exact && hasExactLaw(target) ? { truncation: await truncationError(target, sde) } : {},
    denoise: config.denoise ?? false,
    batchSize: config.batchSize,
    workers,
    signal,
    now,
    ...transportOf(config, samples, seed),
  };
  // The first row is not charged with the start of threads.
  if (workers !== 1 && isTrained(setting.model)) {
    const { prepareWorkers } = await import("../training/index.js");
    await prepareWorkers(setting.model, setting);
  }
  const finished: FinishedCell[] = [];
  for (const [index, cell] of cells.entries()) {
    if (signal?.aborted) break;
    onProgress?.(costText(cell), index / cells.length);
    finished.push({ cell, outcome: await runCell(cell, setting) });
  }
  const panels = await comparePanels(signal?.aborted ? [] : finished, setting);
  onProgress?.("done", 1);
  const seconds = (now() - begun) / 1000;
  return {
    panels,
    result: {
      schema: "score-sde/compare@1",
      stamp: stamp({ seed, config: plainConfig(config), started, argv, seconds }),
      sde: sdeFacts(sde),
      target: targetFacts(target),
      floor: suite.floor,
      runs: finished.map(({ outcome }) => outcome.run),
    },
  };
}

/** The exact flow from tMax to tMin, and its images of each repeat's start states. */
function transportOf({ sde, target }: CompareConfig, samples: number, seed: number): Pick<CellSetting, "exactImages"> {
  const transport = exactTransport(target, sde, sde.tMax, sde.tMin);
  if (transport === null) return { exactImages: null };
  const images = new Map<number, Float64Array>();
  return {
    exactImages(run) {
      const known = images.get(run);
      if (known !== undefined) return known;
      const { dimension } = target;
      const start = new Float64Array(samples * dimension);
      const request = {
        noise: "counter",
        schedule: sde,
        seed,
        run,
        firstSample: 0,
        count: samples,
        dimension,
      } as const;
      noiseSource(request)(null, 0, NoiseSlot.INITIAL, start);
      const image = transport(start.map((z) => z * sde.priorStandardDeviation));
      images.set(run, image);
      return image;
    },
  };
}

/** The configuration as plain data, for the stamp. */
function plainConfig({ sde, target, model, solvers, ...rest }: CompareConfig): Record<string, unknown> {
  return {
    sde: sdeFacts(sde),
    target: { name: target.name, options: target.options },
    model: model === undefined ? "exact" : model.predicts,
    solvers: solvers.map((solver) => (typeof solver === "string" ? solver : solver.name)),
    ...rest,
  };
}

function costText({ label, steps, tolerance }: CompareCell): string {
  if (steps !== null) return `${label}, ${steps} steps`;
  return tolerance === null ? label : `${label}, tolerance ${numberText(tolerance)}`;
}
