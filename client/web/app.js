// SPDX-License-Identifier: ISC
// app.js: the page: what its link is for, the door before a room, hosting, and the life of the
// connection. What a room looks like is room.js's.
import { findLink, linkOfAddress, namesRoom, readLink } from "./address.js";
import { fetchCore, TAKEN } from "./core.js";
import { openIdentity } from "./identity.js";
import { roomKeys } from "./keys.js";
import { Link, toHex } from "./link.js";
import { devices, drawing, ending, fetchRest } from "./later.js";
import { boardNow, icon, unseenIsOver } from "./parts.js";
import { roomView } from "./room.js";
import { takeSeat } from "./tabs.js";
import { telling } from "./told.js";
import { declinedBy, turnTake } from "./turn.js";
import { draw, h } from "./view.js";
import { words } from "./words.js";

/** What only a host link, a cohort's link and a link that is not whole need: fetched for those. */
/** @type {any} */
let more = null;
async function needMore() {
  const [group, wall, files] = await Promise.all([import("./group.js"), import("./wall.js"), import("./files.js")]);
  more = { ...group, ...wall, ...files };
  document.addEventListener("keydown", more.groupKeys);
}

/** Voice is fetched when it is first wanted. */
let speech = null;
const needSpeech = async () => { speech ||= await import("./speak.js"); return speech; };
export const openVoice = (on = false) => needSpeech().then(() => speech.openVoice(on));
export const voiceKey = () => needSpeech().then(() => speech.voiceKey());
export const voiceStrip = () => speech?.voiceStrip();
/** A page that is loaded anew, or that goes on to the second half, is on voice again by itself. */
function voiceAgain(message) {
  app.voice?.up();
  let was = "";
  try { was = sessionStorage.getItem("spar.voice") || ""; } catch { /* a private window */ }
  if (was !== "" && !app.voice && [message.room, app.state?.prev].includes(was)) openVoice(true);
}

/** Why somebody is out of a room who has asked for nothing; the two that are of one room alone. */
const OUT_OF_ROOM = new Set(["seat-moved", "put-out"]);
const OUT = new Set([...OUT_OF_ROOM, "member-moved", "withdrawn", "suspended", "forgotten", "replaced"]);
const SCREEN = 1; // what a page is that only shows (enum companion)
const root = /** @type {HTMLElement} */ (document.getElementById("app"));

/** Everything that is drawn follows from this; `redraw` draws it anew in the next frame. */
export const app = {
  view: "loading", core: null, identity: null, link: null, parts: null, name: "",
  room: null, state: null, pack: null, lines: [], pill: { word: "connecting" }, notice: "", links: [],
  shelf: [], host: { pack: "", file: null, title: "", training: false, guided: false, fleeting: false }, ui: null, asked: 0,
  /** Who is on voice, by room and seat; one's own voice in the room that is open (voice.js). */
  voices: {}, voice: null,
  fetching: null, replay: null, trips: {}, sheet: null, clock: null, last: null,
  /** What this page is: 0 the seat itself, 1 a screen that only shows; `tab`: since another tab of
   * this browser has the seat. `screens`: what the seat has of those. `typed`: the name, just now. */
  companion: 0, tab: false, screens: { count: 0, link: "", until: 0 }, typed: false,
  /** How long it is kept, as the server has said at the door; null: it has not. */
  kept: null,
  /** What is not one room: group.js's; the coach's wall, and the room of it that is open. */
  group: null, wall: null, onWall: "",
};
let wanted = false;
let drawnAt = 0;
const FRAME_MS = 8;
export function redraw() {
  if (wanted) return;
  wanted = true;
  requestAnimationFrame(() => { if (wanted) render(); });
}
/** Draws at once what waits for the next frame, where the focus goes to something that is not there yet:
 * the key that comes next is for that, and on a slow machine it may come before the frame. */
export function drawNow() {
  if (wanted) render();
}
/** News from the server is drawn as soon as it has been read whole, unless there is much of it: a
 * frame that began a moment ago still shows it. */
function redrawSoon() {
  redraw();
  if (performance.now() - drawnAt > FRAME_MS) queueMicrotask(() => { if (wanted && performance.now() - drawnAt > FRAME_MS) render(); });
}

