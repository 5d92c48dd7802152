import type { Tensor, TensorFlow } from "../../../src/engine/types.js";

/** One way to call a kernel: shapes drawn from `pick(low, high)`, the function, and what is needed to bound its rounding. */
export interface RuleCase {
  readonly kernel: string;
  readonly label?: string;
  readonly shapes: (pick: (low: number, high: number) => number) => readonly (readonly number[])[];
  readonly build: (tf: TensorFlow, inputs: readonly Tensor[]) => Tensor | readonly Tensor[];
  /** Interval of the float32 inputs; default [-2, 2]. */
  readonly domain?: readonly [number, number];
  /** Inputs that are whole numbers below this one, as int32. */
  readonly integers?: Readonly<Record<number, number>>;
  /** How many products or summands make one output element; default 1. */
  readonly terms?: number;
  /** How much an input's relative rounding is enlarged in the output; default 1. */
  readonly condition?: number;
}

type Pick = (low: number, high: number) => number;
type Images = Parameters<TensorFlow["conv2d"]>[0];
type Filter = Parameters<TensorFlow["conv2d"]>[1];

const any = (pick: Pick): number[] => [pick(1, 4), pick(1, 5)];
const one = (pick: Pick): number[][] => [any(pick)];
const image = (tensor: Tensor): Images => tensor as unknown as Images;

const unary = (
  kernel: string,
  build: (tf: TensorFlow, x: Tensor) => Tensor,
  more: Partial<RuleCase> = {},
): RuleCase => ({
  kernel,
  shapes: one,
  build: (tf, [x]) => build(tf, x!),
  ...more,
});

const binary = (
  kernel: string,
  build: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor,
  more: Partial<RuleCase> = {},
): RuleCase[] => [
  {
    kernel,
    label: "broadcast",
    shapes: (pick) => {
      const [rows, columns] = [pick(1, 4), pick(1, 4)];
      return [
        [pick(1, 3), rows, columns],
        [1, columns],
      ];
    },
    build: (tf, [a, b]) => build(tf, a!, b!),
    ...more,
  },
  {
    kernel,
    label: "constant",
    shapes: one,
    build: (tf, [a]) => build(tf, a!, tf.fill([...a!.shape], 1)),
    ...more,
  },
];

const pool = { small: [2, 8, 6, 3], pads: ["valid", "same"] as const };

