// SPDX-License-Identifier: ISC
// tabs.js: which tab of this browser has the seat of a room: the one that holds its lock. A newer
// tab takes it only if somebody asks for that.

const SOON_MS = 2000; // a page that is loaded anew may come before its own end is known
let release = () => {};

const hold = () => new Promise((done) => { release = () => done(undefined); });

/** Whether the lock was got. That it is stolen later means nothing to who had it. */
const ask = (room, how) => new Promise((resolve) => {
  navigator.locks.request(`spar.${room}`, how, (lock) => { resolve(Boolean(lock)); return lock ? hold() : undefined; }).catch(() => resolve(false));
});

/** Takes the lock, or with `steal` from another tab; false: another tab has it. One that nobody has
 * is got at once, however slow the machine.
 * @param {string} room @param {boolean} steal @returns {Promise<boolean>} */
export async function takeSeat(room, steal) {
  if (!navigator.locks) return true;
  release();
  if (steal) return ask(room, { steal: true });
  return await ask(room, { ifAvailable: true }) || ask(room, { signal: /** @type {any} */ (AbortSignal).timeout(SOON_MS) });
}
