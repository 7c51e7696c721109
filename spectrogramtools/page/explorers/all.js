// All explorers, by the kind that Python names.
import { Hpss } from "./hpss.js";
import { Repet } from "./repet.js";
import { Stft } from "./stft.js";

export const EXPLORERS = { hpss: Hpss, repet: Repet, stft: Stft };
