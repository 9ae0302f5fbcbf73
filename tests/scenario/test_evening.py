# SPDX-License-Identifier: ISC
"""
Purpose: one evening of a practice group, on the fast clock, with the real programs and four workers: 40 people
pair up, 20 rooms are held with the roles turned half-way, two coaches watch all of them, connections are cut at
random and the server dies by kill -9 twice. Afterwards every recording is whole, nobody was in two rooms at
once, every report adds up, and the wall has shown each planted trouble in time.
"""
import json
import os
import random
import sys
import threading
import time

from cutter import Cutter
from pulse import Pulse
from report_sums import adds_up
from support import BIN, LIMIT, SANITIZED, Batch, Stage, check, equal, main, run, spar_client, until

PEOPLE, RATE, SEED = 40, 60, 11
CUT_SHARE = 0.1  # of the connections that are open, each time
SHOWN_WITHIN_S = 2
WAKES = 3  # who has to wake up one after the other until a wall shows what others know: worker, wall, its reader
MINUTE = 60_000  # ms of room time
# What is planted in the first halves, one kind a room; None: nothing.
TROUBLES = ["hand", "gone", "over-main", "silent", "late"] * 3 + ["gone", "silent", "late", None, None]
# Those that come of the clock alone.
AWAITED = ("silent", "late")
SUDDEN = ("hand", "gone", "over-main")
# How old each is, in ms of room time, when the wall has to show it first.
THRESHOLDS = {"hand": 0, "gone": 20_000, "over-main": 0, "silent": 5 * MINUTE, "late": 0}
MARKS = ["clarify-volume", "clarify-latency", "clarify-schema"]


class Wall(Batch):
    """A coach."""

    def place(self):
        """How many lines there are."""
        with self.changed:
            return len(self.lines)

    def shows(self, room, why):
        """Whether the last row of a room gives this reason."""
        with self.changed:
            rows = [line for line in self.lines if line.get("room") == room and "attention" in line]
        return any(reason["why"] == why for reason in rows[-1]["attention"])

    def youngest(self, room, why, start):
        """The least age (ms of room time) at which the wall gave this reason for a room in the lines from `start` on,
        and when it did; None: it never did."""
        with self.changed:
            rows = [(line, came) for line, came in zip(self.lines[start:], self.came[start:])
                    if line.get("room") == room and "attention" in line]
        return min(((reason["for_ms"], came) for row, came in rows for reason in row["attention"]
                    if reason["why"] == why), default=None)

    def is_back(self, rooms):
        """Waits until what it says arrives again in every room."""
        nowhere, start = "aaaaaaaaaaaa", self.place()
        self.send(*[{"room": room, "do": "note.mine", "text": "back"} for room in rooms], {"wait": "sync"},
                  {"room": nowhere, "do": "talk.say", "text": "?"})  # answered once all before it is
        self.find(lambda line: line.get("room") == nowhere, "the wall to be back", start=start)


class Person:
    """Somebody with `spar pair --batch`, and later perhaps `spar join ROOM` with the same key."""

    def __init__(self, stage, link, name):
        self.stage, self.name, self.start = stage, name, 0
        self.batch = stage.batch(["pair", link, "--minutes", "any", "--wait", "600"], name)
        self.room = self.role = self.partner = None
        self.matched = set()

    def meet(self):
        matched = self.batch.find(lambda line: "matched" in line, f"a partner for {self.name}")["matched"]
        self.room, self.role, self.partner = matched["room"], matched["role"], matched["partner"]

    def note_matches(self):
        with self.batch.changed:
            self.matched |= {line["matched"]["room"] for line in self.batch.lines if "matched" in line}

    def here(self):
        """What is awaited from now on comes after what has been printed."""
        with self.batch.changed:
            self.start = len(self.batch.lines)

    def event(self, **fields):
        def fits(line):
            return "event" in line and all(line["event"].get(key) == value for key, value in fields.items())

        return self.batch.find(fits, f"an event {fields} for {self.name} in {self.room}", start=self.start)["event"]

    def heard(self, **fields):
        """When the event came, of the monotonic clock."""
        event = self.event(**fields)
        with self.batch.changed:
            return next(came for line, came in zip(self.batch.lines, self.batch.came) if line.get("event") is event)

    def do(self, action, **fields):
        self.batch.do(action, **fields)

    def is_back(self):
        """Waits until what it says arrives."""
        self.here()
        self.do("talk.say", text=f"{self.name} is back")
        self.event(do="talk.say", text=f"{self.name} is back")

    def vanish(self):
        self.note_matches()
        self.batch.kill()

    def come_back(self):
        self.start = 0
        self.batch = self.stage.batch(["join", self.room], self.name)
        self.event(do="seat.join", name=self.name)


