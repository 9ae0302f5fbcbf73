// SPDX-License-Identifier: ISC
// app.js: the page: what its link is for, the door before a room, hosting, and the life of the
// connection. What a room looks like is room.js's.
import { fetchCore, TAKEN } from "./core.js";
import { openIdentity } from "./identity.js";
import { roomKeys } from "./keys.js";
import { Link, toHex } from "./link.js";
import { icon } from "./parts.js";
import { roomView } from "./room.js";
import { turnTake } from "./turn.js";
import { draw, h } from "./view.js";
import { words } from "./words.js";

/** What only a host link, a cohort's link and a link that is not whole need: fetched for those. */
let more = null;
async function needMore() {
  const [group, wall, files] = await Promise.all([import("./group.js"), import("./wall.js"), import("./files.js")]);
  more = { ...group, ...wall, ...files };
  document.addEventListener("keydown", more.groupKeys);
}

const ID = /^[a-z0-9]{12}$/;
const SECRET = /^[\w-]{22}$/;
const root = /** @type {HTMLElement} */ (document.getElementById("app"));

/** https://HOST:PORT/ROOM#ROLE.SECRET.PIN, as parts; null: it is not whole. @param {URL | Location} at */
export function readLink(at) {
  const room = at.pathname.slice(1);
  const [role, secret = "", pin = ""] = at.hash.slice(1).split(".");
  const host = room === "host";
  const cohort = role === "students" || role === "coaches" ? role : "";
  if ((!host && !ID.test(room)) || (secret !== "" && !SECRET.test(secret))) return null;
  return { host, cohort, room, role: role || "", secret, pin };
}

