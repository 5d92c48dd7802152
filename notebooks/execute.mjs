// Runs one notebook through tslab's own kernel classes, as the kernel would, without Jupyter.
// Usage: node execute.mjs FILE; the executed notebook comes back as a message to the parent process.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const file = process.argv[2];
process.chdir(dirname(file));
const require = createRequire(import.meta.url);
const { createConverter } = require("./node_modules/tslab/dist/converter.js");
const { createExecutor } = require("./node_modules/tslab/dist/executor.js");
const { JupyterHandlerImpl } = require("./node_modules/tslab/dist/jupyter.js");

const node = createConverter({ isJS: false, isBrowser: false });
const converters = { node, browser: node, close: () => node.close() };
const kernel = new JupyterHandlerImpl(createExecutor(process.cwd(), converters, console), false);

const notebook = JSON.parse(readFileSync(file, "utf8"));
const lines = (text) => text.split(/(?<=\n)/);
let failed = null;

for (const [index, cell] of notebook.cells.entries()) {
  if (cell.cell_type !== "code") continue;
  cell.outputs = [];
  cell.execution_count = null;
  if (failed !== null) continue;
  const onStream = (name, text) => {
    const last = cell.outputs.at(-1);
    if (last?.name === name) last.text = lines(last.text.join("") + text);
    else cell.outputs.push({ name, output_type: "stream", text: lines(text) });
  };
  const onDisplay = ({ data, metadata }) => {
    const split = Object.entries(data).map(([type, value]) => [type, typeof value === "string" ? lines(value) : value]);
    cell.outputs.push({ data: Object.fromEntries(split), metadata, output_type: "display_data" });
  };
  const code = [cell.source].flat().join("");
  const { status, execution_count } = await kernel.handleExecute({ code }, onStream, onDisplay);
  cell.execution_count = execution_count ?? null;
  if (status !== "ok") {
    const errors = cell.outputs.filter(({ name }) => name === "stderr").flatMap(({ text }) => text);
    failed = { cell: index, code, message: errors.join("") };
  }
}
const { language_info } = kernel.handleKernel();
notebook.metadata.language_info = language_info;
process.send({ notebook, failed }, () => process.exit(0));
