// SPDX-License-Identifier: ISC
// clock.js: the top of the room: whose it is, who is here, the clock, and what moves it.
import { app, command, looks, now, openVoice, redraw } from "./app.js";
import { button, clockText, icon, minutesText, nameOf, refusalOf, surely, ticks, ui, unseenLeft } from "./parts.js";
import { drive } from "./people.js";
import { h } from "./view.js";
import { words } from "./words.js";

// ---- the top line ----

/** How good the connection is. It says live only as long as something was heard within the last ping.
 * Who hears the page is told the word alone: the figure changes with every ping. */
export function pill() {
  if (app.replay) return h("span", { class: "pill" }, words.recording);
  const { retryAt } = app.pill;
  const silent = app.pill.word === "live" && app.link.silent();
  const word = silent ? "silent" : app.pill.word;
  const wait = silent ? Math.floor(silent / 1000) : retryAt ? Math.max(0, Math.ceil((retryAt - performance.now()) / 1000)) : 0;
  const error = app.link?.clock.error;
  const tail = { live: error ? ` ±${Math.ceil(error)} ms` : "", off: `, ${words.again_in} ${wait} ${words.seconds}`, silent: ` ${words.for_so_long} ${wait} ${words.seconds}` }[word] || "";
  const look = { live: "", connecting: " half", silent: " half" }[word] ?? " off";
  return h("span", { class: `pill${look}` }, h("span", { class: `dot ${word === "live" ? "here" : "gone"}`, "aria-hidden": "true" }),
    h("span", { "aria-hidden": "true" }, words[word], tail && h("span", { class: word === "live" ? "desk" : "" }, tail)), h("span", { class: "vh", role: "status" }, words[word]));
}

function person(seat, i) {
  const unseen = seat.role === "candidate" && app.state.role !== "candidate" ? unseenLeft() : 0;
  return seat.role !== "none" && h("li", { key: i }, h("span", { class: `dot ${seat.here ? "here" : "gone"}`, "aria-hidden": "true" }),
    h("span", { dir: "auto" }, seat.name), " ", h("span", { class: "soft" }, words.roles[seat.role]), seat.hand && h("b", { class: "hand" }, ` ${words.hand_up}`),
    unseen > 0 && h("b", { class: "hand" }, ` ${words.board.thinks} `, ticks(clockText(unseen), minutesText(unseen))),
    voiceOf(i) && h("span", { class: "soft" }, ` ${voiceOf(i)}`), h("span", { class: seat.here ? "vh" : "soft" }, ` ${seat.here ? words.here : words.gone}`));
}

/** On voice is whoever may be heard, or hears. */
export function voiceOf(seat) {
  const voice = app.voices[app.state.room]?.[seat];
  return voice?.on ? words.voice[voice.muted ? "listens" : "on"] : "";
}
export const maySpeak = () => !looks() && app.state.role !== "none";
/** Pressed: the microphone is tried, and then one may go on voice. */
const voiceButton = () => maySpeak() && (app.voice?.phase || "off") === "off"
  && button(words.voice.button, "$", () => openVoice(), { class: "btn s voice" });

export function top() {
  const { state, pack } = app;
  return h("header", { class: "top" }, h("a", { class: "skip", href: "#work", onclick: (event) => { event.preventDefault(); document.getElementById("work")?.focus(); } }, words.skip),
    h("span", { class: "brand" }, icon("mark"), h("span", {}, "Spar")),
    h("h1", { title: pack?.title }, pack?.title || words.prompt),
    state.role !== "none" && h("span", { class: "me" }, [nameOf(state.seat), words.roles[state.role]].filter(Boolean).join(", ")),
    h("ul", { class: "people", "aria-label": words.people }, state.seats.map(person)), pill(), voiceButton());
}

// ---- the clock ----

/** What a screen reader is told by itself: a new phase, five minutes, one minute, over; and why the
 * clock stands. */
const told = { phase: -1, step: 0, text: "" };
function tell(reading, title) {
  const left = reading.phase_left;
  const step = left < 0 ? 3 : left <= 60000 ? 2 : left <= 300000 ? 1 : 0;
  const rest = words.told_stage[app.state.stage];
  if (rest && !app.replay) Object.assign(told, { phase: -1, text: rest });
  if (rest || !reading.running || app.replay) return told.text;
  if (told.phase !== reading.phase) {
    told.text = `${title}, ${clockText(left)} ${words.left}`;
  } else if (step > told.step) {
    told.text = `${title}: ${[words.five_left, words.one_left, words.time_over][step - 1]}`;
  }
  Object.assign(told, { phase: reading.phase, step });
  return told.text;
}