/** Whether nothing can be changed here: a recording, or a screen that only shows. */
export const looks = () => Boolean(app.replay || app.companion);
export const now = () => (app.replay ? app.replay.at : app.link.clock.now());

function remembered() {
  try { return localStorage.getItem("spar.name") || ""; } catch { return ""; }
}
function remember(name) {
  try { localStorage.setItem("spar.name", name); } catch { /* a private window */ }
}

// ---- the door ----

/** Asks how long this server keeps what is said, and this room if it has a time of its own, before
 * anybody gives a name. Nothing depends on the answer: without one the door says that it is open. */
let asking = null;
function askKept() {
  const { room, secret, host, cohort } = app.parts;
  const told = (days = 0, fleeting = false) => {
    const { hours } = asking;
    app.kept = { hours: days && (!hours || days * 24 < hours) ? days * 24 : hours, fleeting };
    asking.leave();
    redraw();
  };
  asking = new Link(app.core, app.identity, {
    up: () => {
      if (host || cohort) told();
      else asking.send(app.core.encode({ m: "join", room, secret, look: true }));
    },
    down: () => asking.leave(),
    over: () => {},
    message: ({ m, days, fleeting }) => { if (m === "term") told(days, fleeting); else asking.leave(); },
  });
}

function keptWords() {
  const { kept } = app;
  if (!kept) return words.kept_for.unknown;
  if (kept.fleeting) return words.kept_for.fleeting;
  return kept.hours ? words.kept_for.hours(kept.hours) : words.kept_for.ever;
}

async function goIn() {
  const { parts } = app;
  const name = app.name.trim();
  if (!name) return;
  asking?.leave();
  if (app.typed) remember(name);
  const kind = parts.host ? "host" : parts.cohort;
  app.view = kind ? "group" : "room";
  if (kind) more.groupBegin(kind, parts);
  redraw();
  if (!kind) app.tab = !await takeSeat(parts.room, false);
  app.companion = app.tab ? SCREEN : 0;
  connect();
  redraw();
}

/** A telephone that has photographed a seat's code: no name is asked for, it is nobody new. */
function showScreen() {
  app.companion = SCREEN;
  app.view = "room";
  connect();
}

function door() {
  const { identity, parts } = app;
  const submit = (event) => { event.preventDefault(); goIn(); };
  const as = words.invited_as[parts.role] || "";
  return h("main", {}, h("form", { class: "door", onsubmit: submit },
    h("p", { class: "brand" }, icon("mark"), "Spar"),
    as && h("p", { class: "eyebrow" }, as),
    h("h1", {}, parts.host ? words.host_door : parts.cohort ? words.group.door : words.door),
    h("p", {}, `${words.on_record} ${keptWords()}`),
    !identity.kept && h("p", { class: "bad" }, words.key_lost),
    h("label", { class: "field" }, words.name,
      h("input", { class: "in", maxlength: 64, required: true, autocomplete: "name", value: app.name,
        onmade: (node) => node.focus(), oninput: (event) => { app.name = event.target.value; app.typed = true; } })),
    h("button", { class: "btn go", type: "submit" }, parts.host ? words.host_title : words.group.go_on[parts.cohort] || words.go_in),
    h("p", { class: "soft small" }, words.group.nothing_starts[parts.host ? "host" : parts.cohort] || words.nothing_starts),
    h("details", { class: "soft small" }, h("summary", {}, words.cannot_check), h("p", {}, words.pin), h("p", {}, words.private))));
}

function notWhole() {
  const submit = (event) => {
    event.preventDefault();
    app.notice = words.not_a_link;
    const given = findLink(event.target.elements.link.value);
    const parts = given && readLink(given);
    if (parts && given.origin !== location.origin) app.notice = `${words.other_server} ${given.host}.`;
    else if (parts?.secret) location.assign(given.pathname + given.hash);
    redraw();
  };
  return h("main", {}, h("form", { class: "door", onsubmit: submit },
    h("p", { class: "brand" }, icon("mark"), "Spar"), h("h1", {}, words.which_link), h("p", {}, location.pathname === "/" ? words.no_link : namesRoom() ? words.no_hash : words.no_room),
    h("label", { class: "field" }, words.paste, h("input", { class: "in", name: "link" })),
    h("button", { class: "btn go", type: "submit" }, words.open),
    app.parts && h("button", { class: "btn", type: "button", onclick: () => { app.view = "door"; redraw(); } }, words.own_seat), more.replayField(),
    app.notice && h("p", { class: "bad", role: "status" }, app.notice)));
}