/** Everything that is drawn follows from this; `redraw` draws it anew in the next frame. */
export const app = {
  view: "loading", core: null, identity: null, link: null, parts: null, name: "",
  room: null, state: null, pack: null, lines: [], pill: { word: "connecting" }, notice: "", links: [],
  shelf: [], host: { pack: "", file: null, training: false, guided: false }, ui: null, asked: 0,
  fetching: null, replay: null, trips: {}, sheet: null, clock: null, last: null,
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
/** News from the server is drawn as soon as it has been read whole, unless there is much of it: a
 * frame that began a moment ago still shows it. */
function redrawSoon() {
  redraw();
  if (performance.now() - drawnAt > FRAME_MS) queueMicrotask(() => { if (wanted && performance.now() - drawnAt > FRAME_MS) render(); });
}

export const now = () => (app.replay ? app.replay.at : app.link.clock.now());

function remembered() {
  try { return localStorage.getItem("spar.name") || ""; } catch { return ""; }
}
function remember(name) {
  try { localStorage.setItem("spar.name", name); } catch { /* a private window */ }
}

// ---- the door ----

function goIn() {
  const { parts } = app;
  const name = app.name.trim();
  if (!name) return;
  remember(name);
  const kind = parts.host ? "host" : parts.cohort;
  app.view = kind ? "group" : "room";
  if (kind) more.groupBegin(kind, parts);
  connect();
  redraw();
}

function door() {
  const { identity, parts } = app;
  const submit = (event) => { event.preventDefault(); goIn(); };
  const as = words.invited_as[parts.role] || "";
  return h("main", {}, h("form", { class: "door", onsubmit: submit },
    h("p", { class: "brand" }, icon("mark"), "Spar"),
    as && h("p", { class: "eyebrow" }, as),
    h("h1", {}, parts.host ? words.host_door : parts.cohort ? words.group.door : words.door),
    h("p", {}, words.on_record),
    !identity.kept && h("p", { class: "bad" }, words.key_lost),
    h("label", { class: "field" }, words.name,
      h("input", { class: "in", maxlength: 64, required: true, autocomplete: "name", value: app.name,
        onmade: (node) => node.focus(), oninput: (event) => { app.name = event.target.value; } })),
    h("button", { class: "btn go", type: "submit" }, parts.host ? words.host_title : words.group.go_on[parts.cohort] || words.go_in),
    h("p", { class: "soft small" }, words.group.nothing_starts[parts.host ? "host" : parts.cohort] || words.nothing_starts),
    h("details", { class: "soft small" }, h("summary", {}, words.cannot_check), words.pin)));
}

function notWhole() {
  const submit = (event) => {
    event.preventDefault();
    app.notice = words.not_a_link;
    try {
      const given = new URL(event.target.elements.link.value.trim());
      const parts = readLink(given);
      if (parts && given.origin !== location.origin) app.notice = `${words.other_server} ${given.host}.`;
      else if (parts?.secret) location.assign(given.pathname + given.hash);
    } catch { /* still no link */ }
    redraw();
  };
  return h("main", {}, h("form", { class: "door", onsubmit: submit },
    h("p", { class: "brand" }, icon("mark"), "Spar"), h("h1", {}, words.which_link), h("p", {}, location.pathname === "/" ? words.no_link : words.no_hash),
    h("label", { class: "field" }, words.paste, h("input", { class: "in", name: "link" })),
    h("button", { class: "btn go", type: "submit" }, words.open),
    app.parts && h("button", { class: "btn", type: "button", onclick: () => { app.view = "door"; redraw(); } }, words.own_seat), more.replayField(),
    app.notice && h("p", { class: "bad", role: "status" }, app.notice)));
}

// ---- hosting ----

export function hostView() {
  const { host, shelf } = app;
  const submit = async (event) => {
    event.preventDefault();
    const mode = (host.training ? 1 : 0) + (host.guided ? 2 : 0);
    const message = { m: "host", id: 2, secret: app.parts.secret, name: app.name, mode };
    try {
      app.link.send(host.file ? app.core.encodePack(message, host.file)
        : app.core.encode({ ...message, shelf: { bytes: host.pack || shelf[0].pack.bytes } }));
    } catch (error) { app.notice = error.message; redraw(); }
  };
  const file = async (event) => {
    const [one] = event.target.files;
    host.file = one ? new Uint8Array(await one.arrayBuffer()) : null;
    try { if (host.file) app.notice = app.core.packAbout(host.file).title; } catch (error) { host.file = null; app.notice = error.message; }
    redraw();
  };
  const tick = (name) => h("label", { class: "row" }, h("input", { type: "checkbox", checked: host[name],
    onchange: (event) => { host[name] = event.target.checked; redraw(); } }), words[name]);
  return h("form", { class: "door", onsubmit: submit },
    h("h1", {}, words.host_title),
    h("label", { class: "field" }, words.prompt,
      h("select", { class: "in", onchange: (event) => { host.pack = event.target.value; } },
        shelf.map((one) => h("option", { key: one.pack.bytes, value: one.pack.bytes }, `${one.title} (${one.level || "any"})`)))),
    h("label", { class: "field" }, words.own_pack, h("input", { type: "file", accept: ".pack", onchange: file })),
    tick("guided"), tick("training"),
    app.notice && h("p", { role: "status" }, app.notice),
    h("button", { class: "btn go", type: "submit", disabled: shelf.length === 0 && !host.file }, words.open_room));
}

export function linkFor(role, secret) {
  const pin = app.parts.pin ? `.${app.parts.pin}` : "";
  return `${location.origin}/${app.parts.room}#${role}.${secret}${pin}`;
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
  app.parts = { ...app.parts, host: false, ...parts };
  Object.assign(app, { room, view: "room", state: null, pack: null, lines: [], links: [], trips: {}, notice: "" });
  if (app.onWall) refresh();
  else join();
}

export function leaveRoom() {
  if (app.onWall) {
    more.wallBack(); // it stays there
  } else {
    app.link.send(app.core.encode({ m: "leave", room: app.parts.room }));
    app.room.free();
  }
  Object.assign(app, { room: null, view: "group", state: null, pack: null, lines: [], links: [] });
  redraw();
}

// ---- the connection ----

function join() {
  const { room, secret } = app.parts;
  app.room ||= app.core.room();
  app.link.send(app.room.join({ room, secret, name: app.name }));
}

function connect() {
  if (app.link) return;
  app.link = new Link(app.core, app.identity, {
    up: () => {
      app.pill = { word: "live" };
      app.notice = "";
      reloadIfNewer();
      if (app.group) more.groupUp();
      if (app.view === "room" && !app.onWall) join();
      redraw();
    },
    down: (retryAt, why) => {
      if (app.group) more.groupDown();
      if (app.room && !app.onWall) app.room.down();
      app.pill = { word: "off", retryAt };
      app.notice = why;
      if (app.room && !app.replay) refresh();
      else redraw();
    },
    over: (why, text) => { if (app.group) more.groupDown(); if (app.room && !app.onWall) app.room.down(); app.pill = { word: "ended", why }; app.notice = text; redraw(); },
    message: take,
    clock: redraw,
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
  if (app.link.app === "" || app.link.app === `spard ${version}`) return;
  if (!app.identity.kept) { // the seat would be lost with the page
    app.notice = words.newer_by_hand;
    return;
  }
  const typing = () => [...document.querySelectorAll("input[type=text], input:not([type]), textarea:focus")].some((field) => field.value !== "" && !field.readOnly);
  app.notice = words.newer;
  const timer = setInterval(() => {
    if (typing()) return;
    clearInterval(timer);
    try { sessionStorage.setItem(AGAIN, "1"); } catch { /* the door asks again */ }
    location.reload();
  }, 1000);
}

export function takeBack() {
  app.link = null;
  connect();
}

/** What may have changed in the room, for the next drawing. */
export function refresh() {
  const state = app.room.state();
  const before = app.state;
  if (!before || before.n > state.n || before.room !== state.room) app.lines = [];
  if (!before || before.panel_part !== state.panel_part || before.pack_sections !== state.pack_sections || before.stage !== state.stage || !app.pack) app.pack = app.room.pack();
  app.lines = app.lines.concat(app.room.lines(app.lines.length));
  app.state = state;
  redraw();
}

function take(message) {
  const ours = app.fetching && (message.m === "record" || app.fetching.id === message.id);
  if (app.group && !ours && more.groupTake(message)) return;
  if (turnTake(message)) { redraw(); return; }
  switch (message.m) {
    case "hosted": hosted(message); return;
    case "invited": app.links.push({ role: app.core.tables.roles[message.role], link: linkFor(app.core.tables.roles[message.role], message.secret) }); break;
    case "sheet": app.sheet = message; break;
    case "trip": app.trips[message.seat] = message.ms; break;
    case "record": if (app.fetching) app.fetching.frames.push(app.core.frame()); return;
    case "end": if (app.fetching?.id === message.id) fetched(); break;
    case "error": app.notice = message.why === "too-fast" ? app.notice : message.text; break; // of a ping
    case "refused":
      if (app.fetching?.id === message.id) app.fetching = null;
      app.notice = message.text;
      break;
    default:
  }
  if (app.room && message.room === app.parts.room) {
    const { result, send } = app.room.take();
    app.link.send(send);
    if (result === TAKEN.AGAIN) join();
    else if (result === TAKEN.BROKEN) app.link.end("version", words.broken);
    if (result !== TAKEN.IGNORED) refresh();
  }
  redrawSoon();
}

/** Sends a command; says why not, if it cannot be. */
export function command(body) {
  const refusal = app.pill.word === "live" && !app.replay ? app.room.refusal(body, now()) : null;
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

/** Asks for a room's recording and gives its bytes to `done`. */
export function fetchRecording(done, room = app.parts.room) {
  app.asked += 1;
  app.fetching = { id: 1000000 + app.asked, frames: [], done, room };
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

const views = { loading: () => h("p", { class: "door" }, words.loading), door, group: () => more.groupView(), room: () => [more?.backBar(), roomView()], link: notWhole };
function render() {
  const { replay } = app;
  wanted = false;
  drawnAt = performance.now();
  if (replay?.playing) {
    const at = replay.from + (performance.now() - replay.playing) * replay.speed;
    if (at >= replay.replay.about.last_at) replay.playing = 0;
    seek(at);
  }
  draw(root, views[app.view]());
}

async function start() {
  root.replaceChildren();
  redraw();
  app.parts = readLink(location);
  app.name = remembered();
  [app.core, app.identity] = await Promise.all([fetchCore("/app/core.wasm"), openIdentity()]);
  // A chat program may have cut the link at its #; a seat that one has needs no more than the room.
  if (!app.parts || app.parts.host || app.parts.cohort || location.hash === "") await needMore();
  app.view = app.parts && (location.hash !== "" || app.parts.host) ? "door" : "link";
  document.addEventListener("keydown", roomKeys);
  document.addEventListener("visibilitychange", () => { if (app.link) app.link.retry(); redraw(); });
  window.addEventListener("online", () => app.link?.retry());
  setInterval(() => { if (app.link) redraw(); }, 250);
  window.addEventListener("hashchange", () => location.reload());
  if (app.view === "door" && isAgain()) goIn();
  redraw();
}

/** For tests and for whoever looks with the browser's tools. */
/** @type {any} */ (window).spar = { app, hex: toHex };
start().catch((error) => { root.textContent = `${words.broken} (${error.message})`; });