class Evening:
    def __init__(self, stage, cutters, chance):
        self.stage, self.cutters, self.chance = stage, cutters, chance
        made = json.loads(stage.spar("cohort", "new", "Thursday group", "--link", stage.server.link, "--json",
                                     name="Olga", code=0).stdout)
        self.cohort = made["cohort"]
        self.students, self.coaches_link = (cutter.through(made[key]) for cutter, key in
                                            zip(cutters, ("students", "coaches")))
        self.walls = [self.wall(name) for name in ("Kim", "Noor")]
        self.people, self.failures, self.stirred = [], [], threading.Event()
        self.planted, self.running, self.lock = [], 0, threading.Lock()
        self.sudden = 0  # troubles of SUDDEN that were shown
        self.calm = threading.Lock()  # held while somebody makes a first connection, which is tried once

    def wall(self, name):
        wall = Wall([*["coach", self.coaches_link, "--batch", "--name", name, "--identity",
                       self.stage.path(name + ".pem")]], self.stage.environment(name))
        self.stage.everybody.append(wall)
        return wall

    def restart(self):
        self.stage.server.kill()
        self.stage.server.start()

    def cut(self, walls=True):
        with self.calm:
            for cutter in self.cutters[:2 if walls else 1]:
                cutter.cut(lambda _: self.chance.random() < CUT_SHARE)

    def cuts(self):
        return sum(cutter.cuts for cutter in self.cutters)

    # ---- pairing ----

    def all_in_lobby(self):
        """A first connection that fails is told to the person, who tries again; only later ones come back."""
        for person in self.people:
            person.batch.find(lambda line: "queue" in line or "matched" in line, f"{person.name} in the lobby")
        for wall in self.walls:
            wall.find(lambda line: "room" in line, "a room on the wall")

    def pair_up(self):
        for i in range(PEOPLE):
            if i == PEOPLE // 2:
                self.all_in_lobby()
                self.restart()  # some are matched, some rooms are being opened
            if i == PEOPLE * 3 // 4:
                self.all_in_lobby()
                self.cut()
            self.people.append(Person(self.stage, self.students, f"P{i:02}"))
        for person in self.people:
            person.meet()
        rooms = {}
        for person in self.people:
            rooms.setdefault(person.room, {})[person.role] = person
        equal(len(rooms), PEOPLE // 2, "rooms")
        for pair in rooms.values():
            equal(set(pair), {"interviewer", "candidate"}, "the roles in a room")
            equal(pair["interviewer"].partner, pair["candidate"].name, "whom the interviewer met")
        return list(rooms.values())

    # ---- one room ----

    def play(self, pair, trouble):
        try:
            self.first_half(pair["interviewer"], pair["candidate"], trouble)
            self.second_half(pair["candidate"], pair["interviewer"])
        except BaseException as error:  # a thread's failure is the test's
            self.failures.append((pair["interviewer"].room, trouble, error))

    def first_half(self, interviewer, candidate, trouble):
        candidate.seat = interviewer.event(do="seat.join", name=candidate.name)["seat"]
        interviewer.do("clock.start")
        candidate.event(do="clock.start")
        for item in MARKS:
            interviewer.do("mark.set", item=item, mark="raised")
        if trouble in AWAITED:  # however long the others take: its time comes when it is planted
            interviewer.do("clock.pause")
            candidate.event(do="clock.pause")
        with self.lock:
            self.running += 1
        check(self.stirred.wait(3 * LIMIT), "nobody has stirred the evening")
        if trouble:
            self.plant(trouble, interviewer, candidate)
        interviewer.do("clock.finish")
        candidate.event(do="clock.finish")

    def plant(self, trouble, interviewer, candidate):
        """Nobody is away any more when it is, nor shows a wall what came of the server's death."""
        room, name = interviewer.room, candidate.name if trouble in ("hand", "gone") else None
        for person in (interviewer, candidate):
            person.is_back()
        for wall in self.walls:
            until(lambda wall=wall: not wall.shows(room, trouble), f"no {trouble} in {room}")
        starts = [wall.place() for wall in self.walls]
        heard = self.do_harm(trouble, interviewer, candidate)
        with self.lock:
            self.planted.append((room, trouble, heard, starts))
        for wall, start in zip(self.walls, starts):
            wall.find(lambda line: line.get("room") == room and any(
                reason["why"] == trouble and name in (None, reason.get("name"))
                for reason in line.get("attention", [])), f"{trouble} in {room}", limit=2 * LIMIT, start=start)
        with self.lock:
            self.sudden += trouble in SUDDEN
        if trouble == "hand":
            candidate.do("hand.set", on=0)
        elif trouble == "gone":
            with self.calm:
                candidate.come_back()

    @staticmethod
    def do_harm(trouble, interviewer, candidate):
        """When somebody else in the room heard of it: a wall cannot before."""
        if trouble == "hand":
            candidate.do("hand.set", on=1)
            return interviewer.heard(do="hand.set")
        if trouble == "gone":
            candidate.vanish()
            return interviewer.heard(do="seat.gone", seat=candidate.seat)
        if trouble == "over-main":
            interviewer.do("clock.jump", phase="design")
            interviewer.do("clock.add", phase="design", ms=-15 * MINUTE)
            return candidate.heard(do="clock.add")
        # The others come of doing nothing for long enough.
        interviewer.do("clock.resume")
        interviewer.do("mark.set", item=MARKS[0], mark="prompted")
        return candidate.heard(do="clock.resume")

    def second_half(self, interviewer, candidate):
        """The roles are turned: `interviewer` was the candidate of the first."""
        for person in (interviewer, candidate):
            person.here()
        candidate.do("room.swap")  # asks, and the other agrees
        interviewer.do("room.swap")
        opened = interviewer.event(do="room.open", prev=interviewer.room)
        check(opened["at"] > 0, "the next room opens")
        for person in (interviewer, candidate):
            person.event(do="seat.join", name=interviewer.name, role="interviewer")
            person.event(do="seat.join", name=candidate.name, role="candidate")
        interviewer.do("clock.start")
        candidate.event(do="clock.start")
        for item in MARKS[:2]:
            interviewer.do("mark.set", item=item, mark="prompted")
        interviewer.batch.send({"wait": "sync"})
        for action in ("clock.finish", "sheet.open"):
            interviewer.do(action)
            candidate.event(do=action)
        for item in MARKS[:2]:
            candidate.do("self.set", item=item, mark="raised")
        candidate.batch.send({"wait": "sync"})
        for action in ("debrief.open", "room.close"):
            interviewer.do(action)
            candidate.event(do=action)
        for person in (interviewer, candidate):
            person.batch.end()

    def hold_rooms(self, pairs):
        troubles = list(TROUBLES)
        self.chance.shuffle(troubles)
        threads = [threading.Thread(target=self.play, args=(pair, trouble), daemon=True)
                   for pair, trouble in zip(pairs, troubles)]
        for thread in threads:
            thread.start()
        pause, end = threading.Event(), time.monotonic() + LIMIT
        while self.running < len(pairs) and not self.failures and time.monotonic() < end:
            pause.wait(0.01)
        self.restart()
        self.cut()
        for wall in self.walls:  # while the server is away nobody can be told of anything
            wall.is_back([pair["interviewer"].room for pair in pairs])
        self.stirred.set()
        while any(thread.is_alive() for thread in threads) and not self.failures:
            threads[-1].join(1)
            if self.cuts() < PEOPLE:  # a wall that is away is told of nothing sudden
                self.cut(walls=self.sudden == len([one for one in TROUBLES if one in SUDDEN]))
            for thread in threads:
                thread.join(0.2)
        if self.failures:
            raise AssertionError(f"rooms that went wrong: {self.failures}")

    # ---- afterwards ----

    def check_people(self):
        for person in self.people:
            person.note_matches()
            equal(person.matched, {person.room}, f"the rooms that {person.name} was matched in")

    def check_walls(self, pulse):
        """In time is each that the wall showed SHOWN_WITHIN_S after it was due and somebody in the room had heard what
        it comes of, or as much later as the machine took of all on the way."""
        late = []
        equal(len(self.planted), len([one for one in TROUBLES if one]), "planted troubles")
        for wall in self.walls:
            for room, trouble, heard, starts in self.planted:
                shown = wall.youngest(room, trouble, starts[self.walls.index(wall)])
                check(shown is not None, f"{trouble} in {room} was never shown")
                age, came = shown
                due = max(heard, came - (age - THRESHOLDS[trouble]) / RATE / 1000)
                late.append((came - due, WAKES * pulse.worst(due, came), trouble))
        print(f"(latest trouble {max(late)[0]:.2f} s: {max(late)[2]})", end=" ", flush=True)
        check(SANITIZED or all(took <= SHOWN_WITHIN_S + machine for took, machine, _ in late),
              f"shown too late, and what the machine took: {sorted(late)[-5:]}")

    def export(self):
        folder = self.stage.path("evening")
        done = run([os.path.join(BIN, "spar"), "cohort", "export", folder, "--cohort",
                    self.coaches_link, "--identity", self.stage.path("Kim.pem")],
                   env=self.stage.environment("Kim"))
        equal(done.returncode, 0, f"exit code of the export, which said {done.stderr!r}")
        files = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".spar"))
        equal(len(files), PEOPLE, "recordings: two halves of each room")
        return files

    def check_recordings(self, files):
        stays = {}
        for path in files:
            self.stage.spar("verify", path, name="Kim", code=0)
            report = json.loads(self.stage.spar("report", path, "--format", "json", name="Kim", code=0).stdout)
            adds_up(report)
            for name, begin, end in presence(path):
                stays.setdefault(name, []).append((begin, end, report["room"]))
        for person in self.people:
            spans = sorted(stays[person.name])
            equal(len({room for _, _, room in spans}), 2, f"rooms of {person.name}")
            for (_, end, room), (begin, _, other) in zip(spans, spans[1:]):
                check(end <= begin, f"{person.name} was in {other} from {begin}, and in {room} until {end}")


