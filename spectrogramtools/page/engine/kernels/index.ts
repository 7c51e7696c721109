export { fittedMask, levels, loudestCells, product, softMasks } from "./cells";
export { analyse32, analyse64, synthesise32, synthesise64 } from "./fourier";
export { medianAcrossFrequency, medianAcrossTime, medianOfFrames } from "./medians";
export { products } from "./products";
export { transforms } from "./transforms";
