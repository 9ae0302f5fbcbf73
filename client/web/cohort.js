// SPDX-License-Identifier: ISC
// cohort.js: a cohort for its coaches: founding one by the host link, its links, its members and
// who asks to be let in, what was reported.
import { app, packBytes, redraw } from "./app.js";
import { eveningPane } from "./evening.js";
import { ask, callOf, group, groupTurn, question } from "./group.js";
import { h } from "./view.js";
import { words } from "./words.js";
import { day, zoneAt } from "./zone.js";

const KIND = { LINK: 1, MEMBER: 2, WAITING: 3, PROMPT: 4 };
const DAY_MS = 86400000;

const ui = { call: "", name: "", role: 2, asks: false, uses: "", days: 0, sure: "", offered: "", found: 0, made: [], copied: "" };
/** Of the coach's cohort; `coming` is a list that is on its way. */
const lists = { entries: [], reports: [], coming: null, reporting: 0 };
const pending = new Map();

const fresh = () => ({ id: ask({ m: "roster", cohort: group.id }), entries: [] });

/** Has gone in as a coach: asks for everything. */
export function cohortUp() {
  lists.coming = fresh();
  lists.reports = [];
  lists.reporting = ask({ m: "reports", cohort: group.id });
}

/** A prompt of the cohort's own, from a file of `spar pack build`. @param {File} file */
async function offer(file) {
  if (!file) return;
  try {
    const bytes = await packBytes(file);
    const { title } = app.core.packAbout(bytes);
    const id = question();
    app.link.send(app.core.encodePack({ m: "offer", id, cohort: group.id }, bytes));
    pending.set(id, () => { app.notice = ""; ui.offered = title; });
  } catch (error) { app.notice = error.message; }
  redraw();
}

/** A question after whose answer the lists are asked for again. */
function change(message, done = () => {}) {
  pending.set(ask({ cohort: group.id, ...message }), done);
}

function linkText(role, secret) {
  const pin = app.parts.pin ? `.${app.parts.pin}` : "";
  return `${location.origin}/${group.id}#${role === 3 ? "coaches" : "students"}.${secret}${pin}`;
}

function made(message) {
  ui.found = 0;
  groupTurn(message.cohort, message.coaches);
  ui.made = [{ link: 0, role: 2, text: linkText(2, message.students) }, { link: 1, role: 3, text: linkText(3, message.coaches) }];
}

function answered(message) {
  const done = pending.get(message.id);
  pending.delete(message.id);
  if (message.m === "refused") app.notice = message.text;
  else done();
  lists.coming = fresh();
}

/** True if the message was about a cohort's people or links. */
export function cohortTake(message) {
  const { id, m } = message;
  if (m === "made" && id === ui.found) made(message);
  else if (m === "refused" && ui.found && id === ui.found) { ui.found = 0; app.notice = message.text; }
  else if (m === "entry" && lists.coming?.id === id) lists.coming.entries.push(message);
  else if (m === "end" && lists.coming?.id === id) { lists.entries = lists.coming.entries; lists.coming = null; }
  else if (m === "linked") { ui.made.push({ link: message.link || 0, role: message.role, text: linkText(message.role, message.secret) }); answered(message); }
  else if (pending.has(id) && (m === "end" || m === "refused")) answered(message);
  else if (m === "asked") { app.notice = `${message.name} ${words.cohort.asks_now}`; lists.coming = fresh(); }
  else if (m === "reported") {
    if (!id) app.notice = `${message.name} ${words.cohort.reports_now}`;
    lists.reports.push(message);
  } else if (m === "end" && id === lists.reporting) lists.reporting = 0;
  else return false;
  return true;
}

// ---- founding ----

export function foundView() {
  const submit = (event) => {
    event.preventDefault();
    if (ui.name.trim() && app.link.isUp) ui.found = ask({ m: "cohort", secret: group.secret, name: ui.name.trim() });
    redraw();
  };
  return h("main", {}, h("form", { class: "door", onsubmit: submit }, h("h2", {}, words.cohort.found), h("p", {}, words.cohort.found_why),
    h("label", { class: "field" }, words.cohort.name, h("input", { class: "in", id: "g-cohort", maxlength: 64, required: true, value: ui.name, oninput: (event) => { ui.name = event.target.value; } })),
    h("button", { class: "btn go", type: "submit", "aria-disabled": app.link.isUp ? null : "true" }, words.cohort.found)));
}

// ---- the lists ----

const NAMED = 20; // so many, the others are counted
const of = (kind) => lists.entries.filter((entry) => entry.kind === kind);

