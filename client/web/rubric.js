// SPDX-License-Identifier: ISC
// rubric.js: the lines that are marked, facts and questions, what is suggested, red flags, and what
// the panel prepares with. Each pane has its lines as functions too, for the letters.
import { app, command, redraw } from "./app.js";
import { button, candidateName, clockText, empty, LETTERS, nameOf, onPanel, refusalOf, shownPhase, sign, since, ui } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const letterOf = (name, i) => (ui.front === name && !app.replay ? LETTERS[i] || "" : "");
const cap = (letter) => h("kbd", { "aria-hidden": "true" }, letter);

export function look(by) {
  ui.phase = Math.min(Math.max(shownPhase() + by, 0), app.pack.phases.length - 1);
  if (ui.phase === app.state.clock.phase) ui.phase = null;
  redraw();
}

/** ‹ Design, 8 of 10 › */
function looker(count) {
  const title = app.pack.phases[shownPhase()].title;
  return h("span", { class: "look" }, button("‹", null, () => look(-1), { class: "btn quiet s", "aria-label": words.phase_before }),
    h("span", { class: "soft" }, `${title}${count}`), button("›", null, () => look(1), { class: "btn quiet s", "aria-label": words.phase_after }));
}

// ---- the rubric, or one's own sheet ----

const itemsHere = () => app.pack.items.map((item, index) => ({ item, index })).filter(({ item }) => item.phase === shownPhase());

function mark(index, to) {
  const [is] = app.state.shown[index];
  const body = { do: app.state.sheet_do, item: app.pack.items[index].id, mark: to ?? [2, 0, 1][is] };
  ui.cursor.rubric = index;
  const refusal = refusalOf(body);
  if (refusal) app.notice = refusal.text;
  else command(body);
  redraw();
}

const owner = () => app.state.sheets.find((sheet) => sheet.owner === app.state.sheet_owner);

/** "raised 8:10", and of the panel's sheet for a while who said so. */
function stateOf(index, [is, waits, spare]) {
  const [, by, at, n] = owner()?.marks[index] || [0, 0, 0, 0];
  if (waits) return words.on_way;
  if (!n || is === 0) return spare ? words.spare : words.mark[0];
  const whose = by !== app.state.seat && app.state.at - at < 60000 ? nameOf(by) : since(at);
  return [h("b", {}, words.mark[is]), " ", whose];
}

function itemRow({ item, index }, i) {
  const shown = app.state.shown[index];
  const cur = ui.cursor.rubric === index;
  const asked = shown[0] === 1;
  const tells = cur && [["counts", item.counts], ["strong", item.strong], ["weak", item.weak]].filter(([, text]) => text);
  return h("li", { key: item.id, class: `is${shown[0]}${cur ? " cur" : ""}` },
    h("div", { class: "item" }, cap(letterOf("rubric", i)), sign(shown[0], shown[1]),
      h("button", { class: "t", type: "button", onclick: () => mark(index) }, h("span", {}, item.title), h("span", { class: "st" }, stateOf(index, shown))),
      !app.replay && h("button", { class: "ask", type: "button", "aria-pressed": String(asked), "aria-label": `${item.title}: ${words.prompted}`, onclick: () => mark(index, asked ? 0 : 1) }, sign(1), words.prompted)),
    tells && tells.length > 0 && h("div", { class: "tell" }, tells.map(([key, text]) => h("p", { key }, h("b", {}, words[key]), " ", text))));
}

export const rubric = {
  title: () => (app.state.sealed ? words.sealed_sheet : onPanel() ? words.rubric : words.sheet),
  aside: () => {
    const here = itemsHere();
    const marked = here.filter(({ index }) => app.state.shown[index][0] > 0).length;
    return looker(`, ${marked} ${words.of} ${here.length}`);
  },
  view: () => {
    const { watch } = app.pack.phases[shownPhase()];
    return [h("ul", { class: "rows" }, itemsHere().map(itemRow)), watch && h("p", { class: "soft small watch" }, h("b", {}, words.watch), " ", watch)];
  },
  lines: () => itemsHere().map(({ index }) => (shift) => mark(index, shift ? 1 : undefined)),
};

// ---- facts and questions ----

