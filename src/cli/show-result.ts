import { join } from "node:path";
import type { Report } from "../reports/report.js";
import type { Console } from "./console.js";
import { text } from "./option-values.js";

/** A result in every form in which a verb gives it; each is made only when it is wanted. */
export interface Shown {
  json(): Promise<string>;
  text(): Promise<string>;
  report(): Promise<Report>;
  /** What is written beside results.json and the report, by name. */
  files?(): Promise<Readonly<Record<string, string>>>;
}

/** Prints a result as text, or as JSON with --json, and writes files, page and charts to --out. */
export async function showResult(
  terminal: Console,
  options: Readonly<Record<string, unknown>>,
  shown: Shown,
): Promise<void> {
  terminal.result(await (options.json === true ? shown.json() : shown.text()));
  if (options.out === undefined) return;
  const { writeReport } = await import("./write-report.js");
  const files = { "results.json": await shown.json(), ...(await shown.files?.()) };
  const written = await writeReport(await shown.report(), files, text("out", options.out));
  terminal.message(`wrote ${written.join(", ")}`);
}

/** Prints facts that have no charts as text, or as JSON with --json, and writes the JSON to results.json in --out. */
export async function showFacts(
  terminal: Console,
  options: Readonly<Record<string, unknown>>,
  { json, text: plain }: { readonly json: string; readonly text: string },
): Promise<void> {
  terminal.result(`${options.json === true ? json : plain}\n`);
  if (options.out === undefined) return;
  const { writeFileAtomically } = await import("../files/index.js");
  const path = join(text("out", options.out), "results.json");
  await writeFileAtomically(path, `${json}\n`);
  terminal.message(`wrote ${path}`);
}
