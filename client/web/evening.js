// SPDX-License-Identifier: ISC
// evening.js: a group's next evening: when, who comes, whether one comes oneself, and the same for
// a calendar; a coach sets it and calls it off.
import { app, redraw, saveFile } from "./app.js";
import { ask, group } from "./group.js";
import { h } from "./view.js";
import { words } from "./words.js";
import { zoneAt } from "./zone.js";

const MINUTE_MS = 60000;
const MINE = { UNSAID: 0, YES: 1, NO: 2 };
const ICS_LINE = 75; // bytes of a line of a calendar's file
const ui = { when: "", minutes: "120", text: "", asked: 0, off: false };

/** True if the message was about the evening. */
export function eveningTake(message) {
  if (message.m === "planned" && message.cohort === group.id) group.evening = message.start ? message : null;
  else if (ui.asked && message.id === ui.asked && (message.m === "end" || message.m === "refused")) {
    app.notice = message.m === "refused" ? message.text : "";
    ui.asked = 0;
  } else return false;
  return true;
}

function put(message) {
  ui.off = false;
  ui.asked = ask({ cohort: group.id, ...message });
  redraw();
}

/** Comes, or, having said so, does not. */
export function comes() {
  const { evening } = group;
  if (evening) put({ m: "coming", start: evening.start, on: evening.mine !== MINE.YES });
}

// ---- for a calendar ----

/** A line of the file: folded without cutting a character. @param {string} text */
function folded(text) {
  const lines = [""];
  let bytes = 0;
  for (const one of text) {
    const size = new TextEncoder().encode(one).length;
    if (bytes + size > ICS_LINE) { lines.push(" "); bytes = 1; }
    lines[lines.length - 1] += one;
    bytes += size;
  }
  return lines.join("\r\n");
}
const escaped = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n").replace(/[\u0000-\u001f\u007f]/g, "");
const stamp = (ms) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");

/** RFC 5545, as `spar cohort evening --ics` writes it. */
export function calendar({ start, minutes, text = "" }, id, title, now) {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Spar//spar cohort evening//EN", "BEGIN:VEVENT", `UID:${id}-${start}@spar`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + minutes * MINUTE_MS)}`, `SUMMARY:${escaped(`${words.evening.calendar}: ${title}`)}`, ...(text ? [`DESCRIPTION:${escaped(text)}`] : []), "END:VEVENT", "END:VCALENDAR", ""].map(folded).join("\r\n");
}

// ---- drawing ----

const long = (at) => new Date(at).toLocaleString([], { weekday: "long", dateStyle: undefined, year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
/** The zone, where the page has not named it, or where it will be another then. */
const zoneOf = (at, named) => { const { name } = zoneAt(at); return named && name === zoneAt(Date.now()).name ? "" : ` ${name}`; };

/** @param {boolean} sets whether the page is the coach's, whose letters are the wall's */
function planned(sets) {
  const { evening } = group;
  const say = words.evening;
  const { mine = 0, coming = 0, names = "", missing = "" } = evening;
  const save = () => saveFile("evening.ics", "text/calendar", calendar(evening, group.id, group.title, Date.now()));
  return [h("p", {}, h("b", {}, `${long(evening.start)}${zoneOf(evening.start, sets)}`), `, ${evening.minutes} ${say.minutes}. `, h("span", { class: "soft" }, `${say.set_by} ${evening.name || ""}`)),
    evening.text && h("p", { dir: "auto" }, evening.text),
    h("p", { dir: "auto" }, say.come(coming), names && `: ${names}`, ". ", coming % 2 === 1 && h("span", { class: "soft" }, say.odd)),
    missing && h("p", { class: "soft", dir: "auto" }, `${say.missing}: ${missing}.`),
    h("div", { class: "row" }, h("button", { class: "btn", type: "button", "aria-pressed": String(mine === MINE.YES), onclick: () => put({ m: "coming", start: evening.start, on: true }) }, !sets && h("kbd", { "aria-hidden": "true" }, "e"), say.yes),
      h("button", { class: "btn", type: "button", "aria-pressed": String(mine === MINE.NO), onclick: () => put({ m: "coming", start: evening.start, on: false }) }, say.no),
      h("button", { class: "btn quiet", type: "button", onclick: save }, say.save), mine === MINE.UNSAID && h("span", { class: "soft" }, say.unsaid))];
}

function setting() {
  const say = words.evening;
  const submit = (event) => {
    event.preventDefault();
    const start = new Date(ui.when).getTime();
    if (start > Date.now()) put({ m: "evening", start, minutes: Number(ui.minutes), text: ui.text.trim() });
    else { app.notice = say.in_time; redraw(); }
  };
  const field = (id, label, name, more) => h("label", { class: "field" }, label, h("input", { class: "in", id, required: name !== "text", value: ui[name], oninput: (event) => { ui[name] = event.target.value; }, ...more }));
  return [h("form", { class: "g-evening", onsubmit: submit }, field("g-when", say.when, "when", { type: "datetime-local" }),
    field("g-length", say.length, "minutes", { type: "number", min: 1, max: 240 }), field("g-about", say.about, "text", { maxlength: 200 }),
    h("button", { class: "btn" }, group.evening ? say.change : say.set)),
  group.evening && (ui.off ? h("p", { class: "row" }, say.off_sure, h("button", { class: "btn go", type: "button", onclick: () => put({ m: "evening", start: 0 }) }, words.yes),
    h("button", { class: "btn", type: "button", onclick: () => { ui.off = false; redraw(); } }, words.no))
    : h("button", { class: "btn quiet", type: "button", onclick: () => { ui.off = true; redraw(); } }, say.off))];
}

/** `sets`: a coach may set it here. @param {boolean} sets */
export function eveningPane(sets) {
  if (!group.evening && !sets) return null;
  return h("section", { class: "card pane g-next", key: "evening", "aria-label": words.evening.title }, h("div", { class: "head" }, h("h2", {}, words.evening.title)),
    h("div", { class: "body" }, group.evening ? planned(sets) : h("p", { class: "soft" }, words.evening.none), sets && setting()));
}
