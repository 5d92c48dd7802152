import { assemblingRules } from "./assembling.js";
import { convolutionRules } from "./convolution.js";
import { binaryRules } from "./elementwise-binary.js";
import { unaryRules } from "./elementwise-unary.js";
import { indexingRules } from "./indexing.js";
import type { KernelRule } from "./kernel-rule.js";
import { matrixRules } from "./matrix-products.js";
import { normalisingRules } from "./normalising.js";
import { poolingRules } from "./pooling.js";
import { reductionRules } from "./reductions.js";
import { reshapingRules } from "./reshaping.js";
import { resizingRules } from "./resizing.js";
import { slicingRules } from "./slicing.js";

/** Every kernel that the compiler can translate, by name. */
export const kernelRules: ReadonlyMap<string, KernelRule> = new Map(
  [
    ...unaryRules,
    ...binaryRules,
    ...reductionRules,
    ...matrixRules,
    ...normalisingRules,
    ...reshapingRules,
    ...slicingRules,
    ...assemblingRules,
    ...indexingRules,
    ...convolutionRules,
    ...poolingRules,
    ...resizingRules,
  ].map((rule) => [rule.kernel, rule]),
);
