# SPDX-License-Identifier: ISC
"""
Purpose: two servers over one database are one room: whoever sits at either sees the same; a server that
dies takes nobody's events with it, and its people are gone to the others, once; a database that is
restarted loses and doubles nothing that was said meanwhile.
"""
import os
import re
import shutil
import signal
import sys
import time

import postgres
from pulse import Pulse
from support import LIMIT, SANITIZED, Server, Stage, check, dense, equal, main, once, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

SIGNAL_MAX = 16384
WAKES = 4  # who has to wake up until a server has stopped: main, a worker, the journal's thread, whoever waits for it


class Nodes(Stage):
    """Two servers, the second with the first one's key and host secret."""

    def __init__(self, database):
        super().__init__(options=["--journal", database.info])
        self.other = Server(os.path.join(self.folder, "second"), options=["--journal", database.info])

    def __enter__(self):
        super().__enter__()
        os.makedirs(self.other.data)
        for name in ("host.secret", "server.pem"):
            shutil.copy(os.path.join(self.server.data, name), self.other.data)
        self.other.start()
        return self

    def __exit__(self, kind, value, trace):
        if self.other.alive():
            self.other.kill()
        self.other.claim.close()
        if kind is not None:
            sys.stderr.write("".join(self.other.log[-30:]))
        super().__exit__(kind, value, trace)

    def elsewhere(self, link):
        """The same link, at the second server."""
        return link.replace(self.server.listen, self.other.listen)


def same(a, b):
    """Both have folded the same, once nothing is under way."""
    equal(a.digest()["n"] > 0, True, "a digest")
    dense(a.events())
    dense(b.events())
    once(a.events())


def test_one_room(database):
    with Nodes(database) as nodes:
        host = nodes.host()
        candidate = nodes.join(nodes.elsewhere(host.link("candidate")), "Kim")
        candidate.event(do="seat.join", role="candidate")
        host.event(do="seat.join", role="candidate")
        host.do("clock.start")
        candidate.event(do="clock.start")
        for i in range(20):
            host.do("talk.say", text=f"question {i}")
            candidate.do("talk.say", text=f"answer {i}")
        for batch in (host, candidate):
            batch.event(do="talk.say", text="answer 19")
            batch.event(do="talk.say", text="question 19")
        said = [event["text"] for event in host.events() if event["do"] == "talk.say"]
        equal(said, [event["text"] for event in candidate.events() if event["do"] == "talk.say"], "the order of talk")
        equal(len(said), 40, "lines")
        same(host, candidate)


def test_each_names_the_others(database):
    with Nodes(database) as nodes:
        here = nodes.server.link
        until(lambda: nodes.others_of(here) == nodes.other.listen, "the second's name")
        until(lambda: nodes.others_of(nodes.elsewhere(here)) == nodes.server.listen, "the first's name")
        nodes.other.stop()
        until(lambda: nodes.others_of(here) == "", "the first to be alone")


def test_a_node_dies(database):
    with Nodes(database) as nodes:
        host = nodes.host()
        link = host.link("candidate")
        candidate = nodes.join(nodes.elsewhere(link), "Kim")
        candidate.event(do="seat.join", role="candidate")
        host.event(do="seat.join", role="candidate")
        host.do("clock.start")
        candidate.event(do="clock.start")
        host.do("talk.say", text="the last that was kept")
        host.event(do="talk.say", text="the last that was kept")
        nodes.server.kill()
        host.kill()
        candidate.event(do="talk.say", text="the last that was kept")
        gone = candidate.event(do="seat.gone")
        equal(sum(event["do"] == "seat.gone" for event in candidate.events()), 1, "how often it is gone")
        back = nodes.member(nodes.elsewhere(link), "Robin")  # by key: the seat is the interviewer's
        back.wait_do("seat.join", seat=gone["seat"], session=2)
        back.command("talk.say", text="here again")
        candidate.event(do="talk.say", text="here again")
        candidate.do("talk.say", text="good")
        back.wait_do("talk.say", text="good")
        dense(candidate.events())
        dense(back.events)
        nodes.server.start()
        third = nodes.join(link, "Kim")  # the candidate goes to the first
        third.event(do="talk.say", text="good")
        candidate.kill()


def six(nodes, elsewhere):
    """Six coaches of a room, each at the second server or not."""
    host = nodes.host()
    for _ in range(5):
        host.send({"invite": "coach"})

    def links():
        with host.changed:
            return [line["link"]["link"] for line in host.lines if line.get("link", {}).get("role") == "coach"]
    until(lambda: len(links()) == 6, "six links")
    return [nodes.member(nodes.elsewhere(link) if far else link, f"Person {i}")
            for i, (link, far) in enumerate(zip(links(), elsewhere))]


