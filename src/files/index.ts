export { fileError } from "./file-error.js";
export { ARRAY_EXTENSIONS, type ReadArrayOptions, readArray } from "./read-array.js";
export { type WriteArrayOptions, writeArray } from "./write-array.js";
export { writeFileAtomically } from "./write-file-atomically.js";
