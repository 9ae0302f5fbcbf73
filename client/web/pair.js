// SPDX-License-Identifier: ISC
// pair.js: waiting for a partner in a cohort or in the common lobby: what one asks for, who waits,
// the match, and the way from one interview to the next. Prompts of the server's shelf are named by
// their hash: no page ever holds a body.
import { app, leaveRoom, redraw, showRoom } from "./app.js";
import { comes, eveningPane } from "./evening.js";
import { ask, group } from "./group.js";
import { clockText, minutesText, ticks } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const HOUR_MS = 3600000;
const MINUTE_MS = 60000;
/** `why` of a queue message, by its number. */
const WHY = ["none", "left", "expired", "missed", "withdrawn", "partner", "met"];

/** `change` of a queue message: what would make one fit more of those who wait. */
const CHANGE = ["", "minutes", "packs", "role"];

const ui = { role: 0, level: 0, minutes: 45, wait: 30, packs: new Set(), avoid: false, tell: "", told: "" };
export const pair = {
  at: "idle", wanted: false, since: 0, place: 0, count: 0, names: "", why: "", offers: [], offer: null, asked: 0,
  room: "", partner: "", title: "", role: "", met: false, declined: new Set(), done: 0, wants: [], fits: null, known: 0,
};

// ---- sending ----

const chosen = () => (ui.packs.size ? [...ui.packs] : app.shelf.map((one) => one.pack.bytes));

/** The packs that one takes, as a sum of 2^index; with no choice all that the cohort has. */
function mask() {
  if (!ui.packs.size) return 2 ** Math.max(group.packs.length, pair.known) - 1;
  return group.packs.reduce((sum, hash, i) => (ui.packs.has(hash) ? sum + 2 ** i : sum), 0);
}

/** Offers the next prompt that the cohort lacks; after the last one, waits. */
function goOn() {
  const next = chosen().find((hash) => !group.packs.includes(hash) && !pair.declined.has(hash));
  pair.offer = null;
  if (next) {
    pair.offer = { hash: next, id: ask({ m: "offer", cohort: group.id, shelf: { bytes: next } }) };
    return;
  }
  if (mask() === 0) {
    Object.assign(pair, { at: "idle", wanted: false });
    app.notice = words.pairing.no_pack;
    return;
  }
  const message = { m: "pair", cohort: group.id, role: ui.role, level: ui.level, minutes: ui.minutes, packs: mask(), wait: ui.wait * MINUTE_MS };
  pair.asked = ask(pair.room && !pair.met ? { ...message, match: pair.room } : message);
}

/** Has gone in, for the first time or again after a loss. */
export function pairUp() {
  if (pair.wanted) goOn();
}

function want() {
  if (!pair.wanted) Object.assign(pair, { since: performance.now(), room: "", met: false, why: "" });
  pair.wanted = true;
  pair.at = "asking";
  app.notice = "";
  goOn();
  redraw();
}

function leave() {
  pair.wanted = false;
  pair.at = "idle";
  ask({ m: "unpair", cohort: group.id });
  redraw();
}

// ---- messages ----

/** What each of the names asks for: role, level and minutes in four bytes. */
function readWants(bytes) {
  return (bytes.match(/.{8}/g) || []).map((one) => ({ role: parseInt(one.slice(0, 2), 16), level: parseInt(one.slice(2, 4), 16), minutes: parseInt(one.slice(4), 16) }));
}

/** Who takes any prompt means those that others have offered since, too. */
function takeNewPacks() {
  if (!pair.wanted || ui.packs.size || pair.fits?.change !== "packs" || pair.fits.to <= Math.max(group.packs.length, pair.known)) return;
  pair.known = pair.fits.to;
  goOn();
}

function queued(message) {
  const why = WHY[message.why || 0];
  Object.assign(pair, { last: message.last || "", place: message.place, count: message.count, names: message.names || "", why, wants: readWants(message.wants?.bytes || ""),
    fits: message.more ? { change: CHANGE[message.change || 0], to: message.to || 0, more: message.more } : null });
  if (message.place > 0) {
    if (app.view === "room" && pair.at === "matched") leaveRoom(); // the match fell through
    pair.at = "waiting";
    pair.room = "";
    takeNewPacks();
  } else if (why === "met") {
    Object.assign(pair, { wanted: false, met: true, at: "matched" });
  } else if (why !== "none" && pair.at !== "idle") {
    if (app.view === "room" && pair.at === "matched" && !pair.met) leaveRoom();
    Object.assign(pair, { wanted: false, at: "idle" });
  }
}

