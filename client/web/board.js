// SPDX-License-Identifier: ISC
// board.js: the design board: drawn by the core's numbers, with the mouse, by keys alone, and as a
// list for narrow screens and screen readers. What is allowed is the core's to say.
import { app, drawNow, fetchRecording, looks, now, redraw, refresh, saveFile } from "./app.js";
import { putDrawing, readDrawing } from "./excalidraw.js";
import { boardNow, button, icon, isNarrow, nameOf, onPanel, ticks } from "./parts.js";
import { pictureField, pictures } from "./picture.js";
import { report } from "./report.js";
import { h } from "./view.js";
import { words } from "./words.js";

// A unit of the layout in pixels, and the layout's own figures (protocol/board/layout.h).
const [UX, UY, LEFT, TOP, COL, ROW] = [9, 18, 2, 1, 21, 6];
const FINE = 8;
/** How far a board shrinks to be seen as a whole before it scrolls. */
const LEAST = 0.75;
const [COLS, ROWS, POINTS] = [12, 16, 64];
const say = words.board;

/** What is chosen on this screen. `text` null: choose, else write; `from`: the box that an arrow is
 * being led from; `drag`: what the mouse holds. */
const my = { col: 0, row: 0, at: 0, text: null, writes: "", after: 0, from: 0, tool: "", drawn: false, drag: null };

/** Makes a change; says why not, if it cannot be. */
export function change(body) {
  if (app.replay) { app.notice = words.only_recording; redraw(); return false; }
  const { send, why } = app.room.draw(body, now());
  if (!why) app.link.send(send);
  app.notice = why || "";
  refresh();
  return !why;
}

function turn(again) {
  const { send, why } = app.room.undo(again, now());
  if (!why) app.link.send(send);
  app.notice = why || "";
  refresh();
}

export function unhide() {
  const { send, why } = app.room.unhide(now());
  app.link.send(send);
  app.notice = why || "";
  refresh();
}

export const hideOrShow = () => (boardNow().hidden ? unhide() : hide());
export const hide = () => change({ do: "private", on: 1 });

const boxAt = (board, col, row) => board.boxes.find((box) => box.col === col && box.row === row);
const chosen = (board) => board.boxes.find((box) => box.id === my.at) || board.arrows.find((one) => one.id === my.at)
  || board.frames.find((one) => one.id === my.at) || board.spans.find((one) => one.id === my.at) || board.strokes.find((one) => one.id === my.at);
const kindOf = (board, id) => ["box", "arrow", "frame", "span", "stroke"].find((kind) => board[`${kind}${kind === "box" ? "es" : "s"}`].some((one) => one.id === id));
const nameOfBox = (board, id) => board.boxes.find((box) => box.id === id)?.name || "";

