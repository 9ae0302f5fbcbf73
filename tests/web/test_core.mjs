// SPDX-License-Identifier: ISC
// The browser's core in Node: it has no imports, folds what the native core folds to the same
// digests, and answers as the protocol does.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const from = (name) => import(join(process.env.SPAR_SOURCE, "client/web", name));
const { openCore, TAKEN } = await from("core.js");
const { report, summed } = await from("report.js");
const { zoneAt } = await from("zone.js");
const bytes = readFileSync(join(process.env.SPAR_WASM, "core.wasm"));
const folder = mkdtempSync(join(tmpdir(), "spar-web."));
process.on("exit", () => rmSync(folder, { recursive: true }));
const recordings = execFileSync(process.env.SPAR_WEB_RECORDINGS, [folder], { encoding: "utf8" })
  .trim().split("\n").map((line) => line.split(" "));
const load = (path) => new Uint8Array(readFileSync(path));

/** Names that stand twice in one object of a JSON text: of two values a reader sees the last alone. */
function twice(text) {
  const open = [];
  const found = [];
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (colon && open.at(-1).has(token)) found.push(token);
    else if (colon) open.at(-1).add(token);
  }
  return found;
}
const { parse } = JSON;
const doubled = new Set();
JSON.parse = (text, ...more) => { twice(text).forEach((name) => doubled.add(name)); return parse(text, ...more); };

/** A message of the server as a frame, by the few types of MessagePack that are needed. */
function frame(message) {
  const payload = [...pack(message)];
  return new Uint8Array([payload.length >> 24, payload.length >> 16, payload.length >> 8,
    payload.length & 255, ...payload]);
}
function* pack(value) {
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    yield* [0xd9, text.length, ...text];
  } else if (typeof value === "number") {
    yield 0xcf;
    for (let i = 7n; i >= 0n; i--) yield Number((BigInt(value) >> (8n * i)) & 255n);
  } else if (typeof value === "boolean") {
    yield value ? 0xc3 : 0xc2;
  } else {
    yield 0x80 | Object.keys(value).length;
    for (const [key, one] of Object.entries(value)) {
      yield* pack(key);
      yield* pack(one);
    }
  }
}

test("a link as mail and chat leave it", async () => {
  const core = await openCore(bytes);
  const secret = "A".repeat(22), pin = "B".repeat(42) + "A";
  const good = `https://example.org:7443/yq8nax6lkpk5#candidate.${secret}.${pin}`;
  for (const text of [good, `<${good}>`, `${good}.`, good.replace("#", "%23"), good.replace("https", "HTTPS"),
    good.replace("#candidate.", "#candidate.\r\n> "), `Here: "${good}", at nine`, good.replace("yq8", "\u200byq8")]) {
    assert.equal(core.link(text)?.href, good, text);
  }
  for (const text of ["", "https://", good.slice(0, -3), "x".repeat(5000)]) assert.equal(core.link(text), null);
});

test("the module has no imports", async () => {
  assert.deepEqual(WebAssembly.Module.imports(await WebAssembly.compile(bytes)), []);
});

test("a recording folds to the native core's state, whole and in its middle, forth and back", async () => {
  const core = await openCore(bytes);
  assert.ok(recordings.length >= 3);
  for (const [path, whole, half, count] of recordings) {
    const replay = core.replay(load(path));
    assert.equal(replay.about.played, Number(count));
    assert.equal(replay.about.fault, "");
    assert.equal(replay.seekEvent(Number(count)).digest(), whole, path);
    assert.equal(replay.seekEvent(Math.floor(count / 2)).digest(), half, path);
    assert.equal(replay.seek(replay.about.last_at).digest(), whole, path);
    assert.equal(replay.events().length, Number(count));
    replay.free();
  }
});

