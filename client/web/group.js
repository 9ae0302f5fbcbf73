// SPDX-License-Identifier: ISC
// group.js: what is not one room: a cohort for its coaches and its students, the common lobby, and
// the host link. Here is the frame with its tabs and the way of a message; each tab has its file.
import { app, connectAgain, hostView, leaveRoom, redraw, takeBack } from "./app.js";
import { pill } from "./clock.js";
import { cohortTake, cohortUp, foundView, peopleView } from "./cohort.js";
import { eveningTake } from "./evening.js";
import { sessionsTake, sessionsView } from "./files.js";
import { pairKeys, pairTake, pairUp, pairView, pairAfter } from "./pair.js";
import { wallClose, wallDock, wallKeys, wallListed, wallNews, wallOpen, wallTake, wallUp, wallView } from "./wall.js";
import { h } from "./view.js";
import { words } from "./words.js";

/** The common lobby is a cohort of this id, for whoever may host. */
const LOBBY = "lobby0000000";
const ASK_AGAIN_MS = 10000;

/** What the link was for: "host", "coaches" or "students". */
export const group = { kind: "", tab: "", id: "", secret: "", title: "", member: 0, packs: [], inside: false, refused: null, timer: 0, shelf: 0, shelved: false, call: "", evening: null,
  /** The parts of its link; why one is out of a room that was opened from here. */
  parts: null, out: "" };
let numbers = 100;

/** A number for a question; answers carry it. */
export function question() {
  numbers += 1;
  return numbers;
}
/** Sends a message that is no command. */
export function ask(message) {
  const id = question();
  try {
    app.link.send(app.core.encode({ ...message, id }));
  } catch (error) { app.notice = error.message; redraw(); }
  return id;
}

const TABS = { host: ["host", "pair", "found", "sessions"], coaches: ["wall", "people", "sessions"], students: ["pair", "sessions"] };

/** The page's link is one of a group. */
export function groupBegin(kind, parts) {
  Object.assign(group, { kind, tab: TABS[kind][0], id: kind === "host" ? LOBBY : parts.room, secret: parts.secret, inside: false, refused: null, parts, out: "" });
  if (kind === "coaches") wallOpen();
  app.group = group;
}

/** Goes in, or in again after a loss; the lobby only when one wants to wait there. */
export function enter() {
  clearTimeout(group.timer);
  group.asked = ask({ m: "enter", cohort: group.id, secret: group.secret, name: app.name, keep: !app.typed });
}

export function groupUp() {
  group.inside = false;
  if (group.kind === "host") group.shelf = ask({ m: "shelf", secret: group.secret });
  if (group.kind !== "host" || group.tab === "pair") enter();
  if (app.wall) wallUp();
}

export function groupDown() {
  group.inside = false;
  if (app.wall) app.wall.down();
}

function entered(message) {
  const { roles } = app.core.tables;
  const hex = message.packs?.bytes || "";
  group.refused = null;
  group.inside = true;
  group.title = message.name || "";
  group.member = message.member;
  group.call = message.call || "";
  group.packs = hex.match(/.{64}/g) || [];
  if (group.kind !== "host") group.shelf = ask({ m: "shelf", cohort: group.id });
  if (roles[message.role] === "coach") {
    if (group.kind === "students") { // a coach stays one, whatever the link
      group.kind = "coaches";
      group.tab = "wall";
      wallOpen();
    }
    cohortUp();
  }
  pairUp();
}

/** At the door: withdrawn, suspended, asked and the like. */
function refusedAtDoor(message) {
  group.refused = { why: message.why, text: message.text };
  group.inside = false;
  if (app.onWall) leaveRoom();
  wallClose();
  if (message.why === "asked") group.timer = setTimeout(enter, ASK_AGAIN_MS);
}

const ofDoor = (message) => message.m === "refused" && !message.room
  && (message.id === group.asked || (message.cohort === group.id && !message.id));

/** A message of the server; true if it was the group's. */
export function groupTake(message) {
  if (app.wall && message.room && message.m !== "listed" && wallTake(message)) return true;
  if (message.m === "shelved") {
    if (!app.shelf.some((one) => one.pack.bytes === message.pack.bytes)) app.shelf.push(message);
  } else if (message.id === group.shelf && (message.m === "end" || message.m === "refused")) group.shelved = true;
  else if (message.m === "entered" && message.cohort === group.id) entered(message);
  else if (message.m === "called" && message.cohort === group.id) group.call = message.call || "";
  else if (message.m === "listed" && app.wall) wallListed(message);
  else if (ofDoor(message)) refusedAtDoor(message);
  else if (!eveningTake(message) && !cohortTake(message) && !sessionsTake(message) && !pairTake(message)) return false;
  redraw();
  return true;
}

