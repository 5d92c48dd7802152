const TITLES: Readonly<Record<string, { readonly plain: string; readonly typeset: string; readonly unit: string }>> = {
  w1: { plain: "W1", typeset: "W₁", unit: "data units" },
  w2: { plain: "W2", typeset: "W₂", unit: "data units" },
  slicedW1: { plain: "sliced W1", typeset: "sliced W₁", unit: "data units" },
  slicedW2: { plain: "sliced W2", typeset: "sliced W₂", unit: "data units" },
  assignmentW2: { plain: "assignment W2", typeset: "W₂ by assignment", unit: "data units" },
  energy: { plain: "energy distance", typeset: "energy distance", unit: "data units" },
  mmd: { plain: "MMD", typeset: "MMD", unit: "no unit" },
  modeWeights: { plain: "mode weights", typeset: "error of mode weights", unit: "no unit" },
  mean: { plain: "mean error", typeset: "error of the mean", unit: "data units" },
  covariance: { plain: "covariance error", typeset: "error of the covariance", unit: "data units squared" },
  path: { plain: "path error", typeset: "error against the exact transport", unit: "data units" },
  kl: { plain: "KL", typeset: "KL divergence", unit: "nats" },
  tv: { plain: "TV", typeset: "total variation", unit: "no unit" },
};

/** Name of a metric in plain letters, for terminals and files. */
export function metricTitle(metric: string): string {
  return TITLES[metric]?.plain ?? metric;
}

/** Name of a metric as a chart or a page writes it. */
export function typesetMetric(metric: string): string {
  return TITLES[metric]?.typeset ?? metric;
}

/** Unit of a metric in words. */
export function metricUnit(metric: string): string {
  return TITLES[metric]?.unit ?? "no unit";
}