function bars(reading, started) {
  const { state, pack } = app;
  return h("ol", { class: "phases", "aria-label": words.phases }, pack.phases.map((phase, i) => {
    const [spent, budget] = reading.phases[i];
    const here = started && i === reading.phase && (state.stage === "running" || state.stage === "paused");
    const part = budget ? Math.min(100, (100 * spent) / budget) : 0;
    return h("li", { key: i, "aria-current": here ? "step" : null, class: `${here ? "now" : ""}${spent > budget ? " late" : ""}`,
      style: { flexGrow: String(Math.max(1, budget / 60000)), flexBasis: "0" } },
    h("div", { class: "bar" }, h("i", { style: { width: `${part}%` } })),
    h("div", { class: "lab" }, h("b", {}, phase.title), " ", here ? ticks(`${clockText(spent)} ${words.of} ${clockText(budget)}`, clockText(budget)) : clockText(spent && i < reading.phase ? spent : budget)));
  }));
}

/** The line under the bar: the alarm that is due, or what comes next. */
function line(reading, next) {
  const { pack, state } = app;
  const last = reading.alarms.length - 1;
  const alarm = pack.alarms[reading.alarms[last]];
  const warns = reading.warns[last];
  const more = last > 0 ? ` +${last}` : "";
  const rest = { lobby: words.lobby_line, finished: words.finished_line, debrief: words.debrief_line, closed: words.closed_line }[state.stage]
    || (next ? `${words.next}: ${next.title}, ${clockText(reading.phases[reading.phase + 1][1])}` : words.last_phase);
  return h("div", { class: "next" }, h("div", { role: "alert" }, alarm && h("p", { class: warns ? "alarm" : "alarm red", key: alarm.id },
    icon(warns ? "warn" : "late"), h("span", {}, h("b", {}, warns ? words.warning : words.late), " ", alarm.text, more))), !alarm && h("p", { class: "soft small" }, rest));
}

const digits = (reading, started) => `${reading.phase_left < 0 ? "+" : ""}${clockText(started ? reading.phase_left : reading.phase_budget)}`;

function read(reading, started) {
  const { state } = app;
  const over = reading.phase_left < 0;
  const spent = `${clockText(reading.phase_elapsed)} ${words.of} ${clockText(reading.phase_budget)}`;
  if (!started) return `${words.before}, ${clockText(reading.phase_budget)}`;
  if (state.stage === "paused") return `${words.paused_for} ${clockText(now() - state.clock.paused_at)}, ${spent}`;
  if (state.stage === "running") return [`${over ? words.over : words.left}, ${spent}`, h("span", { class: "desk" }, ` ${words.spent}`)];
  return `${words.stood_at}, ${spent}`;
}

/** The clock for who hears it: by the minute, so that a screen reader has not two or three new texts
 * to note each second, and loses others over them. */
function spoken(reading, title, started) {
  if (!started) return `${words.before}: ${title}, ${minutesText(reading.phase_budget)}`;
  const over = reading.phase_left < 0;
  return `${minutesText(reading.phase_left)} ${over ? words.over : words.left}, ${title}; ${words.whole}: ${minutesText(reading.whole_elapsed)} ${words.of} ${minutesText(reading.whole_budget)}`;
}

export function clockPane() {
  const { state, pack } = app;
  const reading = app.clock;
  if (!reading) return h("section", { class: "clock", "aria-label": words.clock }, h("div", { class: "digits" }, "–:––"));
  const over = reading.phase_left < 0;
  const started = state.clock.started_at > 0;
  const next = pack.phases[reading.phase + 1];
  const { title } = pack.phases[reading.phase];
  const cls = over ? "clock over" : state.stage === "paused" ? "clock paused" : "clock";
  return h("section", { class: cls, "aria-label": words.clock },
    h("div", { class: "digits", role: "timer", "aria-label": spoken(reading, title, started) }, h("span", { "aria-hidden": "true" }, digits(reading, started))),
    h("div", { class: "words" }, h("p", { class: "phase" }, title, " ", h("small", {}, `${reading.phase + 1} ${words.of} ${pack.phases.length}`)),
      h("p", { "aria-hidden": "true" }, read(reading, started)),
      h("p", { class: "soft", "aria-hidden": "true" }, h("span", { class: "desk" }, `${words.whole} `), `${clockText(reading.whole_elapsed)} ${words.of} ${clockText(reading.whole_budget)}`, h("span", { class: "phone" }, ` ${words.in_all}`))),
    h("div", { class: "track" }, bars(reading, started),
      h("div", { class: "slot2" }, line(reading, next), !looks() && state.role === "interviewer" && controls(reading, next))),
    h("p", { class: "vh", role: "status" }, tell(reading, title)));
}

