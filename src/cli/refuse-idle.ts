import type { Command } from "commander";
import { UsageError } from "../../solvers/errors.js";

/**
 * Refuses options of the command line that would change nothing. A file of --config may serve several verbs and runs, and is left alone.
 *
 * @throws UsageError naming the first that was given; `why` says beside what it has no effect
 */
export function refuseIdle(command: Command, names: readonly string[], why: string): void {
  const idle = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (idle === undefined) return;
  const flag = flagOf(command, idle);
  throw new UsageError(`${flag}: has no effect ${why} - leave --${flag} out`);
}

/** An option as it is typed, without its dashes: 'no-controls' of `controls` where that is all there is. */
function flagOf(command: Command, name: string): string {
  const options = command.options.filter((option) => option.attributeName() === name);
  const option = options.find(({ negate }) => !negate) ?? options[0];
  return option?.long?.slice(2) ?? name;
}
