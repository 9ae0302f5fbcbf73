// SPDX-License-Identifier: ISC
// voice.js: speaking with the others of a room, from page to page. It draws nothing and knows no
// rule of the room: it is told who is on voice, gives out signals and takes them, and holds one
// connection for each of the others. Fetched once voice is wanted.
//
// The server is needed to find each other, not to speak: while it is away, connections that stand
// are left alone. A page's `tag` names one time of being on voice; what is for another is old news.

import { fromHex, toHex } from "./link.js";

const LONG_MS = 15000; // no way found for so long: it is said so, and tried again
const SHORT_MS = 4000; // a connection that stutters is left alone for so long
const ID = 3000000000; // no command of a seat has such a number
const EARLY = 64; // signals of one seat that may come before it is heard that the seat is on voice
const AGAIN_S = 600; // before a pass for the relay ends

/** Why there is no microphone, as a key of the words. @param {any} error */
export async function reasonOf(error) {
  if (!navigator.mediaDevices) return "insecure";
  if (/NotFound|Overconstrained/.test(error.name)) return "none";
  if (/NotReadable|Abort/.test(error.name)) return "busy";
  if (error.name !== "NotAllowedError") return "failed";
  if (/system/i.test(error.message)) return "system";
  const asked = await navigator.permissions?.query({ name: /** @type {any} */ ("microphone") }).catch(() => null);
  return asked?.state === "granted" ? "system" : "refused";
}

/** Loudness, 0 to 1, of the samples that an analyser has. */
function loudness(analyser, samples) {
  analyser.getFloatTimeDomainData(samples);
  const sum = samples.reduce((all, one) => all + one * one, 0);
  return Math.min(1, Math.sqrt(sum / samples.length) * 4);
}

/** The connection to one of the others. The higher seat alone makes offers, the lower one asks for
 * them: two offers that crossed made Chromium drop the one side's candidates for good. */
class Other {
  /** @param {Voice} voice @param {number} seat @param {number} tag */
  constructor(voice, seat, tag) {
    this.voice = voice;
    this.seat = seat;
    this.tag = tag;
    this.offers = voice.seat > seat;
    this.tries = 0;
    this.state = "looking";
    this.sound = new Audio();
    this.sound.autoplay = true;
    this.begin();
  }

  begin() {
    const { voice } = this;
    const pc = new RTCPeerConnection(voice.configuration());
    this.pc = pc;
    this.since = performance.now();
    const track = voice.track();
    this.sender = track ? pc.addTrack(track, voice.stream) : pc.addTransceiver("audio", { direction: "recvonly" }).sender;
    pc.ontrack = ({ track: heard, streams }) => { this.hears(streams[0] || new MediaStream([heard])); };
    pc.onicecandidate = ({ candidate }) => this.send({ candidate });
    pc.onnegotiationneeded = () => { if (this.offers) this.offer(); else if (pc.remoteDescription) this.send({ ask: 1 }); };
    pc.onconnectionstatechange = () => this.changed();
  }

  hears(stream) {
    this.stream = stream;
    this.sound.srcObject = stream;
    this.voice.output(this.sound);
    this.sound.play().then(() => { this.blocked = false; }, () => { this.blocked = true; }).then(() => this.voice.changed());
  }

  /** @param {any} what */
  send(what) {
    this.voice.signal(this.seat, { v: 1, to: this.tag, tag: this.voice.tag, ...what });
  }

  async offer() {
    try {
      await this.pc.setLocalDescription();
      this.send({ description: this.pc.localDescription });
    } catch (error) { this.failure = error.message; }
  }

  /** What the other page says. */
  async take({ description, candidate, ask }) {
    const { pc } = this;
    try {
      if (ask && this.offers) this.again();
      if (description && this.offers === (description.type === "answer")) {
        await pc.setRemoteDescription(description);
        if (description.type === "offer") {
          await pc.setLocalDescription();
          this.send({ description: pc.localDescription });
        }
      } else if (candidate !== undefined) {
        await pc.addIceCandidate(candidate || undefined);
      }
    } catch (error) { this.failure = error.message; }
  }

  changed() {
    const is = this.pc.connectionState;
    if (is === "connected") Object.assign(this, { state: "there", tries: 0, since: performance.now() });
    else if (this.state === "there") Object.assign(this, { state: "back", since: performance.now() });
    if (is === "failed") this.look();
    this.voice.changed();
  }

  /** Looks for another way. What stands goes on until there is one. */
  look() {
    this.since = performance.now();
    this.tries += 1;
    if (this.tries > 1) this.state = "none";
    this.pc.setConfiguration(this.voice.configuration());
    if (this.offers) this.again();
    else this.send({ ask: 1 });
  }

  /** An offer that nobody answered was lost on the way; until it is answered there is no other. */
  again() {
    if (this.pc.signalingState === "have-local-offer") this.send({ description: this.pc.localDescription });
    else this.pc.restartIce();
  }

  /** Now and then: a connection that does not stand is helped along. */
  tend(now) {
    const is = this.pc.connectionState;
    const wait = is === "disconnected" ? SHORT_MS : LONG_MS;
    if (is !== "connected" && now - this.since > wait) this.look();
  }

