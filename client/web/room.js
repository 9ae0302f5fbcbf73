// SPDX-License-Identifier: ISC
// room.js: what a room looks like, for each role, live and in replay: which panes there are, where
// they stand, and which of them is in front. It draws the state that the core gives and sends
// commands; whether something is allowed is the core's to say.
import { app, drawNow, looks, now, redraw, refresh, takeBack, voiceStrip } from "./app.js";
import { clockPane, top } from "./clock.js";
import { follow, unread, unreadText } from "./heard.js";
import { devices, drawing, ending } from "./later.js";
import { button, isNarrow, nameOf, onPanel, ui } from "./parts.js";
import { people } from "./people.js";
import { facts, flags, known, plans, prepare, rubric, suggested } from "./rubric.js";
import { dock, question, talk } from "./talk.js";
import { turnStrip } from "./turn.js";
import { h } from "./view.js";
import { words } from "./words.js";

const brief = {
  title: () => words.brief,
  aside: () => h("span", { class: "does" }, app.pack.level),
  view: () => {
    const phase = app.pack.phases[app.state.clock.phase];
    return h("div", { class: "reading" }, h("p", { class: "pre" }, app.pack.prompt || words.prompt_later),
      phase?.opening?.length > 0 && [h("h3", {}, words.moves), h("ul", { class: "points" }, phase.opening.map((text, i) => h("li", { key: i }, text)))],
      phase?.headings?.length > 0 && [h("h3", {}, words.headings), h("ul", { class: "points" }, phase.headings.map((text, i) => h("li", { key: i }, text)))]);
  },
};

/** A pane of files that come later; its title is here already. */
const late = (from, name, title) => ({
  title, view: () => from.view((all) => all[name].view()), aside: () => from.get()?.[name].aside?.(), lines: () => from.get()?.[name].lines?.() || [],
});
const board = late(drawing, "board", () => words.board.title);
const paper = late(drawing, "paper", () => words.paper.title);
const sheets = late(ending, "sheets", () => words.sheets);
const points = late(ending, "points", () => words.points);
const verdict = late(ending, "verdict", () => (onPanel() ? words.your_verdict : words.your_rating));

const PANES = { rubric, facts, known, suggested, flags, prepare, plans, sheets, points, verdict, talk, people, brief, board, paper };

// ---- which panes, and where ----

/** Columns of places; each place holds panes of which one is open. */
export function panesNow() {
  const { state, pack } = app;
  const titles = pack.items?.some((item) => item.title);
  if (state.opened) {
    const more = onPanel() ? ["sheets", "points", "rubric", "facts", "flags"] : ["sheets", "points", "known"];
    return [[more], [["verdict", "talk", "brief", "board", "paper", "people"]]];
  }
  if (app.replay?.live.state?.stage === "debrief") return onPanel() ? [[["rubric", "verdict"]], [["facts"], ["talk"]], [["brief", "flags"]]] : [[["brief", "verdict"]], [["talk", "known"]]];
  if (!onPanel() && state.stage !== "lobby") return [[["brief", "board", "paper"]], [titles ? ["rubric", "known"] : ["known"], ["talk", "people"]]];
  if (!onPanel()) return [[["brief"]], [titles ? ["rubric", "known"] : ["known"], ["talk", "people"]]];
  if (state.stage === "lobby") return [[["people", "plans"]], [["prepare", "rubric", "facts"]], [["talk"]]];
  return [[["rubric", "prepare", "board", "paper"]], [["facts"], ["talk"]], [["brief", "people", "flags"], ["suggested"]]];
}

const defaultFront = () => panesNow()[0][0][0];
const placeOf = (name) => panesNow().flat().find((place) => place.includes(name));
const openIn = (place) => place.find((name) => ui.shown[name]) || place[0];

function bring(name) {
  for (const other of placeOf(name)) ui.shown[other] = other === name;
  ui.front = name;
}
/** Brings a pane to the front: it has the letters then. With `goes` the focus goes there too, as
 * after a key: a screen reader then says which pane it is. */
