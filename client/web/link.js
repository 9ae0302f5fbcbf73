// SPDX-License-Identifier: ISC
// link.js: the connection to the server over a WebSocket: hello, frames, pings, the shared clock,
// and coming back by itself. It knows nothing of rooms: it hands every message up and says when it
// is up, down or over.
import { words } from "./words.js";

/** Reasons of a bye after which calling again makes no sense. */
const NO_WAY_BACK = new Set(["replaced", "version", "no-key", "bad-proof", "bad-frame", "seat-moved", "put-out", "forgotten", "member-moved", "companion-over"]);
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const QUICK_PINGS = 8;
const QUICK_PING_MS = 1000;
const PING_MS = 10000; // afterwards, so that "live" is true: a network that is gone says nothing
const SILENT_MS = 5000; // without an answer for so long it is cut off
const CONNECT_MS = 10000; // for a connection to be up
const GRACE_MS = 1000; // for an answer to be there, before the page stops to say live
const SLEPT_MS = 2000; // so much more by the wall clock than by the page's own: the machine slept
const DRIFT = 0.0005; // two clocks run apart by less than this (RFC 5905, section 7.2)
// While somebody looks at a clock that runs, and the server has named others that hold the same
// rooms: a server that is gone is missed at once, and left for another.
const NODE_PING_MS = 700;
const NODE_SILENT_MS = 1200; // and two round trips
const NODE_CONNECT_MS = 1000; // the first patience with one of several
const HOP_EVERY_MS = 1000; // up for so long: lost, it goes elsewhere without a wait

/** @param {string} hex */
export function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
}
/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Room time: the sample of the lowest round trip among the last few gives the offset; its error is
 * at most half of that trip. Measured on the monotonic clock: a changed wall clock moves nothing. */
export class Clock {
  /** @param {number} samples */
  constructor(samples) {
    this.keep = samples;
    this.samples = [];
    this.rate = 1;
    this.base = 0;
    this.offset = 0;
    /** @type {number | null} real ms; null: not known yet */
    this.trip = null;
  }

  /** What the server said, asked at `sent` and heard at `heard` (ms of the page). */
  add(sent, heard, now) {
    if (heard < sent) return;
    const sample = { trip: heard - sent, at: (sent + heard) / 2, now };
    if (this.contradicts(sample)) this.samples = [];
    this.trip = sample.trip;
    this.samples.push(sample);
    if (this.samples.length > this.keep) this.samples.shift();
    const best = this.samples.reduce((a, b) => (b.trip < a.trip ? b : a));
    this.base = best.at;
    this.offset = best.now;
    this.error = (best.trip / 2) * this.rate;
  }

  /** Whether a sample and what is known cannot both be right: then this machine's clock has jumped
   * (it stood still while the machine slept, say), and of the time before nothing can be used. */
  contradicts({ trip, at, now }) {
    if (this.samples.length === 0) return false;
    const passed = at - this.base;
    const may = this.error + (trip / 2 + Math.abs(passed) * DRIFT + 2) * this.rate;
    return Math.abs(now - passed * this.rate - this.offset) > may;
  }

  /** Before the first pong: what the welcome said. */
  guess(now, rate) {
    this.rate = rate;
    this.samples = [];
    this.base = performance.now();
    this.offset = now;
    this.error = null;
  }

  now() {
    return Math.floor((performance.now() - this.base) * this.rate + this.offset);
  }
}

