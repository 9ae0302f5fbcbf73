// SPDX-License-Identifier: ISC
// speak.js: the strip about voice: trying the microphone, who is on voice and how loud, and what can
// be done. How people reach each other is voice.js's. Fetched when voice is first wanted.
import { app, redraw } from "./app.js";
import { button, nameOf } from "./parts.js";
import { h } from "./view.js";
import { Voice } from "./voice.js";
import { said } from "./voice_words.js";

const KEPT = "spar.voice"; // the room in which this tab is on voice: a page that is loaded anew comes back
const HIDDEN = "spar.relay"; // whether this browser speaks by a relay alone
const LEVEL_MS = 80;

/** @param {() => Storage} where @param {string} key */
function stored(where, key) { try { return where().getItem(key) || ""; } catch { return ""; } }
function store(where, key, value) { try { if (value) where().setItem(key, value); else where().removeItem(key); } catch { /* a private window */ } }
const tab = () => sessionStorage;
const browser = () => localStorage;

const shown = { devices: false, holds: false };

/** One for each room that is spoken in. */
function make() {
  const voice = new Voice({
    room: app.parts.room, seat: app.state.seat, changed: redraw,
    send: (message) => Boolean(app.link?.send(app.core.encode(message))),
  });
  voice.relay = stored(browser, HIDDEN) !== "";
  voice.heard(app.voices[voice.user.room] || {});
  return voice;
}

/** Opens the strip, with the microphone for its person alone. `on`: goes on voice by itself. */
export async function openVoice(on = false) {
  if (app.voice && app.voice.phase !== "off") return;
  app.voice = make();
  app.voice.muted = on && stored(tab, `${KEPT}.muted`) !== "";
  await app.voice.open();
  if (on) goOn();
}

function goOn() {
  store(tab, KEPT, app.voice.user.room);
  app.voice.speak();
}

export function hangUp() {
  store(tab, KEPT, "");
  app.voice?.hangUp();
}

/** One key for all of it: tries the microphone, then goes on voice, then hangs up. */
export function voiceKey() {
  const does = { off: () => openVoice(), trying: goOn, on: hangUp }[app.voice?.phase || "off"];
  if (does) does();
}

function mute(muted) {
  app.voice.mute(muted);
  store(tab, `${KEPT}.muted`, app.voice.muted ? "1" : "");
}

// ---- holding a key or the button to speak ----

function hold(on) {
  const { voice } = app;
  if (!voice || voice.phase !== "on" || on === shown.holds || (on && !voice.muted)) return;
  shown.holds = on;
  voice.mute(!on);
}
const isFree = ({ target }) => !target.closest("input, textarea, select, button, a, summary");
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !isFree(event) || app.replay || !app.voice?.muted) return;
  event.preventDefault();
  hold(true);
});
document.addEventListener("keyup", (event) => { if (event.key === " ") hold(false); });
window.addEventListener("blur", () => hold(false));
window.addEventListener("pagehide", () => app.voice?.hangUp());

// ---- how loud: drawn past the rest, ten times a second ----

setInterval(() => {
  const { voice } = app;
  if (!voice || voice.phase === "off" || document.hidden) return;
  for (const node of document.querySelectorAll(".vb .lv i")) {
    const bar = /** @type {HTMLElement} */ (node);
    const level = voice.level(Number(bar.dataset.seat));
    bar.style.transform = `scaleX(${level.toFixed(2)})`;
    bar.parentElement?.parentElement?.classList.toggle("loud", level > 0.06);
  }
}, LEVEL_MS);

const meter = (seat, more = {}) => h("span", { class: "lv", ...more }, h("i", { "data-seat": String(seat) }));

// ---- the strip ----

function choose(kind, label, value, does) {
  const list = app.voice.devices.filter((one) => one.kind === kind);
  return list.length > 0 && h("label", { class: "field" }, label, h("select", { class: "in", onchange: (event) => does(event.target.value) },
    h("option", { value: "", selected: value === "" }, said.usual),
    list.filter((one) => one.deviceId !== "default").map((one) => h("option", { key: one.deviceId, value: one.deviceId, selected: one.deviceId === value }, one.label))));
}