const unaryCases: RuleCase[] = [
  unary("Abs", (tf, x) => tf.abs(x)),
  unary("Acos", (tf, x) => tf.acos(x), { domain: [-0.9, 0.9], condition: 4 }),
  unary("Acosh", (tf, x) => tf.acosh(x), { domain: [1.1, 4], condition: 4 }),
  unary("Asin", (tf, x) => tf.asin(x), { domain: [-0.9, 0.9], condition: 4 }),
  unary("Asinh", (tf, x) => tf.asinh(x)),
  unary("Atan", (tf, x) => tf.atan(x)),
  unary("Atanh", (tf, x) => tf.atanh(x), { domain: [-0.9, 0.9], condition: 10 }),
  unary("Ceil", (tf, x) => tf.ceil(x)),
  unary("Cos", (tf, x) => tf.cos(x), { domain: [-20, 20] }),
  unary("Cosh", (tf, x) => tf.cosh(x)),
  unary("Elu", (tf, x) => tf.elu(x)),
  unary("Erf", (tf, x) => tf.erf(x)),
  unary("Exp", (tf, x) => tf.exp(x), { domain: [-5, 5] }),
  unary("Expm1", (tf, x) => tf.expm1(x)),
  unary("Expm1", (tf, x) => tf.mul(1e6, tf.expm1(tf.mul(x, 1e-6))), { label: "near 0" }),
  unary("Floor", (tf, x) => tf.floor(x)),
  unary("IsNan", (tf, x) => tf.isNaN(tf.sqrt(x))),
  unary("IsInf", (tf, x) => tf.isInf(tf.div(1, tf.relu(x)))),
  unary("IsFinite", (tf, x) => tf.isFinite(tf.div(1, tf.relu(x)))),
  unary("LeakyRelu", (tf, x) => tf.leakyRelu(x, 0.3)),
  unary("Log", (tf, x) => tf.log(x), { domain: [0.1, 9] }),
  unary("Log1p", (tf, x) => tf.log1p(x), { domain: [-0.5, 9] }),
  unary("Log1p", (tf, x) => tf.mul(1e6, tf.log1p(tf.mul(x, 1e-6))), { label: "near 0" }),
  unary("LogicalNot", (tf, x) => tf.logicalNot(tf.greater(x, 0))),
  unary("Neg", (tf, x) => tf.neg(x)),
  unary("Reciprocal", (tf, x) => tf.reciprocal(x), { domain: [0.2, 3] }),
  unary("Relu", (tf, x) => tf.relu(x)),
  unary("Relu6", (tf, x) => tf.relu6(x), { domain: [-9, 9] }),
  unary("Round", (tf, x) => tf.round(tf.mul(0.5, tf.floor(tf.mul(2, x)))), { domain: [-5, 5] }),
  unary("Rsqrt", (tf, x) => tf.rsqrt(x), { domain: [0.2, 3] }),
  unary("Selu", (tf, x) => tf.selu(x)),
  unary("Sigmoid", (tf, x) => tf.sigmoid(x), { domain: [-9, 9] }),
  unary("Sign", (tf, x) => tf.sign(x)),
  unary("Sin", (tf, x) => tf.sin(x), { domain: [-20, 20] }),
  unary("Sinh", (tf, x) => tf.sinh(x)),
  unary("Softplus", (tf, x) => tf.softplus(x), { domain: [-20, 20] }),
  unary("Sqrt", (tf, x) => tf.sqrt(x), { domain: [0, 9] }),
  unary("Square", (tf, x) => tf.square(x)),
  unary("Step", (tf, x) => tf.step(x, 0.25)),
  unary("Tan", (tf, x) => tf.tan(x), { domain: [-1, 1] }),
  unary("Tanh", (tf, x) => tf.tanh(x)),
  unary("ClipByValue", (tf, x) => tf.clipByValue(x, -0.5, 0.75)),
  unary("Cast", (tf, x) => tf.cast(x, "int32"), { domain: [-9, 9] }),
  unary("Cast", (tf, x) => tf.cast(tf.cast(tf.relu(x), "bool"), "float32"), { label: "bool" }),
  unary("ZerosLike", (tf, x) => tf.add(x, tf.zerosLike(x))),
  unary("OnesLike", (tf, x) => tf.add(x, tf.onesLike(x))),
  unary("Identity", (tf, x) => tf.clone(x)),
];