/** What the link is for could not be fetched: the page begins anew. */
function failed() {
  return h("main", { class: "door" }, h("p", { class: "brand" }, icon("mark"), "Spar"), h("p", { class: "bad", role: "alert" }, words.not_fetched),
    h("button", { class: "btn go", type: "button", onclick: () => location.reload() }, words.group.again));
}

// ---- hosting ----

/** The bytes of a file that may be a pack; a larger one is not even read. @param {File} file */
export async function packBytes(file) {
  if (file.size > app.core.tables.limits.pack) throw new Error(words.no_pack);
  return new Uint8Array(await file.arrayBuffer());
}

export function hostView() {
  const { host, shelf } = app;
  const submit = async (event) => {
    event.preventDefault();
    const mode = (host.training ? 1 : 0) + (host.guided ? 2 : 0);
    const message = { m: "host", id: 2, secret: app.parts.secret, name: app.name, mode, fleeting: host.fleeting };
    try {
      app.link.send(host.file ? app.core.encodePack(message, host.file)
        : app.core.encode({ ...message, shelf: { bytes: host.pack || shelf[0].pack.bytes } }));
    } catch (error) { app.notice = error.message; redraw(); }
  };
  const file = async (event) => {
    const field = event.target;
    const [one] = field.files;
    Object.assign(host, { file: null, title: "" });
    app.notice = "";
    try {
      const bytes = one && await packBytes(one);
      if (bytes) Object.assign(host, { title: app.core.packAbout(bytes).title, file: bytes });
    } catch (error) {
      field.value = ""; // what is opened then is a prompt of the list
      app.notice = error.message;
    }
    redraw();
  };
  const tick = (name) => h("label", { class: "row" }, h("input", { type: "checkbox", checked: host[name],
    onchange: (event) => { host[name] = event.target.checked; redraw(); } }), words[name]);
  return h("main", {}, h("form", { class: "door", onsubmit: submit },
    h("h2", {}, words.host_title),
    h("label", { class: "field" }, words.prompt,
      h("select", { class: "in", onchange: (event) => { host.pack = event.target.value; } },
        shelf.map((one) => h("option", { key: one.pack.bytes, value: one.pack.bytes }, `${one.title} (${one.level || "any"})`)))),
    h("label", { class: "field" }, words.own_pack, h("input", { type: "file", accept: ".pack", onchange: file })),
    tick("guided"), tick("training"), tick("fleeting"),
    h("div", { role: "status" }, app.notice ? h("p", { class: "bad" }, app.notice) : host.title && h("p", {}, host.title)),
    h("button", { class: "btn go", type: "submit", disabled: shelf.length === 0 && !host.file }, words.open_room)));
}

export function linkFor(role, secret) {
  const pin = app.parts.pin ? `.${app.parts.pin}` : "";
  return `${location.origin}/${app.parts.room}#${role}.${secret}${pin}`;
}

/** Which links have let somebody in: the server names them by the hash of their secret. */
async function markUsed() {
  const { links = {}, seats = {} } = app.used || {};
  const hashes = (links.bytes || "").match(/.{64}/g) || [];
  for (const one of app.links) {
    const secret = new URL(one.link).hash.split(".")[1];
    const hash = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret))));
    const at = hashes.indexOf(hash);
    one.used = at < 0 ? -1 : parseInt(seats.bytes.slice(2 * at, 2 * at + 2), 16);
  }
  redraw();
}

function hosted(message) {
  app.parts = { ...app.parts, host: false, room: message.room, role: "interviewer", secret: message.interviewer };
  history.replaceState(null, "", `/${message.room}#interviewer.${message.interviewer}${app.parts.pin ? `.${app.parts.pin}` : ""}`);
  app.links = ["candidate", "coach"].map((role) => ({ role, link: linkFor(role, message[role]) }));
  app.view = "room";
  app.group = null;
  app.notice = "";
  join();
}

// ---- rooms that are opened from a group, and left for it ----