/** Asked twice: what cannot be taken back, or cuts somebody off. */
function surely(what, text, sentence, act) {
  if (ui.sure !== what) return h("button", { class: "btn quiet", type: "button", onclick: () => { ui.sure = what; redraw(); } }, text);
  return h("span", { class: "row" }, sentence,
    h("button", { class: "btn go", type: "button", onclick: () => { ui.sure = ""; act(); redraw(); } }, words.yes),
    h("button", { class: "btn", type: "button", onclick: () => { ui.sure = ""; redraw(); } }, words.no));
}

/** Who would be cut off, before it is done. */
function withdrawSentence(link) {
  const names = of(KIND.MEMBER).filter((member) => member.on && (member.link || 0) === link).map((member) => member.name);
  return names.length ? words.cohort.withdraw_cuts(names.slice(0, NAMED).join(", "), Math.max(names.length - NAMED, 0)) : words.cohort.withdraw_none;
}

function linkRow(entry) {
  const bounds = [entry.uses ? `${entry.used || 0} ${words.of} ${entry.uses} ${words.cohort.used}` : "", entry.until ? `${words.cohort.until} ${day(entry.until)}` : "",
    entry.asks ? words.cohort.asks : "", entry.on ? "" : words.cohort.withdrawn].filter(Boolean).join(", ");
  return h("li", { key: entry.link, class: entry.on ? "" : "soft" }, h("span", { class: "g-number" }, String(entry.link || 0)),
    h("span", { class: "g-grow" }, `${words.cohort.for[entry.role]}, ${words.cohort.since} ${day(entry.opened)}${bounds ? `, ${bounds}` : ""}`),
    entry.on && surely(`link${entry.link}`, words.cohort.withdraw, withdrawSentence(entry.link || 0), () => change({ m: "withdraw", link: entry.link || 0 })));
}

function newLink() {
  const submit = (event) => {
    event.preventDefault();
    const message = { m: "link", role: ui.role, asks: ui.asks };
    if (Number(ui.uses) > 0) message.uses = Number(ui.uses);
    if (ui.days > 0) message.until = Math.round(app.link.clock.now() + ui.days * DAY_MS);
    change(message);
    redraw();
  };
  const days = [0, 1, 7, 30];
  return h("form", { class: "row g-new", onsubmit: submit },
    h("select", { class: "btn", id: "g-link-role", "aria-label": words.cohort.for_whom, onchange: (event) => { ui.role = Number(event.target.value); } },
      [2, 3].map((role) => h("option", { key: role, value: role, selected: ui.role === role }, words.cohort.for[role]))),
    h("label", { class: "row" }, h("input", { type: "checkbox", id: "g-link-asks", checked: ui.asks, onchange: (event) => { ui.asks = event.target.checked; redraw(); } }), words.cohort.asks),
    h("label", { class: "row" }, words.cohort.lets_in, h("input", { class: "in g-small", type: "number", min: 1, placeholder: words.cohort.any, "aria-label": words.cohort.lets_in_long, value: ui.uses,
      oninput: (event) => { ui.uses = event.target.value; } }), words.cohort.people),
    h("select", { class: "btn", "aria-label": words.cohort.until, onchange: (event) => { ui.days = Number(event.target.value); } },
      days.map((one) => h("option", { key: one, value: one, selected: ui.days === one }, one ? `${one} ${words.cohort.days}` : words.cohort.for_good))),
    h("button", { class: "btn" }, words.cohort.new_link));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    app.notice = "";
    ui.copied = text;
  } catch { app.notice = words.no_copy; }
  redraw();
}

/** A link whose secret is here; none once it is withdrawn, so that nobody is sent one that opens nothing. */
function madeRow({ link, role, text }) {
  if (of(KIND.LINK).some((entry) => (entry.link || 0) === link && !entry.on)) return null;
  return h("p", { key: `made${link}`, class: "row g-made" }, h("span", { class: "g-number" }, String(link)), h("span", { class: "small" }, words.cohort.for[role]),
    h("input", { class: "in", readonly: true, value: text, "aria-label": words.cohort.for[role], onfocus: (event) => event.target.select() }),
    h("button", { class: "btn", type: "button", onclick: () => copy(text) }, ui.copied === text ? words.copied : words.copy));
}

function linksPane() {
  return h("section", { class: "card pane", "aria-label": words.links }, h("div", { class: "head" }, h("h2", {}, words.links)),
    h("div", { class: "body" },
      ui.made.map(madeRow),
      ui.made.length > 0 && h("p", { class: "soft small" }, words.cohort.once),
      h("ul", { class: "g-list" }, of(KIND.LINK).map(linkRow)), newLink()));
}

const STATES = ["", "asked", "suspended"];

