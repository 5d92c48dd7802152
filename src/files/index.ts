export { fileError } from "./file-error.js";
export { openRows } from "./open-rows.js";
export { encodePicture } from "./png.js";
export { ARRAY_EXTENSIONS, type ReadArrayOptions, readArray } from "./read-array.js";
export { allRows, arrayRows, columnsOf, type Rows } from "./rows.js";
export { type WriteArrayOptions, writeArray } from "./write-array.js";
export { writeFileAtomically } from "./write-file-atomically.js";
