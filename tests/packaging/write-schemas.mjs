// Writes the JSON Schema of every verb's configuration file to dist/schema, for editors of those who install the package.
import { mkdirSync, writeFileSync } from "node:fs";
import { configJsonSchema } from "../../dist/src/cli/config-schema.js";
import { VERBS } from "../../dist/src/cli/verbs.js";

const folder = new URL("../../dist/schema/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const { name, load } of VERBS) {
  const command = await load();
  if (!command.options.some(({ long }) => long === "--config")) continue;
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(await configJsonSchema(command), null, 2)}\n`);
}