/** Another cohort, of which one has just got the coaches' link. */
export function groupTurn(id, secret) {
  const pin = app.parts.pin ? `.${app.parts.pin}` : "";
  app.parts = { ...app.parts, host: false, cohort: "coaches", room: id, role: "coaches", secret };
  history.replaceState(null, "", `/${id}#coaches.${secret}${pin}`);
  groupBegin("coaches", app.parts);
  group.tab = "people";
  enter();
}

// ---- drawing ----

function tab(name) {
  const press = () => {
    group.tab = name;
    group.out = "";
    app.notice = "";
    if (name === "pair" && !group.inside && app.link?.isUp) enter();
    redraw();
  };
  return h("button", { key: name, class: "btn quiet g-tab", type: "button", "aria-current": group.tab === name ? "page" : null, onclick: press }, words.tabs[name]);
}

function top() {
  const kind = group.kind === "host" ? "" : words.group[group.kind];
  return h("header", { class: "top" }, h("span", { class: "brand" }, "Spar"), h("h1", {}, group.title || (group.kind === "host" ? words.group.host : words.group.door)),
    h("span", { class: "soft" }, [app.name, kind].filter(Boolean).join(", ")),
    h("nav", { class: "g-tabs row", "aria-label": words.group.parts }, TABS[group.kind].map(tab)), callOf(), pill());
}

/** The cohort's call elsewhere: its host in full, opened only when it is pressed. */
export function callOf() {
  let host = "";
  try { host = new URL(group.call).host; } catch { return null; }
  return h("span", { class: "row g-call" }, h("span", {}, `${words.call}: ${host}`),
    h("a", { class: "btn s", href: group.call, target: "_blank", rel: "noopener noreferrer" }, words.open_call));
}

/** Nothing of a group can be had: why, and what one may do. */
function closed() {
  const over = app.pill.word === "ended";
  return h("main", { class: "door" }, h("p", { class: "bad", role: "alert" }, over ? (app.pill.why === "replaced" ? words.replaced : app.notice) : group.refused.text),
    over && app.pill.why === "replaced" && h("button", { class: "btn go", type: "button", onclick: takeBack }, words.take_back),
    !over && group.refused.why === "asked" && h("p", { class: "soft" }, words.group.asks_again),
    over && !["replaced", "version"].includes(app.pill.why) && h("button", { class: "btn", type: "button", onclick: connectAgain }, words.group.again),
    !over && h("button", { class: "btn", type: "button", onclick: () => { group.refused = null; enter(); redraw(); } }, words.group.again));
}

const VIEWS = { wall: wallView, people: peopleView, pair: pairView, found: foundView, sessions: sessionsView, host: hostView };

export function groupView() {
  const shut = app.pill.word === "ended" || (group.refused && (group.kind !== "host" || group.tab === "pair"));
  return h("div", { class: "g-room" }, top(), group.out && h("p", { class: "alarm red g-out", role: "alert" }, group.out), shut ? closed() : VIEWS[group.tab](),
    h("footer", { class: "dock" }, h("span", { role: "status", class: "g-note" }, app.notice), !shut && group.tab === "wall" && wallDock()));
}

/** Above a room that was opened from here: the way back, and what happens elsewhere. */
export function backBar() {
  if (!app.group || app.replay) return null;
  const back = h("button", { class: "btn", type: "button", onclick: leaveRoom }, app.onWall && h("kbd", {}, "Esc"), app.onWall ? words.wall.back : words.pairing.back);
  return h("div", { class: "g-back row" }, back, app.onWall ? h("span", { class: "soft", role: "status" }, wallNews()) : pairAfter(), callOf());
}

/** Keys of the group; true if it was one. */
export function groupKeys(event) {
  const field = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (!app.group || field || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  let used = false;
  if (app.view === "group" && group.tab === "wall") used = wallKeys(event);
  else if (app.view === "group" && group.tab === "pair") used = pairKeys(event);
  else if (app.view === "room" && app.onWall && event.key === "Escape") { leaveRoom(); used = true; }
  if (used) event.preventDefault();
}

