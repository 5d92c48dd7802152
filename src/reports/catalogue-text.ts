import type { CatalogueEntry, CatalogueSection } from "../experiments/catalogue.js";
import { formatTable, type TableColumn, type TableFormat } from "./table.js";

/** Lists of what can be chosen by name, as text; `detailed` adds every option and source. */
export function catalogueText(
  sections: readonly CatalogueSection[],
  { detailed = false, ...format }: TableFormat & { readonly detailed?: boolean } = {},
): string {
  return sections.map((section) => sectionText(section, detailed, format)).join("\n\n");
}

function sectionText({ name, entries }: CatalogueSection, detailed: boolean, format: TableFormat): string {
  if (detailed) return entries.map((entry) => entryText(entry, format.width ?? 100)).join("\n\n");
  const facts = [...new Set(entries.flatMap((entry) => Object.keys(entry.facts)))];
  const columns: TableColumn[] = [
    { title: name, align: "left" },
    ...facts.map((fact): TableColumn => ({ title: title(fact), align: "decimal" })),
    { title: "options", align: "left", leaves: 1 },
    { title: "what", align: "left", leaves: 2 },
  ];
  const rows = entries.map((entry) => ({
    cells: [
      { text: entry.name },
      ...facts.map((fact) => ({ text: factText(entry.facts[fact]) })),
      { text: entry.options.map((option) => option.name).join(" ") },
      { text: entry.summary },
    ],
  }));
  return formatTable({ columns, rows }, format);
}

function entryText({ name, summary, facts, options, source }: CatalogueEntry, width: number): string {
  const shown = Object.entries(facts).map(([fact, value]) => `${title(fact)} ${factText(value)}`);
  const lines = [
    `${name}: ${summary}`,
    ...(shown.length > 0 ? [`  ${shown.join(", ")}`] : []),
    ...options.map((option) => `  ${option.name}=${valueText(option.default)}${explanation(option)}`),
    ...(source === null ? [] : [`  source: ${source}`]),
  ];
  return lines.flatMap((line) => wrapped(line, width)).join("\n");
}

function explanation({ summary, allowed }: CatalogueEntry["options"][number]): string {
  return `${summary === undefined ? "" : `  ${summary}`}${allowed === undefined ? "" : ` (${allowed})`}`;
}

function title(fact: string): string {
  return fact === "evaluationsPerStep" ? "evaluations/step" : fact;
}

function factText(value: string | number | boolean | null | undefined): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  return value === null || value === undefined ? "any" : String(value);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Breaks a line at spaces; later lines are indented by six. */
function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\S)\s(?=\S)/)) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = `      ${word}`;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
