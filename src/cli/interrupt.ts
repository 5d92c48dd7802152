import { ExitCode } from "./exit-code.js";

/** Runs work that Ctrl-C (or a termination request) stops gently: the first one aborts the signal, the second one ends the process. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T; readonly interrupted: boolean }> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(ExitCode.INTERRUPTED);
    controller.abort();
    if (process.stderr.isTTY) process.stderr.write("\nstopping - once more ends at once\n");
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const value = await work(controller.signal);
    return { value, interrupted: controller.signal.aborted };
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
