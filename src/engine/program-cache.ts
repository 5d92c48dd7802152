import type { TensorSpec } from "./types.js";

interface Entry<P> {
  readonly program: Promise<P>;
  holders: number;
}

interface Disposable {
  dispose(): Promise<void>;
}

/** Keeps compiled programs by the function they come from and the shapes they are specialised to; the last holder's `dispose` frees one. */
export class ProgramCache<P extends Disposable> {
  readonly #byFunction = new Map<object, Map<string, Entry<P>>>();

  /** The program of `key`, compiled by `make` when absent, wrapped by `share` so that each holder's `dispose` counts once. */
  async get(
    owner: object,
    key: string,
    make: () => Promise<P>,
    share: (program: P, dispose: () => Promise<void>) => P,
  ): Promise<P> {
    const entries = this.#byFunction.get(owner) ?? new Map<string, Entry<P>>();
    this.#byFunction.set(owner, entries);
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { program: make(), holders: 0 };
      entries.set(key, entry);
    }
    const held = entry;
    held.holders += 1;
    let program: P;
    try {
      program = await held.program;
    } catch (error) {
      this.#forget(owner, key, held);
      throw error;
    }
    let released = false;
    return share(program, async () => {
      if (released) return;
      released = true;
      held.holders -= 1;
      if (held.holders > 0) return;
      this.#forget(owner, key, held);
      await program.dispose();
    });
  }

  /** Disposes everything, whoever still holds it. */
  async clear(): Promise<void> {
    const programs = [...this.#byFunction.values()].flatMap((entries) =>
      [...entries.values()].map(({ program }) => program),
    );
    this.#byFunction.clear();
    for (const outcome of await Promise.allSettled(programs)) {
      if (outcome.status === "fulfilled") await outcome.value.dispose();
    }
  }

  #forget(owner: object, key: string, entry: Entry<P>): void {
    const entries = this.#byFunction.get(owner);
    if (entries?.get(key) !== entry) return;
    entries.delete(key);
    if (entries.size === 0) this.#byFunction.delete(owner);
  }
}

/** A string that two lists of specs share exactly when names, shapes and types agree. */
export function specsKey(...lists: readonly (readonly TensorSpec[])[]): string {
  return JSON.stringify(lists.map((specs) => specs.map(({ name, shape, dtype }) => [name, shape, dtype ?? "float32"])));
}
