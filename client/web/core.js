// SPDX-License-Identifier: ISC
// core.js: the core (protocol/, as WebAssembly) as plain functions. Nothing here knows a rule of
// the room: it copies bytes in, calls, and parses the JSON that comes out. Moments are ms of room
// time. The functions are described in wasm/core.h.
import { words } from "./words.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Turns what `fetch` or a file gave into a core. @param {BufferSource} bytes */
export async function openCore(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return new Core(instance);
}

/** The same from the server, compiled while it arrives. @param {string} url */
export async function fetchCore(url) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url), {});
  return new Core(instance);
}

export class Core {
  /** @param {WebAssembly.Instance} instance */
  constructor(instance) {
    this.x = /** @type {any} */ (instance.exports);
    this.web = this.x.web_new();
    this.tables = this.json(() => this.x.web_tables(this.web));
  }

  /** Memory may have grown since the last call: never keep this. */
  memory() {
    return new Uint8Array(this.x.memory.buffer);
  }

  /** Calls with a copy of the bytes, which are freed afterwards.
   * @template T @param {Uint8Array} bytes @param {(at: number, len: number) => T} call @returns {T} */
  lend(bytes, call) {
    const at = this.x.web_alloc(bytes.length);
    if (!at) throw new Error(words.no_memory);
    this.memory().set(bytes, at);
    try {
      return call(at, bytes.length);
    } finally {
      this.x.web_free(at);
    }
  }

  /** @template T @param {any} value @param {(at: number, len: number) => T} call @returns {T} */
  lendJson(value, call) {
    return this.lend(encoder.encode(JSON.stringify(value)), call);
  }

  /** What the last call has to say, as bytes. */
  out() {
    const at = this.x.web_out(this.web);
    return this.memory().slice(at, at + this.x.web_out_len(this.web));
  }

  /** The same as JSON; null if there is nothing. @param {() => any} [call] */
  json(call) {
    if (call) call();
    const text = decoder.decode(this.out());
    return text === "" ? null : JSON.parse(text);
  }

  /** The link in a text, however mail and chat have left it; null: there is none that is whole.
   * @param {string} text @returns {URL | null} */
  link(text) {
    const good = this.lend(encoder.encode(text), (at, len) => this.x.web_link(this.web, at, len));
    return good ? new URL(this.json()) : null;
  }

  // ---- the stream ----

  /** A new connection. */
  reset() {
    this.x.web_reset(this.web);
  }

  /** Bytes of the stream: gives each message that is whole now to `take`, as JSON. False: the
   * server speaks another protocol. `take` may call everything but feed and reset.
   * @param {Uint8Array} bytes @param {(message: any) => void} take */
  feed(bytes, take) {
    if (!this.lend(bytes, (at, len) => this.x.web_feed(this.web, at, len))) return false;
    for (;;) {
      const got = this.x.web_next(this.web);
      if (got !== 1) return got === 0;
      take(this.json());
    }
  }

  /** The frame of the message that is being taken, as it came. */
  frame() {
    const at = this.x.web_frame(this.web);
    return this.memory().slice(at, at + this.x.web_frame_len(this.web));
  }

  /** A message as a frame. @param {any} message @returns {Uint8Array} */
  encode(message) {
    const good = this.lendJson(message, (at, len) => this.x.web_encode(this.web, at, len));
    if (!good) throw new Error(this.json());
    return this.out();
  }

  /** The same for host, swap and offer with a pack's file of `spar pack build`.
   * @param {any} message @param {Uint8Array} bundle @returns {Uint8Array} */
  encodePack(message, bundle) {
    const { x, web } = this;
    const good = this.lend(bundle, (at, len) => this.lendJson(message, (json, json_len) =>
      x.web_encode_pack(web, json, json_len, at, len)));
    if (!good) throw new Error(this.json());
    return this.out();
  }

  /** The public part of a pack's file. Throws a sentence if it is none. @param {Uint8Array} bundle */
  packAbout(bundle) {
    if (!this.lend(bundle, (at, len) => this.x.web_pack_about(this.web, at, len))) {
      throw new Error(this.json());
    }
    return this.json().public;
  }

  // ---- rooms ----

  room() {
    return new Room(this, this.x.web_room_new());
  }

  /** A coach's wall: many rooms on this connection. */
  wall() {
    return new Wall(this, this.x.web_wall_new());
  }

