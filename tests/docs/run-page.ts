import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Tolerance } from "./compare-output.js";
import { type Block, type Page, ROOT } from "./page.js";

/** What a block did. */
export interface Run {
  readonly code: number;
  /** stdout; stderr too where the block is expected to fail. */
  readonly printed: string;
  readonly stderr: string;
}

/** The folder in which a page is run. It lies inside the package, so that programs find `score-sde` by its name. */
export interface Workplace {
  readonly folder: string;
  run(block: Block): Promise<Run>;
  close(): void;
}

/** Characters per line of what commands print. */
const COLUMNS = 120;

/** Why a block is not run, or null. */
export function reasonNotToRun({ directives }: Block, slow = false): string | null {
  return directives.get("not run") ?? (slow ? undefined : directives.get("slow")) ?? null;
}

/** What of a block's output may differ. */
export function toleranceOf({ directives }: Block): Tolerance {
  const varies = directives.get("varies")?.split(/, */);
  const within = directives.get("within");
  return { ...(varies === undefined ? {} : { varies }), ...(within === undefined ? {} : { within: Number(within) }) };
}

export function openWorkplace(): Workplace {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "dist", "docs-"));
  const programs = mkdtempSync(join(ROOT, "dist", "docs-bin-"));
  const main = join(ROOT, "dist", "src", "cli", "main.js");
  // npx itself takes half a second to find the program that stands here.
  const scripts = {
    "score-sde": `exec ${quoted(process.execPath)} ${quoted(main)} "$@"`,
    npx: `[ "$1" = score-sde ] && shift && exec score-sde "$@"\nPATH=\${PATH#*:} exec npx "$@"`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  let count = 0;
  return {
    folder,
    async run(block) {
      const { language, code, directives } = block;
      const file = directives.get("file");
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), `${code}\n`);
        return { code: 0, printed: "", stderr: "" };
      }
      const cwd = directives.get("in") === "repository" ? ROOT : folder;
      const fails = Number(directives.get("exits") ?? 0) !== 0;
      if (language === "sh") return execute("bash", ["-euo", "pipefail", "-c", code], { cwd, programs, fails });
      if (language === "python") return execute("python3", ["-c", code], { cwd, programs, fails });
      const program = join(folder, `program-${++count}.mjs`);
      writeFileSync(program, language === "ts" ? withoutTypes(code) : code);
      return execute(process.execPath, [program], { cwd, programs, fails });
    },
    close() {
      for (const path of [folder, programs]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Complaints of the compiler about the ts programs of some pages, as a user's strict project would see them. */
export function typeErrors(pages: readonly Page[]): string[] {
  const folder = mkdtempSync(join(ROOT, "dist", "docs-types-"));
  try {
    const names = new Map<string, string>();
    for (const { path, blocks } of pages) {
      for (const block of blocks) {
        if (block.language !== "ts" || block.directives.has("not run")) continue;
        const file = join(folder, block.directives.get("file") ?? `${path.replaceAll("/", "-")}-${block.line}.ts`);
        writeFileSync(file, block.code);
        names.set(file, `${path}:${block.line}`);
      }
    }
    const { NodeNext } = ts.ModuleKind;
    const program = ts.createProgram([...names.keys()], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const row = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      const where = file === undefined ? "" : (names.get(file.fileName) ?? file.fileName);
      return `${where} + ${row}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withoutTypes(code: string): string {
  return ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;
}

interface Surroundings {
  readonly cwd: string;
  readonly programs: string;
  readonly fails: boolean;
}

function execute(command: string, words: readonly string[], { cwd, programs, fails }: Surroundings): Promise<Run> {
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH ?? ""}`, COLUMNS: `${COLUMNS}`, NO_COLOR: "1" };
  delete (env as NodeJS.ProcessEnv).FORCE_COLOR;
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const texts = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      texts.out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      texts.err += text;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? 1, printed: fails ? texts.out + texts.err : texts.out, stderr: texts.err }),
    );
  });
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
