export { medianAcrossFrequency, medianAcrossTime, medianOfFrames } from "./medians";
export { products } from "./products";
export { transforms } from "./transforms";
