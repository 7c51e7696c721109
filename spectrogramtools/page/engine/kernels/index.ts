export { medianAcrossFrequency, medianAcrossTime, medianOfFrames } from "./medians";
export { largestOfRows } from "./peaks";
export { products } from "./products";
export { transforms } from "./transforms";
