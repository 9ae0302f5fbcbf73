// SPDX-License-Identifier: ISC
// replay.js: the transport under a recording: a timeline, speed, jumps, and its keys.
import { app, closeReplay, redraw, seek } from "./app.js";
import { button, clockText, LETTERS, shownPhase, since, ui } from "./parts.js";
import { toPane } from "./keys.js";
import { look } from "./rubric.js";
import { takeEvidence } from "./verdict.js";
import { h } from "./view.js";
import { words } from "./words.js";

const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32, 64];
const WIDE = 1000, HIGH = 52, IDLE_MS = 5000;

/** The moments of a timeline, found once for each recording. */
function moments() {
  const { replay } = app;
  if (replay.moments) return replay.moments;
  const events = replay.replay.events();
  const marks = [], flags = [], reveals = [], phases = [];
  for (const event of events) {
    if (["mark.set", "self.set", "seal.set"].includes(event.do)) marks.push({ at: event.shown_at, item: event.item, mark: event.mark });
    else if (event.do === "flag.set" && event.on) flags.push({ at: event.shown_at });
    else if (event.do === "fact.reveal" || event.do === "curveball.throw") reveals.push({ at: event.shown_at, curve: event.do === "curveball.throw" });
    else if (event.do === "clock.start") phases.push({ at: event.shown_at, phase: 0 });
    else if (event.do === "clock.jump") phases.push({ at: event.shown_at, phase: event.phase });
    else if (event.do === "clock.unfinish") phases.push({ at: event.shown_at, phase: phases.filter(({ phase }) => phase >= 0).pop()?.phase ?? 0 });
    else if (event.do === "clock.finish") phases.push({ at: event.shown_at, phase: -1 });
  }
  replay.moments = { marks, flags, reveals, phases, all: events.map((event) => event.shown_at) };
  return replay.moments;
}

// ---- moving ----

/** To the moment before or after the one that is shown. */
function jump(list, on) {
  const { at } = app.replay;
  const found = on ? list.find((one) => one.at > at) : list.filter((one) => one.at < at - 1).pop();
  if (found) move(found.at);
}
function move(at) {
  Object.assign(app.replay, { playing: 0, fault: "", silent: at });
  seek(at);
}
/** Plays or pauses; from the end it begins again. */
export function play() {
  const { about } = app.replay.replay;
  if (isOver()) seek(about.first_at);
  app.replay.playing = app.replay.playing ? 0 : performance.now();
  app.replay.from = app.replay.at;
  redraw();
}
const isOver = () => !app.replay.playing && app.replay.at >= app.replay.replay.about.last_at;

/** "12:05", "1:02:03" or "12" (minutes) as ms; -1: none of these. */
function readTime(text) {
  const parts = text.trim().split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d{1,4}$/.test(part)) || parts.slice(1).some((part) => Number(part) > 59)) return -1;
  const [hours, minutes, seconds] = parts.length === 3 ? parts : parts.length === 2 ? [0, ...parts] : [0, parts[0], 0];
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** To the time that was typed. */
function goTo(event) {
  event.preventDefault();
  const { replay } = app.replay;
  const time = readTime(event.target.elements[0].value);
  const at = time < 0 ? -1 : replay.momentOf(0) < 0 ? replay.about.first_at + time : replay.momentOf(time);
  const found = at >= 0 && at <= replay.about.last_at;
  app.replay.fault = found ? "" : time < 0 ? words.reel.not_time : `${words.reel.ran} ${clockText(replay.about.running)}.`;
  if (found) { event.target.elements[0].value = ""; move(at); } else redraw();
}

/** The moment to show instead of `at`: the event that ends a silence, once that was played for long enough. */
export function afterSilence(at) {
  const { replay } = app;
  if (!replay.idle) return at;
  const { all } = moments();
  const next = all.find((one) => one > replay.at);
  const from = Math.max(all.findLast((one) => one <= replay.at) ?? 0, replay.silent ?? 0);
  if (next === undefined || at < from + replay.idle || at >= next) return at;
  Object.assign(replay, { from: next, playing: performance.now() });
  return next;
}

/** Silences are played for five seconds at most, or as they were. */
function shorten(on) {
  const { replay } = app;
  Object.assign(replay, { idle: on ? IDLE_MS : 0, from: replay.at });
  replay.playing &&= performance.now();
  redraw();
}

function speed(to) {
  const { replay } = app;
  replay.speed = to;
  replay.from = replay.at;
  replay.playing &&= performance.now();
  redraw();
}
const faster = (by) => speed(SPEEDS[Math.min(Math.max(SPEEDS.indexOf(app.replay.speed) + by, 0), SPEEDS.length - 1)]);

/** To where the line with that letter was marked. */
function toItem(letter) {
  const here = app.pack.items.filter((item) => item.phase === shownPhase());
  const item = here[LETTERS.indexOf(letter)];
  const found = item && moments().marks.find((one) => one.item === item.id && one.mark > 0);
  if (found) move(found.at);
  return Boolean(item);
}

const help = () => { ui.help = !ui.help; redraw(); };

