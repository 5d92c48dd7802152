import type { OptionSet } from "../../solvers/options.js";
import { grids, solvers } from "../../solvers/registry.js";
import { ENGINES, engineNames } from "../engine/engine-names.js";
import { SDES } from "../sdes/registry.js";
import { listTargets } from "../targets/index.js";
import { NETWORKS } from "../training/networks/registry.js";
import { RECIPES } from "../training/recipes.js";
import { TIME_SAMPLINGS } from "../training/time-sampling.js";
import { WEIGHTINGS } from "../training/weighting.js";
import type { CatalogueKind } from "./catalogue-kinds.js";
import { CERTIFICATES } from "./certificates.generated.js";

/** Something with a name that a command line can choose. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly name: string;
    readonly default: unknown;
    readonly summary?: string;
    readonly allowed?: string;
  }[];
  /** Order, cost and the like, by title. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  readonly source: string | null;
  /** Certificate of the order of a solver with its default options, as `converge` gives it; null where there is none. */
  readonly certificate?: string | null;
}

/** All entries of one kind. */
export interface CatalogueSection {
  readonly name: CatalogueKind;
  readonly entries: readonly CatalogueEntry[];
}

/** Everything that can be chosen by name. */
export function catalogue(): CatalogueSection[] {
  return [
    {
      name: "solvers",
      entries: solvers.map(({ name, summary, source, stochastic, order, evaluationsPerStep, optionSet }) => ({
        name,
        summary,
        source,
        certificate: CERTIFICATES[name] ?? null,
        facts: { order, evaluationsPerStep, stochastic },
        options: optionsOf(optionSet),
      })),
    },
    {
      name: "sdes",
      entries: SDES.map(({ name, summary, source, options }) => ({
        name,
        summary,
        source,
        facts: {},
        options: Object.entries(options).map(([option, value]) => ({ name: option, default: value })),
      })),
    },
    {
      name: "targets",
      entries: listTargets().map(({ name, summary, dimension, options }) => ({
        name,
        summary,
        source: null,
        facts: { dimension },
        options,
      })),
    },
    {
      name: "grids",
      entries: grids.map(({ name, summary, source, optionSet }) => ({
        name,
        summary,
        source,
        facts: {},
        options: optionsOf(optionSet),
      })),
    },
    {
      name: "networks",
      entries: NETWORKS.map(({ name, summary, options }) => plainEntry(name, summary, options)),
    },
    {
      name: "recipes",
      entries: Object.entries(RECIPES).map(
        ([name, { summary, predicts, preconditioning, weighting, timeSampling }]) => ({
          ...plainEntry(name, summary, {}),
          facts: { predicts, preconditioning, weighting, timeSampling },
        }),
      ),
    },
    {
      name: "weightings",
      entries: Object.entries(WEIGHTINGS).map(([name, { summary, options }]) => plainEntry(name, summary, options)),
    },
    {
      name: "time-samplings",
      entries: Object.entries(TIME_SAMPLINGS).map(([name, { summary, options }]) => plainEntry(name, summary, options)),
    },
    {
      name: "engines",
      entries: engineNames.map((name) => plainEntry(name, ENGINES[name].summary, ENGINES[name].options)),
    },
  ];
}

/** An entry that is known by its summary and the defaults of its options. */
function plainEntry(name: string, summary: string, options: Readonly<Record<string, unknown>>): CatalogueEntry {
  return {
    name,
    summary,
    source: null,
    facts: {},
    options: Object.entries(options).map(([option, value]) => ({ name: option, default: value })),
  };
}

function optionsOf(set: OptionSet): CatalogueEntry["options"] {
  return Object.entries(set).map(([name, { default: initial, summary, allowed }]) => ({
    name,
    default: initial,
    summary,
    allowed,
  }));
}
