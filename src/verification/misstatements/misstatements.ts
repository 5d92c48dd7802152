import { denoisingLossBound, largeNetworkCompensates } from "./about-networks.js";
import { alwaysReachesNoise, assumedGaussian, justDropTheNoise, likelihoodRises } from "./about-processes.js";
import { ddimKeepsVariance, followTheMean, moreStepsHelp } from "./about-reverse-steps.js";
import type { Misstatement } from "./misstatement.js";

/** The common misstatements, each with a figure that it cannot explain. */
export const MISSTATEMENTS: readonly Misstatement[] = [
  alwaysReachesNoise,
  assumedGaussian,
  largeNetworkCompensates,
  justDropTheNoise,
  ddimKeepsVariance,
  denoisingLossBound,
  likelihoodRises,
  followTheMean,
  moreStepsHelp,
];
