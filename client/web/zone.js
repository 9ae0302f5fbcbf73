// SPDX-License-Identifier: ISC
// zone.js: the reader's own time zone, and days and moments in it.

/** Places whose English has a short name for their own zones; elsewhere a browser says GMT+3. */
const ENGLISH = ["en-US", "en-CA", "en-GB", "en-AU", "en-NZ", "en-ZA", "en-IN"];

/** The zone as the C library has it: minutes east of UTC, and "CET" or, where it has no name, "+03".
 * @param {number} at ms since 1970 */
export function zoneAt(at) {
  const date = new Date(at);
  const names = ENGLISH.map((locale) => new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts(date).find(({ type }) => type === "timeZoneName")?.value || "");
  const name = names.find((one) => one !== "" && !/^GMT[+\u2212-]/.test(one));
  const minutes = -Math.round(date.getTimezoneOffset());
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const far = `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}${minutes % 60 ? two(Math.abs(minutes) % 60) : ""}`;
  return { minutes, name: name || far };
}

/** A moment, without the zone, which the page names once. @param {number} at */
export const day = (at) => new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
