import type { Console, ProgressBar } from "./console.js";
import { interruptible } from "./interrupt.js";

/** Work that can be stopped and tells how far it is. */
export type Work<T> = (signal: AbortSignal, onProgress: ProgressBar["update"]) => Promise<T>;

/** Runs work, its progress on the terminal, until it ends or Ctrl-C stops it. */
export async function withProgress<T>(
  terminal: Console,
  work: Work<T>,
): Promise<{ readonly value: T; readonly interrupted: boolean }> {
  const bar = terminal.progress();
  return interruptible((signal) => work(signal, bar.update)).finally(() => bar.stop());
}

/** As `withProgress`, for work that is nothing before its end: null, and a word to the reader, after Ctrl-C. */
export async function wholeWithProgress<T>(terminal: Console, work: Work<T>): Promise<T | null> {
  const { value, interrupted } = await withProgress(terminal, (signal, onProgress) =>
    work(signal, onProgress).catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    }),
  );
  if (value !== null && !interrupted) return value;
  terminal.warning("interrupted: no result");
  return null;
}
