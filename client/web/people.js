// SPDX-License-Identifier: ISC
// people.js: who is in the room, their links, hands, seats that change hands, who drives the clock,
// and a call elsewhere.
import { app, command, invite, looks, redraw } from "./app.js";
import { voiceOf } from "./clock.js";
import { rings, setRings } from "./heard.js";
import { devices } from "./later.js";
import { ask, button, LETTERS, nameOf, onPanel, refusalOf, ui } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const say = words.seat;
const HOLD = { KEPT: 0, MOVED: 1, OUT: 2 };

function hostOf(link) { try { return new URL(link).host; } catch { return ""; } }

async function copy(one) {
  try {
    await navigator.clipboard.writeText(one.link);
    app.notice = "";
    ui.copied = one.link;
  } catch { app.notice = words.no_copy; }
  redraw();
}

// ---- links ----

function link(one, i) {
  const label = one.seat >= 0 ? `${words.link_for[one.role]}, ${say.for_seat} ${nameOf(one.seat)}` : words.link_for[one.role];
  if (one.used >= 0) return h("p", { key: one.link, class: "soft" }, `${label}: ${words.link_used} `, h("span", { dir: "auto" }, nameOf(one.used)));
  const show = () => { ui.code = { text: one.link, label }; redraw(); };
  return h("div", { key: one.link, class: "link" },
    h("label", { class: "field" }, label, h("input", { class: "in", readonly: true, value: one.link, onfocus: (event) => event.target.select() })),
    h("span", { class: "row" }, button(ui.copied === one.link ? words.copied : words.copy, ui.front === "people" ? LETTERS[i] : null, () => copy(one), { class: "btn s" }),
      button(words.as_code, null, show, { class: "btn s quiet" })));
}

/** A room has one candidate: who was put out, or has lost the key, comes back by the seat's own link. */
function oneMore(role) {
  const seat = role === "candidate" ? app.state.seats.findIndex((one) => one.role === role && one.hold !== HOLD.KEPT) : -1;
  if (seat >= 0) command({ do: "seat.move", seat });
  else invite(role);
}

function links() {
  if (app.state.role !== "interviewer" || looks()) return null;
  return [app.links.length > 0 && h("p", { class: "soft small" }, words.links_why), app.links.map(link),
    h("div", { class: "row" }, h("span", { class: "soft" }, `${words.one_more}:`), ["candidate", "coach", "interviewer"].map((role) => button(words.roles[role], null, () => oneMore(role), { class: "btn s", key: role })))];
}

// ---- who ----

const change = (text, sure, body) => button(text, null, refusalOf(body) ? body : () => ask(sure, () => { ui.seat = null; command(body); }), { class: "btn s", key: text });

/** What an interviewer can do about somebody else's seat. */
function changes(seat, i) {
  const { driver } = app.state;
  return h("div", { class: "row seat", key: "changes" },
    change(say.move, `${say.sure_move(seat.name)} ${seat.hold === HOLD.MOVED ? say.void_link : say.cut_off}`, { do: "seat.move", seat: i }),
    seat.hold !== HOLD.OUT && change(say.out, say.sure_out(seat.name), { do: "seat.out", seat: i }),
    seat.role === "interviewer" && seat.hold === HOLD.KEPT && driver !== i && change(say.give, say.sure_give(seat.name), { do: "clock.drive", seat: i }));
}

function isHow(seat, i) {
  if (seat.hold !== HOLD.KEPT) return say.hold[seat.hold];
  const drives = app.state.driver === i ? `, ${say.drives}` : "";
  const trip = app.trips[i] ? `, ${app.trips[i]}\u00a0ms` : "";
  return `${seat.here ? words.here : words.gone}${drives}${trip}`;
}

