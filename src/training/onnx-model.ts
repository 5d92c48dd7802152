import { UsageError } from "../../solvers/errors.js";
import type { Prediction } from "../../solvers/types.js";
import { loadOnnx, type OnnxModel, type OnnxValues, type Values } from "../engine/index.js";
import { defineModel } from "../scores/model.js";
import type { Sde } from "../sdes/types.js";
import { chunkedEvaluation } from "./chunked-evaluation.js";
import { MODEL_SCHEMA } from "./export-onnx.js";
import { type ForeignTime, inputTimeMap } from "./foreign-time.js";
import type { TrainedModel } from "./network-model.js";
import { hasNone, labelInput } from "./onnx-label.js";
import { readOutput } from "./onnx-output.js";
import { onnxSignature, type SignatureOptions, timeInputShape } from "./onnx-signature.js";
import { fewRows, RowCounts, sameRows, usualRows } from "./row-counts.js";
import { readExportedFacts } from "./stored-facts.js";
import { portableOnnx } from "./workers/portable-model.js";
import { SamplingThreads } from "./workers/sampling-threads.js";

/** How an ONNX network is to be understood; what a file exported by this package says itself need not be given. */
export interface OnnxModelOptions extends SignatureOptions, ForeignTime {
  readonly sde?: Sde;
  readonly predicts?: Prediction;
  readonly threads?: number;
}

const PREDICTIONS: readonly Prediction[] = ["score", "noise", "data", "velocity"];

/**
 * A score model from an ONNX file, of this package or of PyTorch: x [batch, …], t [batch], [batch, 1] or scalar.
 *
 * @throws UsageError when the SDE or prediction is not known, inputs cannot be told apart, or shapes do not fit
 * @throws EngineError when the file is missing, torn or cannot be run
 */
export async function loadOnnxModel(path: string, options: OnnxModelOptions = {}): Promise<TrainedModel> {
  const onnx = await loadOnnx(path, options.threads === undefined ? {} : { threads: options.threads });
  try {
    return await understand(path, onnx, options);
  } catch (error) {
    await onnx.dispose();
    throw error;
  }
}

async function understand(path: string, onnx: OnnxModel, options: OnnxModelOptions): Promise<TrainedModel> {
  const facts = onnx.metadata.schema === MODEL_SCHEMA ? await readExportedFacts(path, onnx.metadata) : null;
  const sde = options.sde ?? facts?.sde;
  if (sde === undefined) throw new UsageError(`${path}: does not say its SDE - give sde (--sde)`);
  const predicts = options.predicts ?? facts?.predicts;
  if (predicts === undefined) {
    throw new UsageError(
      `${path}: does not say what it predicts - give predicts (--predicts), one of ${PREDICTIONS.join(", ")}`,
    );
  }
  const { x, t, label, classes, output, shape: rest } = onnxSignature(path, onnx, options);
  const dimension = rest.reduce((product, length) => product * length, 1);
  const batch = x.shape?.[0];
  const isFree = typeof batch !== "number";
  const chunk = isFree ? usualRows(rest) : batch;
  const timeShape = timeInputShape(path, t, chunk);
  const oneTime = timeShape.length === 0 || timeShape[0] !== chunk;
  const toInput = inputTimeMap(path, t, options, sde);

  const run = async ([states, times, hot]: readonly Values[], rows: number): Promise<ArrayLike<number>> => {
    const inputs: Record<string, OnnxValues> = {
      [x.name]: { values: states!, shape: [rows, ...rest] },
      [t.name]: oneTime
        ? { values: times!.subarray(0, 1), shape: timeShape }
        : { values: times!, shape: [rows, ...timeShape.slice(1)] },
      ...(label === null || hot === undefined ? {} : { [label.name]: labelInput(label, hot, rows, classes) }),
    };
    return readOutput(path, output, (await onnx.run(inputs))[output.name]!, rows, rest);
  };
  const widths = [dimension, 0, ...(classes > 0 ? [classes] : [])];
  const probe = (inputs: readonly Values[], rows: number) =>
    run([inputs[0]!, new Float32Array(rows).fill(toInput(sde.tMax)), ...inputs.slice(2)], rows);
  // A first run tells a wrong graph at once; that all rows are of class 0, for some graphs know no row without a class.
  await probe(
    widths.map((width, input) =>
      Float32Array.from({ length: chunk * width }, (_, i) => (input === 2 && i % width === 0 ? 1 : 0)),
    ),
    chunk,
  );
  const allowsNone =
    classes === 0 ||
    (await probe(
      widths.map((width) => new Float32Array(chunk * width)),
      chunk,
    ).then(
      () => true,
      () => false,
    ));
  const counts = new RowCounts({
    chunk,
    smaller: isFree ? fewRows(rest) : [],
    // A graph may be unable to take other numbers of rows, though it names none.
    agrees: (rows) => sameRows({ chunk, rows, widths }, probe).catch(() => false),
  });
  const evaluate = chunkedEvaluation({
    network: { classes },
    counts,
    dimension,
    oneTime,
    run: async (inputs, rows) => {
      if (!allowsNone && hasNone(inputs[2]!, classes)) {
        throw new UsageError(
          `condition: ${path} knows no row without a class (number ${classes}), but got none - give a class in [0, ${classes}) (--class), and no guidance`,
        );
      }
      return [await run(inputs, rows)];
    },
    at: (time) => ({ skip: 0, out: 1, in: 1, level: toInput(time) }),
  });
  const model = defineModel({ predicts, dimension, sde, evaluate });
  const describe = portableOnnx(path, sde, { ...options, predicts });
  const threads = describe === null ? null : new SamplingThreads(describe);
  return {
    ...model,
    sde,
    shape: rest,
    standardisation: facts?.standardisation ?? null,
    classes,
    engine: `ONNX Runtime, ${onnx.producer === "" ? "an unnamed producer" : onnx.producer}`,
    chunk,
    threads,
    async dispose() {
      await threads?.dispose();
      await onnx.dispose();
    },
  };
}