def presence(path):
    """(name, from, until) of every stay of the interviewer and the candidate that a recording tells of."""
    import msgpack
    with open(path, "rb") as file:
        data = file.read()
    at, here, names, stays = 0, {}, {}, []
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        frame = msgpack.unpackb(data[at + 4:at + 4 + size], raw=False)
        at += 4 + size
        if frame["m"] != "record":
            continue
        event = msgpack.unpackb(frame["event"], raw=False)
        if event["do"] == "seat.join" and event["role"] != 3:
            names[event["seat"]] = event["name"]
            here.setdefault(event["seat"], event["at"])
        elif event["do"] == "seat.gone" and event["seat"] in here:
            stays.append((names[event["seat"]], here.pop(event["seat"]), event["at"]))
    stays += [(names[seat], since, sys.maxsize) for seat, since in here.items()]
    return stays


def test_evening():
    with Stage(workers=4, options=["--clock-rate", str(RATE), "--appear-within", "3600"]) as stage:
        # One for people, one for walls.
        cutters = [Cutter(("127.0.0.1", spar_client.parse_link(stage.server.link).port)) for _ in range(2)]
        pulse = Pulse(stage.path("pulse"))
        try:
            evening = Evening(stage, cutters, random.Random(SEED))
            evening.hold_rooms(evening.pair_up())
            print(f"({evening.cuts()} connections cut)", end=" ", flush=True)
            check(evening.cuts() >= PEOPLE * CUT_SHARE, f"only {evening.cuts()} connections were cut")
            evening.check_people()
            evening.check_walls(pulse)
            evening.check_recordings(evening.export())
        finally:
            pulse.close()
            for cutter in cutters:
                cutter.close()


if __name__ == "__main__":
    main(globals())
