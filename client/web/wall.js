// SPDX-License-Identifier: ISC
// wall.js: the coach's wall: all rooms of a cohort, those that need somebody first. Which those are,
// why, and in which order, is the core's to say; here it is drawn, and a room is chosen and opened.
import { app, drawNow, now, redraw, refresh, showRoom } from "./app.js";
import { TAKEN } from "./core.js";
import { clockText, minutesText, ticks } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

/** From so many rooms on each is one line. */
const CARDS_MAX = 24;
/** After so long without a key or a movement the rooms move again, ms. */
const HOLD_MS = 10000;
const DRAW_EVERY_MS = 100;

const ui = { chosen: "", pointed: false, touched: 0, show: "all", find: "", write: null, text: "", to: "", said: "", help: false };
/** What was drawn of a room the last time: [what it was drawn from, how]. */
const drawn = new Map();
let timer = 0;
let looked = 0;
let last = { bad: 0, look: 0, running: 0, rooms: [] };

const holds = () => (ui.chosen !== "" || ui.pointed) && performance.now() - ui.touched < HOLD_MS;
const touch = () => { ui.touched = performance.now(); };

/** Rooms change much oftener than anybody looks. */
function redrawSoon() {
  if (timer) return;
  timer = setTimeout(() => { timer = 0; redraw(); }, DRAW_EVERY_MS);
}

// ---- rooms ----

function join(room, id) {
  app.link.send(room.join({ room: id, name: app.name, keep: !app.typed }));
}

export function wallOpen() {
  app.wall ||= app.core.wall();
}
export function wallUp() {
  for (const { room, over } of last.rooms) {
    const found = over ? null : app.wall.find(room);
    if (found) join(found, room);
  }
}
export function wallClose() {
  if (!app.wall || app.onWall) return;
  app.wall.free();
  app.wall = null;
  last.rooms = [];
  drawn.clear();
}

/** The cohort has told of a room. */
export function wallListed(message) {
  const there = app.wall.find(message.room);
  if (message.ended) {
    if (there) app.wall.end(there);
  } else {
    const room = app.wall.add(message.room);
    if (room && !there) join(room, message.room);
  }
  redrawSoon();
}

const OF_A_ROOM = new Set(["joined", "event", "kept", "refused", "trip", "left"]);

/** A message of the server; true if it was about a room of the wall. */
export function wallTake(message) {
  if (!OF_A_ROOM.has(message.m) || !app.wall.find(message.room)) return false;
  const { result, send } = app.wall.take();
  app.link.send(send);
  if (app.onWall === message.room && message.m === "trip") app.trips[message.seat] = message.ms;
  if (app.onWall === message.room && message.m === "refused") app.notice = message.text;
  if (result === TAKEN.AGAIN) join(app.wall.find(message.room), message.room);
  else if (result === TAKEN.BROKEN) app.link.end("version", words.broken);
  if (app.onWall === message.room && message.m !== "trip") refresh();
  else redrawSoon();
  return true;
}

function openRoom(id) {
  const room = app.wall.find(id);
  if (!room) return;
  app.wall.open(room, true);
  app.onWall = id;
  showRoom(room, { room: id, role: "coach", secret: "" });
}
/** From a room back to the wall. */
export function wallBack() {
  const room = app.wall.find(app.onWall);
  if (room) app.wall.open(room, false);
  app.onWall = "";
}

function send(id, body) {
  const room = app.wall.find(id);
  const { id: number, send: bytes, why } = room ? room.command(body, now()) : { id: 0, send: null, why: words.wall.over };
  if (number) app.link.send(bytes);
  ui.said = why || "";
  redraw();
}

/** The state for the next drawing. */
function refill() {
  looked = performance.now();
  const at = now();
  app.link.send(app.wall.sweep(at));
  last = app.wall.state(at, holds());
}

// ---- how many need somebody, from within a room ----