export function front(name, goes = false) {
  const narrow = isNarrow();
  bring(name);
  if (narrow) scrollTo(0, 0);
  redraw();
  if (narrow) requestAnimationFrame(() => document.querySelector(".tabs [aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "center" }));
  if (!goes) return;
  drawNow();
  /** @type {HTMLElement | null} */ (document.querySelector(".pane.front > .body"))?.focus({ preventScroll: narrow });
}
export function frontNext(by) {
  const all = panesNow().flat(2);
  front(all[(all.indexOf(ui.front) + by + all.length) % all.length], true);
  return true;
}
export const frontLines = () => (PANES[ui.front]?.lines ? PANES[ui.front].lines() : []);

/** A coach's own sealed sheet, or the panel's again. */
export function seal() {
  app.room.seal(!app.state.sealed);
  refresh();
  front("rubric", true);
}

/** The button of a pane: its name, and how much has come to it out of sight. */
function opener(name, on) {
  const count = unread(name);
  return h("button", { type: "button", key: name, "aria-pressed": String(on), onclick: () => front(name) }, PANES[name].title(), count > 0 && h("b", { class: "fresh" }, String(count), h("span", { class: "vh" }, ` ${words.fresh}`)));
}

function segs(place, name) {
  return place.length > 1 && h("div", { class: "segs", role: "group", "aria-label": words.panes }, place.map((one) => opener(one, one === name)));
}

function pane(place) {
  const name = openIn(place);
  const one = PANES[name];
  const isFront = ui.front === name;
  return h("section", { class: `card pane p-${name}${isFront ? " front" : ""}`, key: place[0], "aria-label": one.title(), onclick: () => { if (ui.front !== name) front(name); } },
    h("div", { class: "head" }, place.length > 1 ? [h("h2", { class: "vh" }, one.title()), segs(place, name)] : h("h2", {}, one.title()), one.aside && one.aside()),
    h("div", { class: "body", key: name, tabindex: "0", role: "group", "aria-label": one.title() }, one.view()));
}

/** At the bottom of a narrow screen, where one pane is shown at a time. */
function tabs(all) {
  return h("nav", { class: "tabs", "aria-label": words.panes }, all.map((name) => opener(name, ui.front === name)));
}

// ---- the whole ----

function strips() {
  const ended = app.pill.word === "ended" && !app.replay;
  const hand = !app.replay && app.state.role === "coach" && app.state.seats.find((seat) => seat.hand);
  const shows = app.companion > 0 && !app.replay && !ended && (app.tab ? [words.screen.tab, " ", button(words.screen.write, null, takeBack, { class: "btn s" })] : `${words.screen.of} ${nameOf(app.state.seat)}. ${words.screen.only}`);
  return [shows && h("div", { class: "strip calm", key: "shows", role: "status" }, shows),
    ended && h("div", { class: "strip red", key: "ended", role: "alert" }, app.pill.why === "companion-over" ? words.screen.ended : app.pill.why === "replaced" ? [words.replaced, " ", button(words.take_back, null, takeBack, { class: "btn s" })] : app.notice),
    turnStrip(),
    hand && h("div", { class: "strip", key: "hand", role: "alert" }, `${hand.name} ${words.calls}`)];
}

function waiting() {
  return h("main", { class: "door" }, h("h1", { class: "brand" }, "Spar"), h("p", { role: "status", class: app.notice ? "bad" : "" }, app.notice || words.loading),
    app.pill.word === "ended" && app.pill.why === "replaced" && button(words.take_back, null, takeBack),
    app.tab && app.notice && button(words.screen.write, null, takeBack));
}

export function roomView() {
  const { state, pack } = app;
  if (!state || !pack) return waiting();
  app.clock = app.room.clock(now());
  const columns = panesNow();
  const layout = `${state.opened} ${state.stage === "lobby"} ${Boolean(app.replay)}`;
  if (layout !== ui.layout) ui.shown = {};
  if (layout !== ui.layout || !columns.flat(2).includes(ui.front)) bring(defaultFront());
  ui.layout = layout;
  follow((name) => (isNarrow() ? ui.front === name : columns.flat().some((place) => openIn(place) === name)));
  const done = !looks() && (state.opened || state.stage === "finished" || state.stage === "closed");
  return h("div", { class: `room${onPanel() ? " panel" : ""}${state.opened ? " deb" : ""}${ui.front === defaultFront() ? " home" : ""}` }, top(), clockPane(), strips(), voiceStrip(), done && ending.view((all) => all.ends()), state.opened && ending.view((all) => all.tiles()),
    h("main", { class: `work n${columns.length}`, id: "work", tabindex: "-1" }, columns.map((places, i) => h("div", { class: "col", key: i }, places.map(pane)))),
    app.replay && ending.view((all) => all.reel()), ui.asking && question(), ui.code && devices.view((all) => all.codeCard()), !app.replay && dock(), tabs(columns.flat(2)), ui.help && help(),
    h("p", { class: "vh", role: "status" }, unreadText((name) => PANES[name].title())));
}

/** Who a key is for, by the signs in `words.keys`. */
const WHO = { w: () => !looks(), i: () => app.state.role === "interviewer", p: onPanel, c: () => app.state.role === "coach", n: () => app.state.role !== "coach", d: () => !onPanel() };
function help() {
  return h("section", { class: "card help", role: "dialog", "aria-label": words.help }, h("h2", {}, words.help),
    (app.replay ? words.reel_keys : words.keys.filter(([, , who = ""]) => [...who].every((one) => WHO[one]()))).map(([key, means]) => h("p", { key }, h("kbd", {}, key), ` ${means}`)),
    button(words.close_help, "Esc", () => { ui.help = false; redraw(); }, { class: "btn s" }));
}
