// SPDX-License-Identifier: ISC
// verdict.js: one's own verdict (of the panel) or rating (of the candidate) as a draft, who has
// handed in, and, once they are open, all of them. The draft lasts as long as the tab.
import { app, command, fetchRecording, looks, now, openReplay, redraw } from "./app.js";
import { ask, button, choice, icon, nameOf, onPanel, since, ui } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const blank = () => ({ recommend: null, level: null, scores: [], moments: [], texts: ["", "", ""] });

/** The state of the room itself, also while its recording is shown. */
const live = () => app.replay?.live.state || app.state;
const place = () => `spar.verdict.${live().room}`;

function draft() {
  if (ui.draft?.place !== place()) {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(place()) || "null"); } catch { /* none */ }
    ui.draft = { ...blank(), ...kept, place: place() };
  }
  return ui.draft;
}
function changed() {
  try { sessionStorage.setItem(place(), JSON.stringify(ui.draft)); } catch { /* it lasts as long as the page */ }
  redraw();
}

// ---- evidence ----

/** The next moment after `after` at which something of that competency came up on the panel's sheet; 0: none. */
function nextMoment(competency, after) {
  const sheet = app.state.sheets.find(({ owner }) => owner === app.core.tables.limits.server_seat);
  const all = app.pack.items.map((item, i) => (item.competency === competency && sheet?.marks[i][0] > 0 ? sheet.marks[i][2] : 0)).filter((at) => at > after);
  return all.length ? Math.min(...all) : 0;
}

/** In the recording the moment that is shown; live the next at which something of it was marked. */
export function takeEvidence(i) {
  const one = draft();
  const at = app.replay ? Math.round(now()) : nextMoment(app.pack.competencies[i].id, one.moments[i] || 0);
  app.notice = at || one.moments[i] ? "" : words.no_evidence;
  one.moments[i] = at;
  changed();
}

function lookAt(at) {
  if (looks()) return;
  fetchRecording((bytes) => openReplay(bytes, at));
}
const momentLink = (at) => h("button", { type: "button", class: "mom", onclick: () => lookAt(at), title: words.look_at }, since(at) || words.before);

// ---- the draft ----

const SCORES = [1, 2, 3, 4].map((one) => [one, String(one)]);

function competency(one, i) {
  const mine = draft();
  const score = mine.scores[i] || 0;
  const anchor = ["", one.poor, one.mixed, one.good, one.excellent][score];
  return h("div", { class: "comp", key: one.id }, h("p", {}, one.title), choice(`score${i}`, one.title, SCORES, score, (is) => { mine.scores[i] = is; changed(); }, true),
    anchor && h("p", { class: "ev" }, anchor),
    h("p", { class: "ev" }, mine.moments[i] ? [words.evidence, " ", momentLink(mine.moments[i])] : words.no_moment,
      button(app.replay ? words.take_this : mine.moments[i] ? words.take_next : words.take_evidence, app.replay && ui.cursor.verdict === i ? "e" : null, () => { ui.cursor.verdict = i; takeEvidence(i); }, { class: "btn s quiet" })));
}

function rated(title, i) {
  const mine = draft();
  return h("div", { class: "comp", key: i }, h("p", {}, title), choice(`rating${i}`, title, SCORES, mine.scores[i] || 0, (is) => { mine.scores[i] = is; changed(); }, true));
}

/** What the marks propose as a text, to be edited. */
function proposal(i) {
  const sum = app.room.summary(now());
  const from = i === 0 ? sum?.strengths : i === 1 ? sum?.steps : null;
  return (from || []).map(([text, fix]) => (fix ? `${text} ${fix}` : text)).join(" ");
}

function area(title, i) {
  const mine = draft();
  const proposed = onPanel() && !mine.texts[i] ? proposal(i) : "";
  return h("div", { key: i }, h("label", { class: "field" }, title, h("textarea", { class: "in", rows: 2, maxlength: 2000, dir: "auto", value: mine.texts[i], oninput: (event) => { mine.texts[i] = event.target.value; changed(); } })),
    proposed && button(words.propose, null, () => { mine.texts[i] = proposed; changed(); }, { class: "btn s quiet" }));
}

