# SPDX-License-Identifier: ISC
"""
Purpose: an evening in small, by people who each mind only their own state: pair, hold a half, turn the roles, hold
the other half, pair again; on four workers, with connections cut at random and the server killed twice. Nobody is left
over: who is through goes on until everybody is. Afterwards every room of the cohort holds one pair, both halves name
each other, and nobody sat in two at once.
"""
import random
import threading
import time

import msgpack

import spar_peer
from cohort_peer import WHY, Person, pack_named
from spar_peer import Ended, Server
from support import LIMIT, check, equal, main, until
from test_pairing import PATIENT, people

PACKS = tuple("p%d" % i for i in range(8))
LOST = (Ended, OSError)
RATE = 60
ROUNDS = 2  # that everybody gets through, at the least
LEAVING = RATE * 1000  # room time: a leave is not answered, so it may come to the log a little late


class Guest(threading.Thread):
    """One of the people. Every step may be cut short; then it is taken again on a new connection."""

    def __init__(self, server, cohort, person, over, seed):
        super().__init__(daemon=True)
        self.server, self.cohort, self.person = server, cohort, person
        self.over, self.random = over, random.Random(seed)
        self.failure, self.halves = None, []
        self.end = time.monotonic() + 4 * LIMIT

    def run(self):
        try:
            while (room := self.again(self.find_partner)) is not None:
                following = self.again(lambda room=room: self.hold(room, swap=True))
                self.again(lambda room=following: self.hold(room, swap=False))
                self.halves.append((room, following))
        except Exception as failure:  # told by the main thread
            self.failure = failure

    def again(self, step):
        while True:
            check(time.monotonic() < self.end, self.person.name + " is too late")
            try:
                return step()
            except TimeoutError as late:
                last = [str(m)[:200] for m in self.person.peer.seen[-8:]]
                raise AssertionError("%s waited in vain after %s" % (self.person.name, last)) from late
            except LOST:
                self.come_back()

    def come_back(self):
        while True:
            check(time.monotonic() < self.end, self.person.name + " does not come back")
            try:
                self.person.peer = spar_peer.Peer(self.server.address, spar_peer.make_key(self.server.folder,
                                                                                         self.person.name))
                check(self.person.enter(self.cohort)["m"] == "entered", "back in the cohort")
                return
            except LOST:
                threading.Event().wait(0.02)

    def maybe_cut(self):
        if self.random.random() < 0.1:
            self.person.peer.reset()
            raise Ended(None)

    def wait_in_line(self):
        self.person.pair(self.cohort, (1 << len(PACKS)) - 1)

    def find_partner(self):
        """The room of the next match, or None once everybody is through and this one is in no match."""
        self.wait_in_line()
        self.maybe_cut()
        while True:
            message = self.person.peer.receive()
            if message["m"] == "matched":
                if message["room"] not in [room for room, _ in self.halves]:
                    return message["room"]
                # The server died before it had noted that both came, and they were through sooner:
                # come once more.
                self.person.peer.join(message["room"], name=self.person.name)
                self.person.peer.send(m="leave", room=message["room"])
                self.wait_in_line()  # what was said of the queue before `joined` has been skipped
            if message["m"] == "queue" and message.get("place"):
                if self.over():
                    self.person.ask("unpair", cohort=self.cohort)
            elif message["m"] == "queue" and message.get("why") == WHY["left"] and self.over():
                return None
            elif message["m"] in ("queue", "refused"):
                # Too late to leave the queue if that is refused: the match comes, or one has to
                # line up to know.
                check(message["m"] == "queue" or message["why"] == "not-waiting", message)
                self.wait_in_line()

    def hold(self, room, swap):
        """Both come, the interviewer runs the clock to its end; then they go on, or leave."""
        peer = self.person.peer
        joined = peer.join(room, name=self.person.name)
        self.maybe_cut()
        did = set()
        events = [m for m in peer.seen if m["m"] == "event" and m["room"] == room]
        seats = set()
        while True:
            for event in events:
                did.add(event["do"])
                if event["do"] == "seat.join":
                    seats.add(event["seat"])
                if event["do"] == "room.swap":
                    peer.send(m="leave", room=room)
                    return event["next"]
                if event["do"] == "room.close" or (event["do"] == "debrief.open" and not swap):
                    peer.send(m="leave", room=room)
                    return None
            if joined["role"] == 1 and len(seats) == 2:
                self.act(room, did, swap, joined)
            elif joined["role"] == 2 and "turn.ask" in did and self.is_first(room, "end"):
                self.turn(room)
            message = peer.receive()
            events = [message] if message["m"] == "event" and message["room"] == room else []

    def is_first(self, room, action):
        """Whether it asks for this for the first time on this connection; what was asked before may be lost."""
        asked = self.person.peer.__dict__.setdefault("asked", set())
        first = (room, action) not in asked
        asked.add((room, action))
        return first

    def act(self, room, did, swap, joined):
        """The interviewer's next step, if the last one has come back."""
        peer = self.person.peer
        if len(peer.events(room)) < joined["n"]:
            return  # it does not know yet how far they are
        for action in ("clock.start", "clock.finish"):
            if action not in did:
                if self.is_first(room, action):
                    peer.do(room, action)
                return
        if not self.is_first(room, "end"):
            return
        if swap:
            peer.do(room, "turn.ask", on=1)
        else:
            peer.do(room, "debrief.open")
        self.maybe_cut()

    def turn(self, room):
        """The candidate agrees to turn the roles, and brings the prompt."""
        peer = self.person.peer
        pack = pack_named("q%d" % self.random.randrange(10 ** 9))
        peer.ids[room] += 1
        peer.send(m="swap", room=room, id=peer.ids[room], pack=pack[0], panel=pack[1])
        self.maybe_cut()


