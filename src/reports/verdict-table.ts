import type { Check } from "../verification/check.js";
import type { ControlResult } from "../verification/control.js";
import type { FaultResult } from "../verification/planted-faults/plant-faults.js";
import { STATEMENTS } from "../verification/statements.js";
import { formatSignificant } from "./number-format.js";
import type { Table, TableCell } from "./table.js";

/** Checks as a table: verdict, name, figure, bound, claim and reason. */
export function verdictTable(checks: readonly Check[]): Table {
  const hasStatements = checks.some(({ statement }) => statement !== null);
  return {
    columns: [
      { title: "verdict", align: "left" },
      { title: "check", align: "left", wraps: 16 },
      ...(hasStatements ? [{ title: "statement", align: "left" as const, leaves: 1 }] : []),
      { title: "figure", align: "left" },
      { title: "bound", align: "left" },
      { title: "what must hold", align: "left", leaves: 3, wraps: 26 },
      { title: "why this bound", align: "left", leaves: 2, wraps: 32 },
    ],
    rows: checks.map((check) => ({
      cells: [
        verdictCell(check),
        { text: check.name },
        ...(hasStatements ? [{ text: check.statement === null ? "–" : String(check.statement) }] : []),
        { text: formatSignificant(check.figure, 3) },
        { text: boundText(check) },
        { text: check.claim },
        { text: check.reason },
      ],
    })),
  };
}

/** The statements that checks refer to by number. */
export function statementTable(checks: readonly Check[]): Table {
  const shown = new Set(checks.map(({ statement }) => String(statement)));
  return {
    columns: [
      { title: "number", align: "left" },
      { title: "statement", align: "left" },
    ],
    rows: Object.entries(STATEMENTS)
      .filter(([number]) => shown.has(number))
      .map(([number, text]) => ({ cells: [{ text: number }, { text }] })),
  };
}

/** Planted mistakes as a table: what caught each. */
export function controlTable(controls: readonly ControlResult[]): Table {
  return {
    columns: [
      { title: "planted mistake", align: "left" },
      { title: "verdict", align: "left" },
      { title: "caught by", align: "left", wraps: 16 },
      { title: "figure", align: "left", leaves: 3 },
      { title: "bound", align: "left", leaves: 2 },
      { title: "what was wrong", align: "left", leaves: 1, wraps: 26 },
    ],
    rows: controls.map(({ name, mistake, caught, changes, by }) => ({
      cells: [
        { text: name },
        caught ? { text: "caught", tone: "best" } : uncaughtCell(changes),
        { text: by?.name ?? "–" },
        { text: formatSignificant(by?.figure, 3) },
        { text: by === null ? "–" : boundText(by) },
        { text: mistake },
      ],
    })),
  };
}

const UNBOUNDED =
  "bound none: what was computed reports trouble of its own, such as mass at the walls; no bound holds, and the check fails.";

/** Planted faults as a table: where each was planted, and what caught it. */
export function faultTable(faults: readonly FaultResult[]): Table {
  const isUnbounded = faults.some(({ by }) => by !== null && boundText(by) === "none");
  return {
    columns: [
      { title: "planted in", align: "left" },
      { title: "fault", align: "left", wraps: 22 },
      { title: "caught by", align: "left", wraps: 18 },
      { title: "figure", align: "left", leaves: 2 },
      { title: "bound", align: "left", leaves: 1, ...(isUnbounded ? { note: UNBOUNDED } : {}) },
    ],
    rows: faults.map(({ place, mistake, changes, by }) => ({
      cells: [
        { text: place },
        { text: mistake },
        by === null ? uncaughtCell(changes) : { text: by.name, tone: "best" },
        { text: formatSignificant(by?.figure, 3) },
        { text: by === null ? "–" : boundText(by) },
      ],
    })),
  };
}

function uncaughtCell(changes: boolean): TableCell {
  return changes ? { text: "MISSED", tone: "bad" } : { text: "no effect", tone: "quiet" };
}

/** "≤ 1e-6" for errors, "≥ 1e-4" for p-values, "none" where a check failed because no bound can be given. */
export function boundText({ sense, tolerance, verdict }: Check): string {
  if (tolerance === null || Number.isNaN(tolerance)) return verdict === "fail" ? "none" : "–";
  return `${sense === "at-most" ? "≤" : "≥"} ${formatSignificant(tolerance, 3)}`;
}

function verdictCell({ verdict }: Check): TableCell {
  switch (verdict) {
    case "pass":
      return { text: "pass", tone: "best" };
    case "fail":
      return { text: "FAIL", tone: "bad" };
    case "reported":
      return { text: "reported", tone: "quiet" };
    case "skip":
      return { text: "skipped", tone: "quiet" };
  }
}