function controls(reading, next) {
  const { stage } = app.state;
  const { phase } = reading;
  const small = (more = "") => ({ class: `btn s ${more}` });
  const minute = (text, key, ms, label) => button(text, key, { do: "clock.add", phase, ms }, { ...small("desk"), "aria-label": `${text}, ${label}` });
  const steer = () => [minute("−1", "-", -60000, words.minute_less), minute("+1", "+", 60000, words.minute_more),
    next ? button(next.title, "n", { do: "clock.jump", phase: phase + 1 }, small("go")) : surely(words.finish, "n", { do: "clock.finish" }, small("go"))];
  if (refusalOf({ do: "clock.add", phase, ms: 60000 })?.why === "not-driving") {
    return h("div", { class: "ctlk", role: "group", "aria-label": words.move_clock }, h("span", { class: "soft small" }, `${nameOf(app.state.driver)} ${words.seat.drives}`), button(words.seat.take, "P", drive, small()));
  }
  const list = {
    lobby: () => [minute("−1", "-", -60000, words.minute_less), minute("+1", "+", 60000, words.minute_more), surely(words.start, "n", { do: "clock.start" }, small("go"))],
    running: () => [button(words.pause, "p", { do: "clock.pause" }, small()), ...steer()],
    paused: () => [button(words.resume, "p", { do: "clock.resume" }, small("go")), ...steer()],
    finished: () => [!refusalOf({ do: "clock.unfinish" }) && surely(words.unfinish, "b", { do: "clock.unfinish" }, small()), button(words.open_sheet, "p", { do: "sheet.open" }, small()), surely(words.debrief, "n", { do: "debrief.open" }, small("go"))],
    debrief: () => [surely(words.close, "n", { do: "room.close" }, small())],
  };
  return h("div", { class: "ctlk", role: "group", "aria-label": words.move_clock }, list[stage] ? list[stage]() : null);
}

// ---- keys that move the clock ----

const SAME_STEP_MS = 1000;

/** A phase by its number is a choice, as is the same step twice: the same key again, or Enter, goes there. */
function choose(key, phase) {
  ui.chosen = { key, phase, moves: app.state.moves.length };
  app.notice = words.goes_there(key, phase + 1, app.pack.phases[phase].title);
  redraw();
}

/** Goes to the phase that was chosen, unless somebody has moved the clock since. */
export function goThere({ phase, moves }) {
  if (moves === app.state.moves.length) command({ do: "clock.jump", phase });
  else { app.notice = words.moved_meanwhile; redraw(); }
}

/** One phase on or back, at once; the same again so soon would skip one. */
function step(key, phase) {
  const soon = ui.stepped.key === key && performance.now() - ui.stepped.at < SAME_STEP_MS;
  if (soon) choose(key, phase);
  else if (command({ do: "clock.jump", phase })) ui.stepped = { key, at: performance.now() };
}

/** A key of the interviewer's; true if it was one. chosen: what the key before has chosen. */
export function clockKey(key, chosen) {
  const { state, pack } = app;
  const { phase } = state.clock;
  if (looks() || state.role !== "interviewer") return false;
  const live = state.stage === "running" || state.stage === "paused";
  const digit = live && key >= "1" && key <= "8" && Number(key) <= pack.phases.length && Number(key) - 1 !== phase;
  if (live && chosen?.key === key) { goThere(chosen); return true; }
  if (key === "n" && live && phase + 1 < pack.phases.length) { step(key, phase + 1); return true; }
  const shown = { b: state.stage === "finished" ? "b" : null, "-": "-", "+": "+", "=": "+", n: "n", p: "p" }[key];
  if (shown) {
    const found = [...document.querySelectorAll(".ctlk .btn")].find((node) => node.querySelector("kbd")?.textContent === shown);
    if (found) /** @type {HTMLElement} */ (found).click();
    return Boolean(found);
  }
  if (key === "b" && live && phase > 0) step(key, phase - 1);
  else if (key === "N" && live) surely("", "", { do: "clock.finish" }).props.onclick();
  else if (key === "%" && state.stage === "lobby" && state.plan < pack.plans.length) command({ do: "clock.plan", plan: state.plan, extra: { 0: 25, 25: 50, 50: 100 }[state.extra] || 0 });
  else if (digit) choose(key, Number(key) - 1);
  else if (key >= "1" && key <= "8" && state.stage === "lobby" && Number(key) <= pack.plans.length) command({ do: "clock.plan", plan: Number(key) - 1 });
  else return false;
  return true;
}
