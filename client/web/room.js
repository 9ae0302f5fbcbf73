// SPDX-License-Identifier: ISC
// room.js: what a room looks like, for each role, live and in replay. It draws the state that the
// core gives and sends commands; whether something is allowed is the core's to say.
import {
  app, closeReplay, command, fetchRecording, invite, now, openReplay, redraw, saveFile, seek, takeBack,
} from "./app.js";
import { report } from "./core.js";
import { h } from "./view.js";
import { words } from "./words.js";

const LETTERS = "acefghijklmrsuvyz";
const PANEL = new Set(["interviewer", "coach"]);

const ui = { phase: null, current: null, armed: null, sure: null, kind: "talk.say", text: "", write: false, call: "" };

// ---- small parts ----

/** Whole seconds of ms as 5:04 or 1:02:03. */
export function clockText(ms) {
  const all = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
const since = (at) => (app.state.clock.started_at && at >= app.state.clock.started_at
  ? clockText(at - app.state.clock.started_at) : "");
const nameOf = (seat) => app.state.seats[seat]?.name || "";

function button(text, key, body, more = {}) {
  const refusal = typeof body === "object" ? app.replay ? { text: "" } : app.room.refusal(body, now()) : null;
  const press = typeof body === "object" ? () => command(body) : body;
  return h("button", { class: "btn", type: "button", "aria-disabled": refusal ? "true" : null, title: refusal?.text || null,
    onclick: () => { if (!refusal) press(); }, ...more }, text, key && h("kbd", {}, key));
}

/** Asked twice: what cannot be taken back. */
function surely(text, key, body) {
  if (ui.sure !== body.do) return button(text, key, () => { ui.sure = body.do; redraw(); });
  return [h("span", {}, words.sure[body.do]), button(words.yes, null, () => { ui.sure = null; command(body); }, { class: "btn go" }),
    button(words.no, null, () => { ui.sure = null; redraw(); })];
}

function sign(mark, waits) {
  const half = mark === 1 ? h("path", { d: "M9 3a6 6 0 0 0 0 12z", fill: "currentColor" }) : null;
  return h("svg", { class: `sign m${mark}${waits ? " wait" : ""}`, viewBox: "0 0 18 18", "aria-hidden": "true" },
    h("circle", { cx: 9, cy: 9, r: 6, fill: mark === 2 ? "currentColor" : "none", stroke: "currentColor", "stroke-width": 2 }), half);
}

function pane(title, aside, body, more = "") {
  return h("section", { class: `card pane ${more}`, "aria-label": title },
    h("div", { class: "head" }, h("h2", {}, title), aside), h("div", { class: "body" }, body));
}

// ---- top and clock ----

function pill() {
  if (app.replay) return h("span", { class: "pill" }, words.recording);
  const { word, retryAt } = app.pill;
  const wait = retryAt ? Math.max(0, Math.ceil((retryAt - performance.now()) / 1000)) : 0;
  const error = app.link.clock.error;
  const tail = word === "live" ? (error ? ` ±${Math.ceil(error)} ms` : "") : word === "off" ? `, ${words.again_in} ${wait} ${words.seconds}` : "";
  return h("span", { class: `pill${word === "live" ? "" : " off"}`, role: "status" }, `${words[word]}${tail}`);
}

function top() {
  const { state, pack } = app;
  return h("header", { class: "top" }, h("span", { class: "brand" }, "Spar"),
    h("h1", {}, pack?.title || words.prompt),
    h("span", { class: "soft" }, state.role === "none" ? "" : `${nameOf(state.seat)}, ${state.role}`),
    h("ul", { class: "people", "aria-label": words.people }, state.seats.map((seat, i) => seat.role !== "none" && h("li", { key: i, class: "small" },
      h("span", { class: `dot ${seat.here ? "here" : "gone"}` }), `${seat.name} `, h("span", { class: "soft" }, seat.role),
      seat.hand && " !", h("span", { class: "vh" }, seat.here ? words.here : words.gone)))),
    pill());
}

function clockPane() {
  const { state, pack } = app;
  const reading = app.room.clock(now());
  if (!reading) return h("div", { class: "clock" }, h("div", { class: "digits" }, "–:––"));
  const over = reading.phase_left < 0;
  const started = state.clock.started_at > 0;
  const alarm = pack.alarms[reading.alarms[0]];
  const next = pack.phases[reading.phase + 1];
  const cls = over ? "clock over" : state.stage === "paused" ? "clock paused" : "clock";
  return h("section", { class: cls, "aria-label": "Clock" },
    h("div", { class: "digits", role: "timer" }, `${over ? "+" : ""}${clockText(started ? reading.phase_left : reading.phase_budget)}`),
    h("div", {}, h("p", { class: "phase" }, pack.phases[reading.phase].title, " ", h("small", {}, `${reading.phase + 1} ${words.of} ${pack.phases.length}`)),
      h("p", {}, `${started ? (over ? words.over : words.left) : words.before}, ${clockText(reading.phase_elapsed)} ${words.of} ${clockText(reading.phase_budget)}`),
      h("p", { class: "soft" }, `${words.whole} ${clockText(reading.whole_elapsed)} ${words.of} ${clockText(reading.whole_budget)}`)),
    h("div", { class: "wide" },
      h("ul", { class: "phases" }, pack.phases.map((phase, i) => {
        const [spent, budget] = reading.phases[i];
        const here = started && i === reading.phase && state.stage !== "finished";
        return h("li", { key: i, class: `${here ? "now" : ""}${spent > budget ? " late" : ""}`, style: { flexGrow: String(Math.max(1, budget / 60000)), flexBasis: "0" } },
          h("div", { class: "bar" }, h("i", { style: { width: `${budget ? Math.min(100, (100 * spent) / budget) : 0}%` } })),
          h("div", { class: "lab" }, `${phase.title} ${clockText(i < reading.phase ? spent : budget)}`));
      })),
      alarm ? h("p", { class: "alarm red", role: "alert" }, `▲ ${alarm.text}`)
        : h("p", { class: "soft small" }, next ? `${words.next}: ${next.title}` : ""),
      !app.replay && state.role === "interviewer" && controls(reading, next)));
}

function controls(reading, next) {
  const { stage } = app.state;
  const phase = reading.phase;
  const list = {
    lobby: () => [button(words.start, "n", { do: "clock.start" }, { class: "btn go" })],
    running: () => [button(words.pause, "p", { do: "clock.pause" }), ...steer()],
    paused: () => [button(words.resume, "p", { do: "clock.resume" }, { class: "btn go" }), ...steer()],
    finished: () => [surely(words.debrief, "n", { do: "debrief.open" })],
    debrief: () => [surely(words.close, null, { do: "room.close" })],
  };
  const steer = () => [button("−1", "-", { do: "clock.add", phase, ms: -60000 }), button("+1", "+", { do: "clock.add", phase, ms: 60000 }),
    next ? button(next.title, "n", { do: "clock.jump", phase: phase + 1 }, { class: "btn go" }) : surely(words.finish, "N", { do: "clock.finish" })];
  return h("div", { class: "row" }, list[stage] ? list[stage]() : null);
}

// ---- panes ----

const onPanel = () => PANEL.has(app.state.role);
const shownPhase = () => ui.phase ?? app.state.clock.phase;

/** The items of the phase in view, with their letters. */
function shownItems() {
  return app.pack.items.map((item, index) => ({ item, index })).filter(({ item }) => item.phase === shownPhase())
    .map((entry, i) => ({ ...entry, letter: LETTERS[i] || "" }));
}

function markItem(index, mark) {
  const [is] = app.state.shown[index];
  ui.current = index;
  command({ do: app.state.sheet_do, item: app.pack.items[index].id, mark: mark ?? [2, 0, 1][is] });
}

function rubric() {
  const { pack, state } = app;
  const move = (by) => () => { ui.phase = Math.min(Math.max(shownPhase() + by, 0), pack.phases.length - 1); redraw(); };
  const aside = [button("‹", null, move(-1), { class: "btn quiet", "aria-label": "Phase before" }), h("span", { class: "soft" }, pack.phases[shownPhase()].title),
    button("›", null, move(1), { class: "btn quiet", "aria-label": "Next phase" })];
  const rows = shownItems().map(({ item, index, letter }) => {
    const [mark, waits] = state.shown[index];
    const cur = ui.current === index;
    return h("li", { key: item.id, class: cur ? "cur" : "" },
      h("div", { class: "item" }, h("kbd", {}, letter), sign(mark, waits),
        h("button", { class: "t", type: "button", onclick: () => markItem(index) }, item.title),
        h("span", { class: "state row" }, waits ? words.on_way : words.mark[mark],
          cur && mark !== 1 && button(words.prompted, null, () => markItem(index, 1), { class: "btn quiet" }))),
      cur && [item.counts && h("p", { class: "tell" }, h("b", {}, `${words.counts} `), item.counts), item.strong && h("p", { class: "tell" }, h("b", {}, `${words.strong} `), item.strong)]);
  });
  const { watch } = pack.phases[shownPhase()];
  return pane(onPanel() ? words.rubric : words.sheet, aside,
    [h("ul", { class: "rows" }, rows), watch && h("p", { class: "soft small" }, `${words.watch}: ${watch}`)], "front");
}

function revealRow(id, title, text, body, shown) {
  const armed = ui.armed === id;
  return h("li", { key: id, class: armed ? "armed" : "" },
    h("div", { class: "item" }, h("span", {}), sign(shown ? 2 : 0), h("button", { class: "t", type: "button", onclick: () => { ui.armed = armed ? null : id; redraw(); } }, title || text),
      shown ? h("span", { class: "soft" }, words.shown) : null),
    armed && [h("p", {}, text), !shown && button(words.show, null, body, { class: "btn go" })]);
}

function facts() {
  const { pack, state } = app;
  const shown = new Set(state.reveals.map((reveal) => reveal.id));
  return pane(words.facts, null, h("ul", { class: "rows" },
    (pack.facts || []).map((fact) => revealRow(fact.id, fact.asked, fact.text, { do: "fact.reveal", fact: fact.id }, shown.has(fact.id))),
    [...(pack.curveballs || []), ...(pack.followups || [])].map((one) => revealRow(one.id, one.text, one.strong ? `${words.strong}: ${one.strong}` : one.text, { do: "curveball.throw", curveball: one.id }, shown.has(one.id)))));
}

function known() {
  return pane(words.known, null, [h("div", { role: "status" }, app.state.reveals.slice().reverse().map((reveal) => h("p", { key: reveal.id, class: "new" },
    h("span", { class: "soft small" }, `${since(reveal.at)} `), reveal.text)))]);
}

function brief() {
  const { pack, state } = app;
  const opening = pack.phases[state.clock.phase]?.opening || [];
  return pane(words.brief, h("span", { class: "soft" }, pack.level),
    [h("p", { class: "pre" }, pack.prompt || words.prompt_later), state.mode & 2 ? opening.map((text, i) => h("p", { key: i, class: "soft" }, text)) : null]);
}

function talkPane() {
  const tag = { mine: words.mine, panel: words.panel, all: words.all, whisper: words.whispers };
  const lines = app.lines.filter((line) => !app.replay || line.at <= now());
  return pane(words.talk, null, h("div", { role: "log", onmade: (node) => { node.lastChild?.scrollIntoView?.(); } }, lines.slice(-200).map((line) => h("p", { key: line.n, class: "line" },
    h("time", {}, since(line.at)), h("b", {}, `${nameOf(line.by)} `), tag[line.kind] && h("span", { class: "soft" }, `(${tag[line.kind]}) `), h("span", { dir: "auto" }, line.text)))));
}

function flagsPane() {
  const { pack, state } = app;
  const on = new Map(state.flags.map((flag) => [flag.flag, flag.on]));
  return h("details", {}, h("summary", {}, words.flags), h("ul", { class: "rows" }, pack.flags.map((flag, i) => h("li", { key: flag.id, class: "row" },
    h("label", { class: "row" }, h("input", { type: "checkbox", checked: Boolean(on.get(i)), onchange: (event) => command({ do: "flag.set", flag: flag.id, on: event.target.checked ? 1 : 0 }) }), flag.title)))));
}

function hostOf(link) { try { return new URL(link).host; } catch { return ""; } }

function peoplePane() {
  const { state } = app;
  const give = (event) => { event.preventDefault(); command({ do: "room.call", call: ui.call.trim() }); ui.call = ""; };
  return pane(words.people, null, [
    state.role === "interviewer" && h("p", { class: "soft small" }, words.links_why),
    state.role === "interviewer" && app.links.map((one, i) => h("p", { key: i, class: "row" }, words.link_for[one.role],
      h("input", { class: "in", readonly: true, value: one.link, onfocus: (event) => event.target.select() }), button(words.copy, null, () => navigator.clipboard.writeText(one.link)))),
    state.role === "interviewer" && h("p", { class: "row" }, `${words.one_more}: `, ["candidate", "coach", "interviewer"].map((role) => button(role, null, () => invite(role), { class: "btn quiet", key: role }))),
    state.call && h("p", { class: "row" }, `${words.call}: ${hostOf(state.call)} `, h("a", { class: "btn", href: state.call, target: "_blank", rel: "noopener noreferrer" }, words.open_call),
      onPanel() && button(words.take_call, null, { do: "room.call" }, { class: "btn quiet" })),
    onPanel() && !state.call && h("form", { class: "row", onsubmit: give }, h("input", { class: "in", type: "url", placeholder: words.give_call, value: ui.call, oninput: (event) => { ui.call = event.target.value; } }), h("button", { class: "btn" }, words.send)),
    onPanel() && flagsPane(),
    button(state.seats[state.seat]?.hand ? words.lower : words.hand, "!", { do: "hand.set", on: state.seats[state.seat]?.hand ? 0 : 1 }, { class: "btn quiet" }),
    state.message && h("p", { class: state.message_bad ? "bad" : "soft" }, state.message)]);
}

// ---- debrief ----

function ownerName(owner) {
  if (owner === app.core.tables.limits.server_seat) return words.panel_sheet;
  return nameOf(owner) || words.self_sheet;
}

function sheetsPane() {
  const { pack, state } = app;
  return pane(words.sheets, null, h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, ""), state.sheets.map((sheet) => h("th", { key: sheet.owner }, ownerName(sheet.owner))))),
    h("tbody", {}, pack.items.map((item, i) => {
      const marks = state.sheets.map((sheet) => sheet.marks[i][0]);
      return h("tr", { key: item.id, class: new Set(marks).size > 1 ? "differs" : "" }, h("td", {}, item.title),
        marks.map((mark, k) => h("td", { key: k }, h("span", { class: "row" }, sign(mark), words.mark[mark]))));
    }))));
}

