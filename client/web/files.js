// SPDX-License-Identifier: ISC
// files.js: past sessions, and recordings as files: list, replay, download, report; and a file of
// one's own to replay, without any server.
import { app, fetchRecording, openReplay, redraw, saveFile } from "./app.js";
import { ask, group } from "./group.js";
import { report, summed } from "./report.js";
import { h } from "./view.js";
import { zip } from "./zip.js";
import { words } from "./words.js";
import { day, zoneAt } from "./zone.js";

const list = { sessions: [], coming: null, of: "", mine: false, progress: "" };

const ofCohort = () => group.kind === "coaches" && !list.mine;

function load() {
  const cohort = ofCohort() ? { cohort: group.id } : {};
  list.coming = { id: ask({ m: "sessions", ...cohort }), sessions: [] };
  list.of = `${group.id}${list.mine}`;
}

/** True if the message was part of a list of sessions. */
export function sessionsTake(message) {
  if (!list.coming || message.id !== list.coming.id) return false;
  if (message.m === "session") list.coming.sessions.push(message);
  else if (message.m === "end") { list.sessions = list.coming.sessions; list.coming = null; }
  else if (message.m === "refused") { app.notice = message.text; list.coming = null; }
  else return false;
  return true;
}

/** A recording that the person has as a file. @param {File} file */
export async function replayFile(file) {
  if (!file) return;
  try {
    openReplay(new Uint8Array(await file.arrayBuffer()));
    app.notice = "";
  } catch (error) { app.notice = error.message; }
  redraw();
}

export function replayField() {
  return h("label", { class: "field" }, words.files.replay,
    h("input", { type: "file", id: "g-file", accept: ".spar", onchange: (event) => { replayFile(event.target.files[0]); event.target.value = ""; } }));
}

async function saveReport(room, bytes) {
  try { saveFile(`${room}.html`, "text/html", await report(bytes, "html")); } catch (error) { app.notice = error.message; redraw(); }
}

// ---- all of a cohort at once ----

const fetchOne = (room) => new Promise((done, failed) => { fetchRecording(done, room, () => failed(new Error(app.notice))); });

/** Fetches every recording, one after the other; one that cannot be had is said and left out. */
async function fetchAll() {
  /** @type {[string, Uint8Array][]} */
  const files = [];
  let lost = 0;
  for (const [i, { room }] of list.sessions.entries()) {
    list.progress = `${i + 1} ${words.of} ${list.sessions.length}`;
    redraw();
    try { files.push([`${room}.spar`, await fetchOne(room)]); } catch { lost += 1; }
  }
  list.progress = "";
  app.notice = lost ? words.files.lost(lost) : "";
  return files;
}

async function saveAll() {
  const files = await fetchAll();
  if (files.length) saveFile(`${group.title || group.id}.zip`, "application/zip", new Blob(zip(files)));
  redraw();
}

async function saveSum(csv) {
  const files = await fetchAll();
  try {
    saveFile(`${group.title || group.id}.${csv ? "csv" : "html"}`, csv ? "text/csv" : "text/html", await summed(files, csv));
  } catch (error) { app.notice = error.message; }
  redraw();
}

function together() {
  const act = (text, does) => h("button", { class: "btn", type: "button", "aria-disabled": list.progress ? "true" : null, onclick: () => { if (!list.progress) does(); } }, text);
  return h("div", { class: "row" }, act(words.files.sum, () => saveSum(false)), act(words.files.csv, () => saveSum(true)), act(words.files.all, saveAll),
    h("span", { class: "soft", role: "status" }, list.progress));
}

function row(session) {
  const { room } = session;
  const { roles, stages } = app.core.tables;
  const act = (text, take) => h("button", { class: "btn quiet", type: "button", onclick: () => fetchRecording(take, room) }, text);
  return h("li", { key: room }, h("span", { class: "g-grow" }, h("b", {}, session.title || room), h("br", {}),
    h("span", { class: "soft small" }, [day(session.opened), session.names || "", session.role ? `${words.files.as} ${roles[session.role]}` : "", words.files.stage[stages[session.stage]] || ""].filter(Boolean).join(", "))),
  h("span", { class: "row" }, act(words.replay, openReplay), act(words.save, (bytes) => saveFile(`${room}.spar`, "application/octet-stream", bytes)), act(words.files.report, (bytes) => saveReport(room, bytes))));
}

export function sessionsView() {
  if (!list.coming && list.of !== `${group.id}${list.mine}` && app.link?.isUp && (group.inside || !ofCohort())) load();
  const turn = (event) => { list.mine = event.target.checked; list.of = ""; redraw(); };
  return h("main", { class: "g-page" }, h("div", { class: "g-head" }, h("h2", {}, words.files.title), h("span", { class: "soft small" }, `${words.times_in} ${zoneAt(Date.now()).name}`),
    group.kind === "coaches" && h("label", { class: "row" }, h("input", { type: "checkbox", checked: list.mine, onchange: turn }), words.files.mine),
    h("span", { class: "g-right" }, h("button", { class: "btn", type: "button", onclick: () => { load(); redraw(); } }, words.cohort.look_again))),
  ofCohort() && list.sessions.length > 0 && together(),
  h("section", { class: "card pane" }, h("div", { class: "body" },
    list.sessions.length === 0 && h("p", { class: "soft" }, list.coming ? words.loading : words.files.none),
    h("ul", { class: "g-list" }, list.sessions.map(row)))),
  h("div", { class: "card g-own" }, replayField(), h("p", { class: "soft small" }, words.files.stays)));
}