  /** @returns {number} loudness, 0 to 1 */
  level() {
    const [one] = this.pc.getReceivers()[0]?.getSynchronizationSources() || [];
    return one && performance.now() - one.timestamp + performance.timeOrigin * (one.timestamp > 1e12 ? 1 : 0) < 1000 ? Math.min(1, (one.audioLevel || 0) * 2) : 0;
  }

  close() {
    this.pc.onconnectionstatechange = null;
    this.pc.close();
    this.sound.srcObject = null;
  }
}

export class Voice {
  /**
   * @param {{room: string, seat: number, send: (message: any) => boolean, changed: () => void}} user
   */
  constructor(user) {
    this.user = user;
    this.seat = user.seat;
    /** off: nothing is open; asking: for the microphone; trying: it is heard here alone; on. */
    this.phase = "off";
    this.muted = false;
    this.why = ""; // no microphone: the reason
    this.notice = "";
    this.tag = 0;
    this.asked = ID;
    /** @type {Map<number, any>} seat → Other */
    this.others = new Map();
    /** @type {Map<number, any[]>} seat → what came before it was heard that the seat is on voice */
    this.early = new Map();
    this.voices = {};
    this.ways = null;
    /** What hears how loud one is oneself, as long as the microphone is open.
     * @type {AudioContext | null} */
    this.context = null;
    /** @type {Float32Array | null} */
    this.samples = null;
    this.devices = [];
    this.input = this.outputId = "";
    this.relay = false;
    this.onChange = () => { this.listen(); };
    this.onNet = () => { for (const other of this.others.values()) other.look(); };
  }

  changed() { this.user.changed(); }

  configuration() {
    const { ways } = this;
    const iceServers = ways?.uris ? [{ urls: ways.uris.split("\n"), username: ways.user, credential: ways.pass }] : [];
    return { iceServers, iceTransportPolicy: /** @type {RTCIceTransportPolicy} */ (this.relayOnly() ? "relay" : "all") };
  }

  relayOnly() { return this.relay || Boolean(this.ways?.relay); }
  track() { return this.stream?.getAudioTracks()[0] || null; }

  // ---- the microphone ----