/** Facts in the order in which they are likely to be asked for, then this phase's questions. */
function reveals() {
  const { pack } = app;
  const questions = [...(pack.followups || []).map((one) => ({ ...one, kind: words.followup })), ...(pack.curveballs || []).map((one) => ({ ...one, kind: words.curveball }))];
  const phase = shownPhase();
  return [...(pack.facts || []).map((fact) => ({ id: fact.id, fact: true, head: fact.asked, text: fact.text, body: { do: "fact.reveal", fact: fact.id } })),
    ...questions.filter((one) => one.phase === phase).map((one) => ({ id: one.id, head: one.kind, text: one.text, strong: one.strong, body: { do: "curveball.throw", curveball: one.id } }))];
}

/** The first press chooses the line, the same letter again, Enter or the button shows it. */
export function arm(one) {
  const refusal = refusalOf(one.body);
  if (ui.armed !== one.id) ui.armed = one.id;
  else if (refusal) app.notice = refusal.text;
  else { ui.armed = null; command(one.body); }
  redraw();
}

/** Sends what is chosen; false: nothing is. */
export function showArmed() {
  const one = reveals().find(({ id }) => id === ui.armed);
  const shown = one && app.state.reveals.some((reveal) => reveal.id === one.id);
  if (!one || shown) return false;
  arm(one);
  return true;
}

function answers(reveal) {
  return h("div", { class: "row small" }, h("span", { class: "soft" }, words.answered), [2, 1, 0].map((value) => button(words.answers[value], null,
    { do: "answer.set", curveball: reveal.id, mark: value }, { class: "btn s", key: value, "aria-pressed": String(reveal.answer === value) })));
}

function revealRow(one, i) {
  const reveal = app.state.reveals.find(({ id }) => id === one.id);
  const armed = ui.armed === one.id;
  const waits = app.state.pending.some((body) => body.fact === one.id || body.curveball === one.id);
  return h("li", { key: one.id, class: armed ? "armed" : "fact" },
    h("div", { class: "item" }, cap(letterOf("facts", i)), sign(reveal ? 2 : 0, waits),
      h("button", { class: "t", type: "button", "aria-expanded": String(armed), onclick: () => { ui.armed = one.id; ui.front = "facts"; redraw(); } },
        h("span", { class: "asked" }, one.head), !armed && h("span", { class: "cut" }, one.text),
        h("span", { class: "st" }, waits ? words.on_way : reveal ? [h("span", { class: "vh" }, one.fact ? words.shown : words.asked), ` ${since(reveal.at)}`] : ""))),
    armed && h("div", { class: "tell" }, h("p", { class: "txt" }, one.text), one.strong && h("p", {}, h("b", {}, words.strong), " ", one.strong),
      h("div", { class: "row" }, !reveal && button(`${one.fact ? words.show : words.ask} ${candidateName()}`, "Enter", one.body, { class: "btn go s" }),
        reveal && !one.fact && onPanel() && answers(reveal))));
}

export const facts = {
  title: () => words.facts,
  aside: () => {
    const count = (app.pack.facts || []).length;
    const shown = app.state.reveals.filter((one) => !one.curveball).length;
    return [h("span", { class: "soft" }, `${shown} ${words.of} ${count} ${words.shown}`), looker("")];
  },
  view: () => h("ul", { class: "rows" }, reveals().map(revealRow)),
  lines: () => reveals().map((one) => () => {
    const reveal = app.state.reveals.find(({ id }) => id === one.id);
    if (reveal && !one.fact && ui.armed === one.id) command({ do: "answer.set", curveball: one.id, mark: [2, 0, 1][reveal.answer] });
    else if (reveal) { ui.armed = one.id; redraw(); } else arm(one);
  }),
};

/** What the candidate was shown, the newest first. */
export const known = {
  title: () => words.known,
  view: () => {
    const all = app.state.reveals.slice().reverse();
    return h("div", { role: "status" }, all.length === 0 ? empty(words.known_empty) : all.map((reveal) => h("div", { key: reveal.id, class: "new" },
      h("p", { class: "lead" }, `${reveal.curveball ? words.asked_you : words.new_fact} ${since(reveal.at)}`), h("p", { class: "txt" }, reveal.text))));
  },
};

// ---- what is suggested ----

