// SPDX-License-Identifier: ISC
// keys.js: the letters of the terminal. None works while a field has the focus; Ctrl, Alt and Meta
// are the browser's, and so is Tab.
import { app, looks, redraw, voiceKey } from "./app.js";
import { clockKey, goThere, maySpeak } from "./clock.js";
import { answerAsking, isLive, LETTERS, onPanel, ui } from "./parts.js";
import { drawing, ending } from "./later.js";
import { drive, raiseHand } from "./people.js";
import { front, frontLines, frontNext, panesNow, seal } from "./room.js";
import { look, showArmed, suggestion } from "./rubric.js";
import { write } from "./talk.js";
import { turn } from "./turn.js";

const isField = (node) => /^(TEXTAREA|SELECT)$/.test(node.tagName) || (node.tagName === "INPUT" && !["radio", "checkbox", "range"].includes(node.type));

/** While a question waits: y or Enter, n or Esc, and nothing else. */
function asked(key) {
  if (key === "y" || key === "Enter") answerAsking(true);
  else if (key === "n" || key === "Escape") answerAsking(false);
  else return false;
  return true;
}

/** Up and down go from line to line of the pane in front. */
function walk(by) {
  const all = [...document.querySelectorAll(".pane.front .t")];
  const at = all.indexOf(/** @type {Element} */ (document.activeElement));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next) /** @type {HTMLElement} */ (next).focus();
  return Boolean(next);
}

/** The candidate's own, while the clock may run: on the board and the worksheet. */
const own = (does) => () => {
  const all = app.state.role === "candidate" && isLive() && !looks() ? drawing.get() : null;
  if (all) does(all);
};
/** A pane by its key, the focus with it. */
export const toPane = (name) => panesNow().flat(2).includes(name) && front(name, true);
const jumps = {
  B: () => { toPane("board"); drawing.get()?.focusBoard(); }, "|": () => toPane("paper"),
  "=": own((all) => all.takeFact()), "*": own((all) => all.hideOrShow()), "+": own((all) => { toPane("paper"); all.focusPaper(); }),
  x: () => toPane("flags"), D: () => toPane("sheets"), "@": () => toPane("people"), "&": () => toPane("people"),
  ArrowLeft: () => look(-1), ArrowRight: () => look(1), "!": raiseHand, "?": () => { ui.help = !ui.help; redraw(); },
};

function letter(key, shift) {
  const at = LETTERS.indexOf(key.toLowerCase());
  const line = key.length === 1 && at >= 0 ? frontLines()[at] : null;
  if (line) line(shift);
  return Boolean(line);
}

function roomKey(key, shift) {
  const { chosen } = ui;
  if (chosen) app.notice = "";
  ui.chosen = null;
  const note = { t: "talk.say", w: "talk.whisper", o: "note.mine" }[key];
  if (note && !looks() && (onPanel() || note !== "talk.whisper")) write(note);
  else if (key === "Enter" && chosen) goThere(chosen);
  else if (key === "Enter" && document.activeElement?.tagName !== "BUTTON" && ui.armed) return showArmed();
  else if (key === "." || key === ",") return suggestion(key === ".");
  else if (key === "d" && app.state.role === "coach") seal();
  else if (key === "P" && ["lobby", "running", "paused"].includes(app.state.stage)) return drive();
  else if (key === "T" && ["finished", "debrief"].includes(app.state.stage)) turn();
  else if (key === "$" && maySpeak()) voiceKey();
  else if (clockKey(key, chosen)) return true;
  else if (jumps[key]) jumps[key]();
  else if (key === "ArrowUp" || key === "ArrowDown") return walk(key === "ArrowUp" ? -1 : 1);
  else return letter(key, shift);
  return true;
}

function escape() {
  const was = ui.help || ui.armed || ui.code;
  ui.help = false;
  ui.code = null;
  ui.armed = ui.chosen = null;
  app.notice = "";
  redraw();
  return Boolean(was);
}

/** What a key does; true if it did something. */
function does({ key, shiftKey }) {
  if (ui.asking) return asked(key);
  if (key === "F6") return frontNext(shiftKey ? -1 : 1);
  if (key === "Escape") return escape();
  return app.replay ? Boolean(ending.get()?.replayKey(key, shiftKey)) : roomKey(key, shiftKey);
}

export function roomKeys(event) {
  const { target } = event;
  if (app.view !== "room" || !app.state || !app.pack || event.ctrlKey || event.altKey || event.metaKey || event.repeat || isField(target)) return;
  const moves = /^(radio|checkbox)$/.test(target.type) && /^(Arrow| )/.test(event.key);
  const presses = target.closest("button, a, summary, label") && (event.key === " " || event.key === "Enter") && !ui.asking;
  if (!moves && !presses && does(event)) event.preventDefault();
}
