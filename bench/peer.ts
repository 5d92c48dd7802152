import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measure.js";

interface Answer extends Partial<Measured> {
  readonly output?: readonly number[];
  readonly version?: string;
}

/** A script of this folder as a process that answers one question at a time, in lines of JSON. */
export class Peer {
  readonly #script: string;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** `variables` of its environment, beside those of this process. */
  constructor(program: string, script: string, variables: Readonly<Record<string, string>> = {}) {
    this.#script = script;
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#process = spawn(program, [path], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...variables },
    });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Throws when the process has ended. */
  async ask(question: Readonly<Record<string, unknown>>): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.#script} ended`);
    return JSON.parse(value);
  }

  async measure(question: Readonly<Record<string, unknown>>): Promise<Measured> {
    const { runs, wall, cpu } = await this.ask(question);
    return { runs: runs!, wall: wall!, cpu: cpu! };
  }

  close(): void {
    this.#process.stdin!.end();
  }
}
