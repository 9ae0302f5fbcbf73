// SPDX-License-Identifier: ISC
// report.js: the second module, fetched when a report is wanted: what `spar report`, `spar board` and
// `spar cohort report` write, with moments in the zone of who reads.
import { words } from "./words.js";
import { zoneAt } from "./zone.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {BufferSource} [module] */
async function open(module) {
  const { instance } = module ? await WebAssembly.instantiate(module, {}) : await WebAssembly.instantiateStreaming(fetch("/app/report.wasm"), {});
  const x = /** @type {any} */ (instance.exports);
  /** A copy of the bytes, which the module takes over or is to free. @param {Uint8Array} part */
  const put = (part) => {
    const at = x.web_report_alloc(part.length);
    new Uint8Array(x.memory.buffer).set(part, at);
    return at;
  };
  return { x, put };
}

/** The report of a recording's file; `other`: the file of the other half, if roles were turned and it
 * is at hand. @param {Uint8Array} bytes @param {"text" | "md" | "html" | "json" | "svg" | "mermaid" | "excalidraw"} format
 * @param {Uint8Array} [other] @param {BufferSource} [module] @returns {Promise<string>} */
export async function report(bytes, format, other = new Uint8Array(0), module) {
  const { x, put } = await open(module);
  const name = encoder.encode(format);
  const made = x.web_report_new(put(bytes), bytes.length, put(other), other.length, put(name), name.length);
  if (!made) throw new Error(words.no_memory);
  for (const half of [0, 1]) {
    const zone = zoneAt(x.web_report_at(made, half));
    const called = encoder.encode(zone.name);
    x.web_report_zone(made, half, zone.minutes, put(called), called.length);
  }
  const good = x.web_report_write(made);
  const at = x.web_report_text(made);
  const text = decoder.decode(new Uint8Array(x.memory.buffer, at, x.web_report_len(made)));
  x.web_report_free(made);
  if (!good) throw new Error(text || words.no_memory);
  return text;
}

/** The report about all interviews of a cohort. @param {[string, Uint8Array][]} files names and
 * recordings @param {boolean} csv else HTML @param {BufferSource} [module] */
export async function summed(files, csv, module) {
  const { x, put } = await open(module);
  const sum = x.web_sum_new();
  const taken = files.every(([name, bytes]) => {
    const called = encoder.encode(name);
    return x.web_sum_add(sum, put(bytes), bytes.length, put(called), called.length);
  });
  for (let i = 0; i < x.web_sum_count(sum); i += 1) {
    const zone = zoneAt(x.web_sum_at(sum, i));
    const called = encoder.encode(zone.name);
    x.web_sum_zone(sum, i, zone.minutes, put(called), called.length);
  }
  if (!taken || !x.web_sum_write(sum, csv ? 1 : 0)) throw new Error(words.no_memory);
  return decoder.decode(new Uint8Array(x.memory.buffer, x.web_sum_text(sum), x.web_sum_len(sum)));
}