/** A key while a recording is shown; true if it was one. */
export function replayKey(key, shift) {
  const { at, replay } = app.replay;
  const { marks, flags, phases } = moments();
  const table = {
    " ": play, ArrowLeft: () => move(at - 10000), ArrowRight: () => move(at + 10000), "[": () => move(at - 60000), "]": () => move(at + 60000),
    "+": () => faster(1), "=": () => faster(1), "-": () => faster(-1), t: () => jump(marks, true), T: () => jump(marks, false), x: () => jump(flags, true), X: () => jump(flags, false),
    n: () => jump(phases, true), b: () => jump(phases, false), B: () => toPane("board"), "|": () => toPane("paper"), ":": () => document.getElementById("reel-time")?.focus(), Home: () => move(replay.about.first_at), End: () => move(replay.about.last_at), "<": () => look(-1), ">": () => look(1), q: closeReplay, "?": help,
  };
  if (key === "e" && ui.front === "verdict" && !shift) takeEvidence(ui.cursor.verdict || 0);
  else if (table[key]) table[key]();
  else if (key >= "1" && key <= "8" && key.length === 1) { const found = phases.find(({ phase }) => phase === Number(key) - 1); if (found) move(found.at); }
  else return key.length === 1 && toItem(key);
  return true;
}

// ---- drawing ----

function timeline() {
  const { about } = app.replay.replay;
  const all = Math.max(1, about.last_at - about.first_at);
  const x = (at) => (WIDE * (at - about.first_at)) / all;
  const { marks, flags, reveals, phases } = moments();
  const dot = (one, i, name, y) => h("path", { key: `${name}${i}`, class: name, d: `M${x(one.at).toFixed(1)} ${y}v0.01` });
  const here = x(app.replay.at);
  return h("svg", { class: "tl", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    phases.map((one, i) => one.phase >= 0 && h("rect", { key: `p${i}`, class: `p${one.phase % 5}`, x: x(one.at).toFixed(1), y: 6, height: 22, width: Math.max(1, x(phases[i + 1]?.at ?? about.last_at) - x(one.at)).toFixed(1) })),
    marks.map((one, i) => one.mark > 0 && dot(one, i, one.mark === 2 ? "r" : "p", 40)), reveals.map((one, i) => dot(one, i, one.curve ? "cv" : "fc", 17)),
    flags.map((one, i) => h("path", { key: `f${i}`, class: "f", d: `M${x(one.at).toFixed(1)} 4v44` })),
    h("rect", { class: "then", x: here.toFixed(1), y: 0, height: HIGH, width: Math.max(0, WIDE - here).toFixed(1) }), h("path", { class: "head", d: `M${here.toFixed(1)} 0v${HIGH}` }));
}

const HINTS = [["← →", "ten"], ["[ ]", "minute"], ["t", "mark"], ["x", "flag"], ["n b", "phase"]];

/** The place of the moment that is shown, and the length of the whole, both as the interview's time. */
const place = (at) => h("span", { class: "at" }, since(at) || words.before, h("small", { class: "soft" }, ` ${words.of} ${clockText(app.replay.replay.about.running)}`));

export function reel() {
  const { replay, at, playing, speed: is } = app.replay;
  const { first_at: first, last_at: last } = replay.about;
  const title = app.pack.phases[app.state.clock.phase]?.title || "";
  return h("section", { class: "reel", "aria-label": words.recording },
    h("div", { class: "track" }, timeline(), h("input", { type: "range", min: first, max: last, value: String(Math.round(at)), "aria-label": words.replay, "aria-valuetext": `${since(at) || words.before}, ${title}`,
      oninput: (event) => move(Number(event.target.value)) })),
    h("div", { class: "row" }, button(playing ? words.stop : isOver() ? words.reel.again : words.play, "␣", play, { class: "btn go" }),
      place(at),
      h("form", { class: "row", onsubmit: goTo }, h("label", { class: "soft small", for: "reel-time" }, words.reel.go_to), h("input", { id: "reel-time", class: "in reel-time", placeholder: "12:05", inputmode: "numeric", autocomplete: "off", maxlength: 9 })),
      h("label", { class: "row soft small" }, h("input", { type: "checkbox", checked: Boolean(app.replay.idle), onchange: (event) => shorten(event.target.checked) }), words.reel.idle),
      h("label", { class: "row" }, h("span", { class: "soft small" }, words.speed), h("select", { class: "btn s", onchange: (event) => speed(Number(event.target.value)) }, SPEEDS.map((one) => h("option", { key: one, value: String(one), selected: one === is }, `${one}×`)))),
      h("span", { class: "keys" }, HINTS.map(([key, word]) => h("span", { key }, h("kbd", {}, key), ` ${words.reel[word]} `)),
        h("button", { type: "button", onclick: help }, h("kbd", { "aria-hidden": "true" }, "?"), words.help)),
      button(words.back, "q", closeReplay, { class: "btn s right" })),
    app.replay.fault && h("p", { class: "alarm", role: "alert" }, app.replay.fault));
}