def presence(records):
    """[(name, from, to)] of who was here in a room, by its events."""
    here, spans, names = {}, [], {}
    for record in records:
        event = msgpack.unpackb(record["event"], raw=False)
        if event["do"] == "seat.join":
            seat = event["seat"]
            names[seat] = event["name"]
            if seat in here:
                spans.append((names[seat], here[seat], event["at"]))
            here[seat] = event["at"]
        elif event["do"] == "seat.gone":
            spans.append((names[event["seat"]], here.pop(event["seat"]), event["at"]))
    return spans, names


def wake_who_waits(coach, cohort):
    """Everybody in the queue is told of it anew, as the coach (who takes no pack, so nobody fits) comes and goes."""
    coach.reconnect()
    coach.enter(cohort)
    coach.pair(cohort, 0)
    coach.queue(cohort)
    coach.ask("unpair", cohort=cohort)


def test_storm():
    # The last two may have been partners just before: they wait a minute for each other, on the
    # fast clock a second.
    with Server(workers=4, options=(*PATIENT, "--clock-rate", str(RATE), "--tokens", "1000000")) as server:
        cohort, made, coach, crowd = people(server, ["P%02d" % i for i in range(10)], PACKS)
        guests = []

        def over():
            return all(len(guest.halves) >= ROUNDS for guest in guests)

        guests += [Guest(server, cohort, person, over, seed) for seed, person in enumerate(crowd)]
        for guest in guests:
            guest.start()
        for _ in range(2):
            done = sum(len(guest.halves) for guest in guests)
            until(lambda done=done: sum(len(guest.halves) for guest in guests) >= done + 2 or
                  any(guest.failure for guest in guests), "the next pair that is through")
            server.kill()
            server.start()
        until(lambda: over() or any(guest.failure for guest in guests), "the end of the evening", 4 * LIMIT)
        wake_who_waits(coach, cohort)
        for guest in guests:
            guest.join(LIMIT)
        failures = [(guest.person.name, guest.failure) for guest in guests if guest.failure or guest.is_alive()]
        equal(failures, [], "people who did not get through the evening")
        pairs = {}
        for guest in guests:
            for halves in guest.halves:
                pairs.setdefault(halves, set()).add(guest.person.name)
        equal({len(names) for names in pairs.values()}, {2}, f"people in each pair of halves: {pairs}")
        check(len(pairs) >= len(crowd) * ROUNDS / 2, f"too few pairs: {pairs}")
        check_rooms(coach, pairs)


def check_rooms(coach, pairs):
    by_name = {}
    for halves, names in pairs.items():
        for room in halves:
            number = next(coach.numbers)
            coach.peer.send(m="fetch", room=room, id=number)
            end = coach.answer("end", number)
            equal(end["m"], "end", f"a recording: {end}")
            records = [m for m in coach.peer.seen if m["m"] == "record" and m["room"] == room]
            equal([m["n"] for m in records], list(range(1, end["count"] + 1)), "numbers without a gap")
            spans, seats = presence(records)
            equal(set(seats.values()), names, "who sat in " + room)
            for name, begin, finish in spans:
                by_name.setdefault(name, []).append((begin, finish, halves))
    for name, spans in by_name.items():
        spans.sort()
        for (_, finish, halves), (begin, _, others) in zip(spans, spans[1:]):
            check(halves == others or begin + LEAVING >= finish, f"{name} was in two pairs at once: {spans}")


if __name__ == "__main__":
    main(globals())
