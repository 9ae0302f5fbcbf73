// SPDX-License-Identifier: ISC
// people.js: who is in the room, their links, hands, and a call elsewhere.
import { app, command, invite, redraw } from "./app.js";
import { button, LETTERS, onPanel, ui } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

function hostOf(link) { try { return new URL(link).host; } catch { return ""; } }

async function copy(one) {
  try {
    await navigator.clipboard.writeText(one.link);
    app.notice = "";
    ui.copied = one.link;
  } catch { app.notice = words.no_copy; }
  redraw();
}

function links() {
  if (app.state.role !== "interviewer" || app.replay) return null;
  return [app.links.length > 0 && h("p", { class: "soft small" }, words.links_why), app.links.map((one, i) => h("div", { key: i, class: "link" },
    h("label", { class: "field" }, words.link_for[one.role], h("input", { class: "in", readonly: true, value: one.link, onfocus: (event) => event.target.select() })),
    button(ui.copied === one.link ? words.copied : words.copy, ui.front === "people" ? LETTERS[i] : null, () => copy(one), { class: "btn s" }))),
  h("div", { class: "row" }, h("span", { class: "soft" }, `${words.one_more}:`), ["candidate", "coach", "interviewer"].map((role) => button(words.roles[role], null, () => invite(role), { class: "btn s", key: role })))];
}

function person(seat, i) {
  if (seat.role === "none") return null;
  const me = i === app.state.seat;
  const lower = seat.hand && !me && onPanel();
  return h("li", { key: i, class: "item who" }, h("span", { class: `dot ${seat.here ? "here" : "gone"}`, "aria-hidden": "true" }),
    h("span", {}, h("span", { dir: "auto" }, seat.name), " ", h("span", { class: "soft" }, `${words.roles[seat.role]}, ${seat.here ? words.here : words.gone}${app.trips[i] ? `, ${app.trips[i]} ms` : ""}`)),
    seat.hand && h("b", { class: "hand" }, words.hand_up), lower && button(words.lower, null, { do: "hand.set", on: 0, seat: i }, { class: "btn s" }));
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
    onPanel() && !app.replay && button(words.take_call, null, { do: "room.call" }, { class: "btn quiet s" })),
  onPanel() && !state.call && !app.replay && h("form", { class: "link", onsubmit: give }, h("label", { class: "field grow" }, words.give_call, h("input", { class: "in", type: "url", value: ui.call, oninput: (event) => { ui.call = event.target.value; } })), h("button", { class: "btn s" }, words.give))];
}

export const people = {
  title: () => words.people,
  view: () => {
    const { state } = app;
    const mine = state.seats[state.seat];
    const { sheet } = app;
    return [h("ul", { class: "rows" }, state.seats.map(person)),
      state.role !== "coach" && !app.replay && button(mine?.hand ? words.lower_own : words.raise, "!", { do: "hand.set", on: mine?.hand ? 0 : 1 }, { class: "btn s" }),
      onPanel() && sheet?.items > 0 && h("p", {}, `${words.own_sheet_at}: ${sheet.marked} ${words.of} ${sheet.items}`),
      links(), call()];
  },
  lines: () => app.links.map((one) => () => copy(one)),
};
