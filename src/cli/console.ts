import { writeSync } from "node:fs";
import cliProgress from "cli-progress";

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Console {
  /** Writes a result; a closed pipe ends quietly. */
  result(text: string): void;
  /** Writes a message for people, unless --quiet. */
  message(text: string): void;
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
    result: (text) => writeAll(text),
    message(text) {
      if (!quiet) stderr.write(`${text}\n`);
    },
    progress() {
      if (quiet || !stderr.isTTY) return { update: () => {}, stop: () => {} };
      const bar = new cliProgress.SingleBar({
        format: " {bar} {percentage}% | {eta_formatted} left | {what}",
        stream: stderr,
        clearOnComplete: true,
        hideCursor: true,
        barsize: 24,
      });
      bar.start(1000, 0, { what: "" });
      return { update: (what, fraction) => bar.update(Math.round(1000 * fraction), { what }), stop: () => bar.stop() };
    },
    colour: stdout.isTTY === true && !process.env.NO_COLOR,
    width: stdout.isTTY === true ? stdout.columns : 120,
  };
}

/** Writes everything before returning, so that an exit right after loses nothing. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EAGAIN") continue;
      // The reader has left (`| head`): nobody is there to tell.
      if (code === "EPIPE") process.exit(0);
      throw error;
    }
  }
}