/** One line about the other rooms, for who is in one of them; they are looked at once a second. */
export function wallNews() {
  if (performance.now() - looked > 1000) refill();
  const other = last.rooms.find((room) => room.room !== app.onWall && room.bad);
  return other ? `${namesOf(other)}: ${other.why}` : words.wall.nobody;
}

// ---- drawing ----

const namesOf = (room) => room.people.map(([name]) => name).join(", ") || words.wall.empty;

function triangle(bad) {
  return h("svg", { class: `g-tri ${bad ? "bad" : "look"}`, viewBox: "0 0 20 20", "aria-hidden": "true" },
    h("path", { d: "M10 3 18 17H2z", fill: bad ? "currentColor" : "none", stroke: "currentColor", "stroke-width": 2 }));
}

/** What stands first on a card: the reason, or how the room stands. */
function why(room) {
  if (room.need !== "none" || room.over) return [room.why, room.more ? ` +${room.more}` : ""].join("");
  if (room.muted) return words.wall.muted;
  return words.wall.stage[room.stage] || "";
}

function timeOf(room) {
  if (room.left === undefined) return "";
  return room.left < 0 ? `+${clockText(room.left)}` : clockText(room.left);
}

/** All that is drawn of a room, as text: what is equal need not be drawn again. */
const signature = (room, dense, chosen) => [why(room), room.need, room.bad, room.muted, room.people.flat().join(), room.title,
  room.phase, timeOf(room), room.raised, room.prompted, room.open, room.flags, room.boxes, room.citing, Math.floor(room.last / 1000), room.live, dense, chosen].join("\n");

function people(room) {
  return h("ul", { class: "people" }, room.people.map(([name, candidate, here], i) => h("li", { key: i },
    h("span", { class: `dot ${here ? "here" : "gone"}` }), candidate ? h("b", {}, name) : name, h("span", { class: "vh" }, here ? words.here : words.gone))));
}

function marks(room) {
  return h("span", { class: "g-marks" }, `${room.raised} ● ${room.prompted} ◐ ${room.open} ○`,
    h("span", { class: "vh" }, words.wall.marks), room.flags > 0 && ` ⚑ ${room.flags}`,
    room.boxes > 0 && h("span", { title: words.wall.boxes }, ` ▭ ${room.boxes}/${room.citing}`, h("span", { class: "vh" }, words.wall.boxes)));
}

function trips(room) {
  const known = room.people.map(([, , , ms]) => (ms ? String(ms) : "–"));
  return known.some((one) => one !== "–") ? `${known.join("/")} ms` : "";
}

const ago = (room) => (room.last >= 0 ? ticks(`${clockText(room.last)} ${words.wall.ago}`, `${minutesText(room.last)} ${words.wall.ago}`) : "");
const left = (room) => room.left !== undefined && ticks(timeOf(room), minutesText(room.left));
const kindOf = (room) => (room.need === "none" ? "" : room.bad ? " need" : " warn");

/** The one button of a room lies over all of it. */
function opener(room) {
  return h("button", { class: "g-open", type: "button", "data-room": room.room, "aria-label": `${words.wall.open_of} ${namesOf(room)}. ${why(room)}`, title: room.all || null,
    onfocus: () => { ui.chosen = room.room; touch(); redraw(); }, onclick: () => openRoom(room.room) });
}

function card(room, chosen) {
  const spent = room.budget ? Math.min(100, (100 * room.elapsed) / Math.max(room.budget, room.elapsed)) : 0;
  const in_time = room.budget ? (100 * Math.min(room.elapsed, room.budget)) / Math.max(room.budget, room.elapsed) : 0;
  return h("li", { key: room.room, class: `card g-card${kindOf(room)}${chosen ? " at" : ""}` },
    h("p", { class: "g-why", title: room.all || null }, room.need !== "none" && triangle(room.bad), h("span", {}, why(room))),
    h("div", { class: "g-who" }, people(room), h("p", { class: "soft small" }, room.title)),
    h("div", { class: "g-time" }, h("p", {}, h("span", {}, room.stage === "lobby" ? words.before : room.phase || ""),
      h("span", { class: `g-left${room.left < 0 ? " over" : ""}` }, left(room), room.left < 0 && h("small", {}, ` ${words.over}`))),
    h("div", { class: "bar" }, h("i", { style: { width: `${in_time}%` } }), h("i", { class: "over", style: { width: `${spent - in_time}%` } }))),
    h("p", { class: "g-foot" }, marks(room), h("span", {}, ago(room)), h("span", {}, room.live ? "" : words.off), h("span", {}, trips(room))),
    opener(room));
}

