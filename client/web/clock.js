// SPDX-License-Identifier: ISC
// clock.js: the top of the room: whose it is, who is here, the clock, and what moves it.
import { app, command, now } from "./app.js";
import { button, clockText, icon, nameOf, refusalOf, surely } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

// ---- the top line ----

function pill() {
  if (app.replay) return h("span", { class: "pill" }, words.recording);
  const { word, retryAt } = app.pill;
  const wait = retryAt ? Math.max(0, Math.ceil((retryAt - performance.now()) / 1000)) : 0;
  const error = app.link.clock.error;
  const tail = word === "live" ? (error ? ` ±${Math.ceil(error)} ms` : "") : word === "off" ? `, ${words.again_in} ${wait} ${words.seconds}` : "";
  return h("span", { class: `pill${word === "live" ? "" : word === "connecting" ? " half" : " off"}` },
    h("span", { class: `dot ${word === "live" ? "here" : "gone"}`, "aria-hidden": "true" }), `${words[word]}${tail}`,
    h("span", { class: "vh", role: "status" }, words[word]));
}

function person(seat, i) {
  return seat.role !== "none" && h("li", { key: i }, h("span", { class: `dot ${seat.here ? "here" : "gone"}`, "aria-hidden": "true" }),
    h("span", { dir: "auto" }, seat.name), " ", h("span", { class: "soft" }, words.roles[seat.role]), seat.hand && h("b", { class: "hand" }, ` ${words.hand_up}`),
    h("span", { class: seat.here ? "vh" : "soft" }, ` ${seat.here ? words.here : words.gone}`));
}

export function top() {
  const { state, pack } = app;
  return h("header", { class: "top" }, h("a", { class: "skip", href: "#work", onclick: (event) => { event.preventDefault(); document.getElementById("work")?.focus(); } }, words.skip),
    h("span", { class: "brand" }, icon("mark"), h("span", {}, "Spar")),
    h("h1", { title: pack?.title }, pack?.title || words.prompt),
    state.role !== "none" && h("span", { class: "me" }, `${nameOf(state.seat)}, ${words.roles[state.role]}`),
    h("ul", { class: "people", "aria-label": words.people }, state.seats.map(person)), pill());
}

// ---- the clock ----

/** What a screen reader is told by itself: a new phase, five minutes, one minute, over. */
const told = { phase: -1, step: 0, text: "" };
function tell(reading, title) {
  const left = reading.phase_left;
  const step = left < 0 ? 3 : left <= 60000 ? 2 : left <= 300000 ? 1 : 0;
  if (!reading.running || app.replay) return told.text;
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
    h("div", { class: "lab" }, h("b", {}, phase.title), " ", here ? `${clockText(spent)} ${words.of} ${clockText(budget)}` : clockText(spent && i < reading.phase ? spent : budget)));
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

export function clockPane() {
  const { state, pack } = app;
  const reading = app.room.clock(now());
  if (!reading) return h("section", { class: "clock", "aria-label": words.clock }, h("div", { class: "digits" }, "–:––"));
  const over = reading.phase_left < 0;
  const started = state.clock.started_at > 0;
  const next = pack.phases[reading.phase + 1];
  const { title } = pack.phases[reading.phase];
  const cls = over ? "clock over" : state.stage === "paused" ? "clock paused" : "clock";
  return h("section", { class: cls, "aria-label": words.clock },
    h("div", { class: "digits", role: "timer", "aria-label": `${clockText(reading.phase_left)} ${over ? words.over : words.left}, ${title}` }, digits(reading, started)),
    h("div", { class: "words" }, h("p", { class: "phase" }, title, " ", h("small", {}, `${reading.phase + 1} ${words.of} ${pack.phases.length}`)),
      h("p", {}, read(reading, started)),
      h("p", { class: "soft" }, h("span", { class: "desk" }, `${words.whole} `), `${clockText(reading.whole_elapsed)} ${words.of} ${clockText(reading.whole_budget)}`, h("span", { class: "phone" }, ` ${words.in_all}`))),
    h("div", { class: "track" }, bars(reading, started),
      h("div", { class: "slot2" }, line(reading, next), !app.replay && state.role === "interviewer" && controls(reading, next))),
    h("p", { class: "vh", role: "status" }, tell(reading, title)));
}

function controls(reading, next) {
  const { stage } = app.state;
  const { phase } = reading;
  const small = (more = "") => ({ class: `btn s ${more}` });
  const minute = (text, key, ms, label) => button(text, key, { do: "clock.add", phase, ms }, { ...small("desk"), "aria-label": `${text}, ${label}` });
  const steer = () => [minute("−1", "-", -60000, words.minute_less), minute("+1", "+", 60000, words.minute_more),
    next ? button(next.title, "n", { do: "clock.jump", phase: phase + 1 }, small("go")) : surely(words.finish, "n", { do: "clock.finish" }, small("go"))];
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

/** A key of the interviewer's; true if it was one. */
export function clockKey(key) {
  const { state, pack } = app;
  const { phase } = state.clock;
  if (app.replay || state.role !== "interviewer") return false;
  const live = state.stage === "running" || state.stage === "paused";
  const shown = { b: state.stage === "finished" ? "b" : null, "-": "-", "+": "+", "=": "+", n: "n", p: "p" }[key];
  if (shown) {
    const found = [...document.querySelectorAll(".ctlk .btn")].find((node) => node.querySelector("kbd")?.textContent === shown);
    if (found) /** @type {HTMLElement} */ (found).click();
    return Boolean(found);
  }
  if (key === "b" && live && phase > 0) command({ do: "clock.jump", phase: phase - 1 });
  else if (key === "N" && live) surely("", "", { do: "clock.finish" }).props.onclick();
  else if (key === "%" && state.stage === "lobby" && state.plan < pack.plans.length) command({ do: "clock.plan", plan: state.plan, extra: { 0: 25, 25: 50, 50: 100 }[state.extra] || 0 });
  else if (key >= "1" && key <= "8" && live && Number(key) <= pack.phases.length) command({ do: "clock.jump", phase: Number(key) - 1 });
  else if (key >= "1" && key <= "8" && state.stage === "lobby" && Number(key) <= pack.plans.length) command({ do: "clock.plan", plan: Number(key) - 1 });
  else return false;
  return true;
}
