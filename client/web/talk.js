// SPDX-License-Identifier: ISC
// talk.js: what was said, whispered and noted, and the dock: what was kept, where one writes, and
// what the keys do.
import { app, command, looks, now, redraw } from "./app.js";
import { answerAsking, button, empty, icon, isLive, isNarrow, nameOf, onPanel, since, ui } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const SHOWN_LINES = 300;

/** Keeps the newest in sight, unless somebody has scrolled up to read. */
function follow(node) {
  const toEnd = () => { const box = node.closest(".body"); if (box && box.scrollHeight - box.scrollTop - box.clientHeight < 160) box.scrollTop = box.scrollHeight; };
  new MutationObserver(toEnd).observe(node, { childList: true });
  requestAnimationFrame(() => { const box = node.closest(".body"); if (box) box.scrollTop = box.scrollHeight; });
}

export const talk = {
  title: () => words.talk,
  view: () => {
    const tag = { mine: words.mine, panel: words.panel, all: words.all, whisper: words.whispers };
    const lines = app.lines.filter((line) => !app.replay || line.at <= now()).slice(-SHOWN_LINES);
    return [lines.length === 0 && empty(words.talk_empty), h("div", { key: "log", class: "talk", role: "log", "aria-label": words.talk, onmade: follow }, lines.map((line) => h("p", { key: line.n, class: `line ${line.kind}` },
      h("time", {}, since(line.at)), " ", h("b", { dir: "auto" }, nameOf(line.by)), " ", tag[line.kind] && h("span", { class: "tag" }, `${tag[line.kind]}${line.state ? `, ${words.note_state[line.state]}` : ""} `), h("span", { dir: "auto" }, line.text), mayChange(line) && button(words.note_change, null, () => change(line), { class: "btn quiet", "aria-label": `${words.note_change}: ${line.text.slice(0, 60)}` }))))];
  },
};

// ---- the dock ----

/** Who gets a line, in the order in which Tab goes through the notes. */
export const KINDS = { "talk.say": "say", "talk.whisper": "whisper", "note.mine": "note", "note.panel": "note_panel", "note.all": "note_all" };
const NOTES = ["note.mine", "note.panel", "note.all"];
const mayWrite = (kind) => onPanel() || (kind !== "talk.whisper" && kind !== "note.panel");

const mayChange = (line) => line.set && !looks() && app.state.stage !== "closed";

/** An own note is written anew in the dock; left empty it is struck. */
function change(line) {
  ui.anew = line;
  ui.text = line.text;
  redraw();
  document.getElementById("line")?.focus();
}

export function write(kind) {
  ui.anew = null;
  ui.kind = kind;
  redraw();
  document.getElementById("line")?.focus();
}

/** Enter sends; with Shift, Alt or Ctrl it begins a new line. */
function typed(event) {
  if (event.key === "Enter" && !event.isComposing && !event.shiftKey) {
    event.preventDefault();
    if (event.altKey || event.ctrlKey) event.target.setRangeText("\n", event.target.selectionStart, event.target.selectionEnd, "end");
    else event.target.form.requestSubmit();
    ui.text = event.target.value;
    redraw();
    return;
  }
  if (event.key === "Escape") {
    if (ui.anew) Object.assign(ui, { anew: null, text: "" });
    event.target.blur();
    redraw();
  }
  if (event.key !== "Tab" || ui.anew || event.shiftKey || !NOTES.includes(ui.kind)) return;
  const may = NOTES.filter(mayWrite);
  const next = may.indexOf(ui.kind) + 1;
  if (next >= may.length) return; // and Tab goes on
  event.preventDefault();
  ui.kind = may[next];
  redraw();
}

/** ": Storage layer, raised": of a command whose line has a title. */
function whose(body) {
  const { pack } = app;
  const item = body?.item && pack.items.find(({ id }) => id === body.item);
  const flag = body?.flag && pack.flags.find(({ id }) => id === body.flag);
  if (item) return `: ${item.title}, ${words.mark[body.mark]}`;
  return flag ? `: ${flag.title}${body.on ? "" : `, ${words.withdrawn}`}` : "";
}

