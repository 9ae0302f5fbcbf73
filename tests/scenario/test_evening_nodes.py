# SPDX-License-Identifier: ISC
"""
Purpose: an evening on three servers over a primary with a synchronous standby. People sit in rooms, each pair at two
different servers, and talk; a server is killed, then the primary, then two servers and the primary at once, and each
time the standby takes over and what was lost becomes its standby. Afterwards every recording is whole, signed and byte
for byte the same from all servers (but for when it was fetched, and the signature's bytes), what was said is there
once, in the order in which everybody saw it, and one clock agrees with every moment of it. How long each fault kept
people waiting is printed.

SPAR_PEOPLE and SPAR_MINUTES make it longer: the long form kills something every minute.
"""
import json
import os
import shutil
import statistics
import sys
import time

import msgpack
import postgres
from pulse import Pulse
from support import LIMIT, SANITIZED, Server, Stage, check, dense, equal, main, once, spar_client, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

import standby  # noqa: E402

PEOPLE, MINUTES = int(os.environ.get("SPAR_PEOPLE", "12")), int(os.environ.get("SPAR_MINUTES", "0"))
PACE = 2.5 if MINUTES else 0.25  # seconds between two lines of one person: a seat has 512 in all
CLOCKS_APART = 0.25  # seconds that two servers' clocks, and the moments at which a client's lines are read, may differ
ONE, ALL, BOTH = "a server", "the primary", "two servers and the primary"
WAKES = 8  # who has to wake up until a line is heard at the other server: both clients, two servers and the database, several times
WORST = {ONE: 8, ALL: 30, BOTH: 30}  # seconds; what is waited for longer is refused by name


def signed(path):
    """All bytes of a recording between its two ends, and the fields of those but for when it was fetched and for the
    signature itself: ECDSA takes a new random number for each."""
    with open(path, "rb") as file:
        data = file.read()
    frames = [0]
    while frames[-1] < len(data):
        frames.append(frames[-1] + 4 + int.from_bytes(data[frames[-1]:frames[-1] + 4], "big"))
    head, end = (msgpack.unpackb(data[at + 4:to], raw=False) for at, to in (frames[:2], frames[-2:]))
    check(head["m"] == "recording" and head.pop("at"), "when it was fetched")
    check(end["m"] == "end" and end.pop("sign"), "it is signed")
    return data[frames[1]:frames[-2]], head, end


class Person:
    """A client that says numbered lines and notes when each line of the room came."""

    def __init__(self, batch, name):
        self.batch, self.name, self.read, self.number, self.said = batch, name, 0, 0, 0
        self.sent, self.heard, self.lost = {}, {}, []  # moments, of the monotonic clock

    def say(self):
        self.number += 1
        self.said = self.sent[self.text()] = time.monotonic()
        self.batch.do("talk.say", text=self.text())
        return self.text()

    def talk(self):
        return [event for event in self.batch.events() if event["do"] == "talk.say"]

    def text(self):
        """Its last line."""
        return f"{self.name} {self.number}"

    def listen(self):
        with self.batch.changed:
            lines = list(zip(self.batch.lines, self.batch.came))[self.read:]
        self.read += len(lines)
        for line, came in lines:
            if line.get("event", {}).get("do") == "talk.say":
                self.heard[line["event"]["text"]] = came
            elif line.get("state") in ("waiting", "connecting"):
                self.lost.append(came)