function line(room, chosen) {
  return h("li", { key: room.room, class: `g-line${kindOf(room)}${chosen ? " at" : ""}` },
    h("span", { class: "g-sign" }, room.need !== "none" && triangle(room.bad)),
    h("span", { class: `g-short${room.left < 0 ? " over" : ""}` }, left(room)),
    h("span", { class: "g-phase soft" }, room.stage === "lobby" ? words.before : room.phase || ""),
    people(room), h("span", { class: "g-reason" }, why(room)), marks(room), opener(room));
}

/** Only what differs from the last time is described anew. */
function describe(room, dense) {
  const chosen = ui.chosen === room.room;
  const from = signature(room, dense, chosen);
  const before = drawn.get(room.room);
  if (before && before[0] === from) return before[1];
  const view = dense ? line(room, chosen) : card(room, chosen);
  drawn.set(room.room, [from, view]);
  return view;
}

function isShown(room) {
  if (ui.show === "need" && room.need === "none") return false;
  if (ui.show === "muted" && !room.muted) return false;
  const wanted = ui.find.trim().toLowerCase();
  return wanted === "" || [namesOf(room), room.title, room.phase, why(room)].join(" ").toLowerCase().includes(wanted);
}

function segment(name) {
  return h("button", { class: "btn quiet", type: "button", "aria-pressed": ui.show === name ? "true" : "false",
    onclick: () => { ui.show = name; redraw(); } }, words.wall.show[name]);
}

function head() {
  const { bad, look, running, rooms } = last;
  return h("div", { class: "g-head" }, h("h2", {}, words.wall.title),
    h("span", { class: bad ? "pill off" : "pill", role: "status" }, bad > 0 && triangle(true), bad > 0 ? `${bad} ${words.wall.need_you[bad === 1 ? 0 : 1]}` : words.wall.nobody),
    look > 0 && h("span", { class: "pill g-look" }, triangle(false), `${look} ${words.wall.to_look_at}`),
    h("span", { class: "soft" }, `${rooms.length} ${words.wall.rooms}, ${running} ${words.wall.running}`),
    h("span", { class: "g-right row" }, Object.keys(words.wall.show).map((name) => h("span", { key: name }, segment(name))),
      h("input", { class: "in g-find", id: "g-find", type: "search", placeholder: words.wall.find, "aria-label": words.wall.find, value: ui.find,
        oninput: (event) => { ui.find = event.target.value; redraw(); },
        onkeydown: (event) => { if (event.key === "Escape") { ui.find = ""; event.target.blur(); redraw(); } } })));
}

// ---- the dock: what one does with the chosen room ----

const KINDS = ["talk.whisper", "note.mine", "note.panel", "note.all"];
const chosenRoom = () => last.rooms.find((room) => room.room === ui.chosen);

function begin(kind) {
  ui.write = kind;
  ui.to = ui.chosen;
  redraw();
  drawNow();
  document.getElementById("g-write")?.focus();
}

function lower(room) {
  if (room.hand < 0) { ui.said = words.wall.no_hand; redraw(); return; }
  send(room.room, { do: "hand.set", on: 0, seat: room.hand });
}

function mute(room) {
  app.wall.mute(app.wall.find(room.room), !room.muted);
  ui.said = room.muted ? words.wall.unmuted : words.wall.mutes;
  redraw();
}

function key(letter, label, act) {
  const room = chosenRoom();
  return h("button", { class: "btn quiet", type: "button", "aria-disabled": room ? null : "true", onclick: () => { if (room) act(room); } }, h("kbd", {}, letter), label);
}

