// SPDX-License-Identifier: ISC
// link.js: the connection to the server over a WebSocket: hello, frames, pings, the shared clock,
// and coming back by itself. It knows nothing of rooms: it hands every message up and says when it
// is up, down or over.

/** Reasons of a bye after which calling again makes no sense. */
const NO_WAY_BACK = new Set(["replaced", "version", "no-key", "bad-proof", "bad-frame", "seat-moved", "put-out", "member-moved"]);
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const QUICK_PINGS = 8;
const QUICK_PING_MS = 1000;

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
    this.trip = heard - sent;
    this.samples.push({ trip: heard - sent, at: (sent + heard) / 2, now });
    if (this.samples.length > this.keep) this.samples.shift();
    const best = this.samples.reduce((a, b) => (b.trip < a.trip ? b : a));
    this.base = best.at;
    this.offset = best.now;
    this.error = (best.trip / 2) * this.rate;
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
   *   clock?: () => void, shown?: () => number}} user
   */
  constructor(core, identity, user) {
    this.core = core;
    this.identity = identity;
    this.user = user;
    this.clock = new Clock(core.tables.limits.clock_samples);
    this.isUp = false;
    this.isOver = false;
    this.wait = FIRST_WAIT_MS;
    this.pings = 0;
    /** The server's program and version, from its welcome. */
    this.app = "";
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    this.core.reset();
    this.bye = null;
    this.heard = performance.now();
    const socket = new WebSocket(`wss://${location.host}/ws`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.take(socket, new Uint8Array(event.data));
    socket.onclose = () => this.lost(socket);
    this.socket = socket;
  }

  take(socket, bytes) {
    if (socket !== this.socket) return;
    this.heard = performance.now();
    if (!this.core.feed(bytes, (message) => this.dispatch(message))) {
      this.end("bad-frame", "The server speaks another version; reload the page.");
    }
  }

  dispatch(message) {
    switch (message.m) {
      case "challenge": this.prove(this.socket, fromHex(message.nonce.bytes)); break;
      case "welcome": this.welcomed(message); break;
      case "pong": this.ponged(message); break;
      case "bye": this.bye = message; break;
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
    this.clock.guess(message.now, message.rate || 1);
    this.isUp = true;
    this.wait = FIRST_WAIT_MS;
    this.pings = 0;
    this.ping();
    this.user.up();
  }

  ping() {
    clearTimeout(this.timer);
    if (!this.isUp) return;
    if (performance.now() - this.heard > this.core.tables.limits.idle_ms) {
      this.socket.close();
      return;
    }
    const message = { m: "ping", t: Math.round(performance.now() * 1000) };
    const shown = this.user.shown ? this.user.shown() : 0;
    if (shown > 0) message.shown = shown;
    if (this.clock.trip !== null) message.trip = Math.max(1, Math.round(this.clock.trip));
    this.send(this.core.encode(message));
    this.pings += 1;
    const every = this.pings < QUICK_PINGS ? QUICK_PING_MS : this.core.tables.limits.ping_every_ms;
    this.timer = setTimeout(() => this.ping(), every);
  }

  ponged(message) {
    this.clock.add(message.t / 1000, performance.now(), message.now);
    if (this.user.clock) this.user.clock();
  }

  /** Whole frames. False, and nothing sent, unless the link is up. @param {Uint8Array} bytes */
  send(bytes) {
    if (!this.isUp || this.socket.readyState !== WebSocket.OPEN) return false;
    if (bytes.length > 0) this.socket.send(bytes);
    return true;
  }

  lost(socket) {
    if (socket !== this.socket || this.isOver) return;
    this.isUp = false;
    clearTimeout(this.timer);
    if (this.bye && NO_WAY_BACK.has(this.bye.why)) {
      this.end(this.bye.why, this.bye.text);
      return;
    }
    const retryAt = performance.now() + this.wait;
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    this.user.down(retryAt, this.bye ? this.bye.text : "The connection is cut off.");
  }

  /** Tries again now, if it is waiting to. */
  retry() {
    if (!this.isUp && !this.isOver && this.socket.readyState === WebSocket.CLOSED) this.connect();
  }

  end(why, text) {
    this.isOver = true;
    this.isUp = false;
    clearTimeout(this.timer);
    this.socket.close();
    this.user.over(why, text);
  }

  /** Ends it from this side. */
  leave() {
    this.end("left", "");
  }
}
