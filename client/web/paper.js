// SPDX-License-Identifier: ISC
// paper.js: the worksheet: requirements by their numbers, lines, what was parked, and a scratch page.
import { app, drawNow, redraw } from "./app.js";
import { change, point, unseen } from "./board.js";
import { boardNow, button, nameOf, onPanel, since } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const say = words.paper;
/** `id`: the line that is being changed; `kind` and `text` of the one that is being written. */
const my = { id: 0, text: "", style: 0, fresh: "", kind: "req" };
const KINDS = ["req", "0", "1", "2"];

function add(text) {
  const body = my.kind === "req" ? { do: "req.add", text } : { do: "sheet.write", text, style: Number(my.kind) };
  return change({ ...body, thing: boardNow().next });
}

/** Names that a guided room has for lines, as far as no line begins with one: a press begins it. */
const slots = (board) => board.may && board.slots.length > 0 && h("p", { class: "bwrite slots", key: "slots", role: "group", "aria-label": say.slots }, board.slots.map((name) =>
  h("button", { type: "button", class: "btn s quiet", key: name, onclick: (event) => { my.fresh = `${name}: `; redraw(); /** @type {HTMLElement | null} */ (document.querySelector(".p-paper form:last-of-type textarea"))?.focus(); } }, name)));

function adder() {
  const submit = (event) => {
    event?.preventDefault();
    if (my.fresh.trim() && add(my.fresh.trim())) my.fresh = "";
    redraw();
  };
  return h("form", { class: "bwrite", key: "add", onsubmit: submit },
    h("select", { class: "btn s", "aria-label": say.kind, onchange: (event) => { my.kind = event.target.value; redraw(); } }, KINDS.map((kind) => h("option", { key: kind, value: kind, selected: my.kind === kind }, say.kinds[kind]))),
    h("textarea", { class: "in grow", rows: 2, dir: "auto", maxlength: my.kind === "req" ? 400 : 1000, "aria-label": say.kinds[my.kind], placeholder: say.write, value: my.fresh, oninput: (event) => { my.fresh = event.target.value; },
      onkeydown: (event) => { event.stopPropagation(); if (event.key === "Enter" && !event.shiftKey) submit(event); else if (event.key === "Escape") event.target.blur(); } }),
    h("button", { class: "btn s" }, words.board.keep));
}

function keep(one, isReq) {
  const text = my.text.trim();
  my.id = 0;
  const same = text === one.text && (isReq || my.style === one.style);
  if (text && !same) change({ do: isReq ? "req.set" : "sheet.write", thing: one.id, text, ...(isReq ? {} : { style: my.style }) });
  redraw();
}

function editor(one, isReq) {
  return h("form", { class: "bwrite", onsubmit: (event) => { event.preventDefault(); keep(one, isReq); } },
    h("textarea", { class: "in grow", rows: 2, dir: "auto", maxlength: isReq ? 400 : 1000, "aria-label": say.change, value: my.text, onmade: (node) => node.focus(), oninput: (event) => { my.text = event.target.value; },
      onkeydown: (event) => { event.stopPropagation(); if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); keep(one, isReq); } else if (event.key === "Escape") { my.id = 0; redraw(); } } }),
    !isReq && h("select", { class: "btn s", "aria-label": say.kind, onchange: (event) => { my.style = Number(event.target.value); } }, [0, 1, 2].map((kind) => h("option", { key: kind, value: String(kind), selected: my.style === kind }, say.kinds[kind]))),
    h("button", { class: "btn s" }, words.board.keep), button(words.board.drop, null, () => { my.id = 0; change({ do: isReq ? "req.drop" : "sheet.write", thing: one.id }); }, { class: "btn s quiet" }));
}

/** Where a requirement is used, as far as it is. */
function uses(board, one) {
  const named = new RegExp(`(^|[^\\w])R${one.number}(?![\\w])`);
  const found = [...board.boxes, ...board.arrows, ...board.spans].filter((thing) => thing.by === board.author && named.test(thing.text));
  const names = found.map((thing) => thing.name || thing.text);
  if (names.length > 0) return h("p", { class: "soft small" }, `${say.used} ${names.join(", ")}`);
  return one.answered === false && h("p", { class: "small unanswered" }, say.unanswered);
}

function line(board, one, isReq) {
  const mine = board.may && one.by === app.state.seat;
  const who = board.marks.filter(([, id]) => id === one.id).map(([seat]) => nameOf(seat));
  const choose = () => { if (mine) { Object.assign(my, { id: one.id, text: one.text, style: one.style }); redraw(); drawNow(); } else if (onPanel()) point(one.id); };
  if (my.id === one.id && mine) return h("li", { key: one.id }, editor(one, isReq));
  return h("li", { key: one.id, class: who.length > 0 ? "pointed" : "" },
    h("button", { type: "button", class: "t", disabled: !mine && !onPanel(), onclick: choose, title: mine ? say.change : onPanel() ? say.point : null }, isReq ? h("span", { class: "chip" }, `R${one.number}`) : one.style === 1 && h("span", { class: "chip" }, say.kinds[1]), h("span", { class: "pre1", dir: "auto" }, one.text)),
    isReq && uses(board, one), who.length > 0 && h("p", { class: "who" }, `\u25c6 ${who.join(", ")}`));
}

/** Facts that were revealed and are in no requirement word for word. */
function untaken(board) {
  const taken = new Set(board.reqs.map((one) => one.text));
  return board.may && app.state.role === "candidate" ? app.state.reveals.filter((one) => !one.curveball && !taken.has(one.text)) : [];
}
const takeDown = (fact) => change({ do: "req.add", thing: boardNow().next, text: fact.text });

/** One key writes down the newest of them. */
export function takeFact() {
  const fact = untaken(boardNow()).at(-1);
  if (fact && takeDown(fact)) app.notice = say.taken_as(boardNow().reqs.at(-1).number);
  else if (!fact) app.notice = say.taken;
  redraw();
}

/** The field for a new line. */
export function focusPaper() {
  drawNow();
  /** @type {HTMLElement | null} */ (document.querySelector(".p-paper form:last-of-type textarea"))?.focus();
}

/** Whether a line is being written that nobody has yet. */
export const isWriting = () => my.fresh.trim() !== "" || my.id !== 0;

/** One press writes one down. */
function offers(board) {
  return untaken(board).map((one) => h("section", { class: "new", key: `n${one.n}`, "aria-label": words.new_fact }, h("p", { class: "soft small" }, `${words.new_fact}, ${since(one.at)}`), h("p", { dir: "auto" }, one.text),
    button(say.take, one === untaken(board).at(-1) ? "=" : null, () => takeDown(one), { class: "btn s" })));
}

export const paper = {
  title: () => say.title,
  view: () => {
    const board = boardNow();
    const of = (style) => board.lines.filter((one) => style.includes(one.style));
    const none = board.reqs.length + board.lines.length === 0;
    return [unseen(board), offers(board), h("ol", { class: "rows", key: "reqs" }, board.reqs.map((one) => line(board, one, true)), of([0, 1]).map((one) => line(board, one, false))),
      of([2]).length > 0 && h("h3", { key: "scratch" }, say.kinds[2]), h("ol", { class: "rows", key: "page" }, of([2]).map((one) => line(board, one, false))),
      none && !board.may && h("p", { class: "empty", key: "none" }, say.nothing), board.may && app.state.role === "candidate" && [slots(board), adder()]];
  },
};
