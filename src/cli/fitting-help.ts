import type { AddHelpTextContext } from "commander";

/** Text below the help, broken where the terminal is narrow: commands stay commands, with a backslash at each break. */
export function fitting(text: string): (context: AddHelpTextContext) => string {
  return ({ command }) => {
    const width = command.configureOutput().getOutHelpWidth?.();
    if (width === undefined) return text;
    const help = command.createHelp();
    help.minWidthToWrap = 20;
    const wrap = (line: string, room: number) => help.boxWrap(line, room).split("\n");
    return text
      .split("\n")
      .flatMap((line) => fitLine(line, width, wrap))
      .join("\n");
  };
}

function fitLine(line: string, width: number, wrap: (line: string, room: number) => string[]): string[] {
  if (line.length <= width) return [line];
  const [, example, meaning] = /^( {2}\$ .*?\S) {2,}(.+)$/.exec(line) ?? [];
  if (example !== undefined && meaning !== undefined) return [...fitLine(example, width, wrap), `      ${meaning}`];
  if (!line.startsWith("  $ ")) return wrap(line, width);
  // Four columns of indent and two of the backslash.
  const pieces = wrap(line.trimStart(), width - 6);
  return pieces.map((piece, i) => `${i === 0 ? "  " : "    "}${piece}${i === pieces.length - 1 ? "" : " \\"}`);
}
