// SPDX-License-Identifier: ISC
// zip.js: files as one ZIP archive, stored as they are (APPNOTE 6.3, sections 4.3.7 to 4.3.16).
// Names are ASCII. Pure.

const TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i;
  for (let k = 0; k < 8; k++) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
  return crc;
});
/** @param {Uint8Array} bytes */
function sum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ crc >>> 8;
  return ~crc >>> 0;
}

/** Numbers of two or four bytes, little end first. @param {[number, number][]} fields */
function record(...fields) {
  const out = new Uint8Array(fields.reduce((all, [, size]) => all + size, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return out;
}

/** @param {[string, Uint8Array][]} files @returns {BlobPart[]} */
export function zip(files) {
  const parts = [];
  const list = [];
  let at = 0;
  for (const [name, bytes] of files) {
    const text = new TextEncoder().encode(name);
    /** @type {[number, number][]} */
    const common = [[20, 2], [0, 2], [0, 2], [0, 2], [0x21, 2], [sum(bytes), 4], [bytes.length, 4], [bytes.length, 4], [text.length, 2], [0, 2]];
    const head = record([0x04034b50, 4], ...common);
    list.push(record([0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), text);
    parts.push(head, text, bytes);
    at += head.length + text.length + bytes.length;
  }
  const size = list.reduce((all, part) => all + part.length, 0);
  return [...parts, ...list, record([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [at, 4], [0, 2])];
}
