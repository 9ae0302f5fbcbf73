// SPDX-License-Identifier: ISC
// parts.js: what all panes are made of: what this screen has chosen (`ui`), buttons, signs, times.
import { app, command, now, redraw } from "./app.js";
import { h } from "./view.js";
import { words } from "./words.js";

/** The letters of lines; the others of a to z are keys of their own. */
export const LETTERS = "acefghijklmrsuvyz";
const PANEL = new Set(["interviewer", "coach"]);

/** What is chosen on this screen alone. `front`: the pane that has the letters; `shown`: of each
 * place with several panes the one that is open; `asking`: a question that waits for yes or no. */
export const ui = {
  seat: null, code: null, phase: null, front: "", shown: {}, cursor: {}, armed: null, chosen: null, stepped: { key: "", at: 0 }, asking: null, kind: "talk.say", text: "", anew: null, call: "", help: false, only: false,
};

/** Whole seconds of ms as 5:04 or 1:02:03. */
export function clockText(ms) {
  const all = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
/** A moment as the interview's time, pauses left out, as the report counts it; "": before the start. */
export const since = (at) => (app.state.clock.started_at && at >= app.state.clock.started_at
  ? clockText(app.room.running(at)) : "");
/** Whole minutes, for what is not told by the second. */
export const minutesText = (ms) => (Math.abs(ms) < 60000 ? words.no_minute : words.minutes(Math.floor(Math.abs(ms) / 60000)));
/** What changes with each second is for the eyes; who hears the page has it by the minute. */
export const ticks = (text, slow) => [h("span", { "aria-hidden": "true" }, text), h("span", { class: "vh" }, slow)];

const board = { key: "", is: null };
/** The board as the core draws it. */
export function boardNow() {
  const key = `${app.room.at} ${app.room.revision()} ${app.replay ? app.replay.at : ""}`;
  if (key !== board.key || board.is?.hidden) board.is = app.room.board(now());
  board.key = key;
  return board.is;
}
/** How long the candidate thinks unseen yet, in ms; 0: they do not. */
export function unseenLeft() {
  const is = boardNow();
  return is?.hidden && is.until ? Math.max(0, is.until - now()) : 0;
}
/** Whether one's own thinking unseen has lasted as long as it may. */
export function unseenIsOver() {
  const is = app.state.role === "candidate" && isLive() ? boardNow() : null;
  return Boolean(is?.hidden && is.may && !is.until);
}
export const nameOf = (seat) => app.state.seats[seat]?.name || "";
const narrow = matchMedia("(max-width: 47.99rem)");
export const isNarrow = () => narrow.matches;
narrow.addEventListener("change", () => redraw());
export const onPanel = () => PANEL.has(app.state.role);
export const isLive = () => ["running", "paused"].includes(app.state.stage);
export const shownPhase = () => Math.min(ui.phase ?? app.state.clock.phase, app.pack.phases.length - 1);
/** The candidate's name, or a word for one who is not here yet. */
export const candidateName = () => app.state.seats.find((seat) => seat.role === "candidate")?.name || words.the_candidate;

/** Why a command would not be taken now; null if it would. */
export const refusalOf = (body) => (app.replay ? { text: words.only_recording } : app.room.refusal(body, now()));

/** A button that sends a command (an object) or calls a function; one that may not be pressed says why. */
export function button(text, key, does, more = {}) {
  const refusal = typeof does === "object" ? refusalOf(does) : null;
  const press = () => (typeof does === "object" ? command(does) : does());
  return h("button", { type: "button", "aria-disabled": refusal ? "true" : null, title: refusal?.text || null,
    onclick: () => { if (!refusal) press(); }, ...more, class: more.class || "btn" }, text, key && h("kbd", { "aria-hidden": "true" }, key));
}

/** Asks before what cannot be taken back. */
export function ask(text, yes) {
  ui.asking = { text, yes };
  redraw();
}
/** A button for such a command. */
export const surely = (text, key, body, more) => button(text, key,
  refusalOf(body) ? body : () => ask(words.sure[body.do], () => command(body)), more);

export function answerAsking(yes) {
  const { asking } = ui;
  ui.asking = null;
  if (yes) asking.yes();
  redraw();
}

export function sign(mark, waits) {
  const half = mark === 1 ? h("path", { d: "M9 3a6 6 0 0 0 0 12z", fill: "currentColor" }) : null;
  return h("svg", { class: `sign m${mark}${waits ? " wait" : ""}`, viewBox: "0 0 18 18", "aria-hidden": "true" },
    h("circle", { cx: 9, cy: 9, r: 6, fill: mark === 2 ? "currentColor" : "none", stroke: "currentColor", "stroke-width": 2 }), half);
}

const SHAPES = {
  mark: "M5 5l14 14M19 5 5 19", lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3", check: "m5 12 5 5 9-10",
  wait: "M12 4a8 8 0 1 1-7.5 5.2", cross: "M6 6l12 12M18 6 6 18", late: "M12 3 22 20H2z", warn: "M12 3 22 20H2z",
};
/** A small picture beside a word that says the same. */
export const icon = (name) => h("svg", { class: `i${name === "late" ? " fill" : ""}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: SHAPES[name] }));

export const empty = (text) => h("p", { class: "empty" }, text);

/** One of several, as real radio buttons. `value`: the chosen one, or null. */
export function choice(name, legend, options, value, choose, hide = false) {
  return h("fieldset", { class: "choice" }, h("legend", { class: hide ? "vh" : "" }, legend),
    h("div", { class: "opts" }, options.map(([is, text]) => h("label", { class: "opt", key: is }, h("input", { type: "radio", name, value: String(is), checked: value === is,
      onchange: () => { choose(is); redraw(); } }), text))));
}