export class Link {
  /**
   * @param {import("./core.js").Core} core @param {import("./identity.js").Identity} identity
   * @param {{up: () => void, down: (retryAt: number, why: string) => void,
   *   over: (why: string, text: string) => void, message: (message: any) => void,
   *   clock?: () => void, shown?: () => number, watches?: () => boolean}} user
   */
  constructor(core, identity, user) {
    this.core = core;
    this.identity = identity;
    this.user = user;
    this.clock = new Clock(core.tables.limits.clock_samples);
    this.isUp = false;
    this.isOver = false;
    /** Cut off, and the next try is to come. */
    this.waits = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.wait = FIRST_WAIT_MS;
    this.pings = 0;
    this.every = QUICK_PING_MS;
    /** Whether a ping is on its way; how far the wall clock was ahead of the page's. */
    this.asks = false;
    this.ahead = Date.now() - performance.now();
    /** The servers that hold the same rooms, the one that is called or was last in front. */
    this.places = [location.host];
    this.tries = 0; // since one was up
    this.upAt = 0;
    /** The server's program and version, and for how many hours it keeps what nothing more happens
     * in (0: for good), from its welcome. */
    this.app = "";
    this.hours = 0;
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    const patience = this.places.length > 1 ? NODE_CONNECT_MS * 2 ** this.tries : CONNECT_MS;
    this.timer = setTimeout(() => this.drop(), Math.min(patience, CONNECT_MS));
    this.tries = Math.min(this.tries + 1, 4);
    this.waits = false;
    this.core.reset();
    this.bye = null;
    this.heard = performance.now();
    const socket = this.call();
    this.socket = socket;
    if (!socket) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.lost(null), 0);
      return;
    }
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.take(socket, new Uint8Array(event.data));
    socket.onclose = () => this.lost(socket);
  }

  /** null: the page was loaded when that server was not there, and its policy lets it go nowhere else. */
  call() {
    try {
      return new WebSocket(`wss://${this.places[0]}/ws`);
    } catch { return null; }
  }

  take(socket, bytes) {
    if (socket !== this.socket) return;
    this.heard = performance.now();
    this.asks = false;
    clearTimeout(this.silence);
    if (!this.core.feed(bytes, (message) => this.dispatch(message))) {
      this.end("bad-frame", words.other_version);
    }
  }

  dispatch(message) {
    switch (message.m) {
      case "challenge": this.prove(this.socket, fromHex(message.nonce.bytes)); break;
      case "welcome": this.welcomed(message); break;
      case "pong": this.ponged(message); break;
      case "bye":
        this.bye = message;
        this.name(message.nodes || "");
        break;
      default: this.user.message(message);
    }
  }

  async prove(socket, nonce) {
    const sign = await this.identity.sign(nonce);
    if (socket !== this.socket) return;
    const { protocol, version } = this.core.tables;
    socket.send(this.core.encode({
      m: "hello", v: protocol, app: `page ${version}`,
      key: { bytes: toHex(this.identity.key) }, sign: { bytes: toHex(sign) },
    }));
  }

  welcomed(message) {
    this.app = message.app || "";
    this.hours = message.hours || 0;
    this.clock.guess(message.now, message.rate || 1);
    this.isUp = true;
    this.upAt = performance.now();
    this.wait = FIRST_WAIT_MS;
    this.tries = 0;
    this.pings = 0;
    this.name(message.nodes || "");
    this.ping();
    this.user.up();
  }

  /** Others that hold the same rooms. If there are none just now, those named before stay. */
  name(nodes) {
    const named = nodes.split("\n").filter((node) => node !== "").map((node) => node.replace(/:443$/, ""));
    if (named.length > 0) this.places = [...new Set([this.places[0], ...named, location.host])];
  }

  /** Whether this server is the one that the page came from. */
  isHome() {
    return this.places[0] === location.host;
  }

  ping() {
    clearTimeout(this.timer);
    if (!this.isUp) return;
    const near = this.places.length > 1 && !!this.user.watches?.();
    if (near && this.asks) { // the answer is waited for
      this.timer = setTimeout(() => this.ping(), NODE_PING_MS);
      return;
    }
    clearTimeout(this.silence);
    const silent = near ? Math.min(NODE_SILENT_MS + 2 * (this.clock.trip || 0), SILENT_MS) : SILENT_MS;
    this.silence = setTimeout(() => this.drop(), silent);
    const message = { m: "ping", t: Math.round(performance.now() * 1000) };
    const shown = this.user.shown ? this.user.shown() : 0;
    if (shown > 0) message.shown = shown;
    if (this.clock.trip !== null) message.trip = Math.max(1, Math.round(this.clock.trip));
    this.send(this.core.encode(message));
    this.asks = true;
    this.pings += 1;
    this.every = near ? NODE_PING_MS : this.pings < QUICK_PINGS ? QUICK_PING_MS : PING_MS;
    this.timer = setTimeout(() => this.ping(), this.every);
  }

  /** Real ms since something was heard, once it is longer than a ping takes; 0: it was just now. */
  silent() {
    const ms = this.isUp ? performance.now() - this.heard : 0;
    return ms > this.every + GRACE_MS ? ms : 0;
  }

  /** Called now and then. What was slept through counts as silence, and silence is asked into. */
  watch() {
    const ahead = Date.now() - performance.now();
    if (ahead - this.ahead > SLEPT_MS) this.heard -= ahead - this.ahead;
    this.ahead = ahead;
    if (this.silent() && !this.asks) this.ping();
  }

  ponged(message) {
    this.name(message.nodes || "");
    this.clock.add(message.t / 1000, performance.now(), message.now);
    if (this.user.clock) this.user.clock();
  }

  /** Whole frames. False, and nothing sent, unless the link is up. @param {Uint8Array} bytes */
  send(bytes) {
    if (!this.isUp || this.socket.readyState !== WebSocket.OPEN) return false;
    if (bytes.length > 0) this.socket.send(/** @type {any} */ (bytes));
    return true;
  }

  /** Nothing comes any more: goes on without waiting until the browser has noticed. */
  drop() {
    const { socket } = this;
    this.lost(socket);
    if (this.waits) this.socket = null;
    socket?.close();
  }

  lost(socket) {
    if (socket !== this.socket || this.isOver) return;
    this.isUp = false;
    this.waits = true;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    if (this.bye && NO_WAY_BACK.has(this.bye.why)) {
      this.waits = false;
      this.end(this.bye.why, this.bye.text);
      return;
    }
    const hops = this.places.length > 1 && this.upAt > 0 && performance.now() - this.upAt >= HOP_EVERY_MS;
    const wait = hops ? 0 : this.wait;
    const retryAt = performance.now() + wait;
    this.places = [...this.places.slice(1), this.places[0]];
    this.upAt = 0;
    this.timer = setTimeout(() => this.connect(), wait);
    if (!hops) this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    this.user.down(retryAt, this.bye ? this.bye.text : words.cut_off);
  }

  /** Tries again now, if it is waiting to. */
  retry() {
    if (this.waits && !this.isOver) this.connect();
  }

  end(why, text) {
    this.isOver = true;
    this.isUp = false;
    this.waits = false;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.socket?.close();
    this.user.over(why, text);
  }

  /** Ends it from this side. */
  leave() {
    this.end("left", "");
  }
}