test("a state has what is drawn", async () => {
  const core = await openCore(bytes);
  const replay = core.replay(load(recordings[0][0]));
  const room = replay.seek(replay.about.last_at);
  const state = room.state();
  const pack = room.pack();
  assert.equal(state.stage, "debrief");
  assert.equal(state.seats[0].role, "interviewer");
  assert.equal(state.shown.length, pack.items.length);
  assert.ok(pack.items.some((item) => item.strong && item.title), "both bodies in one entry");
  assert.equal(room.lines(0).length, state.line_count);
  assert.equal(room.lines(state.line_count).length, 0);
  assert.equal(room.summary(state.at).phases.length, pack.phases.length);
  assert.equal(room.clock(state.at).phases.length, pack.phases.length);
  for (const line of room.lines(0)) {
    assert.doesNotMatch(line.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
  }
  replay.free();
});

test("what is no recording is refused with a sentence", async () => {
  const core = await openCore(bytes);
  assert.throws(() => core.replay(new Uint8Array([1, 2, 3])), /\w+ \w+/);
  assert.throws(() => core.replay(new Uint8Array(0)), /\w+ \w+/);
});

test("messages go both ways, and what breaks the protocol is named", async () => {
  const core = await openCore(bytes);
  assert.deepEqual([...core.encode({ m: "ping", t: 5 })].slice(0, 4), [0, 0, 0, 11]);
  assert.throws(() => core.encode({ m: "ping", t: -1 }), /"t" is wrong/);
  assert.throws(() => core.encode({ m: "welcome", v: 1, now: 5 }), /wrong/);
  const seen = [];
  const welcome = frame({ m: "welcome", v: 1, now: 1234567890123, rate: 1, app: "a \"q\" \u202e" });
  for (const byte of welcome) assert.ok(core.feed(new Uint8Array([byte]), (m) => seen.push(m)));
  assert.deepEqual(seen, [{ m: "welcome", v: 1, now: 1234567890123, rate: 1, app: 'a "q" ' }]);
  assert.equal(core.feed(new Uint8Array([255, 0, 0, 0]), () => {}), false);
});

test("a seat joins, sends, resends after a loss and takes a refusal", async () => {
  const core = await openCore(bytes);
  const room = core.room();
  const id = "abcdefghijkl";
  const take = (message) => {
    let result;
    core.feed(frame(message), () => { result = room.take(); });
    return result;
  };
  assert.match(room.command({ do: "talk.say", text: "Hi" }, 5).why, /Not in the room yet/);
  assert.ok(room.join({ room: id, name: "Robin", secret: "" }).length > 20);
  const joined = { m: "joined", room: id, seat: 0, role: 1, n: 0, session: 1, last_id: 6 };
  assert.equal(take(joined).result, TAKEN.CHANGED);
  const sent = room.command({ do: "talk.say", text: "Hi \ud83d\ude00" }, 5);
  assert.equal(sent.id, 7);
  assert.equal(room.state().pending[0].text, "Hi \ud83d\ude00");
  room.down();
  assert.equal(room.command({ do: "talk.say", text: "Later" }, 5).send.length, 0);
  core.reset();
  const again = take(joined);
  assert.ok(again.send.length > sent.send.length, "both go out again");
  assert.equal(take({ m: "refused", room: id, id: 7, why: "too-fast" }).result, TAKEN.CHANGED);
  assert.deepEqual(room.state().pending.map((one) => one.id), [8]);
  assert.ok(room.state().message_bad);
  assert.equal(take({ m: "left", room: "000000000000" }).result, TAKEN.IGNORED);
  assert.match(room.command({ do: "no.such" }, 5).why, /no such action/);
  assert.match(room.command({ do: "clock.add", phase: 0 }, 5).why, /"ms" is wrong/);
  assert.equal(room.refusal({ do: "clock.start" }, 5).why, "not-a-member");
  room.free();
});

test("a pack's file becomes the frames of a host, in parts", async () => {
  const core = await openCore(bytes);
  execFileSync(join(process.env.SPAR_BIN, "spar"), ["pack", "build", "--out", folder,
    join(process.env.SPAR_PACKS, "click-stream.yaml")]);
  const file = load(join(folder, "click-stream.pack"));
  assert.equal(core.packAbout(file).id, "click-stream");
  const frames = core.encodePack({ m: "host", id: 7, name: "Robin" }, file);
  assert.ok(frames.length > file.length * 0.9, "both bodies are in it");
  assert.throws(() => core.encodePack({ m: "ping", t: 1 }, file), /carries no pack/);
  assert.throws(() => core.packAbout(file.slice(1)), /not accepted/);
});

test("a board is what spar board writes, byte for byte", async () => {
  const module = readFileSync(join(process.env.SPAR_WASM, "report.wasm"));
  const file = recordings.at(-1)[0];
  for (const format of ["svg", "mermaid", "excalidraw"]) {
    const native = execFileSync(join(process.env.SPAR_BIN, "spar"), ["board", file, "--format", format],
      { env: { ...process.env, XDG_DATA_HOME: folder }, encoding: "utf8" });
    assert.ok(native.includes("Kafka"), native);
    assert.equal(await report(load(file), format, undefined, module), native, format);
  }
  await assert.rejects(report(load(file), "pdf", undefined, module));
});

/** Where it is summer and winter, half an hour off, none of the names that English has, and the usual. */
const ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu"];

test("a report is what spar report writes, byte for byte, in the reader's own zone", async () => {
  const module = readFileSync(join(process.env.SPAR_WASM, "report.wasm"));
  assert.deepEqual(WebAssembly.Module.imports(await WebAssembly.compile(module)), []);
  const was = process.env.TZ;
  for (const [i, [path]] of [...recordings, ...recordings].slice(0, ZONES.length).entries()) {
    process.env.TZ = ZONES[i];
    const home = { ...process.env, XDG_DATA_HOME: folder };
    const alone = mkdtempSync(join(folder, "alone."));
    copyFileSync(path, join(alone, "a.spar"));
    for (const format of ["text", "md", "html", "json"]) {
      const native = spawnSync(join(process.env.SPAR_BIN, "spar"),
        ["report", join(alone, "a.spar"), "--format", format], { env: home, encoding: "utf8" });
      const page = await report(load(path), format, undefined, module);
      assert.ok(native.stdout.length > 500, native.stderr);
      assert.equal(page, native.stdout, `${path} as ${format} in ${ZONES[i]}`);
      assert.equal(page.includes(" UTC"), ZONES[i] === "UTC" && format !== "json", `${format} in ${ZONES[i]} names UTC`);
    }
  }
  if (was === undefined) delete process.env.TZ; else process.env.TZ = was;
  await assert.rejects(report(new Uint8Array([1, 2]), "text", undefined, module), /\w+ \w+/);
});

test("a zone is what the C library has, in summer and in winter", () => {
  const was = process.env.TZ;
  for (const zone of ZONES) {
    for (const day of ["2026-01-15 12:00", "2026-07-15 12:00"]) {
      process.env.TZ = zone;
      const native = execFileSync("date", ["-d", `${day} UTC`, "+%Z %z"], { env: { ...process.env, LC_ALL: "C" }, encoding: "utf8" }).trim();
      const { minutes, name } = zoneAt(Date.parse(`${day.replace(" ", "T")}Z`));
      const two = (number) => String(Math.floor(number)).padStart(2, "0");
      const sign = minutes < 0 ? "-" : "+";
      assert.equal(`${name} ${sign}${two(Math.abs(minutes) / 60)}${two(Math.abs(minutes) % 60)}`, native, `${zone} on ${day}`);
    }
  }
  if (was === undefined) delete process.env.TZ; else process.env.TZ = was;
});

test("the tables name what the wire numbers", async () => {
  const core = await openCore(bytes);
  assert.equal(core.tables.roles[2], "candidate");
  assert.ok(core.tables.actions["mark.set"].required.includes("item"));
  assert.match(core.tables.refusals["prompt-seen"], /\w/);
});

test("nothing that the module has said names a thing twice", () => {
  assert.deepEqual(twice('{"a":1,"b":{"a":[{"c":"\\"a\\":"},{"c":2}]},"a":2}'), ['"a":']);
  assert.deepEqual([...doubled], []);
});
