import { suggestion, UsageError } from "../../solvers/errors.js";
import type { Awaitable } from "../../solvers/types.js";
import { BETA_TABLES, type BetaTableName } from "./beta-tables.js";
import { COSINE_DEFAULTS, cosine } from "./cosine.js";
import { CUSTOM_DEFAULTS, customSdeFrom } from "./custom.js";
import { DISCRETE_DEFAULTS, discrete } from "./discrete.js";
import { EDM_DEFAULTS, edm } from "./edm.js";
import { LINEAR_RATE_DEFAULTS } from "./linear-rate.js";
import { RECTIFIED_FLOW_DEFAULTS, rectifiedFlow } from "./rectified-flow.js";
import { subVp } from "./sub-vp.js";
import type { Sde } from "./types.js";
import { requireNumber } from "./validate.js";
import { VE_DEFAULTS, ve } from "./ve.js";
import { vp } from "./vp.js";

/** An SDE that can be named on the command line. */
export interface SdeEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One sentence. */
  readonly summary: string;
  /** Paper and equation. */
  readonly source: string;
  /** Options with their defaults; `null` where there is none. */
  readonly options: Readonly<Record<string, unknown>>;
  /** @throws UsageError for an unknown option or a value that cannot be meant. */
  create(options: Readonly<Record<string, unknown>>): Awaitable<Sde>;
}

/** Every SDE by name, with options, defaults and source. */
export const SDES: readonly SdeEntry[] = [
  {
    name: "vp",
    aliases: [],
    summary: "variance preserving, β linear in t",
    source: "Song et al. 2021 (arXiv 2011.13456) eq. 11",
    options: LINEAR_RATE_DEFAULTS,
    create: (options) => vp(numeric("vp", LINEAR_RATE_DEFAULTS, options)),
  },
  {
    name: "sub-vp",
    aliases: ["subvp"],
    summary: "less noise than vp at every t, same drift",
    source: "Song et al. 2021 (arXiv 2011.13456) eq. 14",
    options: LINEAR_RATE_DEFAULTS,
    create: (options) => subVp(numeric("sub-vp", LINEAR_RATE_DEFAULTS, options)),
  },
  {
    name: "ve",
    aliases: [],
    summary: "variance exploding, σ geometric in t",
    source: "Song et al. 2021 (arXiv 2011.13456) eq. 9",
    options: VE_DEFAULTS,
    create: (options) => ve(numeric("ve", VE_DEFAULTS, options)),
  },
  {
    name: "edm",
    aliases: [],
    summary: "variance exploding with σ = t",
    source: "Karras et al. 2022 (arXiv 2206.00364) table 1",
    options: EDM_DEFAULTS,
    create: (options) => edm(numeric("edm", EDM_DEFAULTS, options)),
  },
  {
    name: "cosine",
    aliases: [],
    summary: "variance preserving, α a cosine of t",
    source: "Nichol & Dhariwal 2021 (arXiv 2102.09672) eq. 17",
    options: COSINE_DEFAULTS,
    create: (options) => cosine(numeric("cosine", COSINE_DEFAULTS, options)),
  },
  {
    name: "rectified-flow",
    aliases: ["flow"],
    summary: "straight path α = 1 − t, σ = t",
    source: "Liu et al. 2023 (arXiv 2209.03003) eq. 1",
    options: RECTIFIED_FLOW_DEFAULTS,
    create: (options) => rectifiedFlow(numeric("rectified-flow", RECTIFIED_FLOW_DEFAULTS, options)),
  },
  {
    name: "discrete",
    aliases: [],
    summary: "variance preserving through a table of β: 'linear', 'scaled-linear', 'cosine' or numbers",
    source: "Ho et al. 2020 (arXiv 2006.11239) eq. 4",
    options: DISCRETE_DEFAULTS,
    create: createDiscrete,
  },
  {
    name: "custom",
    aliases: [],
    summary: "your own formulas: alpha and sigma in t, or drift in x, t and diffusion in t",
    source: "formulas read by mathjs",
    options: {
      alpha: null,
      sigma: null,
      drift: null,
      diffusion: null,
      ...CUSTOM_DEFAULTS,
      constants: null,
      priorStandardDeviation: null,
    },
    create: customSdeFrom,
  },
];

/**
 * Makes the SDE of that name or alias (`vp`, `sub-vp`, `ve`, `edm`, …) with the given options.
 *
 * @throws UsageError for an unknown name, an unknown option or a value that cannot be meant.
 */
export function createSde(name: string, options: Readonly<Record<string, unknown>> = {}): Awaitable<Sde> {
  const entry = SDES.find((candidate) => candidate.name === name || candidate.aliases.includes(name));
  if (entry === undefined) {
    const names = SDES.map((candidate) => candidate.name);
    throw new UsageError(`sde: the name must be a known one, but got '${name}'.${suggestion(name, names)}`);
  }
  refuseUnknown(entry.name, Object.keys(entry.options), options);
  return entry.create(options);
}

function refuseUnknown(name: string, known: readonly string[], options: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new UsageError(`${name}: options must be known ones, but got '${key}'.${suggestion(key, known)}`);
  }
}

function createDiscrete({ betas, ...rest }: Readonly<Record<string, unknown>>): Sde {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== null));
  const numbers = numeric<"count" | "tMin" | "tMax">("discrete", { count: 1000, tMin: 1e-3, tMax: 1 }, given);
  const { count, tMin, tMax } = numbers;
  return discrete({
    ...(betas === undefined ? {} : { betas: asBetas(betas) }),
    ...("count" in given ? { count } : {}),
    ...("tMin" in given ? { tMin } : {}),
    tMax,
  });
}

function asBetas(betas: unknown): number[] | BetaTableName {
  const isTable = (name: string): name is BetaTableName => Object.hasOwn(BETA_TABLES, name);
  if (Array.isArray(betas) && betas.every((beta) => typeof beta === "number")) return betas;
  if (typeof betas === "string" && isTable(betas)) return betas;
  throw new UsageError(
    `discrete: betas must be an array of numbers or a table's name, but got ${JSON.stringify(betas)}.${suggestion(String(betas), Object.keys(BETA_TABLES))}`,
  );
}

/** `defaults` overwritten by `options`, all of which must be numbers. */
function numeric<K extends string>(
  name: string,
  defaults: Readonly<Record<K, number>>,
  options: Readonly<Record<string, unknown>>,
): Record<K, number> {
  const isKnown = (key: string): key is K => Object.hasOwn(defaults, key);
  const result: Record<K, number> = { ...defaults };
  for (const [key, value] of Object.entries(options)) {
    if (!isKnown(key) || value === undefined) continue;
    result[key] = requireNumber(name, key, value);
  }
  return result;
}
