import type { CompletionOption, CompletionVerb } from "./completion-data.js";

/** Shells with a completion script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** The script that teaches a shell to complete `program`. */
export function completionScript(shell: Shell, program: string, verbs: readonly CompletionVerb[]): string {
  switch (shell) {
    case "bash":
      return bashScript(program, verbs);
    case "zsh":
      // zsh reads bash's form; its own line only loads the reader.
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program, verbs)}`;
    case "fish":
      return fishScript(program, verbs);
  }
}

function bashScript(program: string, verbs: readonly CompletionVerb[]): string {
  const name = `_${program.replaceAll("-", "_")}`;
  const values = verbs.flatMap((verb) => verb.options.flatMap((option) => bashValue(verb, option)));
  const words = verbs.map(
    ({ name: verb, options, words: own }) =>
      `    ${verb}) words=${quoted([...own, ...options.flatMap(({ flags }) => flags)].join(" "))} ;;`,
  );
  return `${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" verb="" word="" words="" prefix=""
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) verb="$word"; break ;; esac
  done
  case "$verb $prev" in
${values.join("\n")}
  esac
  case "$verb" in
    "") words=${quoted([...verbs.map((verb) => verb.name), "help"].join(" "))} ;;
    help) words=${quoted(verbs.map((verb) => verb.name).join(" "))} ;;
${words.join("\n")}
  esac
  COMPREPLY=( $(compgen -W "$words" -- "$cur") )
}
complete -F ${name} ${program}
`;
}

function bashValue(verb: CompletionVerb, { flags, value }: CompletionOption): string[] {
  const pattern = flags.map((flag) => quoted(`${verb.name} ${flag}`)).join("|");
  switch (value.kind) {
    case "nothing":
      return [];
    case "words":
      return [`    ${pattern}) COMPREPLY=( $(compgen -W ${quoted(value.words.join(" "))} -- "$cur") ); return ;;`];
    case "list":
      return [
        `    ${pattern})
      case "$cur" in *,*) prefix="\${cur%,*}," ;; esac
      COMPREPLY=( $(compgen -P "$prefix" -W ${quoted(value.words.join(" "))} -- "\${cur##*,}") ); return ;;`,
      ];
    case "file":
      return [`    ${pattern}) COMPREPLY=( $(compgen -f -- "$cur") ); return ;;`];
    case "directory":
      return [`    ${pattern}) COMPREPLY=( $(compgen -d -- "$cur") ); return ;;`];
    case "anything":
      return [`    ${pattern}) return ;;`];
  }
}

function fishScript(program: string, verbs: readonly CompletionVerb[]): string {
  const none = "__fish_use_subcommand";
  const lines = [`complete -c ${program} -f`];
  for (const { name, description, words, options } of verbs) {
    lines.push(`complete -c ${program} -n ${none} -a ${name} -d ${quoted(description)}`);
    const within = `complete -c ${program} -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    for (const word of words) lines.push(`${within} -a ${quoted(word)}`);
    for (const option of options) lines.push(`${within} ${fishOption(option)}`);
  }
  return `${lines.join("\n")}\n`;
}

function fishOption({ flags, description, value }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, `-d ${quoted(description)}`, fishValue(value)].filter((part) => part !== "").join(" ");
}

function fishValue(value: CompletionOption["value"]): string {
  switch (value.kind) {
    case "nothing":
      return "";
    case "words":
      return `-x -a ${quoted(value.words.join(" "))}`;
    case "list":
      return `-x -a ${quoted(`(__fish_append , ${value.words.join(" ")})`)}`;
    case "file":
      return "-r -F";
    case "directory":
      return `-x -a ${quoted("(__fish_complete_directories)")}`;
    case "anything":
      return "-x";
  }
}

/** A word in single quotes, as all three shells read it: it must not hold a quote, so that becomes a typographic one. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
