import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { fileError } from "../files/file-error.js";

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Console {
  /** Writes a result; where the reader has left, nothing. */
  result(text: string): void;
  /** Writes a message for people to a terminal's stderr, unless --quiet. */
  message(text: string): void;
  /** Writes what a reader of the result must know, to any stderr, even with --quiet. */
  warning(text: string): void;
  /** A progress bar on a terminal's stderr; silent elsewhere. */
  progress(): ProgressBar;
  readonly colour: boolean;
  readonly width: number;
}

export interface ProgressBar {
  update(what: string, fraction: number): void;
  stop(): void;
}

/** The console of this process. */
export function processConsole({ quiet = false }: { quiet?: boolean } = {}): Console {
  const { stdout, stderr } = process;
  return {
    result: writeAll,
    message(text) {
      if (!quiet && stderr.isTTY) stderr.write(`${text}\n`);
    },
    warning(text) {
      stderr.write(`${text}\n`);
    },
    progress: () => (quiet || !stderr.isTTY ? { update: () => {}, stop: () => {} } : progressBar()),
    colour: wantsColour(process.env, stdout.isTTY === true),
    width: lineWidth(process.env, stdout),
  };
}

/** Whether to write colours: FORCE_COLOR wins, then NO_COLOR (any text) and TERM=dumb forbid them, else only on a terminal. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return isTerminal && (no ?? "") === "" && term !== "dumb";
}

/** Characters per line: the terminal's, elsewhere those that COLUMNS names, or 120. */
export function lineWidth(
  env: Readonly<Record<string, string | undefined>>,
  { isTTY = false, columns = 0 }: { readonly isTTY?: boolean; readonly columns?: number },
): number {
  // Some pseudo-terminals say that they have no columns at all.
  if (isTTY) return columns > 0 ? columns : 80;
  const asked = Number(env.COLUMNS);
  return Number.isInteger(asked) && asked >= 20 ? asked : 120;
}

function progressBar(): ProgressBar {
  const library: typeof import("cli-progress") = createRequire(import.meta.url)("cli-progress");
  // A hidden cursor would stay hidden after a kill.
  const bar = new library.SingleBar({
    format: " {bar} {percentage}%{eta_formatted}{what}",
    // What is not known yet comes as the text 'INF' or 'NULL'.
    formatTime: (left, options, round) =>
      Number.isFinite(left) ? ` | ${library.Format.TimeFormat(left, options, round)} left` : "",
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: false,
    barsize: 24,
  });
  bar.start(1000, 0, { what: "" });
  return {
    update: (what, fraction) => bar.update(Math.round(1000 * fraction), { what: ` | ${what}` }),
    stop: () => bar.stop(),
  };
}

let readerHasLeft = false;

/** Writes everything before returning, so that an exit right after loses nothing. @throws UsageError on a full disk */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0 && !readerHasLeft) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EAGAIN") continue;
      // `| head`: files may still have to be written, so only the printing ends.
      if (code === "EPIPE") readerHasLeft = true;
      else throw fileError("write", "standard output", error);
    }
  }
}
