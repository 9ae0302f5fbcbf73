// SPDX-License-Identifier: ISC
// heard.js: what has come to a pane while it was out of sight: how much of it, and whether it is worth
// a sound. What was there when the room opened counts as read; a recording rings never.
import { app, now } from "./app.js";
import { onPanel } from "./parts.js";
import { words } from "./words.js";

const SILENT = "spar.bell"; // kept only where somebody has turned it off
const TONE_HZ = 660, TONE_S = 0.25, LOUD = 0.08;

/** `read`: by pane, the number of the newest that was in sight; `rung`: of the newest that has rung. */
const heard = { room: "", since: 0, read: {}, rung: 0, alarms: [], missed: 0, count: {} };

export function rings() { try { return localStorage.getItem(SILENT) !== "off"; } catch { return true; } }
/** @param {boolean} on */
export function setRings(on) {
  try { if (on) localStorage.removeItem(SILENT); else localStorage.setItem(SILENT, "off"); } catch { /* a private window */ }
}

/** @type {AudioContext | null} */
let sound = null;
function ring() {
  if (!rings()) return;
  try {
    sound ||= new AudioContext();
    const tone = sound.createOscillator(), volume = sound.createGain();
    const end = sound.currentTime + TONE_S;
    tone.frequency.value = TONE_HZ;
    volume.gain.value = LOUD;
    volume.gain.linearRampToValueAtTime(0, end);
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(end);
  } catch { /* a browser without sound */ }
}

/** What comes to which pane: lines of others, and to the candidate what is shown. */
const coming = () => ({
  talk: app.lines.filter((line) => line.by !== app.state.seat && line.at > heard.since),
  known: onPanel() ? [] : app.state.reveals.filter((one) => one.at > heard.since),
});
const newest = (list) => list.reduce((most, { n }) => Math.max(most, n), 0);

/** All that is caught up on after coming in is older than this moment. */
function begin() {
  Object.assign(heard, { room: app.state.room, since: Math.max(app.state.at, now()), read: {}, rung: 0, alarms: app.clock?.alarms || [], missed: 0, count: {} });
}

/** Whether an alarm has become due. A pause hides all of them, and is no end. */
function alarmed() {
  if (app.state.stage !== "running") return false;
  const due = app.clock?.alarms || [];
  const fresh = due.some((one) => !heard.alarms.includes(one));
  heard.alarms = due;
  return fresh;
}

/** Takes in what has come, before the panes are drawn. @param {(pane: string) => boolean} shows whether a pane is open */
export function follow(shows) {
  if (app.replay) return;
  if (heard.room !== app.state.room) begin();
  const away = document.visibilityState !== "visible";
  const all = coming();
  for (const [pane, list] of Object.entries(all)) {
    if (!away && shows(pane)) heard.read[pane] = newest(list);
    heard.count[pane] = list.filter(({ n }) => n > (heard.read[pane] || 0)).length;
  }
  const whispers = heard.count.talk > 0 && newest(all.talk.filter((line) => line.kind === "whisper"));
  const alarm = alarmed();
  heard.missed = away ? heard.missed + Number(alarm) : 0;
  if (alarm || whispers > heard.rung) ring();
  heard.rung = Math.max(heard.rung, newest(all.talk));
  const sum = rings() ? Object.values(heard.count).reduce((a, b) => a + b, heard.missed) : 0;
  const title = sum ? `(${sum}) Spar` : "Spar";
  if (document.title !== title) document.title = title;
}

/** How many things of others a pane has that were not in sight yet. */
export const unread = (pane) => (app.replay ? 0 : heard.count[pane] || 0);
/** The same as a sentence, for who hears the page. @param {(pane: string) => string} title */
export const unreadText = (title) => Object.keys(heard.count).filter(unread).map((pane) => `${title(pane)}: ${unread(pane)} ${words.fresh}.`).join(" ");