function endPane() {
  const name = app.state.room;
  const make = (format, type, ending) => button(`${words.report} (${ending})`, null, () => fetchRecording(async (bytes) => {
    try { saveFile(`${name}.${ending}`, type, await report(bytes, format)); } catch (error) { app.notice = error.message; redraw(); }
  }));
  return h("div", { class: "row" }, button(words.save, null, () => fetchRecording((bytes) => saveFile(`${name}.spar`, "application/octet-stream", bytes))),
    make("html", "text/html", "html"), make("md", "text/markdown", "md"),
    button(words.replay, null, () => fetchRecording(openReplay)));
}

// ---- the dock, and the whole ----

const KINDS = { "talk.say": "say", "talk.whisper": "whisper", "note.mine": "note", "note.panel": "note_panel" };

function dock() {
  const { state } = app;
  const submit = (event) => {
    event.preventDefault();
    if (ui.text.trim() && command({ do: ui.kind, text: ui.text.trim() })) ui.text = "";
    redraw();
  };
  const kinds = Object.keys(KINDS).filter((kind) => onPanel() || kind === "talk.say" || kind === "note.mine");
  const waiting = state.pending.length;
  return h("footer", { class: "dock" },
    h("span", { role: "status", class: app.notice ? "bad" : "soft" }, app.notice || (waiting ? `${words.on_way}: ${waiting}` : state.kept ? `✓ ${words.kept}` : "")),
    h("form", { onsubmit: submit },
      h("select", { class: "btn", "aria-label": words.talk, onchange: (event) => { ui.kind = event.target.value; redraw(); } }, kinds.map((kind) => h("option", { key: kind, value: kind, selected: ui.kind === kind }, words[KINDS[kind]]))),
      h("input", { class: "in", id: "line", dir: "auto", maxlength: 2000, "aria-label": words[KINDS[ui.kind]], value: ui.text, oninput: (event) => { ui.text = event.target.value; },
        onkeydown: (event) => { if (event.key === "Escape") event.target.blur(); } }),
      h("button", { class: "btn" }, words.send)),
    button("?", null, () => { ui.help = !ui.help; redraw(); }, { class: "btn quiet", "aria-label": words.help }));
}

