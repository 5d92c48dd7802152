import { suggestion, UsageError } from "./errors.js";
import { numberText, valueText } from "./number-text.js";

/** One option of a solver, grid, SDE or target: its default, its meaning, and how a given value is read. */
export interface Option<T> {
  readonly default: T;
  readonly summary: string;
  /** What values are allowed, in words. */
  readonly allowed: string;
  /** Reads a value, also from its spelling on a command line. @throws UsageError */
  read(value: unknown, name: string): T;
}

/** Options by name. */
export type OptionSet = Readonly<Record<string, Option<unknown>>>;

/** The values an `OptionSet` describes. */
export type OptionValues<O extends OptionSet> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** Bounds of a `numberOption`; `above` and `below` exclude the bound itself. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  readonly integer?: boolean;
}

/** An option that is a finite number within bounds. */
export function numberOption(initial: number, summary: string, bounds: NumberBounds = {}): Option<number> {
  const allowed = describeBounds(bounds);
  return {
    default: initial,
    summary,
    allowed,
    read(value, name) {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number !== "number" || !isWithin(number, bounds)) {
        throw new UsageError(`${name}: must be ${allowed}, but got ${valueText(value)}`);
      }
      return number;
    },
  };
}

/** As `numberOption`, where `null` (the default) leaves the choice to another option. */
export function optionalNumberOption(summary: string, bounds: NumberBounds = {}): Option<number | null> {
  const inner = numberOption(0, summary, bounds);
  return {
    default: null,
    summary,
    allowed: `${inner.allowed}, or left out`,
    read: (value, name) => (value === null || value === undefined ? null : inner.read(value, name)),
  };
}

/** An option that is one of a few words. */
export function choiceOption<const T extends string>(values: readonly T[], initial: T, summary: string): Option<T> {
  return {
    default: initial,
    summary,
    allowed: values.join(" | "),
    read(value, name) {
      const found = values.find((candidate) => candidate === value);
      if (found === undefined) {
        throw new UsageError(
          `${name}: must be one of ${values.join(", ")}, but got ${valueText(value)}.${suggestion(String(value), values)}`,
        );
      }
      return found;
    },
  };
}

/**
 * Fills in defaults and reads every given value.
 *
 * @throws UsageError for an unknown option or a value that is not allowed, naming `owner`.
 */
export function resolveOptions<O extends OptionSet>(
  owner: string,
  set: O,
  given: Readonly<Record<string, unknown>>,
): OptionValues<O> {
  const names = Object.keys(set);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(set, name)) {
      const hint = names.length === 0 ? " It has no options." : suggestion(name, names);
      throw new UsageError(`${owner}: unknown option '${name}'.${hint}`);
    }
  }
  const read = (name: string, option: Option<unknown>) =>
    given[name] === undefined ? option.default : option.read(given[name], `${owner}: ${name}`);
  const entries = Object.entries(set).map(([name, option]) => [name, read(name, option)] as const);
  return Object.fromEntries(entries) as OptionValues<O>;
}

function isWithin(value: number, { min, max, above, below, integer = false }: NumberBounds): boolean {
  return (
    Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

function describeBounds({ min, max, above, below, integer = false }: NumberBounds): string {
  const parts = [
    min === undefined ? "" : `≥ ${numberText(min)}`,
    above === undefined ? "" : `> ${numberText(above)}`,
    max === undefined ? "" : `≤ ${numberText(max)}`,
    below === undefined ? "" : `< ${numberText(below)}`,
  ].filter((part) => part !== "");
  return `${integer ? "a whole number" : "a finite number"}${parts.length > 0 ? ` ${parts.join(" and ")}` : ""}`;
}
