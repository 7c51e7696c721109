// Random numbers: those that numpy's `default_rng(seed)` draws, to the last bit, so that both sides begin alike.
//
// numpy stretches the seed to 256 bits (O'Neill's seed_seq, whose constants are below) and lets PCG64 make 64 bits of
// them at a time: a number of 128 bits that goes round by multiplication, of which one half is laid over the other and
// turned. The number stands as eight of 16 bits, the lowest first, whose products a float holds exactly: the language's
// own whole numbers of 128 bits take several times as long.
//
// Function: `uniform`.

const PIECES = 8;
const PIECE = 2 ** 16;
const MULTIPLIER = pieces(0x2360ed051fc65da44385df649fccf645n);
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
  const drawn = new Float64Array(count);
  for (let i = 0; i < count; i++) drawn[i] = low + (high - low) * draw();
  return drawn;
}

/**
 * What gives the next number from 0 to 1, of 53 bits.
 * @param {number} seed
 * @returns {() => number}
 */
function pcg64(seed) {
  const [start, stream] = stretched(seed);
  const increment = pieces((stream << 1n) | 1n);
  const state = pieces(0n);
  goRound(state, increment);
  pieces(start).forEach((piece, c) => (state[c] += piece));
  carry(state);
  goRound(state, increment);
  return () => {
    goRound(state, increment);
    // The halves laid over one another, in two times 32 bits.
    const lower = (state[0] ^ state[4]) | ((state[1] ^ state[5]) << 16);
    const upper = (state[2] ^ state[6]) | ((state[3] ^ state[7]) << 16);
    const turn = state[7] >>> 10;
    const low = turn < 32 ? lower : upper;
    const high = turn < 32 ? upper : lower;
    return ((turned(high, low, turn) >>> 0) * 2 ** 21 + (turned(low, high, turn) >>> 11)) * 2 ** -53;
  };
}

/**
 * 32 bits moved to the right by the turn's last five bits, behind those that come from `above`.
 * @param {number} bits
 * @param {number} above
 * @param {number} turn
 */
function turned(bits, above, turn) {
  return turn & 31 ? (bits >>> turn) | (above << -turn) : bits;
}

/**
 * The state times the multiplier, plus the increment.
 * @param {Float64Array} state
 * @param {Float64Array} increment
 */
function goRound(state, increment) {
  for (let c = PIECES - 1; c >= 0; c--) {
    let sum = increment[c];
    for (let k = 0; k <= c; k++) sum += state[k] * MULTIPLIER[c - k];
    state[c] = sum;
  }
  carry(state);
}

/** @param {Float64Array} number */
function carry(number) {
  let over = 0;
  for (let c = 0; c < PIECES; c++) {
    const sum = number[c] + over;
    over = Math.floor(sum / PIECE);
    number[c] = sum - over * PIECE;
  }
}

/** @param {bigint} number */
function pieces(number) {
  return Float64Array.from({ length: PIECES }, (_, c) => Number((number >> BigInt(16 * c)) & 0xffffn));
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
