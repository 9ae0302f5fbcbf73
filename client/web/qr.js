// SPDX-License-Identifier: ISC
// qr.js: a text as a QR code (ISO/IEC 18004): bytes, correction level L, versions 1 to 14, which is
// enough for every link. Fetched when a code is wanted; pure.

/** Codewords of correction in each block, and how many blocks there are, by version from 1 on. */
const CHECKS = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4];
const LEVEL_L = 1;

// ---- arithmetic in the field of 256, by logarithms ----

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let i = 0, x = 1; i < 255; i++, x = x << 1 ^ (x & 128 ? 0x11d : 0)) {
  EXP[i] = EXP[i + 255] = x;
  LOG[x] = i;
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

/** What is left of the data, times x^count, over the polynomial with the roots 2^0 to 2^(count-1). */
function checksOf(data, count) {
  let poly = [1];
  for (let i = 0; i < count; i++) poly = [...poly, 0].map((c, k) => c ^ (k ? times(poly[k - 1], EXP[i]) : 0));
  const rest = new Uint8Array(data.length + count);
  rest.set(data);
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i];
    for (let k = 0; k <= count; k++) rest[i + k] ^= times(poly[k], factor);
  }
  return rest.slice(data.length);
}

/** `value` followed by the bits that are left of it over `poly`, whose highest bit is `degree`. */
function withRest(value, poly, degree) {
  let rest = value << degree;
  for (let bit = 31 - Math.clz32(rest); bit >= degree; bit--) if (rest >> bit & 1) rest ^= poly << (bit - degree);
  return value << degree | rest;
}

// ---- codewords ----

const sizeOf = (version) => 17 + 4 * version;
/** Where the middles of the small squares stand, both ways. */
function middles(version) {
  if (version === 1) return [];
  const gaps = Math.floor(version / 7) + 1;
  const last = sizeOf(version) - 7;
  const step = Math.ceil((last - 6) / gaps / 2) * 2;
  return [6, ...Array.from({ length: gaps }, (_, i) => last - (gaps - 1 - i) * step)];
}

/** The bytes in their blocks, each with its checks, as they are interleaved. @param {Uint8Array} data */
function interleave(data, version) {
  const [count, checks] = [BLOCKS[version - 1], CHECKS[version - 1]];
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const blocks = [];
  for (let i = 0, at = 0; i < count; i++) {
    const len = short + (i >= count - longer ? 1 : 0);
    blocks.push(data.slice(at, at + len));
    at += len;
  }
  const out = [];
  const turns = (lists) => { for (let k = 0; k < Math.max(...lists.map((list) => list.length)); k++) for (const list of lists) if (k < list.length) out.push(list[k]); };
  turns(blocks);
  turns(blocks.map((block) => checksOf(block, checks)));
  return out;
}

/** @param {Uint8Array} bytes @param {number} room codewords that there are for them */
function dataWords(bytes, version, room) {
  const bits = [];
  const put = (value, count) => { for (let i = count - 1; i >= 0; i--) bits.push(value >> i & 1); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = new Uint8Array(room);
  for (let i = 0; i < bits.length; i++) words[i >> 3] |= bits[i] << (7 - (i & 7));
  for (let i = bits.length / 8, pad = 0xec; i < room; i++, pad ^= 0xec ^ 0x11) words[i] = pad;
  return words;
}

// ---- the picture ----

/** A picture with all that is the same for every text: null is where bits of the text go. */
function frame(version) {
  const size = sizeOf(version);
  const grid = Array.from({ length: size }, () => new Array(size).fill(null));
  const square = (x, y, reach) => {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        if (grid[y + dy]?.[x + dx] !== undefined) grid[y + dy][x + dx] = reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1;
      }
    }
  };
  for (let i = 0; i < size; i++) grid[6][i] = grid[i][6] = i % 2 === 0;
  const at = middles(version);
  const last = at.length - 1;
  at.forEach((y, i) => at.forEach((x, k) => { if (!((i === 0 && (k === 0 || k === last)) || (i === last && k === 0))) square(x, y, 2); }));
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4);
  for (let i = 0; i < 18 && version >= 7; i++) {
    const bit = Boolean(withRest(version, 0x1f25, 12) >> i & 1);
    const [near, far] = [Math.floor(i / 3), size - 11 + i % 3];
    grid[near][far] = grid[far][near] = bit;
  }
  format(grid, 0);
  return grid;
}

/** The level and the mask, twice, beside the large squares. */
function format(grid, mask) {
  const size = grid.length;
  const bits = withRest(LEVEL_L << 3 | mask, 0x537, 10) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const bit = Boolean(bits >> i & 1);
    if (i < 8) grid[i < 6 ? i : i + 1][8] = grid[8][size - 1 - i] = bit;
    else grid[8][i === 8 ? 7 : 14 - i] = grid[size - 15 + i][8] = bit;
  }
  grid[size - 8][8] = true;
}

const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => x * y % 2 + x * y % 3,
  (x, y) => (x * y % 2 + x * y % 3) % 2, (x, y) => ((x + y) % 2 + x * y % 3) % 2,
];

/** Fills in the words, two columns at a time from the right, up and down. */
function fill(base, words, mask) {
  const grid = base.map((row) => row.slice());
  const size = grid.length;
  let bit = 0;
  for (let right = size - 1, up = true; right > 0; right -= right === 8 ? 3 : 2, up = !up) {
    for (let i = 0; i < size; i++) {
      const y = up ? size - 1 - i : i;
      for (const x of [right, right - 1]) {
        if (base[y][x] !== null) continue;
        const dark = words[bit >> 3] >> (7 - (bit & 7)) & 1;
        grid[y][x] = Boolean(dark) !== (MASKS[mask](x, y) === 0);
        bit += 1;
      }
    }
  }
  format(grid, mask);
  return grid;
}

/** How hard a picture is to read: long runs and squares of one colour. Any mask can be read. */
function trouble(grid) {
  const size = grid.length;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (const cell of [(k) => grid[i][k], (k) => grid[k][i]]) {
      for (let k = 1, run = 1; k <= size; k++) {
        if (k < size && cell(k) === cell(k - 1)) run += 1;
        else { sum += run >= 5 ? run - 2 : 0; run = 1; }
      }
    }
    for (let k = 0; i + 1 < size && k + 1 < size; k++) sum += grid[i][k] === grid[i][k + 1] && grid[i][k] === grid[i + 1][k] && grid[i][k] === grid[i + 1][k + 1] ? 3 : 0;
  }
  return sum;
}

/** Rows of dark (true) and light; null: the text is too long. @param {string} text */
export function qr(text) {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= CHECKS.length; version++) {
    const base = frame(version);
    const words = base.flat().filter((cell) => cell === null).length >> 3;
    const room = words - CHECKS[version - 1] * BLOCKS[version - 1];
    if (bytes.length + (version < 10 ? 2 : 3) > room) continue;
    const all = interleave(dataWords(bytes, version, room), version);
    const grids = MASKS.map((_, mask) => fill(base, all, mask));
    return grids.reduce((best, grid) => (trouble(grid) < trouble(best) ? grid : best));
  }
  return null;
}
