import type { TrainSetting } from "./train-setting.js";

/** The settings that decide a run's bits, as plain data: a checkpoint continues only a run that agrees in all of them. */
export function identityOf(setting: TrainSetting): Record<string, unknown> {
  const { sde, network, source, preconditioning: conditioned, weighting, timeSampling, optimiser } = setting;
  const { stratified, dropout, batch, seed, steps } = setting;
  return {
    data: source.fingerprint,
    sde: { name: sde.name, options: sde.options },
    network: { name: network.name, options: network.options, shape: network.shape, classes: network.classes },
    preconditioning: {
      name: conditioned.name,
      predicts: conditioned.predicts,
      dataStandardDeviation: conditioned.dataStandardDeviation,
      level: conditioned.levelOf,
    },
    weighting: weighting.name,
    timeSampling: timeSampling.name,
    stratified,
    dropout,
    batch,
    seed,
    // JSON has no infinity.
    optimiser: { ...optimiser, clip: Number.isFinite(optimiser.clip) ? optimiser.clip : null },
    // With a constant rate a run may go on beyond its end.
    steps: optimiser.decay === "constant" ? null : steps,
  };
}
