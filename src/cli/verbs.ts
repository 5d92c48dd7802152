import type { Command } from "commander";

/** A verb of the command line: what help says of it, and the module that knows its options, loaded when it is asked for. */
export interface Verb {
  readonly name: string;
  readonly description: string;
  load(): Promise<Command>;
}

/** The verbs in the order of help. */
export const VERBS: readonly Verb[] = [
  {
    name: "tour",
    description: "the whole pipeline on one page: SDEs, a learned score, samplers, Fokker–Planck",
    load: async () => (await import("./commands/tour.js")).tourCommand(),
  },
  {
    name: "compare",
    description: "compare solvers on an SDE and a data law, against the truth",
    load: async () => (await import("./commands/compare.js")).compareCommand(),
  },
  {
    name: "sample",
    description: "draw samples with one solver, to a file and a picture",
    load: async () => (await import("./commands/sample.js")).sampleCommand(),
  },
  {
    name: "train",
    description: "train a score network by denoising score matching",
    load: async () => (await import("./commands/train.js")).trainCommand(),
  },
  {
    name: "likelihood",
    description: "log-likelihood of points under the probability flow, in nats and bits per dimension",
    load: async () => (await import("./commands/likelihood.js")).likelihoodCommand(),
  },
  {
    name: "fokker-planck",
    description:
      "check on the line or in the plane that SDE, Fokker–Planck equation, score and samplers belong together",
    load: async () => (await import("./commands/fokker-planck.js")).fokkerPlanckCommand(),
  },
  {
    name: "converge",
    description: "measure the order of solvers by every ratio of exact errors",
    load: async () => (await import("./commands/converge.js")).convergeCommand(),
  },
  {
    name: "verify",
    description: "check every identity that must hold between SDE, data law, score and solvers",
    load: async () => (await import("./commands/verify.js")).verifyCommand(),
  },
  {
    name: "list",
    description: "list solvers, SDEs, targets, grids, networks, engines … with their options and sources",
    load: async () => (await import("./commands/list.js")).listCommand(),
  },
  {
    name: "info",
    description: "versions, machine, tensor engines that are found; JSON Schema of config files",
    load: async () => (await import("./commands/info.js")).infoCommand(),
  },
  {
    name: "completion",
    description: "print the script that completes verbs, options and names in a shell",
    load: async () => (await import("./commands/completion.js")).completionCommand(),
  },
];
