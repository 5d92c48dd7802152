import type { KernelCall } from "../../trace/kernel-call.js";

/** How a window of `size` slides along one axis. */
export interface Axis {
  readonly input: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly output: number;
  /** Zeros before the first and behind the last element; the last is negative when the window never reaches the end. */
  readonly before: number;
  readonly after: number;
}

/** Height and width of a sliding window, in TensorFlow's conventions of padding. */
export function windowGeometry(
  call: KernelCall,
  inputs: readonly [number, number],
  sizes: readonly [number, number],
  dilations: readonly [number, number] = [1, 1],
): readonly [Axis, Axis] {
  const strides = pair(call, "strides");
  // TensorFlow.js then computes the width with the stride of the height.
  if (typeof call.raw("pad") === "number" && strides[0] !== strides[1])
    call.fail("a padding by number needs equal strides; pad with tf.pad instead");
  return [
    axisGeometry(call, 0, inputs[0], sizes[0], strides[0], dilations[0]),
    axisGeometry(call, 1, inputs[1], sizes[1], strides[1], dilations[1]),
  ];
}

/** An attribute of one or two numbers, as two. */
export function pair(call: KernelCall, name: string): readonly [number, number] {
  const raw = call.raw(name);
  if (raw === undefined || raw === null) return [1, 1];
  const [height = 1, width = height] = call.numbers(name);
  return [height, width];
}

function axisGeometry(
  call: KernelCall,
  which: 0 | 1,
  input: number,
  size: number,
  stride: number,
  dilation: number,
): Axis {
  const span = (size - 1) * dilation + 1;
  const pad = call.raw("pad");
  let before = 0;
  let output: number;
  if (pad === "same") {
    output = Math.ceil(input / stride);
    before = Math.floor(Math.max(0, (output - 1) * stride + span - input) / 2);
  } else {
    let both = 0;
    if (pad !== "valid") {
      const explicit = typeof pad === "number" ? [pad, pad] : (call.pairs("pad")[which + 1] ?? []);
      before = explicit[0] ?? 0;
      both = before + (explicit[1] ?? 0);
    }
    const rounding = call.text("dimRoundingMode", "floor");
    const exact = (input - span + both) / stride + 1;
    output = rounding === "ceil" ? Math.ceil(exact) : rounding === "round" ? Math.round(exact) : Math.floor(exact);
  }
  return { input, size, stride, dilation, output, before, after: (output - 1) * stride + span - before - input };
}