function writing() {
  const room = last.rooms.find((one) => one.room === ui.to);
  const done = () => { ui.write = null; ui.text = ""; redraw(); };
  const submit = (event) => {
    event.preventDefault();
    if (ui.text.trim()) send(ui.to, { do: ui.write, text: ui.text.trim() });
    done();
  };
  return h("form", { onsubmit: submit },
    h("select", { class: "btn", "aria-label": words.wall.as, onchange: (event) => { ui.write = event.target.value; redraw(); } },
      KINDS.map((kind) => h("option", { key: kind, value: kind, selected: kind === ui.write }, words.wall.kinds[kind]))),
    h("input", { class: "in", id: "g-write", dir: "auto", maxlength: 2000, "aria-label": `${words.wall.kinds[ui.write]}, ${room ? namesOf(room) : ""}`,
      placeholder: room ? namesOf(room) : "", value: ui.text, oninput: (event) => { ui.text = event.target.value; },
      onkeydown: (event) => { if (event.key === "Escape") done(); } }),
    h("button", { class: "btn" }, words.send));
}

export function wallDock() {
  if (ui.write) return writing();
  const room = chosenRoom();
  return [h("span", { class: "soft g-hint" }, ui.said || (holds() ? words.wall.holds : room ? namesOf(room) : words.wall.choose)),
    h("div", { class: "keys", role: "group", "aria-label": words.help },
      key("Enter", words.open, ({ room: id }) => openRoom(id)), key("w", words.wall.whisper, () => begin("talk.whisper")),
      key("n", words.wall.note, () => begin("note.mine")), key("!", words.wall.lower, lower), key("m", words.wall.mute, mute),
      h("button", { class: "btn quiet", type: "button", onclick: () => document.getElementById("g-find")?.focus() }, h("kbd", {}, "/"), words.wall.find_short))];
}

export function wallView() {
  refill();
  const dense = last.rooms.length > CARDS_MAX;
  const shown = last.rooms.filter(isShown);
  const here = new Set(last.rooms.map((room) => room.room));
  for (const id of drawn.keys()) if (!here.has(id)) drawn.delete(id);
  if (ui.chosen && !here.has(ui.chosen)) ui.chosen = "";
  return h("main", { class: "g-page" }, head(),
    h("ul", { class: dense ? "g-lines card" : "g-wall", "aria-label": words.wall.list, onpointermove: () => { ui.pointed = true; touch(); },
      onpointerleave: () => { ui.pointed = false; } }, shown.map((room) => describe(room, dense))),
    shown.length === 0 && h("p", { class: "soft" }, last.rooms.length ? words.wall.no_match : words.wall.no_room));
}

// ---- keys ----

/** Moves the focus among the rooms: by one, or up and down by a row of cards. */
function move(by) {
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".g-open"))];
  const at = all.findIndex((node) => node.dataset.room === ui.chosen);
  const first = all[0]?.parentElement.getBoundingClientRect().top;
  const columns = Math.max(1, all.filter((node) => node.parentElement.getBoundingClientRect().top === first).length);
  const step = { left: -1, right: 1, up: -columns, down: columns }[by];
  all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
}

const MOVES = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", k: "left", j: "right" };

/** Keys of the wall, with the letters of the terminal's; true if it was one. */
export function wallKeys(event) {
  const room = chosenRoom();
  const acts = { w: () => begin("talk.whisper"), n: () => begin("note.mine"), "!": () => lower(room), m: () => mute(room) };
  touch();
  ui.said = "";
  if (MOVES[event.key]) move(MOVES[event.key]);
  else if (event.key === "/") document.getElementById("g-find")?.focus();
  else if (event.key === "Escape") { ui.chosen = ""; ui.find = ""; /** @type {any} */ (document.activeElement)?.blur(); redraw(); }
  else if (acts[event.key] && room) acts[event.key]();
  else return false;
  return true;
}
