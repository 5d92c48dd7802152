// Compiles assembly/ and writes kernels.generated.ts: `npm run kernels`. With --check, exits 1 where the file is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL("./assembly", import.meta.url));
const place = new URL("./kernels.generated.ts", import.meta.url);
const options = "index.ts -O3 --runtime stub --enable simd --noAssert --use abort= --initialMemory 16 -o k.wasm";
let wasm;
const { error, stderr } = await asc.main([...options.split(" "), "--baseDir", folder], {
  writeFile: (_name, contents) => {
    wasm = contents;
  },
});
if (error !== null) {
  process.stderr.write(`${stderr}${error.message}\n`);
  process.exit(1);
}
const text = `/** The WebAssembly module of assembly/, made by generate.mjs, as base64. */
export const KERNELS =
  "${Buffer.from(wasm).toString("base64")}";
`;
if (!process.argv.includes("--check")) writeFileSync(place, text);
else if (readFileSync(place, "utf8") !== text) {
  process.stderr.write("kernels.generated.ts is not what assembly/ compiles to: npm run kernels\n");
  process.exit(1);
}
