// SPDX-License-Identifier: ISC
// The page's clock and its line to the server: a clock that stood still while the machine slept is
// put right by the first answer, and "live" is said only as long as something was heard.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

/** Time as the test has it: the page's own clock, and that of the wall. */
const time = { page: 1000, wall: 1700000000000 };
const timers = [];
globalThis.performance = /** @type {any} */ ({ now: () => time.page });
Date.now = () => time.wall;
globalThis.setTimeout = /** @type {any} */ ((does, ms) => timers.push({ does, at: time.page + ms }));
globalThis.clearTimeout = (number) => { if (number) timers[number - 1] = { at: Infinity }; };
globalThis.location = /** @type {any} */ ({ host: "here" });
globalThis.WebSocket = /** @type {any} */ (class { static OPEN = 1; readyState = 1; sent = []; send(bytes) { this.sent.push(bytes); } close() {} });

const { Clock, Link } = await import(join(process.env.SPAR_SOURCE, "client/web/link.js"));

function pass(ms) {
  time.page += ms;
  time.wall += ms;
}

/** A link that is up, with so many pings answered at once. */
function open(pings) {
  const core = { tables: { limits: { clock_samples: 8 } }, reset() {}, feed: (bytes, take) => { take(bytes.message); return true; }, encode: (message) => Object.assign(new Uint8Array(1), message) };
  const link = new Link(core, { key: [] }, { up() {}, down() {}, over() {}, message() {} });
  const hear = (message) => link.take(link.socket, Object.assign(new Uint8Array(0), { message }));
  hear({ m: "welcome", now: time.wall, rate: 1 });
  const answer = () => {
    const asked = link.socket.sent.at(-1);
    pass(4);
    hear({ m: "pong", t: asked.t, now: time.wall - 2 });
  };
  answer();
  while (link.pings < pings) { pass(1000); link.ping(); answer(); }
  return { link, answer };
}

test("a clock that stood still is put right by one answer, however good those before were", () => {
  const clock = new Clock(8);
  clock.guess(500000, 1);
  for (let i = 0; i < 8; i += 1) clock.add(1000 * i, 1000 * i + 2, 600000 + 1000 * i + 1);
  time.page = 8000;
  assert.equal(clock.now(), 608000);
  assert.equal(clock.error, 1);
  clock.add(9000, 9300, 600000 + 9150 + 45000); // 45 s went by for everybody else; a slow answer
  time.page = 9300;
  assert.equal(clock.now(), 600000 + 9300 + 45000);
  assert.equal(clock.error, 150, "the error is told honestly");
});

test("a slow answer, or a drift, throws nothing away", () => {
  const clock = new Clock(8);
  clock.guess(0, 1);
  clock.add(0, 10, 5);
  clock.add(10000, 13000, 10003); // the way there was quick
  assert.equal(clock.error, 5);
  clock.add(20000, 20012, 20006 + 8);
  assert.equal(clock.error, 5);
  clock.add(20, 10, 99999);
  assert.equal(clock.samples.length, 3, "heard before it was asked: the clock went back");
});

test("live is said only within a ping", () => {
  const { link, answer } = open(9);
  assert.equal(link.silent(), 0);
  pass(10900);
  assert.equal(link.silent(), 0);
  pass(200);
  assert.ok(link.silent() > 11000);
  link.ping();
  answer();
  assert.equal(link.silent(), 0);
});

test("what was slept through counts as silence, and is asked into at once", () => {
  const { link, answer } = open(9);
  pass(1000);
  link.watch();
  const before = link.socket.sent.length;
  time.wall += 45000; // the page's own clock stood
  link.watch();
  assert.ok(link.silent() > 45000);
  assert.equal(link.socket.sent.length, before + 1, "one ping");
  link.watch();
  assert.equal(link.socket.sent.length, before + 1, "and no more while it is on its way");
  answer();
  assert.equal(link.silent(), 0);
  assert.ok(Math.abs(link.clock.now() - time.wall) <= 3, `${link.clock.now() - time.wall} ms off`);
});
