import { createHash } from "node:crypto";
import { UsageError } from "../../solvers/errors.js";
import { isRecord } from "./is-record.js";

const SCHEMA = "score-sde/checkpoint@1";

/** What a checkpoint keeps beside its arrays. */
export interface CheckpointFacts {
  /** Steps finished. */
  readonly step: number;
  /** Settings that decide the run's bits; see `identityOf`. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Affine map of the data's columns, or null. */
  readonly standardisation: unknown;
  /** The engine that computed it, in words. */
  readonly engine: string;
  /** Sum and number of losses since the last report. */
  readonly running: { readonly sum: number; readonly count: number };
}

/** What checkpoint.json holds: the facts, and the checksum of each array's file. */
export interface CheckpointFile extends CheckpointFacts {
  readonly files: Readonly<Record<string, unknown>>;
}

/** The text of checkpoint.json, with its own checksum. */
export function formatFacts(facts: CheckpointFile): string {
  const body = { schema: SCHEMA, ...facts };
  return `${JSON.stringify({ ...body, sha256: sha256(JSON.stringify(body)) }, null, 2)}\n`;
}

/** The facts in the text of checkpoint.json. @throws UsageError where it is torn or of another kind */
export function parseFacts(file: string, text: string): CheckpointFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${file}: is not JSON, the file is torn or of another kind`, { cause });
  }
  if (!isRecord(value) || value.schema !== SCHEMA) {
    const schema = isRecord(value) ? JSON.stringify(value.schema) : typeof value;
    throw new UsageError(
      `${file}: must have the schema "${SCHEMA}", but got ${schema} - it is no checkpoint of this version`,
    );
  }
  const { sha256: checksum, ...body } = value;
  if (sha256(JSON.stringify(body)) !== checksum) {
    throw new UsageError(`${file}: its checksum is wrong - the file is torn or was changed`);
  }
  const { step, identity, standardisation, engine, running, files } = body;
  const isComplete =
    typeof step === "number" &&
    Number.isInteger(step) &&
    step >= 0 &&
    isRecord(identity) &&
    typeof engine === "string" &&
    isRecord(running) &&
    typeof running.sum === "number" &&
    typeof running.count === "number" &&
    isRecord(files);
  if (!isComplete) throw new UsageError(`${file}: lacks an entry - it is no checkpoint of this version`);
  return {
    step,
    identity,
    standardisation,
    engine,
    running: { sum: Number(running.sum), count: Number(running.count) },
    files,
  };
}

/** The SHA-256 of bytes or text, in hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
