import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { UsageError } from "../../solvers/errors.js";
import { fileError, writeFileAtomically } from "../files/index.js";
import { dumpNpy, parseNpy } from "../files/npy.js";
import { type CheckpointFacts, formatFacts, parseFacts, sha256 } from "./checkpoint-facts.js";
import type { OptimiserState } from "./optimiser.js";

/** What a checkpoint keeps: enough to go on with the same bits, and to use the model. */
export interface Checkpoint extends CheckpointFacts {
  readonly state: OptimiserState;
}

/** A checkpoint found on disk, and why newer ones were passed over. */
export interface FoundCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  readonly refused: readonly string[];
}

/** Folder of checkpoints inside the directory of a run. */
const FOLDER = "checkpoints";
/** Start of the name of a checkpoint that is being written: then its step and the process. */
const PART = ".part-";
const KEPT = 2;
const ARRAYS = ["parameters", "firstMoment", "secondMoment", "average"] as const;

/**
 * Writes `directory`/checkpoints/step-…: the folder is complete or absent. Older ones than the newest two are removed.
 *
 * @throws UsageError naming the path when it cannot be written; what was there before stays
 */
export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<string> {
  const { state, ...facts } = checkpoint;
  const path = pathOf(directory, checkpoint.step);
  const beside = join(directory, FOLDER, `${PART}${checkpoint.step}-${process.pid}`);
  try {
    await rm(beside, { recursive: true, force: true });
    await mkdir(beside, { recursive: true });
    const files: Record<string, string> = {};
    for (const name of ARRAYS) {
      const values = state[name];
      const bytes = await dumpNpy(values instanceof Float64Array ? values : Float64Array.from(values), [values.length]);
      files[name] = sha256(bytes);
      await writeFileAtomically(join(beside, `${name}.npy`), bytes);
    }
    await writeFileAtomically(join(beside, "checkpoint.json"), formatFacts({ ...facts, files }));
    await rm(path, { recursive: true, force: true });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    throw fileError("write", path, cause);
  }
  for (const old of (await checkpointNames(directory)).slice(KEPT)) {
    await rm(join(directory, FOLDER, old), { recursive: true, force: true });
  }
  return path;
}

/** Removes the checkpoint of a step. */
export async function removeCheckpoint(directory: string, step: number): Promise<void> {
  await rm(pathOf(directory, step), { recursive: true, force: true });
}

function pathOf(directory: string, step: number): string {
  return join(directory, FOLDER, `step-${String(step).padStart(9, "0")}`);
}

/** Removes what processes that ended in the middle of a checkpoint left of it. */
export async function removeParts(directory: string): Promise<void> {
  const folder = join(directory, FOLDER);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(PART) && !isRunning(Number(one.split("-").at(-1))))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * The newest sound checkpoint of a run's directory, or null where there is none at all.
 *
 * @param accept gives the reason why a sound checkpoint is not wanted, or null
 * @throws UsageError with every reason when there are checkpoints and none can be used
 */
export async function findCheckpoint(
  directory: string,
  accept: (checkpoint: Checkpoint) => string | null = () => null,
): Promise<FoundCheckpoint | null> {
  const refused: string[] = [];
  for (const name of await checkpointNames(directory)) {
    const path = join(directory, FOLDER, name);
    try {
      const checkpoint = await readCheckpoint(path);
      const reason = accept(checkpoint);
      if (reason === null) return { path, checkpoint, refused };
      refused.push(`${path}: ${reason}`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push(error.message);
    }
  }
  if (refused.length === 0) return null;
  throw new UsageError(`${directory}: none of its checkpoints can be used:\n  ${refused.join("\n  ")}`);
}

/**
 * Reads and checks one checkpoint folder.
 *
 * @throws UsageError naming the file that is missing, torn or of another kind
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = join(path, "checkpoint.json");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw fileError("read", file, cause);
  });
  const parsed = parseFacts(file, text);
  const arrays: Record<(typeof ARRAYS)[number], Float64Array> = {
    parameters: new Float64Array(0),
    firstMoment: new Float64Array(0),
    secondMoment: new Float64Array(0),
    average: new Float64Array(0),
  };
  for (const name of ARRAYS) {
    const arrayFile = join(path, `${name}.npy`);
    const bytes = await readFile(arrayFile).catch((cause: unknown) => {
      throw fileError("read", arrayFile, cause);
    });
    if (sha256(bytes) !== parsed.files[name]) {
      throw new UsageError(
        `${arrayFile}: its checksum is not the one in checkpoint.json - the file is torn or was changed`,
      );
    }
    arrays[name] = (await parseNpy(bytes, arrayFile)).data;
  }
  const length = arrays.parameters.length;
  const odd = ARRAYS.find((name) => arrays[name].length !== length);
  if (odd !== undefined) {
    throw new UsageError(`${path}: ${odd} must hold ${length} numbers like parameters, but got ${arrays[odd].length}`);
  }
  const { step, identity, standardisation, engine, running } = parsed;
  return {
    step,
    identity,
    standardisation,
    engine,
    running,
    state: { ...arrays, parameters: Float32Array.from(arrays.parameters) },
  };
}

/** Names of checkpoint folders, newest first. */
export async function checkpointNames(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, FOLDER)).catch(() => []);
  return names.filter((name) => /^step-\d+$/.test(name)).sort((a, b) => (a < b ? 1 : -1));
}
