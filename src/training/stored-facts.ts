import { UsageError } from "../../solvers/errors.js";
import type { Prediction } from "../../solvers/types.js";
import { createSde } from "../sdes/registry.js";
import type { Sde } from "../sdes/types.js";
import type { Checkpoint } from "./checkpoint.js";
import type { TrainedNetwork } from "./network-model.js";
import type { NetworkFactory } from "./networks/network.js";
import { createNetwork, NETWORKS, networkSpec } from "./networks/registry.js";
import { preconditioning } from "./preconditioning.js";
import type { Standardisation } from "./standardisation.js";

/** What an exported ONNX file says about itself. */
export interface ExportedFacts {
  readonly sde: Sde;
  readonly predicts: Prediction;
  readonly standardisation: Standardisation | null;
}

async function schemas() {
  const { z } = await import("zod");
  const whole = z.number().int();
  const options = z.record(z.string(), z.unknown());
  const standardisation = z.object({ mean: z.array(z.number()), scale: z.array(z.number().positive()) }).nullable();
  const predicts = z.enum(["score", "noise", "data", "velocity"]);
  const sde = z.object({ name: z.string(), options });
  return {
    standardisation,
    exported: z.object({ sde, predicts, standardisation }),
    identity: z.object({
      sde,
      network: z.object({ name: z.string(), options, shape: z.array(whole.positive()), classes: whole.nonnegative() }),
      preconditioning: z.object({
        name: z.enum(["none", "vp", "ve", "edm"]),
        predicts,
        dataStandardDeviation: z.number(),
        level: z.enum(["auto", "t", "log-snr"]),
      }),
    }),
  };
}

/** Facts in the metadata of an exported file. @throws UsageError when they are malformed */
export async function readExportedFacts(
  path: string,
  metadata: Readonly<Record<string, string>>,
): Promise<ExportedFacts> {
  const { exported } = await schemas();
  const parsed = exported.safeParse({
    sde: parseJson(metadata.sde),
    predicts: metadata.predicts,
    standardisation: parseJson(metadata.standardisation),
  });
  if (!parsed.success) throw new UsageError(`${path}: its metadata are malformed (${firstIssue(parsed.error)})`);
  const { sde, predicts, standardisation } = parsed.data;
  return { sde: await createSde(sde.name, sde.options), predicts, standardisation };
}

/**
 * The network of a checkpoint, with the averaged parameters; `given` is the factory of a network without name.
 *
 * @throws UsageError when the checkpoint's facts are malformed or its network is not known
 */
export async function readTrainedNetwork(
  path: string,
  checkpoint: Checkpoint,
  given: NetworkFactory | undefined,
): Promise<TrainedNetwork> {
  const { identity, standardisation } = await schemas();
  const facts = identity.safeParse(checkpoint.identity);
  if (!facts.success) throw new UsageError(`${path}: its settings are malformed (${firstIssue(facts.error)})`);
  const scaling = standardisation.safeParse(checkpoint.standardisation);
  if (!scaling.success)
    throw new UsageError(`${path}: its standardisation is malformed (${firstIssue(scaling.error)})`);
  const { sde: sdeFacts, network: net, preconditioning: scheme } = facts.data;
  const sde = await createSde(sdeFacts.name, sdeFacts.options);
  if (given === undefined && NETWORKS.every(({ name }) => name !== net.name)) {
    throw new UsageError(
      `${path}: its network '${net.name}' is of a user's own - give network, the factory it was trained with`,
    );
  }
  const network = createNetwork(given ?? networkSpec(net.name, net.options), net);
  const count = network.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  if (count !== checkpoint.state.average.length) {
    throw new UsageError(`${path}: holds ${checkpoint.state.average.length} parameters, but its network has ${count}`);
  }
  return {
    sde,
    network,
    preconditioning: preconditioning({ ...scheme, sde }),
    parameters: Float32Array.from(checkpoint.state.average),
    standardisation: scaling.data,
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function firstIssue(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const issue = error.issues[0];
  return issue === undefined ? "unknown" : `${issue.path.map(String).join(".")}: ${issue.message}`;
}