const suggestions = () => app.clock?.suggested || [];
export function suggestion(take) {
  const [one] = suggestions();
  if (!one || !onPanel()) return false;
  command(take ? one.take : { do: "suggest.drop", suggest: one.id });
  return true;
}
const keyIf = (i, key) => (i === 0 ? key : null);
export const suggested = {
  title: () => words.suggested,
  aside: () => h("span", { class: "soft" }, suggestions().length ? String(suggestions().length) : ""),
  view: () => (suggestions().length === 0 ? empty(words.suggested_none) : suggestions().map((one, i) => h("div", { key: one.id, class: "sug" },
    h("p", {}, one.text), h("div", { class: "row" },
      button(`${one.take.do === "flag.set" ? words.flag : words.mark[one.take.mark]}: ${one.title}`, keyIf(i, "."), one.take, { class: "btn s" }),
      button(words.drop, keyIf(i, ","), { do: "suggest.drop", suggest: one.id }, { class: "btn quiet s" }))))),
};

// ---- red flags ----

const flagOn = (i) => Boolean(app.state.flags.find((flag) => flag.flag === i)?.on);
const setFlag = (i) => command({ do: "flag.set", flag: app.pack.flags[i].id, on: flagOn(i) ? 0 : 1 });
export const flags = {
  title: () => words.flags,
  aside: () => h("span", { class: "soft" }, `${app.pack.flags.filter((_, i) => flagOn(i)).length} ${words.flag_up}`),
  view: () => h("ul", { class: "rows" }, app.pack.flags.map((flag, i) => h("li", { key: flag.id, class: flagOn(i) ? "flagged" : "" },
    h("div", { class: "item" }, cap(letterOf("flags", i)), h("span", { class: "sign fl", "aria-hidden": "true" }, flagOn(i) ? "⚑" : "⚐"),
      h("button", { class: "t", type: "button", "aria-pressed": String(flagOn(i)), onclick: () => setFlag(i) }, h("span", {}, flag.title),
        h("span", { class: "st" }, flagOn(i) ? h("b", {}, words.flag_up) : ""))),
    flagOn(i) && flag.fix && h("p", { class: "tell" }, h("b", {}, words.fix), " ", flag.fix)))),
  lines: () => app.pack.flags.map((_, i) => () => setFlag(i)),
};

// ---- before the start ----

function prepareQuestion(one, kind) {
  return h("div", { key: one.id, class: "q" }, h("p", {}, h("span", { class: "soft" }, `${kind} `), h("b", {}, one.text)), one.strong && h("p", {}, one.strong));
}
function preparePhase(phase, i) {
  const { pack } = app;
  return h("section", { key: phase.id }, h("h3", {}, `${i + 1} ${phase.title}`), h("p", {}, phase.goal), phase.watch && h("p", { class: "soft" }, `${words.watch}: ${phase.watch}`),
    (pack.followups || []).filter((one) => one.phase === i).map((one) => prepareQuestion(one, words.followup)),
    (pack.curveballs || []).filter((one) => one.phase === i).map((one) => prepareQuestion(one, words.curveball)),
    h("ul", {}, pack.items.filter((item) => item.phase === i).map((item) => h("li", { key: item.id }, h("b", {}, item.title), " ", h("span", { class: "soft" }, item.counts || item.strong)))));
}
/** The answer key: all that the panel has, as on paper. */
export const prepare = {
  title: () => words.prepare,
  view: () => {
    const { pack } = app;
    return h("div", { class: "reading" }, h("p", { class: "soft" }, words.prepare_why), h("p", { class: "pre" }, pack.prompt),
      h("h3", {}, words.facts_order), h("dl", {}, (pack.facts || []).map((fact) => [h("dt", {}, fact.asked), h("dd", {}, fact.text)])), pack.phases.map(preparePhase));
  },
};

/** The plans to choose from, before the start. */
export const plans = {
  title: () => words.plans,
  view: () => [h("ul", { class: "rows" }, app.pack.plans.map((plan, i) => h("li", { key: plan.id, class: app.state.plan === i ? "cur" : "" },
    h("div", { class: "item" }, cap(String(i + 1)), sign(app.state.plan === i ? 2 : 0),
      h("button", { class: "t", type: "button", "aria-pressed": String(app.state.plan === i), onclick: () => command({ do: "clock.plan", plan: i }) },
        h("span", {}, plan.title), h("span", { class: "st" }, plan.budgets ? clockText(plan.budgets.reduce((a, b) => a + b, 0)) : "")))))),
  h("p", { class: "soft small" }, `${words.extra} ${app.state.extra} %`)],
};
