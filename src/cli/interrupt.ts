import { ExitCode } from "./exit-code.js";

/** Runs work that Ctrl-C stops gently: the first one aborts the signal, the second one ends the process. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T; readonly interrupted: boolean }> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(ExitCode.INTERRUPTED);
    controller.abort();
  };
  process.on("SIGINT", stop);
  try {
    const value = await work(controller.signal);
    return { value, interrupted: controller.signal.aborted };
  } finally {
    process.off("SIGINT", stop);
  }
}