function reel() {
  const { replay, at, playing, speed } = app.replay;
  const { first_at: first, last_at: last } = replay.about;
  const play = () => { app.replay.playing = playing ? 0 : performance.now(); app.replay.from = at; redraw(); };
  return h("div", { class: "reel card" }, button(playing ? words.stop : words.play, "␣", play),
    h("input", { type: "range", min: first, max: last, value: String(Math.round(at)), "aria-label": words.replay, "aria-valuetext": since(at),
      oninput: (event) => { app.replay.playing = 0; seek(Number(event.target.value)); } }),
    h("span", {}, since(at) || words.before),
    h("select", { class: "btn", onchange: (event) => { app.replay.speed = Number(event.target.value); app.replay.from = at; app.replay.playing &&= performance.now(); } },
      [1, 2, 4, 8, 16, 64].map((one) => h("option", { key: one, value: one, selected: one === speed }, `${one}×`))),
    button(words.back, null, closeReplay));
}

export function roomView() {
  const { state, pack } = app;
  if (!state || !pack) {
    return h("div", { class: "door" }, h("p", { class: "brand" }, "Spar"), h("p", { role: "status", class: app.notice ? "bad" : "" }, app.notice || words.loading),
      app.pill.word === "ended" && app.pill.why === "replaced" && button(words.take_back, null, takeBack));
  }
  const open = state.opened;
  const columns = open ? [[sheetsPane()], [talkPane()], [brief()]]
    : onPanel() ? [[rubric()], [facts(), talkPane()], [brief(), peoplePane()]]
      : [[known(), brief()], [rubric()], [talkPane(), peoplePane()]];
  return h("div", { class: "room" }, top(), clockPane(),
    app.pill.word === "ended" && !app.replay && h("p", { class: "alarm red" }, app.pill.why === "replaced" ? [words.replaced, " ", button(words.take_back, null, takeBack)] : app.notice),
    app.replay && reel(),
    state.next && !app.replay && h("p", { class: "alarm" }, `${words.swapped} `, h("a", { class: "btn", href: `/${state.next}` }, words.open)),
    h("main", { class: "work" }, columns.map((panes, i) => h("div", { class: "col", key: i }, panes))),
    !app.replay && (open || state.stage === "finished" || state.stage === "closed") && h("div", { class: "row dock" }, endPane()),
    !app.replay && dock(), ui.help && help());
}

