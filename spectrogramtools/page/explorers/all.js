import { Hpss } from "./hpss.js";
import { Stft } from "./stft.js";

export const EXPLORERS = { hpss: Hpss, stft: Stft };
