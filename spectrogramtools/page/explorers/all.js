// All explorers, by the kind that Python names.
import { Balance } from "./balance.js";
import { Errors } from "./errors.js";
import { GriffinLim } from "./griffin_lim.js";
import { Hpss } from "./hpss.js";
import { Moments } from "./moments.js";
import { Repet } from "./repet.js";
import { RepetSim } from "./repet_sim.js";
import { Similarity } from "./similarity.js";
import { Stft } from "./stft.js";
import { Tempo } from "./tempo.js";

export const EXPLORERS = {
  balance: Balance, errors: Errors, griffin_lim: GriffinLim, hpss: Hpss, moments: Moments, repet: Repet,
  repet_sim: RepetSim, similarity: Similarity, stft: Stft, tempo: Tempo,
};