function person(seat, i) {
  if (seat.role === "none") return null;
  const me = i === app.state.seat;
  const lower = seat.hand && !me && onPanel() && !looks();
  const may = app.state.role === "interviewer" && !me && !looks();
  const open = may && ui.seat === i;
  const toggle = () => { ui.seat = open ? null : i; redraw(); };
  return h("li", { key: i, class: "item who" }, h("span", { class: `dot ${seat.here ? "here" : "gone"}`, "aria-hidden": "true" }),
    h("span", {}, h("span", { dir: "auto" }, seat.name), " ", h("span", { class: "soft" }, `${words.roles[seat.role]}, ${isHow(seat, i)}${voiceOf(i) ? `, ${voiceOf(i)}` : ""}`)),
    seat.hand && h("b", { class: "hand" }, words.hand_up), lower && button(words.lower, null, { do: "hand.set", on: 0, seat: i }, { class: "btn s" }),
    may && button(say.change, null, toggle, { class: "btn s quiet", "aria-expanded": String(open), "aria-label": `${say.change}: ${seat.name}` }),
    open && changes(seat, i));
}

/** The clock goes to oneself, or, if one has it, to the other interviewer. */
export function drive() {
  const { seats, seat: me, driver, role } = app.state;
  if (role !== "interviewer" || looks()) return false;
  const others = seats.map((_, i) => i).filter((i) => i !== me && seats[i].role === "interviewer" && seats[i].hold === HOLD.KEPT);
  const other = others.find((i) => seats[i].here) ?? others[0];
  if (driver < 0 || other === undefined) {
    app.notice = say.only_one;
    redraw();
    return true;
  }
  const to = driver === me ? other : me;
  ask(to === me ? say.sure_take(nameOf(driver)) : say.sure_give(nameOf(to)), () => command({ do: "clock.drive", seat: to }));
  return true;
}

export function raiseHand() {
  const { state } = app;
  const mine = state.seats[state.seat]?.hand;
  const other = state.seats.findIndex((seat) => seat.hand);
  if (state.role === "coach" && other >= 0) command({ do: "hand.set", on: 0, seat: other });
  else if (state.role !== "coach") command({ do: "hand.set", on: mine ? 0 : 1 });
}

function call() {
  const { state } = app;
  const give = (event) => { event.preventDefault(); if (command({ do: "room.call", call: ui.call.trim() })) ui.call = ""; redraw(); };
  return [state.call && h("div", { class: "row" }, h("span", {}, `${words.call}: ${hostOf(state.call)}`), h("a", { class: "btn s", href: state.call, target: "_blank", rel: "noopener noreferrer" }, words.open_call),
    onPanel() && !looks() && button(words.take_call, null, { do: "room.call" }, { class: "btn quiet s" })),
  onPanel() && !state.call && !looks() && h("form", { class: "link", onsubmit: give }, h("label", { class: "field grow" }, words.give_call, h("input", { class: "in", type: "url", value: ui.call, oninput: (event) => { ui.call = event.target.value; } })), h("button", { class: "btn s" }, words.give))];
}

const bell = () => h("label", { class: "row small" }, h("input", { type: "checkbox", id: "bell", checked: rings(), onchange: (event) => { setRings(event.target.checked); redraw(); } }), words.bell);

export const people = {
  title: () => words.people,
  view: () => {
    const { state } = app;
    const mine = state.seats[state.seat];
    const { sheet } = app;
    return [h("ul", { class: "rows" }, state.seats.map(person)),
      state.role !== "coach" && !looks() && button(mine?.hand ? words.lower_own : words.raise, "!", { do: "hand.set", on: mine?.hand ? 0 : 1 }, { class: "btn s" }),
      onPanel() && sheet?.items > 0 && h("p", {}, `${words.own_sheet_at}: ${sheet.marked} ${words.of} ${sheet.items}`),
      links(), call(), !app.replay && bell(), !looks() && !app.onWall && devices.view((all) => all.screens())];
  },
  lines: () => app.links.map((one) => () => copy(one)),
};
