export { areOne, deviations, fittedMask, levels, loudestCells, product, softMasks, sum } from "./cells";
export { analyse32, analyse64, synthesise32, synthesise64 } from "./fourier";
export { medianAcrossFrequency, medianAcrossTime, medianOfFrames } from "./medians";
export { largestOfRows } from "./peaks";
export { products } from "./products";
export { transforms } from "./transforms";