function toCell(col, row) {
  my.col = Math.min(Math.max(col, 0), COLS - 1);
  my.row = Math.min(Math.max(row, 0), ROWS - 1);
  my.at = boxAt(boardNow(), my.col, my.row)?.id || 0;
  redraw();
  requestAnimationFrame(() => document.querySelector(".board .cursor")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
}

// ---- writing ----

/** Begins to write what is chosen, or a new box, free words, a frame or a span at the cursor. */
function write(kind, text) {
  my.writes = kind;
  my.text = text;
  redraw();
  drawNow();
  const field = /** @type {HTMLInputElement} */ (document.getElementById("boxline"));
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

/** The drawing has the focus, and so the keys. */
export function focusBoard() {
  drawNow();
  /** @type {HTMLElement | null} */ (document.querySelector("svg.board"))?.focus();
}

function toBoard() {
  my.text = null;
  my.after = 0;
  redraw();
  focusBoard();
}

const ADDS = {
  box: (text) => ({ do: "box.add", col: my.col, row: my.row, text }),
  words: (text) => ({ do: "box.add", col: my.col, row: my.row, text, style: 1 }),
  frame: (text) => ({ do: "frame.add", col: my.col, row: my.row, cols: 2, rows: 1, text }),
  span: (text) => ({ do: "span.add", col: my.col, row: my.row, cols: 3, text }),
};

/** Keeps what was written; the id of the thing, 0: it was not taken. */
function keep() {
  const board = boardNow();
  const text = (my.text || "").trim();
  const one = my.writes === "change" ? chosen(board) : null;
  if (one) {
    const kind = kindOf(board, one.id);
    if (text === one.text || (!text && kind !== "arrow")) return one.id;
    return change({ do: kind === "arrow" ? "arrow.label" : `${kind}.text`, thing: one.id, ...(text ? { text } : {}) }) ? one.id : 0;
  }
  if (!text) return 0;
  const body = { ...ADDS[my.writes](text), thing: board.next };
  if (!change(body)) return 0;
  if (my.after && my.writes === "box") change({ do: "arrow.add", thing: boardNow().next, from: my.after, to: body.thing });
  return body.thing;
}

/** Enter: the box is kept, and the next one begins to its right with an arrow to it. */
function keepAndNext() {
  const isBox = my.writes === "box";
  const empty = !(my.text || "").trim();
  const id = keep();
  if (!id || empty || !isBox) { if (id && my.writes !== "change") my.at = id; if (id || empty) toBoard(); return; }
  const board = boardNow();
  if (my.col + 1 >= COLS || boxAt(board, my.col + 1, my.row)) { my.at = id; toBoard(); return; }
  my.col += 1;
  my.at = 0;
  my.after = id;
  write("box", "");
}

/** An arrow key while a new box has no words yet: another place, and the arrow goes along. */
function elsewhere(key) {
  if (!STEPS[key] || my.writes !== "box" || my.text) return false;
  my.from = my.after;
  my.at = 0;
  toBoard();
  toCell(my.col + STEPS[key][0], my.row + STEPS[key][1]);
  return true;
}

/** Begins a box at the cursor; the arrow that is being led ends there. */
function begin(letter) {
  my.after = my.from;
  my.from = 0;
  write("box", letter);
}

/** Tab: the next sign of the line, so that its fields need no form. */
function nextField(text) {
  const line = text.trimEnd();
  if (!/\u2260|!=/.test(line) && !line.includes(";") && !line.includes(": ")) return `${line} \u2260 `;
  if (!line.includes(": ") && !line.includes(";")) return `${line.replace(/ (\u2260|!=)$/, "")}: `;
  return `${line.replace(/[:;]$/, "")}; `;
}

function writer(board) {
  const kind = my.writes === "change" ? kindOf(board, my.at) : my.writes;
  const keys = (event) => {
    event.stopPropagation();
    if (elsewhere(event.key)) event.preventDefault();
    else if (event.key === "Escape") toBoard();
    else if (event.key === "Tab" && !event.shiftKey && kind === "box") { event.preventDefault(); my.text = event.target.value = nextField(my.text); }
  };
  const names = [...new Set(board.boxes.map((box) => box.name).filter(Boolean))];
  return h("form", { class: "bwrite", key: "write", onsubmit: (event) => { event.preventDefault(); keepAndNext(); } },
    h("label", { class: "field grow" }, `${say.kinds[kind]} ${say.at(my.col + 1, my.row + 1)}`,
      h("input", { class: "in", id: "boxline", dir: "auto", maxlength: 160, autocomplete: "off", list: "boxnames", placeholder: say.line, value: my.text, oninput: (event) => { my.text = event.target.value; }, onkeydown: keys })),
    h("datalist", { id: "boxnames" }, names.map((name) => h("option", { key: name, value: name }))),
    h("button", { class: "btn s go" }, say.keep), button(say.stop, "Esc", toBoard, { class: "btn s" }));
}

// ---- keys, with the board in focus ----

function drop(board) {
  const kind = my.at && kindOf(board, my.at);
  if (kind) change({ do: `${kind}.drop`, thing: my.at });
  my.at = 0;
}

function lead(board) {
  if (!my.from) { if (kindOf(board, my.at) === "box") my.from = my.at; redraw(); return; }
  const to = boxAt(board, my.col, my.row)?.id;
  if (to && to !== my.from) change({ do: "arrow.add", thing: board.next, from: my.from, to });
  my.from = 0;
  redraw();
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function step(board, [x, y], carries) {
  if (carries && board.may && kindOf(board, my.at) === "box" && !change({ do: "box.move", thing: my.at, col: my.col + x, row: my.row + y })) return;
  if (my.col + x >= 0 && my.row + y >= 0) toCell(my.col + x, my.row + y);
}

/** The next arrow of the cursor's box, or the frame or span over the cursor; at last none. */
function pick(board) {
  const box = boxAt(board, my.col, my.row)?.id;
  const over = (one, rows) => my.col >= one.col && my.col < one.col + one.cols && my.row >= one.row && my.row < one.row + rows;
  const here = [...board.arrows.filter((one) => box && (one.from === box || one.to === box)), ...board.frames.filter((one) => over(one, one.rows)), ...board.spans.filter((one) => over(one, 1))];
  my.at = here[here.findIndex((one) => one.id === my.at) + 1]?.id || box || 0;
  redraw();
}

/** Resizes or moves a chosen frame or span. */
function stretch(board, [x, y], carries) {
  const one = chosen(board);
  const kind = kindOf(board, my.at);
  const body = { do: `${kind}.move`, thing: one.id, col: one.col, row: one.row, cols: one.cols, ...(kind === "frame" ? { rows: one.rows } : {}) };
  if (carries) { body.cols += x; if (kind === "frame") body.rows += y; } else { body.col += x; body.row += y; }
  if (body.cols > 0 && body.col >= 0 && body.row >= 0 && body.rows !== 0) change(body);
}

/** A key that came to the drawing while its field is open. */
function early(key) {
  if (elsewhere(key)) return true;
  if (key === "Enter") keepAndNext();
  else if (key === "Escape") toBoard();
  else if (key === "Tab") my.text = nextField(my.text);
  else if (key === "Backspace") my.text = my.text.slice(0, -1);
  else if ([...key].length === 1) my.text += key;
  else return false;
  redraw();
  return true;
}

/** What a key does on the board; true if it did something. */
function boardKey(event) {
  const board = boardNow();
  const { key } = event;
  if (my.text !== null && !event.ctrlKey && !event.metaKey && !event.altKey) return early(key);
  const area = ["frame", "span"].includes(kindOf(board, my.at));
  if ((event.ctrlKey || event.metaKey) && board.may && /^[zy]$/i.test(key)) turn(key.toLowerCase() === "y" || event.shiftKey);
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (STEPS[key] && area && board.may) stretch(board, STEPS[key], event.shiftKey);
  else if (STEPS[key]) step(board, STEPS[key], event.shiftKey);
  else if (key === "Escape" && (my.from || my.at || my.tool)) { my.from = my.at = 0; my.tool = ""; redraw(); } else if (onPanel() && key === "Enter" && my.at && !board.may) point(my.at);
  else if (!board.may) return false;
  else if (key === "Enter" && my.from && my.at) lead(board);
  else if (key === "Enter" && my.at) write("change", chosen(board)?.text || "");
  else if (key === "Enter") begin("");
  else if (key === "Delete" || key === "Backspace") drop(board);
  else if (key === ">") lead(board);
  else if (key === "-" && kindOf(board, my.at) === "arrow") change({ do: "arrow.style", thing: my.at, style: (chosen(board).style + 1) % 3 });
  else if (key === "[" || key === "]") turn(key === "]");
  else if (key === "#") write("frame", "");
  else if (key === "/") pick(board);
  else if (key === "_") write("span", "");
  else if (key === "\"") write("words", "");
  else if (/^[\p{L}\p{N}]$/u.test(key) && !my.at) begin(key);
  else return false;
  return true;
}

const keys = (event) => { if (event.target === event.currentTarget && boardKey(event)) { event.preventDefault(); event.stopPropagation(); } };

/** The panel's one mark; on the same thing again it goes. */
export function point(thing) {
  const mine = boardNow().marks.some(([seat, id]) => seat === app.state.seat && id === thing);
  change({ do: "point.set", ...(mine ? {} : { thing }) });
}

// ---- the mouse ----

function unit(event) {
  const svg = event.currentTarget;
  const box = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}
const cellAt = ([x, y]) => [Math.floor((x / UX - LEFT) / COL), Math.floor((y / UY - TOP) / ROW)];
const idAt = (event) => Number(event.target.closest?.("[data-id]")?.dataset.id || 0);

function down(event) {
  const board = boardNow();
  const at = unit(event);
  if (event.button !== 0) return;
  if (board.may && my.tool === "pen") my.drag = { pen: [at] };
  else my.drag = { id: idAt(event), from: at, leads: Boolean(event.target.closest?.(".handle")), at };
  event.currentTarget.setPointerCapture(event.pointerId);
}

function move(event) {
  if (!my.drag) return;
  const at = unit(event);
  if (my.drag.pen) my.drag.pen.push(at);
  else my.drag.at = at;
  redraw();
}

/** As many points as a stroke may have, in eighths of a unit. */
function stroke(pen) {
  const every = Math.max(1, Math.ceil(pen.length / (POINTS - 1)));
  const kept = pen.filter((_, i) => i % every === 0 || i === pen.length - 1).slice(0, POINTS);
  return kept.map(([x, y]) => [x / UX * FINE, y / UY * FINE].map((value) => Math.max(0, Math.round(value)).toString(16).padStart(4, "0")).join("")).join("");
}

function up(event) {
  const { drag } = my;
  const board = boardNow();
  my.drag = null;
  if (!drag) return;
  if (drag.pen) {
    if (drag.pen.length > 2) change({ do: "stroke.add", thing: board.next, points: { bytes: stroke(drag.pen) } });
    redraw();
    return;
  }
  const [col, row] = cellAt(drag.at);
  const moved = Math.hypot(drag.at[0] - drag.from[0], drag.at[1] - drag.from[1]) > UX;
  const kind = drag.id && kindOf(board, drag.id);
  if (moved && board.may && kind === "box") {
    const to = boxAt(board, col, row)?.id;
    if (drag.leads || (to && to !== drag.id)) { if (to && to !== drag.id) change({ do: "arrow.add", thing: board.next, from: drag.id, to }); else if (!to && col >= 0 && row >= 0) { toCell(col, row); my.from = drag.id; begin(""); return; } } else if (col >= 0 && row >= 0) change({ do: "box.move", thing: drag.id, col, row });
    toCell(col, row);
  } else if (kind && kind !== "box") { my.at = drag.id; redraw(); } else toCell(col, row);
  if (onPanel() && !board.may && my.at) point(my.at);
  event.currentTarget.focus();
}

function twice() {
  const board = boardNow();
  if (board.may) write(my.at ? "change" : "box", my.at ? chosen(board)?.text || "" : "");
}

// ---- the picture ----

const mid = (x) => x * UX + UX / 2;
const rect = (one, more) => h("rect", { x: mid(one.x), y: one.y * UY + UY / 2, width: (one.w - 1) * UX, height: (one.h - 1) * UY, rx: 5, ...more });
const text = (x, y, cls, content) => h("text", { x, y, class: cls }, content);
/** What stands on a line has the paper behind it, also between its words. */
function over(x, y, cls, content) {
  const width = content.length * 8 + 4;
  const left = { end: x - width + 2, mid: x - width / 2 }[cls.split(" ").pop()] ?? x - 2;
  return [h("rect", { class: "bg", x: left, y: y - 12, width, height: 16 }), text(x, y, cls, content)];
}
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("");
const at = (one) => (my.at === one.id ? " chosen" : "");

/** For the panel: which of the candidate's boxes cite nothing. */
const told = (one) => (one.loose ? `${one.text}; ${say.answers_none}` : one.text);

function who(board, one) {
  const names = board.marks.filter(([, id]) => id === one.id).map(([seat]) => nameOf(seat));
  return names.length > 0 && text((one.x + 1) * UX, one.y * UY + 4, "who", `\u25c6 ${names.join(", ")}`);
}

function boxView(board, one) {
  const bare = one.style === 1;
  return h("g", { key: one.id, "data-id": one.id, class: `box${bare ? " bare" : ""}${one.by === board.author ? "" : " theirs"}${at(one)}` }, h("title", {}, told(one)),
    rect(one), one.lines.map(([kind, line], i) => text((one.x + 1) * UX + 4, (one.y + (bare ? 0 : 1) + i) * UY + 14, kind, line)),
    one.loose ? over((one.x + one.w - 1) * UX - 5, (one.y + one.h - 1) * UY + 13, "loose end", say.loose) : one.reqs && over((one.x + one.w - 1) * UX - 5, (one.y + one.h - 1) * UY + 13, "reqs end", one.reqs), who(board, one),
    board.may && h("circle", { class: "handle", cx: mid(one.x + one.w - 1), cy: (one.y + one.h / 2) * UY, r: 6 }));
}

/** Its points in pixels; level ends reach the borders of the boxes, which are drawn half a unit inside. */
function way(points) {
  const at = points.map(([x, y]) => [mid(x), y * UY + UY / 2]);
  const reach = (end, next) => { if (end[1] === next[1]) end[0] += end[0] < next[0] ? -UX : UX; };
  const [first, last] = [at[0], at[at.length - 1]];
  const [second, before] = [at[1], at[at.length - 2]];
  if (first[0] === last[0] && at.length === 2) last[1] += last[1] > first[1] ? UY - 4 : 4 - UY;
  reach(first, [...second]);
  reach(last, [...before]);
  return path(at);
}

function arrowView(board, one) {
  const line = way(one.points);
  return h("g", { key: one.id, "data-id": one.id, class: `arrow s${one.style}${one.by === board.author ? "" : " theirs"}${at(one)}` }, h("title", {}, one.text || `${nameOfBox(board, one.from)} \u2192 ${nameOfBox(board, one.to)}`),
    h("path", { class: "near", d: line }), h("path", { d: line, "marker-end": "url(#head)" }), one.text && over(mid(one.x), one.y * UY + 5, "label mid", one.text), who(board, { ...one, y: one.y - 1 }));
}

function frameView(board, one) {
  return h("g", { key: one.id, "data-id": one.id, class: `frame${at(one)}` }, h("title", {}, one.text), rect(one), over((one.x + 1) * UX + 4, one.y * UY + 13, "on", one.text), who(board, one));
}

function spanView(board, one) {
  const [left, right, y] = [mid(one.x), mid(one.x + one.w - 1), one.y * UY + UY / 2];
  return h("g", { key: one.id, "data-id": one.id, class: `span${at(one)}` }, h("title", {}, one.text), h("path", { d: `M${left} ${y - 6}v12M${left} ${y}H${right}M${right} ${y - 6}v12` }), over((left + right) / 2, y + 4, "on mid", one.text), who(board, one));
}

function cursor(board) {
  if (looks() || !(board.may || onPanel()) || (my.at && kindOf(board, my.at) !== "box")) return null;
  return rect({ x: LEFT + my.col * COL - 1, y: TOP + my.row * ROW, w: 18, h: 5 }, { class: "cursor", key: "cursor" });
}

function held(board) {
  const { drag } = my;
  if (drag?.pen) return h("path", { class: "pen", key: "pen", d: path(drag.pen) });
  const one = drag?.id && board.boxes.find((box) => box.id === drag.id);
  if (!one || !board.may) return null;
  if (drag.leads) return h("path", { class: "pen", key: "lead", d: path([[(one.x + one.w) * UX, (one.y + 2.5) * UY], drag.at]) });
  return rect(one, { class: "ghost", key: "ghost", transform: `translate(${drag.at[0] - drag.from[0]} ${drag.at[1] - drag.from[1]})` });
}

function picture(board) {
  const room = board.may ? 1 : 0;
  const width = Math.max(board.width, LEFT + Math.min(Math.max(board.cols + room, my.col + 1, 5, board.layers.length), COLS) * COL);
  const height = Math.max(board.height, TOP + Math.min(Math.max(board.rows + room, my.row + 1, 3), ROWS) * ROW);
  const least = isNarrow() ? 1 : LEAST;
  return h("div", { class: "bscroll", key: "svg" }, h("svg", { class: `board${my.tool ? " penning" : ""}`, viewBox: `0 0 ${width * UX} ${height * UY}`, style: { width: `clamp(${least * width * UX}px, 100%, ${width * UX}px)` },
    tabindex: "0", role: "application", "aria-label": `${say.title}: ${say.sum(board.boxes.length, board.arrows.length)}. ${say.at(my.col + 1, my.row + 1)} ${nameOfBox(board, my.at)}`,
    onkeydown: keys, onpointerdown: down, onpointermove: move, onpointerup: up, ondblclick: twice },
  h("defs", {}, h("marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, h("path", { d: "M0 0L8 4L0 8z" }))),
  board.layers.map((name, col) => text((LEFT + col * COL) * UX, UY - 5, "faint", name)), board.frames.map((one) => frameView(board, one)), board.arrows.map((one) => arrowView(board, one)), board.spans.map((one) => spanView(board, one)),
  board.strokes.map((one) => h("path", { key: one.id, "data-id": one.id, class: `stroke${at(one)}`, d: path(one.points.map(([x, y]) => [x * UX / FINE, y * UY / FINE])) })),
  cursor(board), board.boxes.map((one) => boxView(board, one)), held(board)));
}

// ---- the list, and the tools ----

function list(board) {
  const cells = [...board.boxes].sort((a, b) => a.col - b.col || a.row - b.row);
  const to = (one) => board.arrows.filter((arrow) => arrow.from === one.id).map((arrow) => `${nameOfBox(board, arrow.to)}${arrow.text ? ` (${arrow.text})` : ""}`);
  const choose = (one) => { toCell(one.col, one.row); if (board.may) write("change", one.text); else if (onPanel()) point(one.id); };
  return h("ol", { class: "blist", key: "list", "aria-label": say.as_list }, cells.map((one) => h("li", { key: one.id },
    h("button", { type: "button", class: "t", onclick: () => choose(one) }, h("span", { class: "chip" }, say.layer(one.col + 1)), h("span", { dir: "auto" }, one.text), one.loose && h("span", { class: "unanswered small" }, say.loose)),
    to(one).length > 0 && h("p", { class: "soft" }, `\u2192 ${to(one).join(", ")}`))),
  board.may && !isNarrow() && h("li", { key: "add" }, button(say.kinds.box, null, addBox, { class: "btn s" })));
}

/** A box in the first free column, where no cursor is to be seen; else at the cursor. */
function addBox() {
  if (!isNarrow() || !my.drawn) toCell(nextFree(boardNow()), my.row);
  write("box", "");
}

/** The first free column of the cursor's row. */
function nextFree(board) {
  let col = 0;
  while (col + 1 < COLS && boxAt(board, col, my.row)) col += 1;
  return col;
}

function tools(board) {
  const s = { class: "btn s" };
  const one = my.at && kindOf(board, my.at);
  return h("div", { class: "btools", key: "tools", role: "toolbar", "aria-label": say.tools },
    one ? [button(say.change, "Enter", () => write("change", chosen(board)?.text || ""), s), one === "box" && button(my.from ? say.to_here : say.arrow, ">", () => lead(board), s),
      one === "arrow" && button(say.style, "-", () => change({ do: "arrow.style", thing: my.at, style: (chosen(board).style + 1) % 3 }), s), button(say.drop, "Del", () => drop(board), s)]
      : [button(say.kinds.box, "Enter", isNarrow() ? addBox : () => write("box", ""), s), button(say.kinds.words, "\"", () => write("words", ""), s), button(say.kinds.frame, "#", () => write("frame", ""), s), button(say.kinds.span, "_", () => write("span", ""), s),
        button(say.pen, null, () => { my.tool = my.tool ? "" : "pen"; redraw(); }, { ...s, "aria-pressed": String(Boolean(my.tool)) })],
    button(say.undo, "Ctrl Z", () => turn(false), { ...s, "aria-disabled": board.undo ? null : "true" }), button(say.redo, "Ctrl Y", () => turn(true), { ...s, "aria-disabled": board.redo ? null : "true" }),
    app.state.role === "candidate" && (board.hidden ? button(say.show, null, unhide, { class: "btn s go" }) : button(say.hide, null, hide, s)));
}

/** A drawing made elsewhere is put on the board, as one's own hand would. */
async function bring(event) {
  const [file] = event.target.files;
  if (!file) return;
  const drawing = await readDrawing(file);
  event.target.value = "";
  if (drawing.fault) { app.notice = say.faults[drawing.fault]; redraw(); return; }
  const left = putDrawing(drawing, change, boardNow);
  app.notice = left > 0 ? say.left_out(left) : "";
  refresh();
}

/** The board as a file that goes on elsewhere. */
const take = () => fetchRecording(async (bytes) => {
  try { saveFile(`${app.state.room}.excalidraw`, "application/json", await report(bytes, "excalidraw")); } catch (error) { app.notice = error.message; redraw(); }
});

/** That the candidate thinks unseen, for everybody. */
export function unseen(board) {
  if (board.held > 0 && !board.may) return h("p", { class: "strip", key: "unseen", role: "status" }, say.never_shown(board.held));
  if (!board.hidden || (!board.until && app.state.role !== "candidate")) return null;
  const left = Math.max(0, Math.ceil((board.until - now()) / 1000));
  const tell = (seconds) => (app.state.role === "candidate" ? say.you_unseen(seconds, board.held) : say.unseen(seconds));
  return h("p", { class: "strip", key: "unseen", role: "status" }, ticks(tell(left), tell(60 * Math.ceil(left / 60))));
}

/** What is on the board; for the panel, how many of the candidate's boxes cite a requirement. */
function sums({ boxes, arrows, reqs, author }) {
  const own = boxes.filter((box) => box.by === author && box.style === 0);
  return onPanel() && reqs.length > 0 && own.length > 0 ? say.citing(own.length, own.filter((box) => !box.loose).length) : say.sum(boxes.length, arrows.length);
}

/** On a narrow screen the board is its list, or the drawing: one at a time, with the tools below it. */
function which() {
  const one = (drawn, text) => h("button", { type: "button", "aria-pressed": String(my.drawn === drawn), onclick: () => { my.drawn = drawn; if (!drawn) my.tool = ""; redraw(); } }, text);
  return h("div", { class: "segs", key: "which", role: "group", "aria-label": say.shown_as }, one(false, say.list), one(true, say.drawing));
}

export const board = {
  title: () => say.title,
  aside: () => {
    const seen = boardNow();
    return h("span", { class: "does" }, my.from ? say.leads : my.text !== null ? say.writing : seen.may ? say.choosing : sums(seen));
  },
  view: () => {
    const seen = boardNow();
    const narrow = isNarrow();
    if (my.tool) my.drawn = true;
    const both = narrow ? [my.drawn ? picture(seen) : list(seen)] : [picture(seen), h("details", { class: "aslist", key: "aslist" }, h("summary", {}, say.as_list), list(seen))];
    const brings = seen.may && h("label", { class: "btn s bring", key: "bring" }, say.bring, h("input", { class: "vh", type: "file", accept: ".excalidraw,.json", onchange: bring }));
    const shares = app.state.role === "interviewer" && ["lobby", "running", "paused"].includes(app.state.stage) && !looks();
    const hand = seen.may && tools(seen);
    return [unseen(seen), narrow ? which() : hand, my.text !== null && seen.may && writer(seen),
      !seen.used && (!seen.may || (narrow && !my.drawn)) && h("p", { class: "empty", key: "empty" }, say.nothing), both, narrow && hand, pictures(seen), h("div", { class: "bfiles", key: "files" }, brings, seen.boxes.length > 0 && !looks() && button(say.save, null, take, { class: "btn s quiet" }), pictureField()),
      shares && h("p", { class: "small soft", key: "share" }, button(seen.shared ? say.unshare : say.share, null, () => change({ do: "board.share", on: seen.shared ? 0 : 1 }), { class: "btn s quiet" })), my.tool && h("p", { class: "vh", role: "status" }, icon("check"), say.pen)];
  },
};