function devices() {
  const { voice } = app;
  const forced = Boolean(voice.ways?.relay);
  const hide = (event) => { store(browser, HIDDEN, event.target.checked ? "1" : ""); voice.hide(event.target.checked); };
  return h("div", { class: "dev", key: "devices" }, choose("audioinput", said.microphone, voice.input, (id) => voice.choose(id)),
    "setSinkId" in HTMLMediaElement.prototype && choose("audiooutput", said.speaker, voice.outputId, (id) => voice.sound(id)),
    h("label", { class: "row small" }, h("input", { type: "checkbox", checked: voice.relayOnly(), disabled: forced, onchange: hide }), forced ? said.relay_all : said.relay));
}

const small = (more = "", rest = {}) => ({ class: `btn s ${more}`, ...rest });
const trouble = () => app.voice.why && h("p", { class: "bad", role: "alert", key: "why" }, said.why[app.voice.why], " ", button(said.again, null, () => app.voice.open(), small()));

function trying() {
  const { voice } = app;
  return [h("p", { key: "try" }, voice.stream ? said.try : ""), voice.stream && meter(voice.seat, { key: "own", role: "img", "aria-label": said.level }), trouble(), devices(),
    h("div", { class: "row", key: "go" }, button(voice.stream ? said.go : said.listen, "$", goOn, small("go")), button(said.cancel, null, () => voice.end(), small()))];
}

function other(seat, one) {
  const { voice } = app;
  const mine = seat === voice.seat;
  const there = voice.others.get(seat);
  const state = mine || voice.phase !== "on" ? "" : said.state[there?.state || "looking"];
  const bad = there?.state === "none" || there?.state === "back";
  return h("li", { key: seat }, h("span", { dir: "auto" }, mine ? said.you : nameOf(seat)), meter(seat, { "aria-hidden": "true" }),
    h("span", { class: bad ? "bad small" : "soft small" }, [one.muted ? said.listens : said.speaks, one.lost && said.away, state].filter(Boolean).join(", ")));
}

function people() {
  const { voice } = app;
  const all = Object.entries(app.voices[voice.user.room] || {}).filter(([seat, one]) => one.on || (voice.phase === "on" && voice.others.has(Number(seat))));
  const others = all.filter(([seat]) => Number(seat) !== voice.seat);
  return [h("ul", { class: "who2", key: "who", "aria-label": said.on_voice }, all.map(([seat, one]) => other(Number(seat), one))),
    voice.phase === "on" && others.length === 0 && h("p", { class: "soft small", key: "alone" }, said.alone)];
}

function speaking() {
  const { voice } = app;
  const press = (on) => (event) => { event.preventDefault(); hold(on); };
  const keys = { onpointerdown: press(true), onpointerup: press(false), onpointerleave: press(false),
    onkeydown: (event) => { if (event.key === " " || event.key === "Enter") press(true)(event); }, onkeyup: press(false) };
  return [h("div", { class: "row", key: "do" },
    voice.stream && button(voice.muted && !shown.holds ? said.unmute : said.mute, null, () => mute(!voice.muted), small(voice.muted ? "go" : "", { "aria-pressed": String(voice.muted) })),
    voice.stream && (voice.muted || shown.holds) && h("button", { type: "button", class: "btn s", ...keys }, said.hold, h("kbd", { "aria-hidden": "true" }, "Space")),
    voice.blocked() && button(said.let_sound, null, () => voice.unblock(), small("go")),
    button(said.devices, null, () => { shown.devices = !shown.devices; redraw(); }, small("", { "aria-expanded": String(shown.devices) })),
    button(said.hang_up, "$", hangUp, small())),
  trouble(), app.pill.word !== "live" && h("p", { class: "small", key: "away" }, said.server_away), shown.devices && devices()];
}

/** What of voice is to be seen; null: nothing. */
export function voiceStrip() {
  const { voice } = app;
  if (!voice || app.replay) return null;
  const note = said[voice.notice] || voice.notice;
  if (voice.phase === "off" && !note) return null;
  return h("section", { class: "vb", "aria-label": said.title, key: "voice" },
    note && h("p", { class: "bad", role: "alert", key: "note" }, note),
    voice.phase === "asking" && h("p", { role: "status", key: "asking" }, said.asking),
    voice.phase === "trying" && trying(), voice.phase === "on" && speaking(), voice.phase !== "off" && people());
}
