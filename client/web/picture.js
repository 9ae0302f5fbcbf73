// SPDX-License-Identifier: ISC
// picture.js: pictures that were put on record by somebody who draws elsewhere: taken from a file,
// made small enough, and shown.
import { app, now, redraw, refresh } from "./app.js";
import { nameOf, refusalOf, since } from "./parts.js";
import { h } from "./view.js";
import { words } from "./words.js";

const BYTES = 204800;
const KINDS = new Set(["image/png", "image/jpeg", "image/webp"]);
const SIZES = [2000, 1400, 1000, 700];
const QUALITIES = [0.8, 0.55];
const say = words.picture;

const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

/** The file as it is, or drawn smaller until it may go on record; null: it is no picture. @param {File} file */
async function fit(file) {
  if (KINDS.has(file.type) && file.size <= BYTES) return bytesOf(file);
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return null;
  const canvas = document.createElement("canvas");
  for (const size of SIZES) {
    const scale = Math.min(1, size / Math.max(image.width, image.height));
    [canvas.width, canvas.height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
      if (blob && blob.size <= BYTES) return bytesOf(blob);
    }
  }
  return null;
}

async function put(event) {
  const [file] = event.target.files;
  event.target.value = "";
  const bytes = file && await fit(file);
  if (!bytes) { app.notice = say.none; redraw(); return; }
  const { send, why } = app.room.picture(bytes, now());
  if (!why) app.link.send(send);
  app.notice = why || "";
  refresh();
}

/** Addresses of the pictures of the room that is on show. */
const shown = { room: 0, urls: new Map() };

function address(one) {
  if (shown.room !== app.room.at) {
    for (const url of shown.urls.values()) URL.revokeObjectURL(url);
    shown.urls.clear();
    shown.room = app.room.at;
  }
  const bytes = shown.urls.has(one.id) ? null : app.room.pictureBytes(one.id);
  if (bytes) shown.urls.set(one.id, URL.createObjectURL(new Blob([bytes], { type: one.type })));
  return shown.urls.get(one.id);
}

/** The field that puts one on record. */
export function pictureField() {
  const refusal = refusalOf({ do: "picture.add", thing: 1, image: { bytes: "ffd8ff" } });
  const may = !refusal || refusal.why === "board-id"; // its number is for the core to give
  return may && h("label", { class: "btn s bring", key: "picture" }, say.put, h("input", { class: "vh", type: "file", id: "picture", accept: "image/*", onchange: put }));
}

export function pictures(board) {
  return board.pictures.map((one) => h("figure", { class: "picture", key: `p${one.id}` },
    h("figcaption", { class: "soft small" }, say.on_record(nameOf(one.by), since(one.at))), h("img", { src: address(one), alt: say.alt(nameOf(one.by)) })));
}