class Room:
    def __init__(self, evening, number):
        nodes = evening.servers
        here, there = nodes[number % 3], nodes[(number + 1 + number // 3 % 2) % 3]
        name = f"R{number}"
        host = evening.batch(["host", evening.at(nodes[0].link, here)], name + "-asks")
        self.link = host.link("candidate")
        self.coach = host.link("coach")
        candidate = evening.batch(["join", evening.at(self.link, there)], name + "-answers")
        self.people = [Person(host, name + "-asks"), Person(candidate, name + "-answers")]
        candidate.event(do="seat.join", role="candidate")
        host.do("clock.start")
        candidate.event(do="clock.start")

    def end(self):
        host, candidate = (person.batch for person in self.people)
        for action in ("clock.finish", "sheet.open", "debrief.open", "room.close"):
            host.do(action)
            candidate.event(do=action)
        for batch in (host, candidate):
            batch.end()


class Evening(Stage):
    """Three servers over the pair, with one key and host secret."""

    def __init__(self, pair):
        super().__init__(options=["--journal", pair.info], start=False)
        self.pair = pair
        self.servers = [self.server] + [
            Server(os.path.join(self.folder, f"node{i}"), options=["--journal", pair.info]) for i in (2, 3)]
        self.rooms, self.took = [], {ONE: [], ALL: [], BOTH: []}

    def __enter__(self):
        self.server.start()
        for other in self.servers[1:]:
            os.makedirs(other.data)
            for name in ("host.secret", "server.pem"):
                shutil.copy(os.path.join(self.server.data, name), other.data)
            other.start()
        return super().__enter__()

    def __exit__(self, kind, value, trace):
        for other in self.servers[1:]:
            if other.alive():
                other.kill()
            other.claim.close()
            if kind is not None:
                sys.stderr.write("".join(other.log[-30:]))
        super().__exit__(kind, value, trace)

    def at(self, link, server):
        """The link, leading to one server."""
        return link.replace(self.servers[0].listen, server.listen)

    def people(self):
        return [person for room in self.rooms for person in room.people]

    def await_all(self):
        """Each names the two others."""
        def named(server):
            return len((self.others_of(self.at(self.servers[0].link, server)) or "").split())
        until(lambda: all(named(server) == 2 for server in self.servers), "all three to be there")

    def missing(self):
        """Who has not heard which line of those that were said."""
        for person in self.people():
            person.listen()
        return [(hearer.name, text) for room in self.rooms for person in room.people for text in person.sent
                for hearer in room.people if text not in hearer.heard]

    def settle(self, what):
        try:
            until(lambda: not self.missing(), what)
        except AssertionError as failure:
            states = {person.name: (person.batch.errors, person.batch.refused(), len(person.lost))
                      for person in self.people()}
            raise AssertionError(f"{failure}: {self.missing()} of {states}") from failure

    def talk(self, enough):
        """Until `enough` says so everybody says a line each PACE seconds, once their last one has come to the other."""
        def turn():
            now = time.monotonic()
            for room in self.rooms:
                for person, other in zip(room.people, reversed(room.people)):
                    other.listen()
                    arrived = person.number == 0 or person.text() in other.heard
                    if arrived and now - person.said >= PACE:
                        person.say()
            return enough()
        until(turn, "people to talk", limit=300)

    def fault(self, kind):
        """The fault itself, what the operator does about it, and how long it was until what was said then had
        come to the others: of whoever was sent away, or of all where the database was lost."""
        victims = {ONE: 1, ALL: 0, BOTH: 2}[kind]
        lost = [self.servers[(len(self.took[ONE]) + i) % 3] for i in range(victims)]
        began = time.monotonic()
        for server in lost:
            server.kill()
        if kind != ONE:
            self.pair.primary.kill()
        lines = [(person, person.say()) for person in self.people()]
        promotion = self.pair.promote() if kind != ONE else 0
        self.settle(f"what was said after the loss of {kind}")
        # Whoever hears it may be among the lost, so the first of both counts.
        took = [min(hearer.heard[text] for hearer in room.people if hearer is not person) - began
                for room in self.rooms for person, text in lines
                if person in room.people and (kind != ONE or any(moment >= began for moment in person.lost))]
        self.took[kind].append((took, promotion, self.pulse.taken(began, time.monotonic(), WAKES)))
        for server in lost:
            server.start()
        if kind != ONE:
            self.pair.renew()
        self.await_all()

    def await_left(self, room):
        """That its people have gone is on record once a server has noticed: behind the end of their programs."""
        def is_left(server):
            here = set()
            for record in spar_client.fetch(self.at(room.link, server), self.key(room.people[0].name), LIMIT)[0]:
                event = msgpack.unpackb(record, raw=False)
                if event["do"] in ("seat.join", "seat.gone"):
                    (here.add if event["do"] == "seat.join" else here.discard)(event["seat"])
            return not here
        until(lambda: all(is_left(server) for server in self.servers), "everybody to be gone")

    def check_room(self, room, number):
        self.await_left(room)
        lines = [[event["text"] for event in person.talk()] for person in room.people]
        equal(lines[0], lines[1], "what both were shown")
        said = [text for person in room.people for text in person.sent]
        equal(sorted(lines[0]), sorted(said), "what was said, each once")
        for person in room.people:
            dense(person.batch.events())
            once(person.batch.events())
            equal(person.batch.refused(), [], "what was refused")
            moments = [event["at"] for event in person.talk()]
            equal(moments, sorted(moments), "the moments of what was said")
        recordings = [self.recording(room, server, f"{number}-{node}.spar") for node, server in enumerate(self.servers)]
        for got, said in recordings[1:]:
            check(got == recordings[0][0], "the recording is the same from each server")
            equal(said, recordings[0][1], "and so is what is said of it")

    def recording(self, room, server, name):
        """As one server gives it, and what `spar verify` says of it."""
        path, key = self.path(name), self.path(f"{room.people[0].name}.pem")
        self.spar("fetch", self.at(room.link, server), "--out", path, "--identity", key, code=0)
        return signed(path), json.loads(self.spar("verify", path, "--json", code=0).stdout)

    def check_clocks(self):
        """One offset fits all: no event is from before it was said, nor from after it was shown."""
        early, late = [], []
        for room in self.rooms:
            moments = {event["text"]: event["at"] / 1000 for event in room.people[0].talk()}
            for person, other in zip(room.people, reversed(room.people)):
                for text, said in person.sent.items():
                    early.append(said - moments[text])
                    late.append(min(person.heard[text], other.heard[text]) - moments[text])
        check(max(early) - min(late) <= CLOCKS_APART, f"a clock jumped by {max(early) - min(late):.3f} s")

    def tell(self):
        for kind, faults in self.took.items():
            every = [one for took, _, _ in faults for one in took]
            if not every:
                continue
            promoted = [promotion for _, promotion, _ in faults]
            print(f"\n  {kind} lost, {len(faults)} times, {len(every)} lines: p50 {statistics.median(every):.2f} s, "
                  f"worst {max(every):.2f} s (promotions: at most {max(promoted):.2f} s)", end=" ", flush=True)
            for took, promotion, machine in faults:
                check(max(took, default=0) < WORST[kind] + promotion + machine, f"{kind}: worst {max(took):.2f} s")


def faults():
    """What is lost, by turns; the great one in the middle."""
    if not MINUTES:
        return [ONE, ALL, BOTH]
    return [BOTH if minute == MINUTES // 2 else ALL if minute % 4 == 3 else ONE for minute in range(MINUTES)]


def evening(pair):
    with Evening(pair) as nodes, Pulse(nodes.path("pulse")) as nodes.pulse:
        nodes.await_all()
        nodes.rooms = [Room(nodes, number) for number in range(PEOPLE // 2)]
        for kind in faults():
            end = time.monotonic() + 60
            before = [person.number for person in nodes.people()]
            nodes.talk(lambda: time.monotonic() > end if MINUTES else
                       all(person.number >= begin + 4 for person, begin in zip(nodes.people(), before)))
            nodes.fault(kind)
        before = [person.number for person in nodes.people()]
        nodes.talk(lambda: all(person.number >= begin + 2 for person, begin in zip(nodes.people(), before)))
        nodes.settle("the last line")
        for room in nodes.rooms:
            room.end()
        for number, room in enumerate(nodes.rooms):
            nodes.check_room(room, number)
        nodes.check_clocks()
        nodes.tell()
        lines = sum(len(person.sent) for person in nodes.people())
        print(f"({lines} lines in {len(nodes.rooms)} rooms)", end=" ", flush=True)


def test_an_evening():
    with standby.pair() as pair:
        evening(pair)


if __name__ == "__main__":
    main(globals())
