# SPDX-License-Identifier: ISC
"""
Purpose: people of a cohort for scenario tests, on top of spar_peer: enter, offer packs, wait for a partner,
join the room that was opened for both. Written from the wire contract.
"""

import itertools

import msgpack

import spar_peer

LOBBY = "lobby0000000"
WHY = {"none": 0, "left": 1, "expired": 2, "missed": 3, "withdrawn": 4, "partner": 5, "met": 6}
LEVEL = {"any": 0, "mid": 1, "senior": 2, "staff": 3}
STUDENT, COACH = 2, 3
EITHER, INTERVIEWER, CANDIDATE = 0, 1, 2
ALL_PACKS = (1 << 48) - 1
HOUR = 60 * 60 * 1000


def pack_named(name):
    """A small pack whose prompt has this id."""
    public, panel = spar_peer.pack_bodies()
    body = msgpack.unpackb(public, raw=False)
    body["id"], body["title"] = name, "Prompt " + name
    return msgpack.packb(body, use_bin_type=True), panel


class Person:
    """Somebody with a key of their own. Keeps the name and comes back with `reconnect`."""

    def __init__(self, server, name):
        self.server, self.name, self.numbers = server, name, itertools.count(1)
        self.peer = server.connect(name)

    def reconnect(self):
        self.peer = self.server.connect(self.name)
        return self

    def ask(self, kind, **fields):
        """Sends a question and returns its number."""
        number = next(self.numbers)
        self.peer.send(m=kind, id=number, **fields)
        return number

    def answer(self, kind, number):
        """The answer of this kind, or the refusal."""
        while True:
            while self.peer.place < len(self.peer.seen):
                message = self.peer.seen[self.peer.place]
                self.peer.place += 1
                if message.get("id") == number and message["m"] in (kind, "refused"):
                    return message
            self.peer.receive()

    def found(self, secret, name="A cohort"):
        """Makes a cohort: the answer `made`."""
        return self.answer("made", self.ask("cohort", secret=secret, name=name))

    def enter(self, cohort, secret="", name=None):
        return self.answer("entered", self.ask("enter", cohort=cohort, secret=secret, name=name or self.name))

    def offer(self, cohort, pack):
        return self.answer("end", self.ask("offer", cohort=cohort, pack=pack[0], panel=pack[1]))["count"]

    def pair(self, cohort, packs, role=EITHER, level=0, minutes=0, wait=HOUR, **more):
        return self.ask("pair", cohort=cohort, packs=packs, role=role, level=level, minutes=minutes, wait=wait,
                        **more)

    def queue(self, cohort, **fields):
        return self.peer.take("queue", cohort=cohort, **fields)

    def matched(self, cohort):
        return self.peer.take("matched", cohort=cohort)

    def join(self, room, secret=""):
        return self.peer.join(room, secret=secret, name=self.name)

    def refusal(self, **fields):
        return self.peer.take("refused", **fields)
