import type { Command, Option } from "commander";
import { placeholder } from "./config-schema.js";

/** What may follow an option: one of some words, a list of them with commas, a path, anything, or nothing (a flag). */
export type CompletionValue =
  | { readonly kind: "words" | "list"; readonly words: readonly string[] }
  | { readonly kind: "file" | "directory" | "anything" | "nothing" };

export interface CompletionOption {
  /** As `-h` and `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: CompletionValue;
}

export interface CompletionVerb {
  readonly name: string;
  readonly description: string;
  /** Words that may follow the verb itself. */
  readonly words: readonly string[];
  readonly options: readonly CompletionOption[];
}

/** What a shell needs to complete a command line: its verbs, their options and the names these take. */
export async function completionData(root: Command): Promise<CompletionVerb[]> {
  const names = await knownNames();
  const shared = root.options.map((option) => completionOption(option, names));
  const help = { flags: ["-h", "--help"], description: "show the help", value: { kind: "nothing" } } as const;
  return root.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    options: [
      ...command.options.filter(({ hidden }) => !hidden).map((o) => completionOption(o, names)),
      ...shared,
      help,
    ],
  }));
}

type Names = Readonly<Record<string, readonly string[]>>;

/** Names that options take, by the option's name. */
async function knownNames(): Promise<Names> {
  const { catalogue } = await import("../experiments/catalogue.js");
  const { METRIC_NAMES } = await import("../metrics/metric-suite.js");
  const of = (kind: string) =>
    catalogue()
      .filter(({ name }) => name === kind)
      .flatMap(({ entries }) => entries.map(({ name }) => name));
  const solvers = of("solvers");
  return {
    solvers: [...solvers, "all"],
    solver: solvers,
    reference: solvers,
    sde: of("sdes"),
    sdes: of("sdes"),
    target: of("targets"),
    grid: ["auto", ...of("grids")],
    metrics: METRIC_NAMES,
    network: of("networks"),
    recipe: of("recipes"),
    weighting: of("weightings"),
    timeSampling: of("time-samplings"),
  };
}

function completionOption(option: Option, names: Names): CompletionOption {
  const { long, short, description } = option;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    value: completionValue(option, names),
  };
}

function completionValue(option: Option, names: Names): CompletionValue {
  if (option.isBoolean() || option.negate) return { kind: "nothing" };
  if (option.argChoices !== undefined) return { kind: "words", words: option.argChoices };
  const known = names[option.attributeName()];
  const what = placeholder(option);
  if (known !== undefined) return { kind: what === "list" ? "list" : "words", words: known };
  if (what === "file" || what === "path") return { kind: "file" };
  return { kind: what === "dir" ? "directory" : "anything" };
}
