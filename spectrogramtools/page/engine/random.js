// Random numbers: those that numpy's `default_rng(seed)` draws, to the last bit, so that both sides begin alike.
//
// numpy stretches the seed to 256 bits (O'Neill's seed_seq, whose constants are below) and lets PCG64 make 64 bits of
// them at a time: a number of 128 bits that goes round by multiplication, of which one half is laid over the other and
// turned.
//
// Function: `uniform`.

const MASK64 = (1n << 64n) - 1n;
const MASK128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const POOL = 4; // numbers of 32 bit

/**
 * Numbers drawn from an interval with equal chances, as `np.random.default_rng(seed).uniform(low, high, count)`.
 * @param {number} seed a whole number below 2 ** 32
 * @param {number} low
 * @param {number} high not in the interval
 * @param {number} count
 * @returns {Float64Array}
 */
export function uniform(seed, low, high, count) {
  const draw = pcg64(seed);
  return Float64Array.from({ length: count }, () => low + (high - low) * (Number(draw() >> 11n) * 2 ** -53));
}

/**
 * What gives the next 64 bits.
 * @param {number} seed
 * @returns {() => bigint}
 */
function pcg64(seed) {
  const [state, stream] = stretched(seed);
  const increment = ((stream << 1n) | 1n) & MASK128;
  let now = 0n;
  const step = () => (now = (now * MULTIPLIER + increment) & MASK128);
  step();
  now = (now + state) & MASK128;
  step();
  return () => {
    step();
    const folded = (now >> 64n) ^ (now & MASK64);
    const turn = now >> 122n;
    return ((folded >> turn) | (folded << (64n - turn))) & MASK64;
  };
}

/**
 * Two numbers of 128 bits, made of the seed.
 * @param {number} seed
 * @returns {[bigint, bigint]}
 */
function stretched(seed) {
  const hash = hashed(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL }, (_, i) => hash(i ? 0 : seed));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mixed(pool[to], hash(pool[from]));
  }
  const more = hashed(0x8b51f9dd, 0x58f38ded);
  const words = Array.from({ length: 8 }, (_, i) => BigInt(more(pool[i % POOL])));
  const halves = Array.from({ length: 4 }, (_, i) => words[2 * i] | (words[2 * i + 1] << 32n));
  return [(halves[0] << 64n) | halves[1], (halves[2] << 64n) | halves[3]];
}

/**
 * A hash of 32 bits, whose constant changes from call to call.
 * @param {number} constant
 * @param {number} multiplier
 */
function hashed(constant, multiplier) {
  /** @param {number} value */
  return (value) => {
    const laid = (value ^ constant) >>> 0;
    constant = Math.imul(constant, multiplier) >>> 0;
    const product = Math.imul(laid, constant) >>> 0;
    return (product ^ (product >>> 16)) >>> 0;
  };
}

/**
 * Two numbers of 32 bit as one.
 * @param {number} a
 * @param {number} b
 */
function mixed(a, b) {
  const sum = (Math.imul(a, 0xca01f9dd) - Math.imul(b, 0x4973f715)) >>> 0;
  return (sum ^ (sum >>> 16)) >>> 0;
}
