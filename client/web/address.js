// SPDX-License-Identifier: ISC
// address.js: the link that opened the page, or that was pasted into it. What mail and chat do to a
// link is the core's to know.
import { app } from "./app.js";

const ID = /^[a-z0-9]{12}$/;
const SECRET = /^[\w-]{22}$/;

/** Whether the address names a room at all, that there is or not. */
export const namesRoom = () => location.pathname === "/host" || ID.test(location.pathname.slice(1));

/** https://HOST:PORT/ROOM#ROLE.SECRET.PIN, as parts; null: it is not whole. @param {URL | Location} at */
export function readLink(at) {
  const room = at.pathname.slice(1);
  const [role, secret = "", pin = ""] = at.hash.slice(1).split(".");
  const host = room === "host";
  const cohort = role === "students" || role === "coaches" ? role : "";
  if ((!host && !ID.test(room)) || (secret !== "" && !SECRET.test(secret))) return null;
  return { host, cohort, room, role: role || "", secret, pin };
}

/** The link in a text: as it stands, or, where mail or chat have changed it, the one that is meant.
 * Null: there is none. A browser takes a link without a port for 443, spar for its own.
 * @param {string} text @returns {URL | null} */
export function findLink(text) {
  let given = null;
  try { given = new URL(text.trim()); } catch { /* not as it stands */ }
  if (given && readLink(given)?.secret) return given;
  const meant = app.core.link(text);
  if (meant && !new RegExp(`(:|%3a)${meant.port}`, "i").test(text)) meant.port = "";
  return meant ?? given;
}
/** The same for the address bar, which shows the mended link from then on. */
export function linkOfAddress() {
  let text = location.href;
  try { text = decodeURIComponent(text); } catch { /* a % that is none */ }
  const meant = location.hash === "" && !location.pathname.includes("%") ? null : app.core.link(text);
  if (meant) history.replaceState(null, "", meant.pathname + meant.hash);
  return readLink(location);
}