def test_voice_over_nodes(database):
    """Signals of any size, round trips, the sixth who wants to speak, and the end of a node with somebody on voice."""
    with Nodes(database) as nodes:
        people = six(nodes, (False, True, True, False, True, False))
        for tag, one in enumerate(people[:5], 1):
            one.await_message("ways", id=one.voice(tag=tag))
            for other in people:
                other.await_message("voiced", seat=one.seat, on=True, tag=tag)
        one, other = people[0], people[1]
        for data in (b"x", os.urandom(5600), os.urandom(SIGNAL_MAX)):
            for a, b in ((one, other), (other, one)):
                a.signal(b.seat, data)
                equal(b.await_message("signalled", seat=a.seat)["data"], data, "a signal")
        equal(one.await_message("refused", id=one.signal(other.seat, b"s" * (SIGNAL_MAX + 1)))["why"], "signal-size",
              "one byte too many")
        sixth = people[5]
        equal(sixth.await_message("refused", id=sixth.voice(tag=6))["why"], "voice-full", "the sixth")
        one.await_message("ways", id=one.voice(on=False))
        for person in people[1:]:
            person.await_message("voiced", seat=one.seat, on=None)
        sixth.await_message("ways", id=sixth.voice(tag=6))
        nodes.other.kill()
        for seat in (people[1].seat, people[2].seat, people[4].seat):
            equal(one.await_message("voiced", seat=seat, on=None).get("lost"), True, "lost with its server")
        one.await_message("ways", id=one.voice(tag=7))
        sixth.await_message("voiced", seat=one.seat, on=True, tag=7)
        one.signal(sixth.seat, b"still")
        equal(sixth.await_message("signalled")["data"], b"still", "between those who are left")


def test_six_at_once(database):
    """All press before any server has heard of the others: the same five are on for all, and one is told."""
    with Nodes(database) as nodes:
        people = six(nodes, (False, True, False, True, False, True))
        for tag, one in enumerate(people, 1):
            one.voice(tag=tag)
        on = [None] * len(people)

        def settled():
            for i, one in enumerate(people):
                voices(one, on, i)
            return all(len(known) == 5 and known == on[0] for known in on)
        until(settled, "the same five on voice everywhere")
        for i, one in enumerate(people):
            is_read(one)
            equal(voices(one, on, i), on[0], "and nothing more changes")


def voices(member, known, index):
    """The seats that are on voice as far as a member has been told by now, in known[index]."""
    is_read(member)
    seats = set()
    for message in member._others:
        if message["m"] == "voiced":
            (seats.add if message.get("on") else seats.discard)(message["seat"])
    known[index] = seats
    return seats


def test_a_node_stands_still(database):
    """It is taken for dead; when it goes on, its people come back by themselves."""
    with Nodes(database) as nodes:
        host = nodes.host()
        candidate = nodes.join(nodes.elsewhere(host.link("candidate")), "Kim")
        candidate.event(do="seat.join", role="candidate")
        host.event(do="seat.join", role="candidate")
        os.kill(nodes.server.process.pid, signal.SIGSTOP)
        try:
            gone = candidate.event(do="seat.gone")
            candidate.do("talk.say", text="Where are you?")
        finally:
            os.kill(nodes.server.process.pid, signal.SIGCONT)
        candidate.event(do="seat.join", seat=gone["seat"], session=gone["session"] + 1)
        host.event(do="talk.say", text="Where are you?")
        host.do("talk.say", text="here")
        candidate.event(do="talk.say", text="here")
        same(host, candidate)


def test_the_database_restarts(database):
    with Nodes(database) as nodes:
        host = nodes.host()
        candidate = nodes.join(nodes.elsewhere(host.link("candidate")), "Kim")
        candidate.event(do="seat.join", role="candidate")
        host.event(do="seat.join", role="candidate")
        database.kill()
        for i in range(5):
            host.do("talk.say", text=f"question {i}")
            candidate.do("talk.say", text=f"answer {i}")
        database.start().await_ready()
        for i in range(5):
            for batch in (host, candidate):  # each at its own server: the other's may be kept before one's own
                batch.event(do="talk.say", text=f"answer {i}")
                batch.event(do="talk.say", text=f"question {i}")
        said = [event["text"] for event in host.events() if event["do"] == "talk.say"]
        equal(sorted(said), sorted(f"{what} {i}" for i in range(5) for what in ("question", "answer")), "what is said")
        check(not host.refused() and not candidate.refused(), "nothing was refused")
        same(host, candidate)


def is_read(member):
    """Returns once the server has read what the member has sent."""
    member.connection.send("ping", t=1)
    name = None
    while name != "pong":
        message = member.connection.receive(LIMIT)
        name = message["m"]
        if member._take(message) and name != "event":
            member._others.append(message)


def stops_soon(server, pulse):
    began = time.monotonic()
    server.stop()
    took = pulse.spared(began, time.monotonic(), WAKES)
    check(took < 5, f"it took {took:.1f} s to stop")  # 1 s, on a machine with nothing else to do


def stops_without(database, away, back):
    """SIGTERM is not kept waiting by what nobody can confirm."""
    with Nodes(database) as nodes, Pulse(nodes.path("pulse")) as pulse:
        host = nodes.host()
        coach = nodes.join(nodes.elsewhere(host.link("coach")), "Kim")
        candidate = nodes.member(host.link("candidate"), "Sasha")
        for one in (coach, host):
            one.event(do="seat.join", role="candidate")
        away()
        try:
            candidate.command("talk.say", text="Is anybody there?")
            is_read(candidate)
            stops_soon(nodes.server, pulse)
        finally:
            back()
        coach.do("talk.say", text="I am")
        coach.event(do="talk.say", text="I am")
        check(not coach.refused(), "nothing was refused")


def test_a_node_stops_while_the_database_is_frozen(database):
    stops_without(database, database.freeze, lambda: database.freeze(False))


def test_a_node_stops_while_the_database_is_gone(database):
    stops_without(database, database.kill, lambda: database.start().await_ready())


def with_database(test):
    def run():
        with postgres.database() as database:
            test(database)
    return run


if __name__ == "__main__":
    main({name: with_database(test) for name, test in globals().copy().items() if name.startswith("test_")})