  /** Opens the microphone, for its person alone. */
  async open() {
    if (this.phase === "off") this.phase = "asking";
    this.why = "";
    this.changed();
    try {
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(this.input ? { deviceId: { exact: this.input } } : {}) };
      if (!navigator.mediaDevices) throw new Error("no devices");
      this.hold(await navigator.mediaDevices.getUserMedia({ audio }));
    } catch (error) {
      this.why = await reasonOf(error);
    }
    if (this.phase === "asking") this.phase = "trying";
    await this.listen();
  }

  /** @param {MediaStream} stream */
  hold(stream) {
    if (this.phase === "off") { stream.getTracks().forEach((one) => one.stop()); return; }
    this.stream?.getTracks().forEach((one) => one.stop());
    this.stream = stream;
    const [track] = stream.getAudioTracks();
    track.enabled = !this.muted;
    track.onended = () => { this.why = "gone"; this.changed(); };
    this.context ||= new AudioContext();
    this.context.resume();
    this.source?.disconnect();
    this.source = this.context.createMediaStreamSource(stream);
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.source.connect(this.analyser);
    for (const other of this.others.values()) this.give(other, track, stream);
  }

  give(other, track, stream) {
    if (other.sender.track) other.sender.replaceTrack(track);
    else other.sender = other.pc.addTrack(track, stream);
  }

  /** Which devices there are now. */
  async listen() {
    const all = navigator.mediaDevices ? await navigator.mediaDevices.enumerateDevices() : [];
    this.devices = all.filter((one) => one.deviceId && one.label);
    if (navigator.mediaDevices) navigator.mediaDevices.ondevicechange = this.onChange;
    this.changed();
  }

  /** @param {string} id */
  choose(id) { this.input = id; return this.open(); }

  /** @param {string} id */
  sound(id) {
    this.outputId = id;
    for (const other of this.others.values()) this.output(other.sound);
    this.changed();
  }

  output(sound) { if (this.outputId && sound.setSinkId) sound.setSinkId(this.outputId).catch(() => {}); }

  // ---- on voice ----

  /** Goes on voice; without a microphone one only listens. */
  speak() {
    if (this.phase === "on") return;
    this.phase = "on";
    if (!this.stream) this.muted = true;
    this.tag ||= crypto.getRandomValues(new Uint32Array(1))[0] || 1;
    window.addEventListener("online", this.onNet);
    /** @type {any} */ (navigator).connection?.addEventListener?.("change", this.onNet);
    this.timer = setInterval(() => this.tend(), 1000);
    this.tended = performance.now();
    this.say();
    this.changed();
  }

  say(on = true) {
    this.asked += 1;
    const message = { m: "voice", room: this.user.room, id: this.asked, tag: this.tag };
    this.user.send(on ? { ...message, on: true, muted: this.muted || !this.stream } : message);
  }

  /** @param {boolean} muted */
  mute(muted) {
    if (this.muted === muted || (!muted && !this.stream)) return;
    this.muted = muted;
    const track = this.track();
    if (track) track.enabled = !muted;
    if (this.phase === "on") this.say();
    this.changed();
  }

  /** @param {boolean} relay */
  hide(relay) {
    this.relay = relay;
    for (const other of this.others.values()) other.look();
    this.changed();
  }

  hangUp() {
    if (this.phase === "on") this.say(false);
    this.end();
  }

  /** Lets go of everything. */
  end() {
    clearInterval(this.timer);
    window.removeEventListener("online", this.onNet);
    /** @type {any} */ (navigator).connection?.removeEventListener?.("change", this.onNet);
    if (navigator.mediaDevices) navigator.mediaDevices.ondevicechange = null;
    for (const other of this.others.values()) other.close();
    this.others.clear();
    this.early.clear();
    this.stream?.getTracks().forEach((one) => one.stop());
    this.source?.disconnect();
    this.context?.close();
    Object.assign(this, { stream: null, context: null, source: null, analyser: null, phase: "off", muted: false, ways: null, why: "", tag: 0 });
    this.changed();
  }

  /** Loudness of a seat, 0 to 1. @param {number} seat */
  level(seat) {
    if (seat !== this.seat) return this.others.get(seat)?.level() || 0;
    if (!this.analyser || (this.phase === "on" && this.muted)) return 0;
    this.samples ||= new Float32Array(this.analyser.fftSize);
    return loudness(this.analyser, this.samples);
  }

  /** One that may not sound before its person has pressed something. */
  blocked() { return [...this.others.values()].some((other) => other.blocked); }
  unblock() { for (const other of this.others.values()) if (other.stream) other.hears(other.stream); }

  // ---- what the server says ----

  /** The link is there again and the room is joined. */
  up() { if (this.phase === "on") this.say(); }

  /** Who is on voice: {seat: {on, muted, tag, lost}}. @param {any} voices */
  heard(voices) {
    this.voices = voices;
    if (this.phase !== "on") return;
    const own = voices[this.seat];
    if (own?.on && own.tag !== this.tag) {
      this.end();
      this.notice = "elsewhere";
    } else if (this.ways) this.meet();
    this.changed();
  }

  /** Connections to all who are on voice, and to nobody else. */
  meet() {
    for (const [key, voice] of Object.entries(this.voices)) {
      const seat = Number(key);
      const other = this.others.get(seat);
      if (other && (other.tag !== voice.tag || (!voice.on && !voice.lost))) this.drop(seat);
      if (voice.on && seat !== this.seat && !this.others.has(seat)) this.greet(seat, voice.tag);
    }
  }

  greet(seat, tag) {
    const other = new Other(this, seat, tag);
    this.others.set(seat, other);
    for (const said of this.early.get(seat) || []) if (said.tag === tag) other.take(said);
    this.early.delete(seat);
  }

  drop(seat) {
    this.others.get(seat).close();
    this.others.delete(seat);
  }

  /** @param {any} message */
  take(message) {
    if (message.m === "ways" && message.id === this.asked) {
      this.ways = message;
      this.passed = performance.now();
      this.notice = this.relayOnly() && !message.uris ? "no_relay" : "";
      for (const other of this.others.values()) if (other.pc.connectionState !== "connected") other.look();
      this.meet();
    } else if (message.m === "signalled" && this.phase === "on") {
      this.signalled(message);
    } else if (message.m === "refused" && message.id > ID && message.id <= this.asked) {
      this.refused(message);
    } else return false;
    this.changed();
    return true;
  }

  signalled({ seat, data }) {
    let said;
    try { said = JSON.parse(new TextDecoder().decode(fromHex(data.bytes))); } catch { return; }
    if (said.v !== 1 || said.to !== this.tag) return;
    const other = this.others.get(seat);
    if (other?.tag === said.tag) other.take(said);
    else this.early.set(seat, [...(this.early.get(seat) || []), said].slice(-EARLY));
  }

  /** Signals that came too fast come again with the next look for a way. */
  refused({ why, text }) {
    if (why === "voice-full") { this.end(); this.notice = text; }
  }

  /** @param {number} seat @param {any} what */
  signal(seat, what) {
    const bytes = new TextEncoder().encode(JSON.stringify(what));
    this.asked += 1;
    this.user.send({ m: "signal", room: this.user.room, id: this.asked, seat, data: { bytes: toHex(bytes) } });
  }

  /** Once a second: helps connections along, and notices that the machine has slept. */
  tend() {
    const now = performance.now();
    const slept = now - this.tended > 20000;
    this.tended = now;
    if (this.ways?.seconds && now - this.passed > (this.ways.seconds - AGAIN_S) * 1000) this.say();
    for (const [seat, other] of this.others) {
      const lost = !this.voices[seat]?.on;
      if (lost && ["failed", "closed"].includes(other.pc.connectionState)) this.drop(seat);
      else if (!lost) { if (slept) other.since = 0; other.tend(now); }
    }
    this.changed();
  }
}
