import { UsageError } from "../../../solvers/errors.js";
import { numberText } from "../../../solvers/number-text.js";
import { evolve } from "./evolve.js";
import type { Field } from "./field.js";
import { GeneratorSource } from "./generator-source.js";
import { type Mesh, uniformMesh } from "./mesh.js";
import { MAX_CELLS, meshForNeeds, type SpacingNeed } from "./plan-mesh.js";
import { roughness } from "./roughness.js";

/** What a trial run needs to know. */
export interface TrialOptions {
  readonly field: Field;
  /** Masses of the start law in the cells of a mesh. */
  readonly masses: (mesh: Mesh) => Float64Array;
  /** Interval that holds the start law. */
  readonly start: readonly [number, number];
  /** Where to stay, when the caller fixed it. */
  readonly domain?: readonly [number, number] | undefined;
  /** Number of cells, when the caller fixed it. */
  readonly cells?: number | undefined;
  /** First and last reading of the clock. */
  readonly readings: Float64Array;
  /** Mass allowed in the cells at the walls. */
  readonly tail: number;
  /** Roughness aimed at. */
  readonly resolution: number;
  readonly kind: "auto" | "uniform" | "graded";
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds a mesh for an equation whose solution is not known beforehand, from coarse runs: the domain grows by half on the side where mass
 * stands at the wall, then the spacing is refined where and while the density is rougher than wanted.
 *
 * @throws UsageError when the mass escapes to infinity or the density needs too many cells.
 */
export async function trialMesh(options: TrialOptions): Promise<Mesh> {
  const { resolution, kind, cells, tail } = options;
  let [low, high] = options.domain ?? options.start;
  let mesh = uniformMesh(low, high, 400);
  for (let round = 0; round < 60; round++) {
    const { wall, states, finished } = await coarseRun(mesh, options);
    // The real run will say what went wrong.
    if (!finished) return mesh;
    const grows = [wall[0]! > tail, wall[1]! > tail];
    if (options.domain === undefined && (grows[0] || grows[1])) {
      const length = high - low;
      if (grows[0]) low -= 0.5 * length;
      if (grows[1]) high += 0.5 * length;
      if (!(high - low < 1e9 * (options.start[1] - options.start[0]))) {
        throw new UsageError(
          `domain: the mass must stay on an interval, but it had reached [${numberText(low, 3)}, ${numberText(high, 3)}] - check the sign of drift and score, or give a domain`,
        );
      }
      mesh = uniformMesh(low, high, 400);
      continue;
    }
    const needs = states.map((masses) => spacingNeed(mesh, masses, tail, resolution));
    const refined = meshForNeeds(needs, kind, cells, options.domain ?? [low, high]);
    const isEnough = states.every((masses) => roughness(mesh, masses) <= 0.1);
    if (isEnough || cells !== undefined || refined.widths.length >= MAX_CELLS) return refined;
    mesh = refined;
  }
  throw new UsageError(
    "cells: the trial runs must settle on a mesh, but 60 were not enough - give domain and cells yourself",
  );
}

async function coarseRun(mesh: Mesh, { field, masses, readings, signal }: TrialOptions) {
  const evolution = await evolve(new GeneratorSource(mesh, field), masses(mesh), readings, {
    scheme: "tr-bdf2",
    steps: "adaptive",
    tolerance: 1e-3,
    maxSteps: 20_000,
    keepSteps: true,
    signal,
  });
  return { wall: evolution.wallMass, states: evolution.masses, finished: evolution.status === "success" };
}

/** Where the mass is, and the spacing that would bring its roughness down to `resolution`: a quarter of the present one at most. */
function spacingNeed(mesh: Mesh, masses: Float64Array, tail: number, resolution: number): SpacingNeed {
  const { edges, widths } = mesh;
  const last = masses.length - 1;
  let first = 0;
  for (let sum = masses[0]!; sum <= tail && first < last; sum += masses[first]!) first++;
  let end = last;
  for (let sum = masses[last]!; sum <= tail && end > first; sum += masses[end]!) end--;
  const rough = Math.max(roughness(mesh, masses), 1e-12);
  let weight = 0;
  let weighted = 0;
  for (let i = 0; i <= last; i++) {
    weight += masses[i]!;
    weighted += masses[i]! * widths[i]!;
  }
  const width = weighted / weight;
  const ratio = Math.sqrt(resolution / rough);
  return { low: edges[first]!, high: edges[end + 1]!, spacing: width * (rough > 0.1 ? Math.max(0.25, ratio) : ratio) };
}
