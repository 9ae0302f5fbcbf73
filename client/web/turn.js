// SPDX-License-Identifier: ISC
// turn.js: turning the roles for a second half: one side asks, the other agrees or declines, and
// who will interview next chooses the prompt, since they will read the answers to it.
import { app, command, looks, redraw } from "./app.js";
import { ask, button, nameOf } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const choice = { pack: "", asked: false };
const SHELF = 900000001; // the number of the question

const say = (on) => command({ do: "turn.ask", on, ...(on && app.state.turn.may_agree && { other: app.state.turn.by }) });

/** What the key T and the button do: ask, agree, take back. */
export function turn() {
  const { turn: is, next } = app.state;
  if (next || app.state.role === "coach") return;
  if (is.may_agree) ask(words.turn.sure_agree, () => say(1));
  else if (is.wants) ask(words.turn.sure_back, () => say(0));
  else ask(words.turn.sure, () => say(1));
}

/** The shelf, from the room whose roles are turned. */
function look() {
  if (choice.asked) return;
  choice.asked = true;
  app.link.send(app.core.encode({ m: "shelf", id: SHELF, room: app.state.room }));
}

/** What the shelf holds; true if it was that. */
export function turnTake(message) {
  if (message.m !== "shelved" || message.id !== SHELF) return false;
  if (!app.shelf.some((one) => one.pack.bytes === message.pack.bytes)) app.shelf.push(message);
  return true;
}

/** The seat whose word ends what this seat has asked for or agreed to; -1: the message is no such word. */
export function declinedBy({ m, do: act, on, by, seat }) {
  if (m !== "event" || act !== "turn.ask" || on || !app.state?.turn?.wants) return -1;
  const who = app.state.seats[by] ? by : seat ?? -1;
  return who === app.state.seat ? -1 : who;
}

function open() {
  const others = app.shelf.filter((one) => one.name !== app.pack.id);
  const pack = choice.pack || others[0]?.pack.bytes;
  app.notice = "";
  app.link.send(app.core.encode({ m: "swap", room: app.state.room, id: app.room.number(), shelf: { bytes: pack } }));
  redraw();
}

function chooser() {
  look();
  const others = app.shelf.filter((one) => one.name !== app.pack.id);
  return h("div", { class: "strip", key: "turn" }, h("label", { class: "row" }, words.turn.choose, h("select", { class: "btn s", onchange: (event) => { choice.pack = event.target.value; } },
    others.map((one) => h("option", { key: one.pack.bytes, value: one.pack.bytes }, one.title)))), " ", button(words.turn.open, null, open, { class: "btn go s" }));
}

/** Above the panes: who asks, who agreed, and where to go on. */
export function turnStrip() {
  const { turn: is, next, role } = app.state;
  if (looks()) return null;
  if (next) return h("div", { class: "strip", key: "turn", role: "status" }, words.swapped, " ", h("button", { type: "button", class: "btn go s", onclick: () => { location.assign(`/${next}#.`); } }, words.turn.go));
  if (is.agreed && role === "candidate") return chooser();
  if (is.agreed) return h("div", { class: "strip", key: "turn", role: "status" }, words.turn.waits);
  if (is.may_agree) return h("div", { class: "strip", key: "turn", role: "alert" }, `${nameOf(is.by)} ${words.turn.asks} `, button(words.turn.agree, "T", () => say(1), { class: "btn go s" }), " ", button(words.turn.decline, null, () => say(0), { class: "btn s" }));
  return is.wants ? h("div", { class: "strip", key: "turn", role: "status" }, words.turn.asked, " ", button(words.turn.take_back, "T", () => say(0), { class: "btn s" })) : null;
}

/** Among what one can do once the interview is over. */
export const turnButton = () => app.state.role !== "coach" && app.state.stage !== "closed" && !app.state.next && !app.state.turn.asked && button(words.turn.button, "T", turn, { class: "btn s" });
