// Thrown where work is broken off because nobody waits for its result any more.
export class Overtaken extends Error {}
