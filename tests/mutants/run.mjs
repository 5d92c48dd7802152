// Plants one fault at a time in a copy of the repository and expects its test to fail.
//
// usage: node tests/mutants/run.mjs [words…] [--jobs=2] [--list]
// Words select mutants whose file or test contains one of them. Exit code 1 when a mutant survives or cannot be planted.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const list = JSON.parse(readFileSync(join(root, "tests/mutants/mutants.json"), "utf8"));
const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const unknown = flags.find((flag) => !/^--(list|jobs=\d+)$/.test(flag));
if (unknown !== undefined) {
  console.error("usage: node tests/mutants/run.mjs [words…] [--jobs=2] [--list]");
  process.exit(unknown === "--help" ? 0 : 2);
}
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const jobs = Number(flags.find((flag) => flag.startsWith("--jobs="))?.slice(7) ?? 2);
const chosen = list.filter(
  ({ file, test }) => words.length === 0 || words.some((word) => file.includes(word) || test.includes(word)),
);

/** A test file that takes longer than this has lost its way: the fault shows. */
const LIMIT = 180_000;
const children = new Set();
const copies = [];
process.on("exit", () => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});
process.on("SIGINT", () => {
  for (const child of children) child.kill();
  process.exit(130);
});

function copyOfRepository() {
  const copy = mkdtempSync(join(tmpdir(), "score-sde-mutants-"));
  copies.push(copy);
  const { stdout } = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" });
  for (const file of stdout.split("\0")) {
    if (!/^(solvers|src|tests)\/|^[^/]+\.(json|ts)$/.test(file)) continue;
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    try {
      cpSync(join(root, file), join(copy, file));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Whether vitest passes on the test files. */
function passes(copy, tests) {
  return new Promise((done) => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const child = spawn(process.execPath, [vitest, "run", "--bail=1", ...tests], { cwd: copy, stdio: "ignore" });
    children.add(child);
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT * tests.length);
    child.on("exit", (code) => {
      clearTimeout(timer);
      children.delete(child);
      done(code === 0);
    });
  });
}

/** "caught", "SURVIVED" or why the fault cannot be planted. */
async function verdict(copy, { file, from, to, test }) {
  const path = join(copy, file);
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return "NO SUCH FILE";
  }
  const places = text.split(from).length - 1;
  if (places === 0) return "NOT FOUND";
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const survived = await passes(copy, [test]);
  writeFileSync(path, text);
  return survived ? "SURVIVED" : "caught";
}

const short = (text) => text.replace(/\s+/g, " ").trim().slice(0, 60);
const line = ({ file, from, to, test }) => `${file}: ${short(from)} → ${short(to) || "(nothing)"}  [${test}]`;

if (flags.includes("--list")) {
  for (const mutant of chosen) console.log(line(mutant));
  process.exit(0);
}

const workers = Array.from({ length: Math.max(1, Math.min(jobs, chosen.length)) }, copyOfRepository);
const tests = [...new Set(chosen.map(({ test }) => test))];
if (!(await passes(workers[0], tests))) {
  console.error(`the tests fail without any mutant: npx vitest run ${tests.join(" ")}`);
  process.exit(1);
}
const verdicts = [];
const queue = [...chosen];
await Promise.all(
  workers.map(async (copy) => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const result = await verdict(copy, mutant);
      verdicts.push(result);
      console.log(`${result.padEnd(8)}  ${line(mutant)}`);
    }
  }),
);
const caught = verdicts.filter((result) => result === "caught").length;
const survived = verdicts.filter((result) => result === "SURVIVED").length;
const broken = verdicts.length - caught - survived;
console.log(`${caught} caught, ${survived} survived${broken > 0 ? `, ${broken} could not be planted` : ""}`);
process.exit(caught === verdicts.length ? 0 : 1);
