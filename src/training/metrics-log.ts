import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileError, writeFileAtomically } from "../files/index.js";
import { isRecord } from "./is-record.js";
import type { TrainReport } from "./train-result.js";

/** The file metrics.jsonl of a run's directory: one report per line. */
export class MetricsLog {
  readonly #path: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, "metrics.jsonl");
  }

  /** @throws UsageError when the file cannot be written */
  async append(report: TrainReport): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      await appendFile(this.#path, `${JSON.stringify(report)}\n`);
    } catch (cause) {
      throw fileError("write", this.#path, cause);
    }
  }

  /** Cuts what was reported after `step` (a torn last line too) and returns the rest. */
  async rewind(step: number): Promise<TrainReport[]> {
    const text = await readFile(this.#path, "utf8").catch(() => "");
    const kept = text.split("\n").flatMap((line) => {
      const report = readReport(line);
      return report === null || report.step > step ? [] : [report];
    });
    await writeFileAtomically(this.#path, kept.map((report) => `${JSON.stringify(report)}\n`).join(""));
    return kept;
  }
}

function readReport(line: string): TrainReport | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  return isReport(value) ? value : null;
}

function isReport(value: unknown): value is TrainReport {
  return isRecord(value) && typeof value.step === "number" && typeof value.loss === "number";
}