  /** A recording's file. Throws a sentence if it is none. @param {Uint8Array} bytes */
  replay(bytes) {
    const at = this.x.web_alloc(bytes.length);
    this.memory().set(bytes, at);
    const replay = this.x.web_replay_new(this.web, at, bytes.length);
    if (!replay) throw new Error(this.json());
    return new Replay(this, replay);
  }

  /** While the `end` of a fetch is being taken: the first frame of the recording's file; the
   * frames of the fetch follow it. @param {string} room */
  recordingHead(room) {
    const bytes = encoder.encode(room);
    const now = Date.now();
    if (!this.lend(bytes, (at, len) => this.x.web_replay_head(this.web, at, len, now))) {
      throw new Error(words.not_joined);
    }
    return this.out();
  }
}

/** What Room.take says. */
export const TAKEN = { BROKEN: -1, IGNORED: 0, CHANGED: 1, AGAIN: 2 };

export class Room {
  /** @param {Core} core @param {number} at */
  constructor(core, at) {
    this.core = core;
    this.at = at;
  }

  free() {
    this.core.x.web_room_free(this.at);
    this.at = 0;
  }

  /** The frame that joins, or joins again where the fold stands.
   * @param {{room: string, secret?: string, name?: string, keep?: boolean, companion?: number}} how */
  join(how) {
    const { core } = this;
    if (!core.lendJson(how, (at, len) => core.x.web_room_join(core.web, this.at, at, len))) {
      throw new Error(core.json());
    }
    return core.out();
  }

  /** Takes the message that is being fed. `send`: bytes that are to go out now. */
  take() {
    const { core } = this;
    const result = core.x.web_room_take(core.web, this.at);
    return { result, send: core.out() };
  }

  /** The connection is gone. */
  down() {
    this.core.x.web_room_down(this.at);
  }

  /** {id, send}, or {id: 0, why}. `send` is empty while cut off: it goes out after the next join.
   * @param {any} body @param {number} now */
  command(body, now) {
    const { core } = this;
    const id = core.lendJson(body, (at, len) =>
      core.x.web_room_command(core.web, this.at, at, len, now));
    return id ? { id, send: core.out() } : { id, why: core.json() };
  }

  /** null if the command would be taken now; else {why, text}. @param {any} body @param {number} now */
  refusal(body, now) {
    const { core } = this;
    const good = core.lendJson(body, (at, len) =>
      core.x.web_room_try(core.web, this.at, at, len, now));
    return good ? null : core.json();
  }

  /** How long the interview had run at a moment, pauses left out: ms. @param {number} at */
  running(at) {
    return this.core.x.web_room_running(this.at, at);
  }

  /** The next number of this seat's commands, for a message that takes one (swap). */
  number() {
    return this.core.x.web_room_number(this.at);
  }

  /** A change of the board: {send}, or {why}. @param {any} body @param {number} now */
  draw(body, now) {
    const { core } = this;
    const good = core.lendJson(body, (at, len) =>
      core.x.web_room_draw(core.web, this.at, at, len, now));
    return good ? { send: core.out() } : { why: core.json() };
  }

  /** Takes back one's own last change, or makes it again. @param {boolean} again @param {number} now */
  undo(again, now) {
    const { core } = this;
    return core.x.web_room_undo(core.web, this.at, again ? 1 : 0, now) ? { send: core.out() } : { why: core.json() };
  }

  /** Lets go what was drawn unseen. @param {number} now */
  unhide(now) {
    const { core } = this;
    const good = core.x.web_room_unhide(core.web, this.at, now);
    return good ? { send: core.out() } : { send: new Uint8Array(0), why: core.json() };
  }

  /** Puts a picture on record: {send}, or {why}. @param {Uint8Array} bytes @param {number} now */
  picture(bytes, now) {
    const { core } = this;
    const good = core.lend(bytes, (at, len) => core.x.web_room_picture(core.web, this.at, at, len, now));
    return good ? { send: core.out() } : { why: core.json() };
  }

  /** The bytes of a picture on record, as far as they have come; else null. @param {number} id */
  pictureBytes(id) {
    return this.core.x.web_room_picture_bytes(this.core.web, this.at, id) ? this.core.out() : null;
  }

  /** @param {number} now */
  board(now) {
    return this.core.json(() => this.core.x.web_room_board(this.core.web, this.at, now));
  }

  /** A coach's screen shows their own sealed sheet, or the panel's. @param {boolean} on */
  seal(on) {
    this.core.x.web_room_seal(this.at, on ? 1 : 0);
  }

  revision() {
    return this.core.x.web_room_revision(this.at);
  }

