// SPDX-License-Identifier: ISC
// voice_page.js: the page of a device that speaks for a seat which a terminal holds. It is sent no
// event and sends no command: it says that it is on voice, signals, and ends with the seat.
import { app, redraw } from "./app.js";
import { Link } from "./link.js";
import { icon } from "./parts.js";
import { hangUp, openVoice, voiceKey, voiceStrip } from "./speak.js";
import { h } from "./view.js";
import { said } from "./voice_words.js";
import { words } from "./words.js";

const VOICE = 2; // what this device is (enum companion)
let over = "";

function join() {
  const { room, secret } = app.parts;
  app.link.send(app.core.encode({ m: "join", room, secret, companion: VOICE }));
}

function joined(message) {
  app.state = { ...app.state, room: app.parts.room, seat: message.seat, role: app.core.tables.roles[message.role] };
  if (app.voice) app.voice.up();
  else openVoice(Boolean(app.again));
}

function heard(message) {
  (app.voices[message.room] ||= {})[message.seat] = message;
  if (message.name) app.state.seats[message.seat] = { name: message.name };
  app.voice?.heard(app.voices[message.room]);
}

function end(text) {
  over = text;
  hangUp();
  app.link.leave();
}

function take(message) {
  if (message.m === "joined") joined(message);
  else if (message.m === "voiced") heard(message);
  else if (!app.voice?.take(message) && message.m === "refused" && !message.id) end(message.text);
  redraw();
}

function connect() {
  app.state = { seats: [], stage: "", role: "" };
  app.link = new Link(app.core, app.identity, {
    up: () => { app.pill = { word: "live" }; join(); redraw(); },
    down: (retryAt) => { app.pill = { word: "off", retryAt }; redraw(); },
    over: (_, text) => { app.pill = { word: "ended" }; over ||= text; hangUp(); redraw(); },
    message: take,
  });
  redraw();
}

const dollar = () => h("kbd", { "aria-hidden": "true" }, "$");

/** What the button in front does; holding a key to speak is the strip's. */
function pressed(event) {
  if (event.key !== "$" || event.ctrlKey || event.altKey || event.metaKey || event.repeat || over) return;
  if (!app.link) connect();
  else if (app.state.room) voiceKey();
  event.preventDefault();
}

/** Its page; nothing is used up before it is pressed. */
export function voicePage() {
  if (over) return h("main", { class: "door" }, h("p", { class: "brand" }, icon("mark"), "Spar"), h("h1", {}, said.title), h("p", { role: "alert" }, over));
  return h("main", { class: "door" }, h("p", { class: "brand" }, icon("mark"), "Spar"), h("h1", {}, said.device), h("p", {}, said.device_why),
    !app.link && h("button", { type: "button", class: "btn go", onclick: connect }, said.device_go, dollar()),
    app.link && app.pill.word !== "live" && h("p", { class: "bad", role: "status" }, words[app.pill.word]),
    app.link && voiceStrip(), app.link && app.state.room && app.voice?.phase === "off" && h("button", { type: "button", class: "btn go", onclick: () => openVoice() }, words.voice.button, dollar()),
    h("p", { class: "keys small" }, said.keys.map(([key, means]) => [h("kbd", {}, key), ` ${means} `])),
    h("p", { class: "soft small" }, said.device_privacy));
}

/** Loaded anew in the midst of it: comes back by itself. */
export function voiceAgain() {
  document.addEventListener("keydown", pressed);
  try { app.again = sessionStorage.getItem("spar.voice") === app.parts.room; } catch { /* a private window */ }
  if (app.again) connect();
}
