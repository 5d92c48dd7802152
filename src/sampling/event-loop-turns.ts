/** Rows times steps between two turns: some ten milliseconds of work on an exact score. */
const WORK = 65_536;

/**
 * Lets signals and timers have their turn after enough work; without it they would wait for the last step.
 *
 * @returns to be called, and awaited, after a step of so many rows
 */
export function eventLoopTurns(work = WORK): (rows: number) => Promise<void> | undefined {
  let done = 0;
  return (rows) => {
    done += rows;
    if (done < work) return undefined;
    done = 0;
    return new Promise((resolve) => setImmediate(resolve));
  };
}