/** Shows a room: one of the wall, which is joined already, or a new one. */
export function showRoom(room, parts) {
  speech?.hangUp();
  app.parts = { ...app.parts, host: false, ...parts };
  Object.assign(app, { room, view: "room", state: null, pack: null, lines: [], links: [], trips: {}, notice: "", screens: { count: 0, link: "", until: 0 } });
  if (app.onWall) refresh();
  else join();
}

export function leaveRoom() {
  speech?.hangUp();
  if (app.onWall) {
    more.wallBack(); // it stays there
  } else {
    app.link.send(app.core.encode({ m: "leave", room: app.parts.room }));
    app.room.free();
  }
  Object.assign(app, { room: null, view: "group", state: null, pack: null, lines: [], links: [], parts: app.group.parts });
  redraw();
}

/** Out of a room that was opened from a group: the group goes on, and says why. */
function outOfRoom(text) {
  if (app.view === "room") leaveRoom();
  app.group.out = text;
  redraw();
}

/** Calls the server anew, after it has said why it ended the connection. */
export function connectAgain() {
  Object.assign(app, { link: null, notice: "", pill: { word: "connecting" } });
  connect();
  redraw();
}

// ---- the connection ----

function join() {
  const { room, secret } = app.parts;
  app.room ||= app.core.room();
  const how = app.companion ? { companion: app.companion } : { name: app.name, keep: !app.typed };
  app.link.send(app.room.join({ room, secret: app.tab ? "" : secret, ...how }));
}

/** What was said of the line: it goes when the line is back, and hides nothing that was said of what
 * somebody did. */
let cutOff = "";
function over(why, text) {
  app.voice?.end();
  if (app.group) more.groupDown();
  if (app.room && !app.onWall) app.room.down();
  app.pill = { word: "ended", why };
  app.notice = text;
  if (app.group && OUT_OF_ROOM.has(why)) {
    outOfRoom(text);
    connectAgain();
  }
  redraw();
}
function connect() {
  if (app.link) return;
  app.link = new Link(app.core, app.identity, {
    up: () => {
      app.pill = { word: "live" };
      if (app.notice === cutOff) app.notice = "";
      reloadIfNewer();
      if (app.group) more.groupUp();
      if (app.view === "room" && !app.onWall) join();
      redraw();
    },
    down: (retryAt, why) => {
      if (app.group) more.groupDown();
      if (app.room && !app.onWall) app.room.down();
      if (!app.notice || app.fetching || app.notice === cutOff) app.notice = cutOff = why;
      app.fetching?.failed();
      app.fetching = null;
      app.pill = { word: "off", retryAt };
      if (app.room && !app.replay) refresh();
      else redraw();
    },
    over,
    message: take,
    clock: redraw,
    watches: () => document.visibilityState === "visible" && app.state?.stage === "running",
    shown: () => (document.visibilityState === "visible" && app.state ? app.state.at : 0),
  });
}

/** A server that was started again with a newer version has a newer page: it is loaded as soon as
 * nothing is being typed. */