function memberRow(entry) {
  const state = STATES[entry.state || 0] || (entry.on ? "" : "cut_off");
  const student = entry.role === 2;
  const admit = () => change({ m: "admit", member: entry.member || 0, on: true });
  const suspend = () => change({ m: "admit", member: entry.member || 0, on: false });
  return h("li", { key: entry.member, class: state === "asked" ? "g-asks" : "" }, h("span", { class: "g-number" }, String(entry.member || 0)),
    h("span", { class: "g-grow" }, h("b", {}, entry.name || ""), ` ${words.cohort.is[entry.role]}, ${words.cohort.since} ${day(entry.opened)}`,
      state && h("span", { class: "bad" }, ` ${words.cohort.state[state]}`)),
    (state === "asked" || state === "suspended") && h("button", { class: "btn go", type: "button", onclick: admit }, words.cohort.admit),
    student && state !== "suspended" && surely(`member${entry.member}`, state === "asked" ? words.cohort.refuse : words.cohort.suspend, words.cohort.suspend_sure, suspend));
}

function membersPane() {
  const members = of(KIND.MEMBER);
  const first = (entry) => (entry.state === 1 ? 0 : 1);
  return h("section", { class: "card pane", "aria-label": words.cohort.members },
    h("div", { class: "head" }, h("h2", {}, words.cohort.members), h("span", { class: "soft" }, String(members.length))),
    h("div", { class: "body" }, h("ul", { class: "g-list" }, members.slice().sort((a, b) => first(a) - first(b)).map(memberRow))));
}

function waitingPane() {
  const waiting = of(KIND.WAITING);
  const own = of(KIND.PROMPT);
  return h("section", { class: "card pane", "aria-label": words.pairing.queue }, h("div", { class: "head" }, h("h2", {}, words.pairing.queue), h("span", { class: "soft" }, String(waiting.length))),
    h("div", { class: "body" }, waiting.length === 0 && h("p", { class: "soft" }, words.cohort.nobody_waits),
      h("ul", { class: "g-list" }, waiting.map((entry) => h("li", { key: entry.member }, h("span", { class: "g-grow" }, h("b", {}, entry.name || ""), ` ${words.pairing.choices.role[entry.role || 0]}, ${words.cohort.since} ${day(entry.opened)}`),
        !entry.on && h("span", { class: "bad" }, words.gone)))),
      own.length > 0 && h("p", { class: "soft small" }, `${words.cohort.prompts}: ${own.map((entry) => entry.name).join(", ")}`),
      h("label", { class: "field" }, words.cohort.offer, h("input", { type: "file", id: "g-offer", accept: ".pack", onchange: (event) => { offer(event.target.files[0]); event.target.value = ""; } })),
      h("p", { class: "soft small", role: "status" }, ui.offered ? `${words.cohort.offered} ${ui.offered}` : words.cohort.offer_why)));
}

/** A call elsewhere for all of the cohort. */
function callPane() {
  const give = (event) => {
    event.preventDefault();
    if (ui.call.trim()) change({ m: "call", call: ui.call.trim() }, () => { ui.call = ""; });
    redraw();
  };
  return h("section", { class: "card pane", "aria-label": words.call }, h("div", { class: "head" }, h("h2", {}, words.call)),
    h("div", { class: "body" }, h("p", { class: "soft" }, words.cohort.call_why), callOf(),
      h("form", { class: "row", onsubmit: give }, h("input", { class: "in g-grow", id: "g-call", type: "url", maxlength: 300, "aria-label": words.give_call, placeholder: words.give_call, value: ui.call, oninput: (event) => { ui.call = event.target.value; } }),
        h("button", { class: "btn" }, words.cohort.give_call)),
      group.call && surely("call", words.cohort.take_call, words.cohort.take_call_sure, () => change({ m: "call" }))));
}

function reportsPane() {
  return h("section", { class: "card pane", "aria-label": words.cohort.reports }, h("div", { class: "head" }, h("h2", {}, words.cohort.reports)),
    h("div", { class: "body" }, lists.reports.length === 0 && h("p", { class: "soft" }, words.cohort.no_reports),
      h("ul", { class: "g-list" }, lists.reports.map((one, i) => h("li", { key: i }, h("span", { class: "g-grow" },
        h("b", {}, one.name || ""), ` ${day(one.at)}, ${words.cohort.room} ${one.room}${one.moment ? `, ${words.cohort.of_moment} ${day(one.moment)}` : ""}: `, h("span", { dir: "auto" }, one.text)))))));
}

export function peopleView() {
  const again = () => { cohortUp(); redraw(); };
  return h("main", { class: "g-page" }, h("div", { class: "g-head" }, h("h2", {}, words.cohort.title), h("span", { class: "soft small" }, `${words.times_in} ${zoneAt(Date.now()).name}`),
    h("span", { class: "g-right" }, h("button", { class: "btn", type: "button", onclick: again }, words.cohort.look_again))),
  h("div", { class: "g-panes" }, eveningPane(true), linksPane(), membersPane(), waitingPane(), reportsPane(), callPane()));
}