function help() {
  return h("dialog", { open: true, class: "card help", "aria-label": words.help }, h("h2", {}, words.help),
    words.keys.map(([key, means]) => h("p", { key }, h("kbd", {}, key), ` ${means}`)),
    button("Esc", null, () => { ui.help = false; redraw(); }));
}

// ---- keys ----

/** The letters of the terminal. None works while a field has the focus; Ctrl, Alt and Meta are the browser's. */
export function roomKeys(event) {
  const field = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (field || event.ctrlKey || event.altKey || event.metaKey || app.view !== "room" || !app.state || !app.pack) return;
  const { key } = event;
  if (key === "?" || (key === "Escape" && ui.help)) {
    ui.help = !ui.help;
    redraw();
    return;
  }
  const press = (label) => {
    const found = [...document.querySelectorAll(".clock .btn")].find((node) => node.querySelector("kbd")?.textContent === label);
    if (found) found.click();
    return Boolean(found);
  };
  if (app.replay) {
    const { at } = app.replay;
    const jumps = { ArrowLeft: -10000, ArrowRight: 10000, "[": -60000, "]": 60000 };
    if (jumps[key]) seek(at + jumps[key]);
    else if (key === " ") { app.replay.playing = app.replay.playing ? 0 : performance.now(); app.replay.from = at; redraw(); }
    else return;
    event.preventDefault();
    return;
  }
  const write = { t: "talk.say", w: "talk.whisper", o: "note.mine" }[key];
  const letter = LETTERS.indexOf(key.toLowerCase());
  if (write && (onPanel() || write !== "talk.whisper")) {
    ui.kind = write;
    redraw();
    document.getElementById("line")?.focus();
  } else if (key === "b" && app.state.role === "interviewer" && app.state.clock.phase > 0) {
    command({ do: "clock.jump", phase: app.state.clock.phase - 1 });
  } else if (["n", "p", "+", "-", "N"].includes(key) && press(key)) {
    // done
  } else if (key === "!") {
    command({ do: "hand.set", on: app.state.seats[app.state.seat].hand ? 0 : 1 });
  } else if (letter >= 0 && !app.state.opened) {
    const row = shownItems()[letter];
    if (!row) return;
    markItem(row.index, key === key.toUpperCase() ? 1 : undefined);
  } else {
    return;
  }
  event.preventDefault();
}
