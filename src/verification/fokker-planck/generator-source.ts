import type { Field } from "./field.js";
import { type Generator, scharfetterGummel, zeroGenerator } from "./generator.js";
import type { Mesh } from "./mesh.js";

const KEPT = 5;

/** Generators of a field on a mesh by clock reading; the five asked for last are kept, and no array is made after the fifth. */
export class GeneratorSource {
  readonly mesh: Mesh;
  readonly constant: boolean;
  readonly #field: Field;
  readonly #drift: Float64Array;
  readonly #kept: { reading: number; used: number; readonly generator: Generator }[] = [];
  #uses = 0;

  constructor(mesh: Mesh, field: Field) {
    this.mesh = mesh;
    this.constant = field.constant;
    this.#field = field;
    this.#drift = new Float64Array(mesh.faces.length);
  }

  /** The generator at clock reading c, valid until five others have been asked for. Ask for one at a time. */
  async at(c: number): Promise<Generator> {
    const reading = this.constant ? 0 : c;
    this.#uses++;
    let entry = this.#kept[0];
    for (const candidate of this.#kept) {
      if (candidate.reading === reading) {
        candidate.used = this.#uses;
        return candidate.generator;
      }
      if (entry === undefined || candidate.used < entry.used) entry = candidate;
    }
    if (entry === undefined || this.#kept.length < KEPT) {
      entry = { reading: Number.NaN, used: 0, generator: zeroGenerator(this.mesh.widths.length) };
      this.#kept.push(entry);
    }
    entry.used = this.#uses;
    entry.reading = Number.NaN;
    const diffusivity = await this.#field.at(c, this.mesh.faces, this.#drift);
    scharfetterGummel(this.mesh, this.#drift, diffusivity, entry.generator);
    entry.reading = reading;
    return entry.generator;
  }
}
