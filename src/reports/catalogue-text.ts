import { styleText } from "node:util";
import { numberText } from "../../solvers/number-text.js";
import type { CatalogueEntry, CatalogueSection } from "../experiments/catalogue.js";
import { alignColumn } from "./align-column.js";
import type { TableFormat } from "./table.js";
import { wrapWords } from "./wrap-words.js";

const GAP = "  ";
/** Short titles of facts, so that the descriptions keep most of the line. */
const TITLES: Readonly<Record<string, string>> = {
  evaluationsPerStep: "evals",
  stochastic: "noise",
  dimension: "dim",
};
const NOTES: Readonly<Record<string, string>> = {
  evaluationsPerStep: "evals: score evaluations per step with default options",
  stochastic: "noise: draws noise after the start",
};

interface ListFormat extends TableFormat {
  /** Every option, with its meaning, and the source. */
  readonly detailed?: boolean;
}

/** Lists of what can be chosen by name, as text; no line is wider than `width` where words allow it. */
export function catalogueText(
  sections: readonly CatalogueSection[],
  { detailed = false, width = 80, colour = false }: ListFormat = {},
): string {
  const paint: Paint = (tone, text) => (colour ? styleText(tone, text, { validateStream: false }) : text);
  return sections
    .map((section) => (detailed ? detailedText(section, width, paint) : shortText(section, width, paint)))
    .join("\n\n");
}

type Paint = (tone: "bold" | "dim", text: string) => string;

/** One row per entry: name, facts, and the summary with the names of the options, wrapped in what is left of the line. */
function shortText({ name, entries }: CatalogueSection, width: number, paint: Paint): string {
  // Words would leave no room for the summary: the detailed list has them.
  const isShort = (entry: CatalogueEntry) => (fact: string) => typeof entry.facts[fact] !== "string";
  const facts = [...new Set(entries.flatMap((entry) => Object.keys(entry.facts).filter(isShort(entry))))];
  const columns = [
    leftColumn(
      name,
      entries.map((entry) => entry.name),
    ),
    ...facts.map((fact) =>
      rightColumn(
        TITLES[fact] ?? fact,
        entries.map((entry) => factText(entry.facts[fact])),
      ),
    ),
  ];
  const heads = columns[0]!.map((_, row) => columns.map((column) => column[row]!).join(GAP) + GAP);
  const indent = heads[0]!.length;
  const rows = entries.flatMap((entry, i) => {
    const summary = wrapWords(entry.summary, width - indent);
    const options =
      entry.options.length === 0 ? [] : wrapWords(`options: ${optionNames(entry)}`, width - indent, { indent: 2 });
    const [first = "", ...rest] = [...summary, ...options.map((line) => paint("dim", line))];
    return [heads[i + 1]! + first, ...rest.map((line) => " ".repeat(indent) + line)];
  });
  const notes = facts.flatMap((fact) => NOTES[fact] ?? []);
  return [
    paint("bold", heads[0]!.trimEnd()),
    "─".repeat(Math.min(width, 80)),
    ...rows,
    ...(notes.length === 0 ? [] : wrapWords(notes.join("; "), width).map((line) => paint("dim", line))),
  ].join("\n");
}

function optionNames({ options }: CatalogueEntry): string {
  return options.map((option) => option.name).join(", ");
}

function leftColumn(title: string, texts: readonly string[]): string[] {
  const longest = Math.max(title.length, ...texts.map((text) => text.length));
  return [title, ...texts].map((text) => text.padEnd(longest));
}

function rightColumn(title: string, texts: readonly string[]): string[] {
  const aligned = alignColumn(texts);
  const longest = Math.max(title.length, ...aligned.map((text) => text.length));
  return [title, ...aligned].map((text) => text.padStart(longest));
}

function detailedText({ entries }: CatalogueSection, width: number, paint: Paint): string {
  return entries.map((entry) => entryText(entry, width, paint)).join("\n\n");
}

function entryText(
  { name, summary, facts, options, source, certificate = null }: CatalogueEntry,
  width: number,
  paint: Paint,
): string {
  const shown = Object.entries(facts).map(([fact, value]) => factSentence(fact, value));
  const [head = "", ...more] = wrapWords(`${name}: ${summary}`, width, { indent: 2 });
  const defaults = options.map((option) => `${option.name}=${valueText(option.default)}`);
  const longest = Math.min(28, Math.max(0, ...defaults.map((text) => text.length)));
  return [
    paint("bold", head.slice(0, name.length)) + head.slice(name.length),
    ...more,
    ...(shown.length === 0 ? [] : wrapWords(shown.join(", "), width - 2).map((line) => `  ${line}`)),
    ...options.flatMap((option, i) => optionLines(defaults[i]!, longest, explanation(option), width)),
    ...(certificate === null
      ? []
      : wrapWords(`order ${certificate}`, width - 2, { indent: 2 }).map((line) => `  ${line}`)),
    ...(source === null
      ? []
      : wrapWords(`source: ${source}`, width - 2, { indent: 2 }).map((line) => paint("dim", `  ${line}`))),
  ].join("\n");
}

/** `name=default`, and beside it, or below where it is long, what the option means. */
function optionLines(text: string, longest: number, meaning: string, width: number): string[] {
  if (meaning === "") return [`  ${text}`];
  const indent = 2 + longest + GAP.length;
  const lines = wrapWords(meaning, width - indent).map((line) => " ".repeat(indent) + line);
  if (text.length > longest) return [`  ${text}`, ...lines];
  return [`  ${text.padEnd(longest)}${GAP}${lines[0]!.trimStart()}`, ...lines.slice(1)];
}

function explanation({ summary, allowed }: CatalogueEntry["options"][number]): string {
  return [summary, allowed === undefined ? undefined : `(${allowed})`].filter((part) => part !== undefined).join(" ");
}

function factSentence(fact: string, value: string | number | boolean | null): string {
  if (fact === "stochastic") return value === true ? "draws noise" : "draws no noise after the start";
  if (fact === "order" && value === 0) return "no order: a bias stays however small the steps";
  if (fact === "evaluationsPerStep") return `${factText(value)} ${value === 1 ? "evaluation" : "evaluations"} per step`;
  return `${fact} ${factText(value)}`;
}

function factText(value: string | number | boolean | null | undefined): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  return value === null || value === undefined ? "any" : String(value);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  if (typeof value === "number") return numberText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
