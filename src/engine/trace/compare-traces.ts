import type { Trace, TracedValue } from "./trace.js";

/** What differs between two traces of one function, in words; undefined when nothing does. Constants must be equal bit for bit. */
export function compareTraces(first: Trace, second: Trace): string | undefined {
  if (first.nodes.length !== second.nodes.length)
    return `the number of operations changes (${first.nodes.length}, then ${second.nodes.length})`;
  for (const [index, node] of first.nodes.entries()) {
    const other = second.nodes[index]!;
    if (node.kernel !== other.kernel) return `operation ${index} changes (${node.kernel}, then ${other.kernel})`;
    const [here, there] = [stable(node.attrs), stable(other.attrs)];
    if (here !== there) return `an attribute of ${node.kernel} changes (${here}, then ${there})`;
    const names = Object.keys(node.inputs);
    for (const name of names) {
      const change = compareValues(node.inputs[name]!, other.inputs[name]);
      if (change !== undefined) return `${change} in ${node.kernel}`;
    }
  }
  for (const [index, output] of first.outputs.entries()) {
    const change = compareValues(output, second.outputs[index]);
    if (change !== undefined) return `${change} in output ${index}`;
  }
  return undefined;
}

function compareValues(here: TracedValue, there: TracedValue | undefined): string | undefined {
  if (there === undefined || String(here.shape) !== String(there.shape)) return "a shape changes";
  if (here.constant === undefined && there.constant === undefined)
    return here.id === there.id ? undefined : "the wiring changes";
  const [a, b] = [here.constant, there.constant];
  if (a === undefined || b === undefined || a.length !== b.length) return "a constant changes";
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return `a constant changes (${a[i]}, then ${b[i]})`;
  }
  return undefined;
}

function stable(attrs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(attrs, (_key, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}