const binaryCases: RuleCase[] = [
  ...binary("Add", (tf, a, b) => tf.add(a, b)),
  ...binary("Sub", (tf, a, b) => tf.sub(a, b)),
  ...binary("Multiply", (tf, a, b) => tf.mul(a, b)),
  ...binary("RealDiv", (tf, a, b) => tf.div(a, b), { domain: [0.5, 2] }),
  ...binary("Maximum", (tf, a, b) => tf.maximum(a, b)),
  ...binary("Minimum", (tf, a, b) => tf.minimum(a, b)),
  ...binary("Pow", (tf, a, b) => tf.pow(a, b), { domain: [0.5, 2], condition: 4 }),
  ...binary("SquaredDifference", (tf, a, b) => tf.squaredDifference(a, b), { condition: 8 }),
  ...binary("FloorDiv", (tf, a, b) => tf.floorDiv(a, b), { domain: [0.5, 9] }),
  ...binary("Mod", (tf, a, b) => tf.mod(a, b), { domain: [0.5, 9], condition: 20 }),
  ...binary("Prelu", (tf, a, b) => tf.prelu(a, b)),
  ...binary("Equal", (tf, a, b) => tf.equal(tf.floor(a), tf.floor(b))),
  ...binary("NotEqual", (tf, a, b) => tf.notEqual(tf.floor(a), tf.floor(b))),
  ...binary("Greater", (tf, a, b) => tf.greater(a, b)),
  ...binary("GreaterEqual", (tf, a, b) => tf.greaterEqual(tf.floor(a), tf.floor(b))),
  ...binary("Less", (tf, a, b) => tf.less(a, b)),
  ...binary("LessEqual", (tf, a, b) => tf.lessEqual(tf.floor(a), tf.floor(b))),
  ...binary("LogicalAnd", (tf, a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))),
  ...binary("LogicalOr", (tf, a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))),
  ...binary("LogicalXor", (tf, a, b) => tf.logicalXor(tf.greater(a, 0), tf.greater(b, 0))),
  {
    kernel: "Select",
    shapes: (pick) => {
      const shape = any(pick);
      return [shape, shape];
    },
    build: (tf, [a, b]) => tf.where(tf.greater(a!, b!), a!, tf.mul(b!, 2)),
  },
  {
    kernel: "Select",
    label: "rows",
    shapes: (pick) => [[3, pick(1, 4)], [3]],
    build: (tf, [a, b]) => tf.where(tf.greater(b!, 0), a!, tf.mul(a!, 2)),
  },
  {
    kernel: "AddN",
    shapes: (pick) => {
      const shape = any(pick);
      return [shape, shape, shape];
    },
    build: (tf, inputs) => tf.addN([...inputs]),
    terms: 3,
  },
  unary("EluGrad", (tf, x) => tf.grad((y: Tensor) => tf.elu(y))(x)),
];

const reductionCases: RuleCase[] = (["sum", "mean", "max", "min", "prod"] as const).flatMap((name): RuleCase[] => {
  const kernel = name[0]!.toUpperCase() + name.slice(1);
  const shapes = (pick: Pick): number[][] => [[pick(1, 3), pick(2, 4), pick(1, 3)]];
  return [
    { kernel, label: "all", shapes, build: (tf, [x]) => tf[name](x!), terms: 36, domain: [0.5, 1.2] },
    { kernel, label: "one axis", shapes, build: (tf, [x]) => tf[name](x!, 1), terms: 4 },
    { kernel, label: "kept axes", shapes, build: (tf, [x]) => tf[name](x!, [0, -1], true), terms: 9 },
  ];
});

const sumsOfRows: RuleCase[] = [
  {
    kernel: "Sum",
    label: "many rows",
    shapes: (pick) => [[64 + pick(0, 9), pick(1, 5)]],
    build: (tf, [x]) => tf.sum(x!, 0),
    terms: 73,
  },
  {
    kernel: "Sum",
    label: "along each of many rows",
    shapes: () => [[70, 3]],
    build: (tf, [x]) => tf.sum(x!, 1),
    terms: 3,
  },
  {
    kernel: "Sum",
    label: "many rows, two leading axes, kept",
    shapes: (pick) => [[9, 7 + pick(1, 3), pick(1, 3), 2]],
    build: (tf, [x]) => tf.sum(x!, [1, 0], true),
    terms: 90,
  },
];