/** How many of one's commands are on their way, and nothing else is to be said. It is not told aloud: a
 * screen reader comes to it when the answer stands there already, and would read that twice. */
function onWay() {
  const waiting = app.notice || app.state.message ? 0 : app.state.pending.length;
  return waiting > 0 && h("p", { class: "kept wait" }, icon("wait"), h("span", {}, waiting > 1 ? `${words.on_way}: ${waiting}` : words.on_way));
}

/** What happened to what one did last. */
function kept() {
  const { state, notice } = app;
  if (notice) return h("p", { class: "kept no" }, icon("cross"), h("span", {}, notice));
  if (state.message) return h("p", { class: `kept${state.message_bad ? " no" : ""}` }, icon(state.message_bad ? "cross" : "check"), h("span", {}, state.message));
  return state.kept && !state.pending.length ? h("p", { class: "kept" }, icon("check"), h("span", {}, `${words.kept}${whose(app.last)}`)) : null;
}

function hints() {
  const list = [["t", words.hint.talk, () => write("talk.say")], onPanel() && ["w", words.hint.whisper, () => write("talk.whisper")], ["o", words.hint.note, () => write("note.mine")],
    isLive() && !onPanel() && ["!", words.hint.hand, () => command({ do: "hand.set", on: app.state.seats[app.state.seat]?.hand ? 0 : 1 })],
    ["?", words.help, () => { ui.help = !ui.help; redraw(); }]];
  return h("div", { class: "keys" }, list.filter(Boolean).map(([key, text, does]) => h("button", { type: "button", key, onclick: does }, h("kbd", { "aria-hidden": "true" }, key), text)));
}

export function question() {
  const { asking } = ui;
  return h("section", { class: "asking", "aria-label": words.question }, h("p", { role: "alert" }, asking.text),
    button(words.yes, "y", () => answerAsking(true), { class: "btn go s" }), button(words.no, "Esc", () => answerAsking(false), { class: "btn s" }));
}

/** Bytes above what a line may have; nothing is cut off in silence. */
const tooLong = () => new TextEncoder().encode(ui.text.trim()).length - 2000;

function field() {
  const says = ui.anew ? words.note_anew : words[KINDS[ui.kind]];
  const rows = Math.min(6, ui.text.split("\n").length + Math.floor(ui.text.length / 120));
  return h("textarea", { class: "in", id: "line", rows, dir: "auto", autocomplete: "off", "aria-invalid": tooLong() > 0, placeholder: isNarrow() && !ui.anew ? words.to[KINDS[ui.kind]] : says, "aria-label": says, value: ui.text, oninput: (event) => { ui.text = event.target.value; redraw(); }, onkeydown: typed });
}

export function dock() {
  const submit = (event) => {
    event.preventDefault();
    const text = ui.text.trim();
    const { anew } = ui;
    if (tooLong() > 0) return;
    const body = anew ? { do: anew.set, line: anew.line } : { do: ui.kind };
    if ((text || anew) && command(text ? { ...body, text } : body)) Object.assign(ui, { text: "", anew: null });
    redraw();
  };
  if (!mayWrite(ui.kind)) ui.kind = "talk.say";
  if (looks() && !app.notice) return null;
  return h("footer", { class: "dock" }, h("div", { class: "status" }, onWay(), h("div", { role: "status" }, kept())),
    !looks() && h("form", { class: "writer", onsubmit: submit },
      !ui.anew && h("select", { class: "btn s", "aria-label": words.who_gets, onchange: (event) => { ui.kind = event.target.value; redraw(); } }, Object.keys(KINDS).filter(mayWrite).map((kind) => h("option", { key: kind, value: kind, selected: ui.kind === kind }, words.kinds[KINDS[kind]]))),
      field(), tooLong() > 0 && h("span", { class: "kept no", role: "alert" }, `${tooLong()} ${words.bytes_over}`),
      h("button", { class: "btn s" }, words.send)), !looks() && hints());
}