  digest() {
    return this.core.json(() => this.core.x.web_room_digest(this.core.web, this.at));
  }

  state() {
    return this.core.json(() => this.core.x.web_room_state(this.core.web, this.at));
  }

  /** The pack with the panel's columns, as far as they are here, beside the public ones. */
  pack() {
    const bodies = this.core.json(() => this.core.x.web_room_pack(this.core.web, this.at));
    return bodies && merge(bodies.public, bodies.panel);
  }

  /** @param {number} from */
  lines(from) {
    return this.core.json(() => this.core.x.web_room_lines(this.core.web, this.at, from));
  }

  /** @param {number} now */
  clock(now) {
    return this.core.json(() => this.core.x.web_room_clock(this.core.web, this.at, now));
  }

  /** @param {number} now */
  row(now) {
    return this.core.json(() => this.core.x.web_room_row(this.core.web, this.at, now));
  }

  /** @param {number} now */
  summary(now) {
    return this.core.json(() => this.core.x.web_room_summary(this.core.web, this.at, now));
  }
}

/** The rooms that a coach watches. Their order and their reasons are the core's. */
export class Wall {
  /** @param {Core} core @param {number} at */
  constructor(core, at) {
    this.core = core;
    this.at = at;
  }

  free() {
    this.core.x.web_wall_free(this.at);
    this.at = 0;
  }

  /** @param {string} id @param {(at: number, len: number) => number} call */
  byId(id, call) {
    const at = this.core.lend(encoder.encode(id), call);
    return at ? new Room(this.core, at) : null;
  }

  /** The room of that id, which is to be joined if it is new. null: no place. @param {string} id */
  add(id) {
    return this.byId(id, (at, len) => this.core.x.web_wall_add(this.at, at, len));
  }

  /** Good until the next sweep, or as long as it is open. @param {string} id */
  find(id) {
    return this.byId(id, (at, len) => this.core.x.web_wall_find(this.at, at, len));
  }

  /** Takes the message that is being fed, if it is about one of the rooms. */
  take() {
    const result = this.core.x.web_wall_take(this.core.web, this.at);
    return { result, send: this.core.out() };
  }

  /** The connection is gone. */
  down() {
    this.core.x.web_wall_down(this.at);
  }

  /** It has left its cohort. @param {Room} room */
  end(room) {
    this.core.x.web_wall_end(room.at);
  }

  /** @param {Room} room @param {boolean} on */
  open(room, on) {
    this.core.x.web_wall_open(room.at, on ? 1 : 0);
  }

  /** @param {Room} room @param {boolean} on */
  mute(room, on) {
    this.core.x.web_wall_mute(room.at, on ? 1 : 0);
  }

  /** Takes away what is done with; the frames that leave those rooms. @param {number} now */
  sweep(now) {
    this.core.x.web_wall_sweep(this.core.web, this.at, now);
    return this.core.out();
  }

  /** @param {number} now @param {boolean} hold whether the order stays as it is */
  state(now, hold) {
    return this.core.json(() => this.core.x.web_wall_state(this.core.web, this.at, now, hold ? 1 : 0));
  }
}

/** Lists that stand in both bodies have the same length: entry for entry.
 * @param {any} all @param {any} panel */
function merge(all, panel) {
  const pack = { ...all };
  for (const [key, value] of Object.entries(panel || {})) {
    pack[key] = Array.isArray(value) && Array.isArray(all[key])
      ? all[key].map((entry, i) => ({ ...entry, ...value[i] }))
      : value;
  }
  return pack;
}

export class Replay {
  /** @param {Core} core @param {number} at */
  constructor(core, at) {
    this.core = core;
    this.at = at;
    this.about = core.json(() => core.x.web_replay_about(core.web, at));
  }

  free() {
    this.core.x.web_replay_free(this.at);
    this.at = 0;
  }

  events() {
    return this.core.json(() => this.core.x.web_replay_events(this.core.web, this.at));
  }

  /** The room at a moment; good until the next seek. @param {number} at */
  seek(at) {
    return new Room(this.core, this.core.x.web_replay_seek(this.at, at));
  }

  /** The first moment at which the interview had run so long, pauses left out; -1: it never did. @param {number} running ms */
  momentOf(running) {
    return this.core.x.web_replay_moment(this.at, running);
  }

  /** The room right after event n. @param {number} n */
  seekEvent(n) {
    return new Room(this.core, this.core.x.web_replay_seek_event(this.at, n));
  }
}
