// SPDX-License-Identifier: ISC
// later.js: what the first view does not need: fetched when it is wanted, or as soon as nothing
// else is on the way. While it comes, and where it could not be fetched, a sentence stands in its
// place; a browser remembers that a file failed, so that it is asked for anew under another name.
import { redraw } from "./app.js";
import { h } from "./view.js";
import { words } from "./words.js";

/** @param {string[]} names files of this folder */
export function later(...names) {
  /** @type {any} what they export, all together; null: not there yet */
  let all = null;
  let state = "";
  let tries = 0;
  const fetchAll = async () => {
    state = "coming";
    const again = tries ? `?again=${tries}` : "";
    try {
      const found = await Promise.all(names.map((name) => import(`./${name}${again}`)));
      all = Object.assign({}, ...found);
    } catch { state = "failed"; tries += 1; }
    redraw();
  };
  const get = () => {
    if (!all && state === "") fetchAll();
    return all;
  };
  const failed = () => h("p", { class: "bad", role: "alert" }, words.not_fetched, " ",
    h("button", { type: "button", class: "btn s", onclick: () => { fetchAll(); redraw(); } }, words.group.again));
  return {
    get,
    /** What `draw` makes of it, or the sentence. @param {(all: any) => any} draw */
    view: (draw) => (get() ? draw(all) : state === "failed" ? failed() : h("p", { class: "soft", role: "status" }, words.loading)),
  };
}

/** The end of a room and its recording; the board and the worksheet; codes and other devices. */
export const ending = later("debrief.js", "verdict.js", "replay.js");
export const drawing = later("board.js", "paper.js");
export const devices = later("device.js");

/** Once a room stands there, all that it can come to. */
export function fetchRest() {
  setTimeout(() => { drawing.get(); ending.get(); }, 1000);
}
