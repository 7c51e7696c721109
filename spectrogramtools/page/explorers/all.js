// All explorers, by the kind that Python names.
import { Balance } from "./balance.js";
import { Errors } from "./errors.js";
import { GriffinLim } from "./griffin_lim.js";
import { Hpss } from "./hpss.js";
import { InnerProduct } from "./inner_product.js";
import { Moments } from "./moments.js";
import { Repet } from "./repet.js";
import { RepetSim } from "./repet_sim.js";
import { Similarity } from "./similarity.js";
import { Songs } from "./songs.js";
import { Stft } from "./stft.js";
import { Tempo } from "./tempo.js";
import { WindowSum } from "./window_sum.js";

export const EXPLORERS = {
  balance: Balance, errors: Errors, griffin_lim: GriffinLim, hpss: Hpss, inner_product: InnerProduct,
  moments: Moments, repet: Repet, repet_sim: RepetSim, similarity: Similarity, songs: Songs, stft: Stft, tempo: Tempo, window_sum: WindowSum,
};