const matrixCases: RuleCase[] = [
  ...[false, true].flatMap((left) =>
    [false, true].map(
      (right): RuleCase => ({
        kernel: "BatchMatMul",
        label: `${left ? "aᵀ" : "a"}${right ? "bᵀ" : "b"}`,
        shapes: (pick) => {
          const [m, n] = [pick(1, 5), pick(1, 5)];
          return [left ? [7, m] : [m, 7], right ? [n, 7] : [7, n]];
        },
        build: (tf, [a, b]) => tf.matMul(a!, b!, left, right),
        terms: 7,
      }),
    ),
  ),
  ...[false, true].map(
    (right): RuleCase => ({
      kernel: "BatchMatMul",
      label: `batch ${right ? "transposed" : "plain"}`,
      shapes: (pick) => {
        const [m, n, batch] = [pick(1, 5), pick(1, 5), pick(1, 3)];
        return [[batch, 2, m, 5], right ? [batch, 2, n, 5] : [batch, 2, 5, n]];
      },
      build: (tf, [a, b]) => tf.matMul(a!, b!, false, right),
      terms: 5,
    }),
  ),
  {
    kernel: "_FusedMatMul",
    shapes: (pick) => {
      const n = pick(1, 5);
      return [[pick(1, 4), 6], [6, n], [n]];
    },
    build: (tf, [a, b, bias]) =>
      (["linear", "relu", "sigmoid", "elu", "leakyrelu", "relu6"] as const).map((activation) =>
        tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation }),
      ),
    terms: 7,
  },
  unary("Softmax", (tf, x) => tf.softmax(x), { terms: 5 }),
  unary("LogSoftmax", (tf, x) => tf.logSoftmax(x), { terms: 5 }),
  {
    kernel: "FusedBatchNorm",
    shapes: (pick) => {
      const c = pick(1, 4);
      return [[2, 3, 3, c], [c], [c], [c], [c]];
    },
    build: (tf, [x, mean, variance, offset, scale]) =>
      tf.batchNorm(x as Images, mean as never, tf.abs(variance!) as never, offset as never, scale as never),
    condition: 60,
  },
];

const shapingCases: RuleCase[] = [
  { kernel: "Reshape", shapes: (pick) => [[pick(1, 3), 6]], build: (tf, [x]) => tf.reshape(x!, [-1, 2, 3]) },
  { kernel: "ExpandDims", shapes: one, build: (tf, [x]) => [tf.expandDims(x!, 0), tf.expandDims(x!, -1)] },
  {
    kernel: "Transpose",
    shapes: (pick) => [[pick(1, 3), pick(1, 3), 4]],
    build: (tf, [x]) => tf.transpose(x!, [2, 0, 1]),
  },
  {
    kernel: "Reverse",
    shapes: (pick) => [[pick(1, 3), pick(2, 4)]],
    build: (tf, [x]) => [tf.reverse(x!, 1), tf.reverse(x!)],
  },
  {
    kernel: "Slice",
    shapes: (pick) => [[pick(3, 5), 4]],
    build: (tf, [x]) => [tf.slice(x!, [1, 2], [2, -1]), tf.slice(x!, 1), tf.slice(x!, [0, 1], [-1, 2])],
  },
  {
    kernel: "StridedSlice",
    shapes: (pick) => [[pick(4, 7), 5]],
    build: (tf, [x]) => tf.stridedSlice(x!, [1, 0], [4, -1], [2, 1]),
  },
  {
    kernel: "SplitV",
    shapes: (pick) => [[pick(1, 3), 6]],
    build: (tf, [x]) => [...tf.split(x!, 3, 1), ...tf.split(x!, [1, 5], 1)],
  },
  { kernel: "Unpack", shapes: (pick) => [[3, pick(1, 4)]], build: (tf, [x]) => tf.unstack(x!, 0) },
  {
    kernel: "Concat",
    shapes: (pick) => [
      [2, pick(1, 3)],
      [2, pick(1, 3)],
    ],
    build: (tf, [a, b]) => tf.concat([a!, b!], 1),
  },
  {
    kernel: "Pack",
    shapes: (pick) => {
      const shape = any(pick);
      return [shape, shape];
    },
    build: (tf, [a, b]) => [tf.stack([a!, b!], 0), tf.stack([a!, b!], 2)],
  },
  {
    kernel: "PadV2",
    shapes: one,
    build: (tf, [x]) =>
      tf.pad(
        x!,
        [
          [1, 2],
          [0, 1],
        ],
        0.5,
      ),
  },
  {
    kernel: "Tile",
    shapes: (pick) => [[1, pick(2, 4)]],
    build: (tf, [x]) => [tf.tile(x!, [3, 1]), tf.tile(x!, [2, 3])],
  },
  {
    kernel: "Cumsum",
    shapes: (pick) => [[pick(1, 3), 5]],
    build: (tf, [x]) => [tf.cumsum(x!, 1), tf.cumsum(x!, 1, true, true)],
    terms: 5,
  },
  { kernel: "Fill", shapes: one, build: (tf, [x]) => tf.mul(x!, tf.fill([...x!.shape], 0.3)) },
  {
    kernel: "Range",
    shapes: (pick) => [[pick(1, 3), 5]],
    build: (tf, [x]) => tf.mul(x!, tf.exp(tf.range(0, 2.5, 0.5))),
    condition: 3,
  },
  { kernel: "LinSpace", shapes: (pick) => [[pick(1, 3), 5]], build: (tf, [x]) => tf.mul(x!, tf.linspace(0, 1, 5)) },
  {
    kernel: "GatherV2",
    shapes: (pick) => [[4, pick(1, 3)], [5]],
    integers: { 1: 4 },
    build: (tf, [x, indices]) => tf.gather(x!, indices as never),
  },
  {
    kernel: "OneHot",
    shapes: () => [[6]],
    integers: { 0: 4 },
    build: (tf, [indices]) => [
      tf.oneHot(indices!, 4),
      tf.cast(tf.oneHot(tf.sub(indices!, tf.scalar(1, "int32")), 3, 2, -1), "float32"),
    ],
  },
  {
    kernel: "UnsortedSegmentSum",
    shapes: (pick) => [[4, pick(1, 3)], [7]],
    integers: { 1: 4 },
    build: (tf, [x, indices]) => tf.grad((table: Tensor) => tf.square(tf.gather(table, indices as never)))(x!),
    terms: 7,
  },
];

