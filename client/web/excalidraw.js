// SPDX-License-Identifier: ISC
// excalidraw.js: a drawing made elsewhere, as commands of the board. What a file holds is only looked
// at: numbers, ids and texts of a bounded list; whatever else is in it is passed over.
const [COLS, ROWS] = [12, 16];
const BYTES = 2_000_000;
const ELEMENTS = 2000;
const SHAPES = new Set(["rectangle", "ellipse", "diamond"]);
const isNumber = (value) => typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 1e6;
const clean = (text, bytes) => {
  let line = String(text).replace(/\p{Cc}+/gu, " ").replace(/\s+/g, " ").trim();
  while (new TextEncoder().encode(line).length > bytes) line = [...line].slice(0, -1).join("");
  return line;
};

/** What is in a file: {boxes: [{id, x, y, text, style}], arrows: [{from, to, text}]}, or {fault}, which
 * is one of words.board.faults. @param {Blob} from */
export async function readDrawing(from) {
  if (from.size > BYTES) return { fault: "large" };
  let file;
  try { file = JSON.parse(await from.text()); } catch { return { fault: "json" }; }
  if (file?.type !== "excalidraw" || !Array.isArray(file.elements)) return { fault: "other" };
  if (file.elements.length > ELEMENTS) return { fault: "many" };
  const there = file.elements.filter((one) => one && typeof one.id === "string" && !one.isDeleted && isNumber(one.x) && isNumber(one.y));
  const words = new Map(there.filter((one) => one.type === "text" && typeof one.text === "string" && one.containerId).map((one) => [one.containerId, one.text]));
  const boxes = there.filter((one) => SHAPES.has(one.type) && words.get(one.id)).map((one) => ({ id: one.id, x: one.x, y: one.y, text: words.get(one.id), style: 0 }));
  const free = there.filter((one) => one.type === "text" && typeof one.text === "string" && !one.containerId).map((one) => ({ id: one.id, x: one.x, y: one.y, text: one.text, style: 1 }));
  const arrows = there.filter((one) => one.type === "arrow" && one.startBinding?.elementId && one.endBinding?.elementId)
    .map((one) => ({ from: String(one.startBinding.elementId), to: String(one.endBinding.elementId), text: words.get(one.id) || "" }));
  return boxes.length + free.length > 0 ? { boxes: [...boxes, ...free], arrows } : { fault: "empty" };
}

/** Numbers that are close to each other get one index. */
function steps(values, close, most) {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const index = new Map();
  let [at, last] = [-1, -Infinity];
  for (const value of sorted) {
    if (value - last > close) { at += 1; last = value; }
    index.set(value, Math.min(at, most - 1));
  }
  return index;
}

/** Puts it on the board, in places that are free; how much of it had no place. @param {any} drawing
 * @param {(body: any) => boolean} change @param {() => any} board */
export function putDrawing(drawing, change, board) {
  const cols = steps(drawing.boxes.map((one) => one.x), 60, COLS);
  const rows = steps(drawing.boxes.map((one) => one.y), 40, ROWS);
  const known = new Map();
  let left = 0;
  const isFree = (col, row) => !board().boxes.some((box) => box.col === col && box.row === row);
  for (const one of drawing.boxes) {
    const line = clean(one.text, 150);
    const col = cols.get(one.x);
    let row = rows.get(one.y);
    while (row < ROWS && !isFree(col, row)) row += 1;
    const thing = board().next;
    if (line && row < ROWS && change({ do: "box.add", thing, col, row, text: line, style: one.style })) known.set(one.id, thing);
    else left += 1;
  }
  for (const one of drawing.arrows) {
    const [from, to] = [known.get(one.from), known.get(one.to)];
    const line = clean(one.text, 60);
    if (!from || !to || from === to || !change({ do: "arrow.add", thing: board().next, from, to, ...(line ? { text: line } : {}) })) left += 1;
  }
  return left;
}
