// SPDX-License-Identifier: ISC
// debrief.js: the sums, the sheets side by side, and what can be taken home.
import { app, fetchRecording, now, openReplay, redraw, saveFile } from "./app.js";
import { button, clockText, nameOf, sign, ui } from "./parts.js";
import { report } from "./report.js";
import { turnButton } from "./turn.js";
import { h } from "./view.js";
import { words } from "./words.js";

// ---- the head: what one can do, and the sums ----

function make(format, type, ending, text) {
  return button(text, null, () => fetchRecording(async (bytes) => {
    try { saveFile(`${app.state.room}.${ending}`, type, await report(bytes, format)); } catch (error) { app.notice = error.message; redraw(); }
  }), { class: "btn s" });
}

export function ends() {
  const save = () => fetchRecording((bytes) => saveFile(`${app.parts.room}.spar`, "application/octet-stream", bytes));
  return h("section", { class: "pagehead", "aria-label": words.take_home }, h("h2", {}, app.state.opened ? words.debrief_title : words.finished_title),
    h("div", { class: "row right" }, turnButton(), button(words.replay, null, () => fetchRecording((bytes) => openReplay(bytes)), { class: "btn s" }),
      make("html", "text/html", "html", words.report_html), make("md", "text/markdown", "md", words.report_md), button(words.save, null, save, { class: "btn s" })));
}

const tile = (figure, of, text) => h("div", { class: "card tile", key: text }, h("b", {}, figure, of && h("small", {}, ` ${of}`)), h("span", {}, text));

export function tiles() {
  const sum = app.room.summary(now());
  if (!sum) return null;
  const own = sum.agreement.find(({ owner }) => app.state.seats[owner]?.role === "candidate");
  return h("section", { class: "tiles", "aria-label": words.sums }, tile(String(sum.raised), `${words.of} ${sum.items}`, words.mark[2]), tile(String(sum.prompted), "", words.mark[1]),
    tile(clockText(sum.actual), "", `${words.of} ${clockText(sum.planned)} ${words.planned}`), tile(`${sum.failure_percent} %`, "", words.on_failure),
    tile(String(sum.flags), "", sum.flags === 1 ? words.flag_one : words.flag_many),
    own && own.counted > 0 ? tile(`${own.percent} %`, "", words.agreement) : tile("–", "", words.agreement_none));
}

// ---- the sheets ----

const serverSeat = () => app.core.tables.limits.server_seat;
const ownerRole = (owner) => (owner === serverSeat() ? words.panel_sheet : app.state.seats[owner]?.role === "candidate" ? words.own_sheet : words.sealed_of);
const panelNames = () => app.state.seats.filter((seat) => seat.role === "interviewer").map((seat) => seat.name).join(", ");

function head(sheet) {
  const names = sheet.owner === serverSeat() ? panelNames() : nameOf(sheet.owner);
  return h("th", { key: sheet.owner, scope: "col" }, h("b", {}, ownerRole(sheet.owner)), h("span", { dir: "auto", title: names }, names));
}

/** Who was kinder or harder than the panel on a line. */
function differs(marks) {
  const [panel, ...others] = marks;
  return others.filter(({ mark }) => mark !== panel.mark).map(({ mark, owner }) => `${nameOf(owner)} ${mark > panel.mark ? words.kinder : words.harder}`);
}

function row(item, i, sheets) {
  const marks = sheets.map((sheet) => ({ owner: sheet.owner, mark: sheet.marks[i][0] }));
  const unlike = differs(marks);
  if (ui.only && unlike.length === 0) return null;
  return h("tr", { key: item.id, class: unlike.length ? "diff" : "" }, h("th", { scope: "row" }, item.title, unlike.length > 0 && h("span", { class: "d" }, ` ${unlike.join(", ")}`)),
    marks.map(({ owner, mark }) => h("td", { key: owner }, sign(mark), h("span", { class: "w" }, words.mark[mark]))));
}

export const sheets = {
  title: () => words.sheets,
  aside: () => {
    const sum = app.room.summary(now());
    const said = (sum?.agreement || []).filter(({ counted }) => counted > 0).map(({ owner, words: text }) => `${nameOf(owner)} ${text}`).join("; ");
    return [h("span", { class: "soft small" }, said), h("span", { class: "does" }, button(words.only_diff, null, () => { ui.only = !ui.only; redraw(); }, { class: "btn s quiet", "aria-pressed": String(ui.only) }))];
  },
  view: () => {
    const { pack, state } = app;
    const all = [...state.sheets].sort((a, b) => Number(b.owner === serverSeat()) - Number(a.owner === serverSeat()));
    if (all.length === 0) return h("p", { class: "empty" }, words.sheets_none);
    const spent = app.room.clock(now())?.phases || [];
    return h("table", { class: "sheets" }, h("thead", {}, h("tr", {}, h("td", {}), all.map(head))), pack.phases.map((phase, p) => h("tbody", { key: phase.id },
      h("tr", { class: "grp" }, h("th", { scope: "rowgroup" }, phase.title), h("td", { colspan: String(all.length) }, `${clockText(spent[p]?.[0] || 0)} ${words.of} ${clockText(spent[p]?.[1] || 0)}`)),
      pack.items.map((item, i) => item.phase === p && row(item, i, all)))));
  },
};

/** What the marks propose, and the flags that stand, with what to do instead. */
export const points = {
  title: () => words.points,
  view: () => {
    const sum = app.room.summary(now());
    const list = (title, all = []) => [h("h3", { key: title }, title), all.length === 0 ? h("p", { class: "soft", key: `${title}.` }, words.none_yet) : h("ul", { class: "points", key: `${title}.` }, all.map(([text, fix], i) => h("li", { key: i }, text, fix && h("span", { class: "soft" }, ` ${fix}`))))];
    const standing = app.state.flags.filter((flag) => flag.on).map((flag) => app.pack.flags[flag.flag]);
    return [list(words.strengths, sum?.strengths), list(words.steps, sum?.steps), standing.length > 0 && list(words.flags, standing.map((flag) => [flag.title, flag.fix || ""]))];
  },
};