const hex = (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The command that hands it in; a sentence if something is missing. */
export function verdictBody() {
  const mine = draft();
  const [keep, change, drill] = mine.texts.map((text) => text.trim());
  if (!onPanel()) {
    if (!mine.scores.some(Boolean)) return words.rate_first;
    return { do: "rating.give", ratings: { bytes: hex(words.ratings.map((_, i) => mine.scores[i] || 0)) }, ...(keep && { text: keep }) };
  }
  if (mine.recommend === null || mine.level === null) return words.recommend_first;
  const bytes = app.pack.competencies.flatMap((_, i) => {
    const at = mine.moments[i] ? mine.moments[i] - live().opened_at : 0;
    return [mine.scores[i] || 0, (at >>> 24) & 255, (at >>> 16) & 255, (at >>> 8) & 255, at & 255];
  });
  return { do: "verdict.give", recommend: mine.recommend, level: mine.level, ...(bytes.length && { scores: { bytes: hex(bytes) } }), ...(keep && { keep }), ...(change && { change }), ...(drill && { drill }) };
}

function give() {
  const body = verdictBody();
  if (typeof body === "string") { app.notice = body; redraw(); return; }
  ask(words.sure[body.do], () => command(body));
}

const isSent = () => live().seats[live().seat]?.given || live().pending.some((body) => body.do === "verdict.give" || body.do === "rating.give");

function form() {
  const mine = draft();
  if (!onPanel()) return [h("p", { class: "soft" }, words.rating_why), words.ratings.map(rated), area(words.own_words, 0)];
  return [choice("recommend", words.would_hire, [0, 1, 2, 3].map((i) => [i, words.recommends[i]]), mine.recommend, (is) => { mine.recommend = is; changed(); }),
    choice("level", words.which_level, [1, 2, 3].map((i) => [i, words.levels[i]]), mine.level, (is) => { mine.level = is; changed(); }),
    app.pack.competencies?.length > 0 && h("div", {}, h("p", { class: "lg" }, words.competencies), app.pack.competencies.map(competency)),
    words.verdict_texts.map(area)];
}

// ---- who has handed in, and what is open ----

function given() {
  const { seats, verdicts_open: open } = live();
  return h("ul", { class: "given" }, seats.map((seat, i) => seat.role !== "none" && h("li", { key: i }, icon(seat.given ? "check" : "lock"), h("b", { dir: "auto" }, seat.name), " ",
    seat.given ? words.has_given : open ? words.gave_none : seat.awaited ? words.is_awaited : words.not_here)));
}

function opened(verdict) {
  const titles = verdict.rating ? words.ratings : app.pack.competencies.map((one) => one.title);
  return h("section", { key: verdict.by, class: "opened" }, h("h3", { dir: "auto" }, nameOf(verdict.by), verdict.late && h("span", { class: "soft" }, ` ${words.late_verdict}`)),
    h("p", {}, verdict.rating ? h("span", { class: "soft" }, words.rating_scale) : h("b", {}, `${words.recommends[verdict.recommend]}, ${words.for_level} ${words.levels[verdict.level]}`)),
    h("dl", { class: "scores" }, verdict.scores.map(([score, at], i) => [h("dt", {}, titles[i]), h("dd", {}, score ? `${score} ${words.of} 4` : words.not_said, at > 0 && [" ", momentLink(at)])])),
    verdict.texts.map((text, i) => text && h("p", { key: i, dir: "auto" }, h("span", { class: "soft" }, `${verdict.rating ? words.says : words.verdict_texts[i]}: `), text)));
}

export const verdict = {
  title: () => (onPanel() ? words.your_verdict : words.your_rating),
  aside: () => h("span", { class: "soft does" }, live().verdicts_open ? words.open_now : words.sealed_until),
  view: () => {
    const state = live();
    const drafting = state.stage === "debrief" && !isSent() && !app.companion;
    return h("div", { class: "verdict" }, drafting && form(),
      drafting && !app.replay && button(words.hand_in, null, give, { class: "btn go" }),
      given(),
      !state.verdicts_open && h("p", { class: "soft small" }, words.sealed_why),
      !looks() && state.role === "interviewer" && state.stage === "debrief" && !state.verdicts_open && state.seats.some((seat) => seat.given)
        && button(words.open_all, null, () => ask(words.sure["verdict.open"], () => command({ do: "verdict.open" })), { class: "btn s" }),
      state.verdicts.filter((one) => state.verdicts_open || one.by === state.seat).map(opened));
  },
};