const AGAIN = "spar.again"; // the page has loaded itself: nobody is to be asked for the name again
function isAgain() {
  try {
    const is = sessionStorage.getItem(AGAIN) !== null;
    sessionStorage.removeItem(AGAIN);
    return is;
  } catch { return false; }
}
function reloadIfNewer() {
  const { version } = app.core.tables;
  if (!app.link.isHome()) return; // another server's page is not this one's
  if (app.link.app === "" || app.link.app === `spard ${version}`) return;
  if (!app.identity.kept) { // the seat would be lost with the page
    app.notice = words.newer_by_hand;
    return;
  }
  const typing = () => unsent() || [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[type=text], input:not([type]), textarea:focus"))].some((field) => field.value !== "" && !field.readOnly);
  app.notice = words.newer;
  const timer = setInterval(() => {
    if (typing()) return;
    clearInterval(timer);
    try { sessionStorage.setItem(AGAIN, "1"); } catch { /* the door asks again */ }
    location.reload();
  }, 1000);
}

/** What would be lost with the page: what is on its way, drawn unseen, or begun on the worksheet. */
function unsent() {
  return app.state && !app.replay && (app.state.pending.length > 0 || boardNow().held > 0 || drawing.get()?.isWriting());
}

/** After two minutes what was drawn unseen is shown by itself, on a page too that was loaded meanwhile. */
function showAgain() {
  if (app.view === "room" && app.state && !looks() && app.link?.isUp && unseenIsOver()) drawing.get()?.unhide();
}

/** Takes the seat, from whichever tab has it. */
export async function takeBack() {
  const { isUp } = app.link;
  Object.assign(app, { companion: 0, tab: false, notice: "" });
  if (app.view === "room" && !app.onWall) await takeSeat(app.parts.room, true);
  if (isUp) { join(); return; }
  app.link = null;
  connect();
}

/** What may have changed in the room, for the next drawing. */
export function refresh() {
  const state = app.room.state();
  const before = app.state;
  if (!before || before.n > state.n || before.room !== state.room) app.lines = [];
  if (state.term === 0 && before?.term !== 0) app.notice = words.nothing_kept;
  if (!before || before.panel_part !== state.panel_part || before.pack_sections !== state.pack_sections || before.stage !== state.stage || !app.pack) app.pack = app.room.pack();
  if (before?.line_changes !== state.line_changes) app.lines = [];
  app.lines = app.lines.concat(app.room.lines(app.lines.length));
  app.state = state;
  redraw();
}

/** A seat has one link at a time: that of an older move opens nothing any more. */
function invited({ role, seat = -1, secret }) {
  const one = { role: app.core.tables.roles[role], seat, link: linkFor(app.core.tables.roles[role], secret) };
  app.links = [...app.links.filter((other) => seat < 0 || other.seat !== seat), one];
}

function companions({ kind, count, secret, until = 0 }) {
  if (kind !== SCREEN) return;
  app.screens = { count, link: secret ? linkFor("screen", secret) : "", until };
  devices.get()?.screensNow();
}

function take(message) {
  if (message.m === "voiced") {
    (app.voices[message.room] ||= {})[message.seat] = message;
    if (app.voice?.user.room === message.room) app.voice.heard(app.voices[message.room]);
    redrawSoon();
    return;
  }
  if (app.voice?.take(message)) return;
  const ours = app.fetching && (message.m === "record" || app.fetching.id === message.id);
  if (app.group && !ours && more.groupTake(message)) return;
  if (turnTake(message)) { redraw(); return; }
  switch (message.m) {
    case "hosted": hosted(message); return;
    case "invited": invited(message); break;
    case "companions": companions(message); break;
    case "joined": fetchRest(); break;
    case "sheet": app.sheet = message; break;
    case "used": app.used = message; markUsed(); break;
    case "trip": app.trips[message.seat] = message.ms; break;
    case "record": if (app.fetching) app.fetching.frames.push(app.core.frame()); return;
    case "end": if (app.fetching?.id === message.id) fetched(); break;
    case "error": app.notice = message.why === "too-fast" ? app.notice : message.text; break; // of a ping
    case "refused":
      if (!message.id && message.room === app.parts.room && !app.onWall && OUT.has(message.why)) {
        if (app.group) { outOfRoom(message.text); return; }
        app.link.end(message.why, message.text);
      }
      if (app.fetching && app.fetching.id === message.id) { app.fetching.failed(); app.fetching = null; }
      app.notice = app.companion && !app.state ? words.screen.none : message.text;
      break;
    default:
  }
  if (app.room && message.room === app.parts.room) {
    const declined = declinedBy(message);
    const told = telling(message);
    const { result, send } = app.room.take();
    app.link.send(send);
    if (result === TAKEN.AGAIN) join();
    else if (result === TAKEN.BROKEN) app.link.end("version", words.broken);
    if (declined >= 0 && result === TAKEN.CHANGED) app.notice = words.turn.declined(app.state.seats[declined].name);
    else if (told && result === TAKEN.CHANGED) app.notice = told;
    if (result !== TAKEN.IGNORED) refresh();
    if (message.m === "joined") voiceAgain(message);
  }
  redrawSoon();
}

/** Sends a command; says why not, if it cannot be. */
export function command(body) {
  const refusal = (app.pill.word === "live" || app.companion) && !app.replay ? app.room.refusal(body, now()) : null;
  if (app.replay || refusal) {
    app.notice = refusal ? refusal.text : words.only_recording;
    redraw();
    return 0;
  }
  const { id, send, why } = app.room.command(body, now());
  if (id) app.link.send(send);
  if (id) app.last = body;
  app.notice = why || "";
  refresh();
  return id;
}

export function invite(role) {
  const number = app.core.tables.roles.indexOf(role);
  app.link.send(app.core.encode({ m: "invite", room: app.parts.room, role: number }));
}

// ---- recordings ----

/** Asks for a room's recording and gives its bytes to `done`; `failed` is told where there is none. */
export function fetchRecording(done, room = app.parts.room, failed = () => {}) {
  app.asked += 1;
  app.fetching = { id: 1000000 + app.asked, frames: [], done, room, failed };
  app.notice = words.fetching;
  app.link.send(app.core.encode({ m: "fetch", room, id: app.fetching.id, v: app.core.tables.recording }));
  redraw();
}

function fetched() {
  const { frames, done, room } = app.fetching;
  const parts = [app.core.recordingHead(room), ...frames, app.core.frame()];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { bytes.set(part, at); at += part.length; }
  app.fetching = null;
  app.notice = "";
  done(bytes);
}

/** Hands a file to the person. @param {BlobPart} content */
export function saveFile(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** @param {Uint8Array} bytes @param {number} [at] the moment to begin with */
export function openReplay(bytes, at) {
  const replay = app.core.replay(bytes);
  const live = { room: app.room, state: app.state, pack: app.pack, lines: app.lines, view: app.view };
  app.view = "room";
  app.replay = { replay, at: replay.about.first_at, playing: 0, speed: 8, live, from: 0 };
  app.pack = null;
  seek(at ?? replay.about.first_at);
}
export function seek(at) {
  const { replay } = app.replay;
  app.replay.at = Math.min(Math.max(at, replay.about.first_at), replay.about.last_at);
  app.room = replay.seek(app.replay.at);
  app.lines = [];
  app.state = null;
  refresh();
}
export function closeReplay() {
  app.replay.replay.free();
  Object.assign(app, app.replay.live);
  app.replay = null;
  if (app.room) refresh();
  else redraw();
}

// ---- drawing ----

const views = { loading: () => h("p", { class: "door" }, words.loading), door, group: () => more.groupView(), room: () => [more?.backBar(), roomView()], link: notWhole, failed };
function render() {
  const { replay } = app;
  wanted = false;
  drawnAt = performance.now();
  if (replay?.playing) {
    const then = replay.from + (performance.now() - replay.playing) * replay.speed;
    const at = ending.get()?.afterSilence(then) ?? then;
    if (at >= replay.replay.about.last_at) replay.playing = 0;
    seek(at);
  }
  draw(root, views[app.view]());
}

async function start() {
  root.replaceChildren();
  redraw();
  app.name = remembered();
  [app.core, app.identity] = await Promise.all([fetchCore("/app/core.wasm"), openIdentity()]);
  app.parts = linkOfAddress();
  // A chat program may have cut the link at its #; a seat that one has needs no more than the room.
  if (!app.parts || app.parts.host || app.parts.cohort || location.hash === "") {
    try { await needMore(); } catch { app.view = "failed"; redraw(); return; }
  }
  if (app.parts?.role === "voice" && app.parts.secret) {
    const device = await import("./voice_page.js");
    Object.assign(views, { voice: device.voicePage });
    app.view = "voice";
    device.voiceAgain();
    window.addEventListener("hashchange", () => location.reload());
    setInterval(redraw, 1000);
    redraw();
    return;
  }
  if (app.parts?.role === "screen") { app.parts.role = ""; showScreen(); }
  else app.view = app.parts && (location.hash !== "" || app.parts.host) ? "door" : "link";
  document.addEventListener("keydown", roomKeys);
  document.addEventListener("visibilitychange", () => { app.link?.retry(); app.link?.watch(); redraw(); });
  window.addEventListener("online", () => app.link?.retry());
  window.addEventListener("offline", () => app.link?.ping()); // whether that is so, its answer says
  setInterval(() => { if (!app.link) return; app.link.watch(); showAgain(); if (document.hidden) render(); else redraw(); }, 250); // in the back nothing asks for frames
  window.addEventListener("hashchange", () => location.reload());
  if (app.view === "door") {
    if (isAgain()) goIn();
    else askKept();
  }
  redraw();
}

/** For tests and for whoever looks with the browser's tools. */
/** @type {any} */ (window).spar = { app, hex: toHex };
start().catch((error) => { root.textContent = `${words.broken} (${error.message})`; });
