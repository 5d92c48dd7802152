import { suggestion, UsageError } from "../../../solvers/errors.js";
import { formatSpec, parseSpec } from "../../../solvers/spec.js";
import { MLP_DEFAULTS, mlp, residualMlp } from "./mlp.js";
import type { Network, NetworkFactory, NetworkSetting } from "./network.js";
import { TRANSFORMER_DEFAULTS, transformer } from "./transformer.js";
import { UNET_DEFAULTS, unet } from "./unet.js";

/** A network that can be named. */
export interface NetworkEntry {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** A factory with these options. */
  create(options: Readonly<Record<string, unknown>>): NetworkFactory;
}

/** Every network that has a name. */
export const NETWORKS: readonly NetworkEntry[] = [
  {
    name: "mlp",
    summary: "perceptron with SiLU",
    options: { ...MLP_DEFAULTS },
    create: mlp,
  },
  {
    name: "residual-mlp",
    summary: "perceptron of pre-norm residual blocks",
    options: { ...MLP_DEFAULTS },
    create: residualMlp,
  },
  {
    name: "unet",
    summary: "convolutional U-Net for images",
    options: { ...UNET_DEFAULTS },
    create: unet,
  },
  {
    name: "transformer",
    summary: "transformer over patches of images",
    options: { ...TRANSFORMER_DEFAULTS },
    create: transformer,
  },
];

/**
 * A network by spec (`mlp:width=128,depth=3`) or a factory, for samples of that shape.
 *
 * @throws UsageError for an unknown name or option, a value of the wrong kind, or a shape it cannot take
 */
export function createNetwork(network: string | NetworkFactory, setting: NetworkSetting): Network {
  if (typeof network !== "string") return network(setting);
  const { name, options } = parseSpec(network);
  const entry = NETWORKS.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    throw new UsageError(
      `network: unknown name '${name}'.${suggestion(
        name,
        NETWORKS.map((one) => one.name),
      )}`,
    );
  }
  for (const [option, value] of Object.entries(options)) checkOption(entry, option, value);
  return entry.create(options)(setting);
}

/** The spec of a named network, from what a checkpoint keeps. */
export function networkSpec(name: string, options: Readonly<Record<string, unknown>>): string {
  return formatSpec({ name, options });
}

function checkOption({ name, options }: NetworkEntry, option: string, value: unknown): void {
  const standard = options[option];
  if (standard === undefined) {
    throw new UsageError(`${name}: unknown option '${option}'.${suggestion(option, Object.keys(options))}`);
  }
  if (option === "embedding") {
    if (value === "sinusoidal" || value === "fourier") return;
    throw new UsageError(`${name}: embedding must be sinusoidal or fourier, but got ${JSON.stringify(value)}`);
  }
  if (option === "bandwidth") {
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return;
    throw new UsageError(`${name}: bandwidth must be a positive number, but got ${JSON.stringify(value)}`);
  }
  if (typeof standard === "boolean") {
    if (typeof value === "boolean") return;
    throw new UsageError(`${name}: ${option} must be true or false, but got ${JSON.stringify(value)}`);
  }
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65536) return;
  throw new UsageError(`${name}: ${option} must be a whole number in [1, 65536], but got ${JSON.stringify(value)}`);
}