const convolve = (
  kernel: string,
  label: string,
  side: number,
  stride: number | [number, number],
  pad: "same" | "valid" | number,
  filter: number,
  dilation = 1,
): RuleCase[] => {
  const shapes = (pick: Pick): number[][] => {
    const [input, output] = [pick(1, 3), pick(1, 3)];
    return [
      [2, side, side + 1, input],
      [filter, filter, input, output],
    ];
  };
  const forward = (tf: TensorFlow, x: Tensor, w: Tensor): Tensor =>
    tf.conv2d(image(x), w as Filter, stride, pad, "NHWC", dilation);
  const terms = filter * filter * 3;
  const cases: RuleCase[] = [{ kernel, label, shapes, build: (tf, [x, w]) => forward(tf, x!, w!), terms }];
  if (dilation !== 1) return cases;
  // The cubic makes the gradient that arrives at the convolution vary from pixel to pixel.
  const scalar = (tf: TensorFlow, x: Tensor, w: Tensor): Tensor => tf.sum(tf.mul(tf.square(forward(tf, x, w)), 0.5));
  return [
    ...cases,
    {
      kernel: "Conv2DBackpropInput",
      label,
      shapes,
      build: (tf, [x, w]) => tf.grad((y: Tensor) => scalar(tf, y, w!))(x!),
      terms: terms * terms,
      domain: [-1, 1],
    },
    {
      kernel: "Conv2DBackpropFilter",
      label,
      shapes,
      build: (tf, [x, w]) => tf.grad((v: Tensor) => scalar(tf, x!, v))(w!),
      terms: terms * 2 * side * (side + 1),
      domain: [-1, 1],
    },
  ];
};

