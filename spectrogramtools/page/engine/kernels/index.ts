export { medianAcrossFrequency, medianAcrossTime, medianOfFrames } from "./medians";
