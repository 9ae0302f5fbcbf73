# SPDX-License-Identifier: ISC
"""Purpose: for how long a server keeps what is written in a room is said before anybody gives a name: on the wire, and
in the terminal before its screen opens."""

import os
import shutil
import sys

from run_screen import Terminal
from spar_peer import Server, pack_bodies
from support import BIN, Stage, check, equal, main

DAY = 24


def look(peer, room, secret, kind="term"):
    peer.send(m="join", room=room["room"], secret=secret, look=True)
    said = peer.take(kind, room=room["room"])
    return {name: said[name] for name in said if name not in ("m", "room", "text")}


def test_asked_without_a_name():
    public, panel = pack_bodies()
    with Server(options=["--keep", "180d"]) as server:
        host = server.connect("host")
        equal(host.welcome["hours"], 180 * DAY, "what the welcome says")
        room = host.host(server.secret, public, panel)
        short = host.host(server.secret, public, panel, days=30)
        fleeting = host.host(server.secret, public, panel, fleeting=True)
        guest, other = server.connect("guest"), server.connect("other")
        equal(look(guest, room, room["candidate"]), {}, "a room that is kept as all are")
        equal(look(guest, short, short["candidate"]), {"days": 30}, "a room with days of its own")
        equal(look(guest, fleeting, fleeting["coach"]), {"fleeting": True}, "a room of which nothing is kept")
        # Nobody was seated, and the link is as good as before, for whoever takes it first.
        host.join(room["room"], room["interviewer"], "Robin")
        equal(other.join(room["room"], room["candidate"], "Ben")["seat"], 1, "the second seat of all")
        host.event(do="seat.join", name="Ben")
        equal([e["name"] for e in host.events(room["room"]) if e["do"] == "seat.join"], ["Robin", "Ben"], "who came in")
        # Whom it does not let in, it tells nothing; and who sits there need not ask.
        equal(look(guest, room, room["candidate"], "refused")["why"], "link-used", "a link that was used")
        equal(look(guest, room, "x" * 22, "refused")["why"], "no-such-room", "a link that opens nothing")
        equal(look(guest, {"room": "abcdefghijkl"}, "x" * 22, "refused")["why"], "no-such-room", "no room")
        equal(look(other, room, room["candidate"], "refused")["why"], "no-change", "whoever is in the room")
        equal(other.done(room["room"], "talk.say", text="still here")["by"], 1, "the seat is as it was")
        # Its own seat's key looks by the key alone, on another connection, and pushes nobody out.
        equal(look(server.connect("other"), room, ""), {}, "by the key of a seat")
        equal(other.done(room["room"], "talk.say", text="and still")["by"], 1, "the seat is as it was")
    with Server() as server:
        check("hours" not in server.connect("host").welcome, "without a term none is said")


def through(stage, name, *arguments, ready="● live"):
    """What the terminal shows once the screen of a command has been left again."""
    terminal = Terminal(stage.folder, name, " ".join([os.path.join(BIN, "spar"), *(f"'{one}'" for one in arguments), "--name", name]))
    try:
        terminal.wait(ready)
        terminal.leave("You have left")
        text = terminal.run("capture-pane", "-p", "-J", "-S", "-")
        broken = [line for line in text.splitlines() if "recorded." in line and len(line) > 80]
        check(not broken, f"left to the terminal, which breaks words: {broken}")
        return " ".join(text.split())
    finally:
        terminal.close()


def test_said_in_the_terminal():
    if not shutil.which("tmux"):
        sys.exit(77)
    who = "Everybody who sat there can read it, and so can whoever runs the server."
    with Stage(options=["--keep", "36h"]) as stage:
        host = stage.host("Robin")
        text = through(stage, "Ben", "join", host.link("candidate"))
        check(who in text and "nothing more has happened there for 36 hours," in text, text)
        fleeting = stage.host("Kim", "--keep", "nothing")
        text = through(stage, "Zoe", "join", fleeting.link("candidate"))
        check("Nothing of it is kept once the room is over." in text, text)
        text = through(stage, "Ada", "host", stage.server.link, "--keep", "1d")
        check("nothing more has happened there for 1 day," in text, text)
        text = through(stage, "Ida", "pair", stage.server.link, ready="in the queue.")
        check("nothing more has happened there for 36 hours," in text, text)


if __name__ == "__main__":
    main(globals())
