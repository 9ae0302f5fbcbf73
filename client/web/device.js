// SPDX-License-Identifier: ISC
// device.js: other devices of one's own seat: a code that a telephone photographs, how long it is
// good, how many there are, and their end. Fetched when the people of the room are looked at.
import { app, now, redraw } from "./app.js";
import { ask, button, clockText, minutesText, ticks, ui } from "./parts.js";
import { qr } from "./qr.js";
import { h } from "./view.js";
import { words } from "./words.js";

const QUIET = 4; // light around a code, by its standard
const SCREEN = 1;
const drawn = { text: "", size: 0, path: "" };

/** The dark runs of each row, as one path. */
function trace(text) {
  const rows = qr(text) || [];
  const runs = rows.flatMap((row, y) => [...row.map((dark) => (dark ? "x" : ".")).join("").matchAll(/x+/g)]
    .map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`));
  Object.assign(drawn, { text, size: rows.length && rows.length + 2 * QUIET, path: runs.join("") });
}

/** @param {string} text @param {string} label */
function code(text, label) {
  if (drawn.text !== text) trace(text);
  return drawn.size > 0 && h("svg", { class: "qr", viewBox: `0 0 ${drawn.size} ${drawn.size}`, role: "img", "aria-label": label },
    h("rect", { width: drawn.size, height: drawn.size }), h("path", { d: drawn.path, "shape-rendering": "crispEdges" }));
}

/** Real ms that the second screen's link is still good for; 0: there is none. */
const left = () => (app.screens.link ? Math.max(0, (app.screens.until - now()) / app.link.clock.rate) : 0);

/** A link as a large code over everything, until it is closed, used or over. */
export function codeCard() {
  const { text, label, screen } = ui.code;
  const close = () => { ui.code = null; redraw(); };
  if (screen && (text !== app.screens.link || !left())) return null;
  return h("section", { class: "card code", key: "code", role: "dialog", "aria-label": label }, h("h2", {}, label), code(text, label),
    screen && h("p", { class: "small" }, `${words.screen.good} `, ticks(clockText(left()), minutesText(left())), ". ", h("span", { class: "soft" }, words.screen.once)),
    h("input", { class: "in small", readonly: true, value: text, "aria-label": words.screen.link, onfocus: (event) => event.target.select() }),
    button(words.close_help, "Esc", close, { class: "btn s", onmade: (node) => node.focus() }));
}

const send = (more) => app.link.send(app.core.encode({ m: "companion", room: app.parts.room, kind: SCREEN, ...more }));

/** The seat has a new link for a screen, or another number of them. */
export function screensNow() {
  ui.code = app.screens.link ? { text: app.screens.link, label: words.screen.code, screen: true } : null;
}

/** The second screen: the button for a code, how many there are, and their end. */
export function screens() {
  const { count, link } = app.screens;
  const say = words.screen;
  const end = () => ask(say.sure, () => { send({ end: true }); redraw(); });
  return h("section", { class: "device", key: "device", "aria-label": say.title }, h("h3", {}, say.title), h("p", { class: "soft small" }, say.why),
    link && !left() && h("p", { class: "soft small", role: "status" }, say.over),
    h("div", { class: "row" }, button(link && !left() ? say.again : say.show, null, () => { send({}); redraw(); }, { class: "btn s", id: "screen-code" }),
      count > 0 && h("b", {}, say.count(count)), (count > 0 || left() > 0) && button(say.end, null, end, { class: "btn s quiet" })));
}
