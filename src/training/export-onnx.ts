import { UsageError } from "../../solvers/errors.js";
import type { Prediction } from "../../solvers/types.js";
import { type FunctionSpec, exportOnnx as writeOnnx } from "../engine/index.js";
import { writeFileAtomically } from "../files/index.js";
import { coefficientTable, lookUp } from "./coefficient-table.js";
import type { NetworkModel } from "./network-model.js";
import { predictionMap } from "./preconditioning.js";

/** Options of `exportOnnx`. */
export interface ExportOptions {
  /** What the file's output is; default 'score'. */
  readonly predicts?: Prediction;
}

/** Schema named in the metadata of exported files. */
export const MODEL_SCHEMA = "score-sde/model@1";

/**
 * Writes a trained network as ONNX: inputs `x` [batch, …shape], `t` [batch] and, with classes, the one-hot `label`
 * [batch, classes]; one output, named for what it is. The batch size is free, preconditioning is inside, and times in
 * [tMin, tMax] agree with the model to a few float32 roundings. Metadata: schema, sde, predicts, dimension, shape,
 * classes, standardisation.
 *
 * @throws UsageError for an ending other than .onnx, or a path that cannot be written
 */
export async function exportOnnx(model: NetworkModel, path: string, options: ExportOptions = {}): Promise<void> {
  if (!path.toLowerCase().endsWith(".onnx")) {
    throw new UsageError(`${path}: an exported model must end in .onnx - rename it`);
  }
  await writeFileAtomically(path, await onnxBytes(model, options));
}

/** The bytes that `exportOnnx` writes. */
export async function onnxBytes(
  { trained }: NetworkModel,
  { predicts = "score" }: ExportOptions = {},
): Promise<Uint8Array> {
  const { sde, network, preconditioning, parameters, standardisation } = trained;
  const table = coefficientTable(
    (t) => {
      const map = predictionMap(preconditioning, predicts, sde, t);
      // Where x · in and F are of size 1, skip · x matters from out · in on.
      return { values: [map.skip, map.out, map.in, map.level], scales: [Math.abs(map.out * map.in), 0, 0, 1] };
    },
    { from: sde.tMin, to: sde.tMax, breakpoints: sde.breakpoints },
  );
  const { shape, classes } = network;
  const dimension = shape.reduce((product, length) => product * length, 1);
  const at = (batch: number): FunctionSpec => ({
    name: `${network.name} ${predicts}`,
    parameters: network.parameters,
    inputs: [
      { name: "x", shape: [batch, ...shape] },
      { name: "t", shape: [batch] },
      ...(classes > 0 ? [{ name: "label", shape: [batch, classes] }] : []),
    ],
    outputs: [predicts],
    build(tf, [x, t, label], access) {
      const [skip, out, scale, level] = lookUp(tf, table, t!);
      const spread = [batch, ...shape.map(() => 1)];
      const scaled = tf.mul(x!, tf.reshape(scale!, spread));
      const inputs = { x: scaled, level: level!, ...(label === undefined ? {} : { label }) };
      const raw = network.apply(tf, inputs, access);
      return [tf.add(tf.mul(tf.reshape(skip!, spread), x!), tf.mul(tf.reshape(out!, spread), raw))];
    },
  });
  return writeOnnx({
    at,
    parameters,
    metadata: {
      schema: MODEL_SCHEMA,
      sde: JSON.stringify({ name: sde.name, options: sde.options }),
      predicts,
      dimension: String(dimension),
      shape: JSON.stringify(shape),
      classes: String(classes),
      standardisation: JSON.stringify(standardisation),
    },
  });
}
