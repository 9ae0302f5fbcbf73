// SPDX-License-Identifier: ISC
// app.js: the page. So far it takes the seat of its link and shows the room's state as text.
import { fetchCore, TAKEN } from "./core.js";
import { openIdentity } from "./identity.js";
import { Link } from "./link.js";

const main = document.getElementById("app");

/** https://HOST:PORT/ROOM#ROLE.SECRET.PIN @param {Location} at */
export function readLink(at) {
  const [role, secret] = at.hash.slice(1).split(".");
  return { room: at.pathname.slice(1), role, secret: secret || "" };
}

function show(text) {
  const pre = document.createElement("pre");
  pre.textContent = text;
  main.replaceChildren(pre);
}

async function start() {
  const link = readLink(location);
  const [core, identity] = await Promise.all([fetchCore("/app/core.wasm"), openIdentity()]);
  const room = core.room();
  const connection = new Link(core, identity, {
    up: () => connection.send(room.join({ room: link.room, secret: link.secret, name: "Guest" })),
    down: (_, why) => { room.down(); show(why); },
    over: (_, text) => show(text),
    message: (message) => {
      const { result, send } = room.take();
      connection.send(send);
      if (result === TAKEN.AGAIN) {
        connection.send(room.join({ room: link.room, secret: link.secret, name: "Guest" }));
      }
      if (message.m === "refused" || message.m === "error") show(message.text);
      else show(JSON.stringify(room.state(), null, 1));
    },
  });
  window.spar = { core, identity, room, connection };
}

if (main) start();
