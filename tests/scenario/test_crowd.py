# SPDX-License-Identifier: ISC
"""
Purpose: ten thousand WebSockets from sixteen addresses, none of which says hello, and all that are let in are kept open:
the server takes as many as it has room for and as one address may have, tells the next ones so (503) and turns away the
rest. A terminal client and a page in a room of their own never notice, and once the crowd has gone, anybody comes in.
"""
import resource
import socket

from support import LIMIT, Stage, check, equal, main, spar_client, until
from test_web import Honest, address
from web_peer import Page

ADDRESSES, EACH, ROOM = 16, 625, 600


def fate(where, raw, kept):
    """What becomes of one that is connected: the status that it is told, or nothing."""
    try:
        page = Page(where, raw=raw)
    except (OSError, EOFError):
        raw.close()
        return "turned away"
    if page.status == 101:
        kept.append(page)
    else:
        page.close()
    return page.status


def crowd(where, source, kept, fates):
    """All that one address sends: they stand at the door together, and then each says what it wants."""
    for raw in [socket.create_connection(where, LIMIT, (source, 0)) for _ in range(EACH)]:
        what = fate(where, raw, kept)
        fates[what] = fates.get(what, 0) + 1


class Sasha:
    """A page in the room, whose every line reaches the other."""

    def __init__(self, stage, host):
        link = spar_client.parse_link(host.link("candidate"))
        self.page, self.host, self.said = Page(address(stage)), host, 0
        self.room = link.room
        equal(self.page.hello(stage.folder, "Sasha")["m"], "welcome", "a page's hello")
        self.page.say(m="join", room=link.room, secret=link.secret, name="Sasha")
        self.page.take("joined")

    def lives(self):
        self.said += 1
        self.page.say(m="command", room=self.room, id=self.said, do="talk.say", text=f"a page's line {self.said}")
        self.host.event(do="talk.say", text=f"a page's line {self.said}")


def test_ten_thousand():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Stage(options=["--max-connections", str(ROOM)]) as stage:
        honest, kept, fates = Honest(stage), [], {}
        sasha = Sasha(stage, honest.host)
        for number in range(ADDRESSES):
            crowd(address(stage), f"127.0.1.{number + 1}", kept, fates)
            honest.lives()
            sasha.lives()
        print(f"of {ADDRESSES * EACH}: {fates}")
        check(set(fates) == {101, 503, "turned away"}, f"taken, told, or turned away: {fates}")
        equal(sum(fates.values()), ADDRESSES * EACH, "how many came")
        stage.server.await_log("why=too-many-of-one-address")  # the log says why they were turned away
        for page in kept:
            page.close()
        until(lambda: fate(address(stage), socket.create_connection(address(stage), LIMIT), kept) == 101, "room for one more")
        for page in kept:
            page.close()
        honest.lives()
        sasha.lives()
        sasha.page.close()


if __name__ == "__main__":
    main(globals())