const convolutionCases: RuleCase[] = [
  ...convolve("Conv2D", "3x3 same", 5, 1, "same", 3),
  ...convolve("Conv2D", "3x3 valid", 5, 1, "valid", 3),
  ...convolve("Conv2D", "3x3 same, stride 2, odd", 5, 2, "same", 3),
  ...convolve("Conv2D", "3x3 same, stride 2, even", 6, 2, "same", 3),
  ...convolve("Conv2D", "2x2 valid, stride 2, rest left over", 7, 2, "valid", 2),
  ...convolve("Conv2D", "3x3, pad 1, stride 2", 5, 2, 1, 3),
  ...convolve("Conv2D", "3x3 same, strides 2 and 1", 5, [2, 1], "same", 3),
  ...convolve("Conv2D", "1x1", 4, 1, "same", 1),
  ...convolve("Conv2D", "1x1, stride 2", 5, 2, "same", 1),
  ...convolve("Conv2D", "dilated", 7, 1, "same", 3, 2),
  {
    kernel: "FusedConv2D",
    shapes: () => [[2, 5, 5, 2], [3, 3, 2, 3], [3]],
    build: (tf, [x, filter, bias]) =>
      tf.fused.conv2d({
        x: image(x!),
        filter: filter as Filter,
        strides: 1,
        pad: "same",
        bias: bias!,
        activation: "relu",
      }),
    terms: 19,
  },
];

const poolingCases: RuleCase[] = pool.pads.flatMap((pad): RuleCase[] =>
  [
    [2, 2],
    [3, 2],
    [3, 1],
  ].flatMap(([size, stride]): RuleCase[] => {
    const label = `${size}x${size} ${pad}, stride ${stride}`;
    const shapes = (): number[][] => [pool.small];
    const average = (tf: TensorFlow, x: Tensor): Tensor => tf.avgPool(image(x), size!, stride!, pad);
    const maximum = (tf: TensorFlow, x: Tensor): Tensor => tf.maxPool(image(x), size!, stride!, pad);
    const slope = (tf: TensorFlow, x: Tensor, f: (tf: TensorFlow, x: Tensor) => Tensor): Tensor =>
      tf.grad((y: Tensor) => tf.sum(tf.square(f(tf, y))))(x);
    return [
      { kernel: "AvgPool", label, shapes, build: (tf, [x]) => average(tf, x!), terms: 9 },
      { kernel: "AvgPoolGrad", label, shapes, build: (tf, [x]) => slope(tf, x!, average), terms: 18 },
      { kernel: "MaxPool", label, shapes, build: (tf, [x]) => maximum(tf, x!) },
      { kernel: "MaxPoolGrad", label, shapes, build: (tf, [x]) => slope(tf, x!, maximum), terms: 9 },
    ];
  }),
);

const resizingCases: RuleCase[] = [
  { label: "×2", size: [6, 8], align: false },
  { label: "to 5×7", size: [5, 7], align: false },
  { label: "aligned", size: [5, 7], align: true },
  { label: "smaller", size: [2, 3], align: false },
].flatMap(({ label, size, align }): RuleCase[] => {
  const shapes = (pick: Pick): number[][] => [[3, 3, 4, pick(1, 3)]];
  const to = size as [number, number];
  const nearest = (tf: TensorFlow, x: Tensor): Tensor => tf.image.resizeNearestNeighbor(image(x), to, align);
  const bilinear = (tf: TensorFlow, x: Tensor): Tensor => tf.image.resizeBilinear(image(x), to, align);
  const slope = (tf: TensorFlow, x: Tensor, f: (tf: TensorFlow, x: Tensor) => Tensor): Tensor =>
    tf.grad((y: Tensor) => tf.sum(tf.square(f(tf, y))))(x);
  return [
    { kernel: "ResizeNearestNeighbor", label, shapes, build: (tf, [x]) => nearest(tf, x!) },
    { kernel: "ResizeNearestNeighborGrad", label, shapes, build: (tf, [x]) => slope(tf, x!, nearest), terms: 9 },
    { kernel: "ResizeBilinear", label, shapes, build: (tf, [x]) => bilinear(tf, x!), terms: 8 },
    { kernel: "ResizeBilinearGrad", label, shapes, build: (tf, [x]) => slope(tf, x!, bilinear), terms: 40 },
  ];
});

/** At least one case for every kernel rule. */
export const ruleCases: readonly RuleCase[] = [
  ...unaryCases,
  ...binaryCases,
  ...reductionCases,
  ...sumsOfRows,
  ...matrixCases,
  ...shapingCases,
  ...convolutionCases,
  ...poolingCases,
  ...resizingCases,
];