function matched(message) {
  if (!pair.wanted || pair.room === message.room) return;
  Object.assign(pair, { at: "matched", room: message.room, partner: message.name || "", title: message.title || "", role: app.core.tables.roles[message.role], met: false });
  Object.assign(ui, { avoid: false, tell: "", told: "" });
  showRoom(app.core.room(), { room: message.room, role: pair.role, secret: "" });
}

function offered(message) {
  const { hash } = pair.offer;
  if (message.m === "end") group.packs[message.count] = hash;
  else { pair.declined.add(hash); app.notice = message.text; }
  if (pair.wanted) goOn();
}

/** True if the message was about waiting. */
export function pairTake(message) {
  if (message.m === "queue" && message.cohort === group.id) queued(message);
  else if (message.m === "matched" && message.cohort === group.id) matched(message);
  else if (pair.offer && message.id === pair.offer.id && (message.m === "end" || message.m === "refused")) offered(message);
  else if (message.m === "refused" && pair.asked && message.id === pair.asked) {
    if (message.why !== "same") Object.assign(pair, { wanted: false, at: "idle" });
    app.notice = message.why === "same" ? "" : message.text;
  } else if (message.m === "end" && message.id === pair.done) { ui.told = words.pairing.told; pair.done = 0; } else return false;
  return true;
}

// ---- drawing ----

function choice(title, name, options) {
  return h("label", { class: "field" }, title, h("select", { class: "in", id: `g-${name}`, onchange: (event) => { ui[name] = Number(event.target.value); redraw(); } },
    options.map(([value, text]) => h("option", { key: value, value, selected: ui[name] === value }, text))));
}

function prompts() {
  const tick = (hash) => (event) => { if (event.target.checked) ui.packs.add(hash); else ui.packs.delete(hash); redraw(); };
  const others = group.packs.filter((hash) => !app.shelf.some((one) => one.pack.bytes === hash)).length;
  return h("fieldset", { class: "g-prompts" }, h("legend", { class: "soft small" }, words.pairing.prompts),
    app.shelf.map((one) => h("label", { key: one.pack.bytes, class: "row" },
      h("input", { type: "checkbox", checked: ui.packs.has(one.pack.bytes), onchange: tick(one.pack.bytes) }), one.title, h("span", { class: "soft small" }, one.level || ""))),
    h("p", { class: "soft small" }, ui.packs.size ? "" : words.pairing.any_prompt, others > 0 && ` ${others} ${words.pairing.others}`));
}

/** One may ask once one is inside and knows what the prompts are. */
const ready = () => group.inside && group.shelved;

function wishes() {
  const { choices } = words.pairing;
  const submit = (event) => { event.preventDefault(); if (ready()) want(); };
  return h("form", { class: "g-wishes", onsubmit: submit },
    choice(words.pairing.role, "role", choices.role.map((text, i) => [i, text])),
    choice(words.pairing.level, "level", choices.level.map((text, i) => [i, text])),
    choice(words.pairing.minutes, "minutes", [[30, "30"], [45, "45"], [60, "60"], [90, "90"], [0, words.pairing.any_length]]),
    choice(words.pairing.wait, "wait", [[10, "10"], [30, "30"], [60, "60"], [HOUR_MS * 3 / MINUTE_MS, "180"]]),
    prompts(),
    h("button", { class: "btn go", type: "submit", "aria-disabled": ready() ? null : "true" },
      pair.wanted ? words.pairing.change : words.pairing.go));
}

/** "interviewer, senior, 45 minutes", of somebody who waits. */
function wantsText(wants) {
  const { choices, wanted } = words.pairing;
  return [wants.role ? choices.role[wants.role] : wanted.role, wants.level ? choices.level[wants.level] : wanted.level,
    wants.minutes ? `${wants.minutes} ${wanted.minutes}` : wanted.length].join(", ");
}

