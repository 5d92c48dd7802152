// Executes every notebook headlessly, without Jupyter; exits 1 when a cell fails.
//   node notebooks/run.mjs [NAME …]          writes the outputs into the notebooks
//   node notebooks/run.mjs --check [NAME …]  writes nothing; exits 1 when text outputs differ from those in the notebooks
import { fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const words = process.argv.slice(2);
const isCheck = words.includes("--check");
const wanted = words.filter((word) => !word.startsWith("--"));
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".ipynb") && (wanted.length === 0 || wanted.some((word) => file.includes(word))))
  .sort();

if (!existsSync(join(folder, "node_modules/tslab"))) fail("tslab is missing: run `npm ci --prefix notebooks` first");
if (!existsSync(join(folder, "../dist/src/index.js"))) fail("the package is not built: run `npm run build` first");
if (files.length === 0) fail(`no notebook is named ${wanted.join(", ")}`);

let bad = 0;
for (const file of files) {
  const started = performance.now();
  const path = join(folder, file);
  const { notebook, failed } = await execute(path);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (failed !== null) {
    bad += 1;
    process.stderr.write(`FAILED ${file}, cell ${failed.cell}:\n${failed.code}\n\n${failed.message}\n`);
    continue;
  }
  const different = isCheck ? differences(JSON.parse(readFileSync(path, "utf8")), notebook) : [];
  if (different.length > 0) {
    bad += 1;
    process.stderr.write(`DIFFERS ${file} (${seconds} s):\n${different.join("\n")}\n`);
  } else process.stdout.write(`ok ${file} (${seconds} s)\n`);
  if (!isCheck) writeFileSync(path, `${JSON.stringify(sorted(notebook), null, 1)}\n`);
}
process.stdout.write(
  `${files.length - bad} of ${files.length} notebooks ${isCheck ? "reproduced" : "executed"}` + "\n",
);
process.exit(bad === 0 ? 0 : 1);

function execute(path) {
  return new Promise((resolve) => {
    const child = fork(join(folder, "execute.mjs"), [path], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    let answer = {
      notebook: null,
      failed: { cell: "?", code: "", message: "the kernel ended before the notebook did" },
    };
    child.on("message", (message) => {
      answer = message;
    });
    child.on("exit", () => resolve(answer));
  });
}

/** Cells whose text outputs differ: pictures may differ in the last digit of a coordinate, text may not. */
function differences(before, after) {
  const texts = ({ outputs = [] }) =>
    outputs.map(({ name, text, data = {} }) => [
      name,
      [text ?? []].flat().join(""),
      Object.keys(data),
      [data["text/markdown"] ?? []].flat().join(""),
    ]);
  return after.cells.flatMap((cell, index) => {
    const [old, fresh] = [texts(before.cells[index]), texts(cell)].map((value) => JSON.stringify(value));
    return old === fresh ? [] : [`cell ${index}\n  in the file: ${old}\n  this run:    ${fresh}`];
  });
}

/** Keys in alphabetical order, as Jupyter writes them. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
