// SPDX-License-Identifier: ISC
// told.js: what others do to a mark or a flag of one's own, or to somebody's seat, as a sentence for
// whoever is there. What was before one came stands in the room itself. turn.js tells of the roles.
import { app } from "./app.js";
import { nameOf, onPanel } from "./parts.js";
import { words } from "./words.js";

let past = 0; // the number of the last event before one came

function tellMark({ by, item, mark }) {
  const index = app.pack.items.findIndex((one) => one.id === item);
  const sheet = app.state.sheets.find(({ owner }) => !app.state.seats[owner]); // the panel's
  const [was, whose, , n] = sheet?.marks[index] || [0, -1, 0, 0];
  if (!n || whose !== app.state.seat || was === mark) return "";
  return words.told.mark(nameOf(by), app.pack.items[index].title, words.mark[mark], words.mark[was]);
}

function tellFlag({ by, flag, on }) {
  const index = app.pack.flags.findIndex((one) => one.id === flag);
  const was = app.state.flags.find((one) => one.flag === index);
  if (!was || was.by !== app.state.seat || was.on === Boolean(on)) return "";
  return words.told.flag(nameOf(by), app.pack.flags[index].title, Boolean(on));
}

/** What is to be said of a message once the room has taken it, or "". To be called before. */
export function telling(message) {
  const { m, do: act, n, by, seat, name } = message;
  if (m === "joined") past = n;
  if (m !== "event" || !app.state || !app.pack || n <= past || by === app.state.seat) return "";
  if (act === "mark.set" && onPanel()) return tellMark(message);
  if (act === "flag.set" && onPanel()) return tellFlag(message);
  if ((act !== "seat.move" && act !== "seat.out") || seat === app.state.seat) return "";
  return words.told[act](nameOf(by) || name || words.told.operator, nameOf(seat));
}