/** What would make one fit, and the button that asks for it. */
function advice() {
  const { change, to, more } = pair.fits;
  const take = () => {
    if (change === "packs") ui.packs.clear(); else ui[change] = to;
    want();
  };
  return h("p", { class: "row g-advice" }, h("span", {}, words.pairing.fits(more, change, to)), h("button", { class: "btn", type: "button", onclick: take }, words.pairing.take));
}

function queueCard() {
  const names = pair.names ? pair.names.split(", ") : [];
  const waited = performance.now() - pair.since;
  return h("section", { class: "card g-queue", "aria-label": words.pairing.queue },
    h("p", { class: "g-place", role: "status" }, pair.place > 0 ? [`${pair.place}`, h("small", {}, ` ${words.of} ${pair.count}`)] : h("small", {}, `${words.pairing.queue}: ${pair.count}`)),
    h("p", {}, pair.wanted ? [`${words.pairing.waits_for} `, ticks(clockText(waited), minutesText(waited)), `. ${words.pairing.holds}`] : words.pairing.empty),
    pair.last && pair.wanted && h("p", { class: "soft", key: "last" }, words.pairing.again(pair.last)),
    pair.fits && pair.wanted && advice(),
    h("ol", { class: "g-names" }, names.map((name, i) => h("li", { key: i, class: i + 1 === pair.place ? "me" : "" }, name, i + 1 === pair.place && h("span", { class: "soft" }, ` ${words.pairing.you}`),
      pair.wants[i] && h("span", { class: "soft small g-wants" }, wantsText(pair.wants[i]))))),
    pair.count > names.length && h("p", { class: "soft small" }, `+${pair.count - names.length}`),
    pair.wanted && h("button", { class: "btn", type: "button", onclick: leave }, h("kbd", {}, "q"), words.pairing.leave));
}

export function pairView() {
  const sentence = words.pairing.why[pair.why];
  return h("main", { class: "g-page g-pair" },
    h("div", { class: "g-head" }, h("h2", {}, words.pairing.title)),
    sentence && h("p", { class: "alarm", role: "alert" }, sentence),
    pair.room && pair.at === "matched" && h("p", { class: "row" }, `${words.pairing.last}: ${pair.partner}, ${pair.title} `,
      h("button", { class: "btn", type: "button", onclick: () => showRoom(app.core.room(), { room: pair.room, role: pair.role, secret: "" }) }, words.pairing.to_room)),
    group.kind !== "host" && eveningPane(false), h("div", { class: "g-two" }, wishes(), queueCard()));
}

/** Beside the way back, in a room of a match: what one may say of the partner. */
export function pairAfter() {
  if (group.kind === "host" || !pair.room || app.parts.room !== pair.room) return h("span", { class: "soft" }, pair.partner);
  const avoid = () => {
    ui.avoid = !ui.avoid;
    ask({ m: "avoid", cohort: group.id, room: pair.room, on: ui.avoid });
    redraw();
  };
  const tell = (event) => {
    event.preventDefault();
    if (!ui.tell.trim()) return;
    pair.done = ask({ m: "report", cohort: group.id, room: pair.room, text: ui.tell.trim() });
    ui.tell = "";
    redraw();
  };
  return h("details", { class: "g-after" }, h("summary", { class: "soft" }, `${words.pairing.about} ${pair.partner}`),
    h("div", { class: "card" },
      h("label", { class: "row" }, h("input", { type: "checkbox", checked: ui.avoid, onchange: avoid }), words.pairing.avoid),
      h("form", { class: "row", onsubmit: tell }, h("input", { class: "in", dir: "auto", maxlength: 400, "aria-label": words.pairing.tell, placeholder: words.pairing.tell, value: ui.tell,
        oninput: (event) => { ui.tell = event.target.value; } }), h("button", { class: "btn" }, words.send)),
      h("p", { class: "soft small", role: "status" }, ui.told || words.pairing.tell_who)));
}

/** Keys of the queue; true if it was one. */
export function pairKeys(event) {
  if (event.key === "e" && group.evening) comes();
  else if (event.key === "q" && pair.wanted) leave();
  else return false;
  return true;
}
