# SPDX-License-Identifier: ISC
"""
Purpose: rooms and recordings of before there was a second set of rules, as files/rules_1/make.py made them with the
build of then: they load, fold, go on, replay and report as they did. And the Python client of then, which speaks
version 1 of the protocol: it lists, fetches and joins such rooms on every later server, and is told of all others
that it needs to be newer.
"""
import json
import os
import re
import shutil
import sys

from support import LIMIT, Stage, check, dense, equal, main

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
OLD = os.path.join(FILES, "rules_1")
sys.path.insert(0, os.path.join(FILES, "python-client-1"))

import spar_client_1  # noqa: E402

with open(os.path.join(OLD, "rooms.json"), encoding="utf-8") as file:
    ROOMS = json.load(file)
NEWER = "newer client"
TOLD_ANEW = {"format", "kappa", "kind"}  # what a later report says in another way


def holds(new, old, where):
    """Whether all that the older report says is said now: more may be."""
    if isinstance(old, dict):
        for key in old:
            if key in TOLD_ANEW:
                continue
            check(key in new, f"{where}: {key} is missing")
            holds(new[key], old[key], f"{where}.{key}")
    elif isinstance(old, list):
        equal(len(new), len(old), f"{where}: entries")
        for i, (one, other) in enumerate(zip(new, old)):
            holds(one, other, f"{where}[{i}]")
    else:
        equal(new, old, where)


def check_report(stage, file, like, code=0):
    with open(os.path.join(OLD, "recordings", like + ".json"), encoding="utf-8") as old:
        holds(json.loads(stage.spar("report", file, "--format", "json", code=code).stdout), json.load(old), like)


def test_recordings():
    with Stage(start=False) as stage:
        names = sorted(name[:-5] for name in os.listdir(os.path.join(OLD, "recordings")) if name.endswith(".spar"))
        equal({name.split("-")[0] for name in names}, {"lobby", "running", "paused", "finished", "debrief", "closed"}, "stages")
        for name in names:
            file = os.path.join(OLD, "recordings", name + ".spar")
            equal(json.loads(stage.spar("verify", file, "--json", code=0).stdout)["whole"], True, name)
            with open(file[:-5] + ".txt", encoding="utf-8") as printed:
                equal(stage.spar("replay", file, "--print", code=0).stdout, printed.read(), f"{name} as printed")
            check_report(stage, file, name)


class OldStage(Stage):
    """The server of then, started by this build, and its people with their keys."""

    def __enter__(self):
        shutil.copytree(os.path.join(OLD, "server"), self.server.data)
        for name in os.listdir(self.server.data):
            os.chmod(os.path.join(self.server.data, name), 0o600)
        for name in os.listdir(os.path.join(OLD, "keys")):
            shutil.copy(os.path.join(OLD, "keys", name), self.folder)
            os.chmod(self.path(name), 0o600)
        return super().__enter__()

    def old_link(self, room, role):
        """A seat belongs to its key: what the link's secret was does not matter any more."""
        pin = re.search(r"\.([\w-]{43})$", self.server.link).group(1)
        return f"https://{self.server.listen}/{ROOMS[room]}#{role}.{'A' * 22}.{pin}"

    def old_member(self, link, name):
        member = spar_client_1.Member(link, self.key(name), name, timeout=LIMIT)
        self.leaves = getattr(self, "leaves", []) + [member]
        return member.connect()

    def __exit__(self, kind, value, trace):
        for member in getattr(self, "leaves", []):
            member.close()
        return super().__exit__(kind, value, trace)


def test_middle_goes_on():
    with OldStage(workers=2) as stage:
        host = stage.join(stage.old_link("middle", "interviewer"), "Robin")
        candidate = stage.join(stage.old_link("middle", "candidate"), "Sasha")
        coach = stage.member(stage.old_link("middle", "coach"), "Kim")
        opened = candidate.event(do="room.open")
        check("rules" not in opened, "the room says nothing of rules")
        candidate.event(do="self.set", item="clarify-volume", mark="raised")
        candidate.do("self.set", item="clarify-latency", mark="raised")  # in mid-interview, as then
        candidate.event(do="self.set", item="clarify-latency")
        host.do("mark.set", item="scope-core", mark="raised")
        host.do("flag.set", flag="happy-path", on=False)
        host.do("clock.pause")
        host.do("clock.finish")
        candidate.event(do="clock.finish")
        check(not [e for e in candidate.events() if e["do"] in ("mark.set", "flag.set", "room.brief")], "hidden till then")
        host.do("debrief.open")
        host.do("room.close")
        candidate.event(do="room.brief")
        candidate.event(do="seal.set")
        candidate.event(do="room.close")
        coach.wait_do("room.close")
        for events in (host.events(), candidate.events(), coach.events):
            dense(events)
        equal(candidate.refused(), [], "what the candidate was refused")
        check(all(e["do"] != "sheet.open" for e in coach.events), "an old room has no new events")


def test_ended_reports():
    with OldStage() as stage:
        listed = [json.loads(line) for line in
                  stage.spar("sessions", stage.server.link, "--json", "--identity", stage.path("Sasha.pem"), code=0).stdout.splitlines()]
        equal({s["room"]: s["stage"] for s in listed},
              {ROOMS["middle"]: "running", ROOMS["ended"]: "closed", ROOMS["staged"]: "closed"}, "the rooms of then")
        for name in ("Robin", "Sasha", "Kim"):
            file = stage.path(name + ".spar")
            stage.spar("fetch", stage.old_link("staged", "coach"), "--identity", stage.path(name + ".pem"), "--out", file, code=0)
            check_report(stage, file, "closed-" + name.lower())


def test_client_of_then():
    """In a room of then it can do what it could."""
    with OldStage() as stage:
        link = stage.old_link("middle", "candidate")
        candidate = stage.old_member(link, "Sasha")
        equal(candidate.welcome["v"], 1, "what is spoken")
        coach = stage.old_member(stage.old_link("middle", "coach"), "Kim")
        candidate.command("talk.say", text="Still here.")
        equal(candidate.settle(), [], "refusals")
        coach.wait_do("talk.say", text="Still here.")
        coach.command("mark.set", item="scope-core", mark="raised")
        equal(coach.settle(), [], "refusals of the coach")
        dense(candidate.events)
        records, end = spar_client_1.fetch(link, stage.key("Sasha"))
        equal(len(records), len(candidate.events), "its recording")
        check(spar_client_1.check_signature(ROOMS["middle"], end), "is signed")


def refusal(ask):
    try:
        ask()
    except spar_client_1.Refused as refused:
        check(refused.why != "version" or NEWER in str(refused), f"says what to update: {refused}")
        return refused.why
    raise AssertionError("it was taken")


def test_client_of_then_in_new_rooms():
    """It is told that it needs to be newer, and only if it would be let in."""
    with Stage() as stage:
        host = stage.host("Robin")
        equal(host.event(do="room.open")["rules"], 2, "the rules of a new room")
        link = host.link("candidate")
        equal(refusal(lambda: spar_client_1.Member(link, stage.key("Sasha"), "Sasha").connect()), "version", "joining")
        wrong = re.sub(r"candidate\.[\w-]{22}", "candidate." + "A" * 22, link)
        equal(refusal(lambda: spar_client_1.Member(wrong, stage.key("Mallory"), "M").connect()), "no-such-room", "a stranger")
        equal(refusal(lambda: spar_client_1.fetch(link, stage.key("Mallory"))), "not-a-member", "a stranger's fetch")
        stage.member(link, "Sasha").leave()
        equal(refusal(lambda: spar_client_1.fetch(link, stage.key("Sasha"))), "version", "fetching")
        connection = spar_client_1.Connection(spar_client_1.parse_link(link), stage.key("Sasha"), LIMIT)
        stage.everybody.append(connection)
        connection.kill = connection.close
        connection.hello()
        ids, body = {"pack": b"x", "panel": b"x"}, "abcdefghijkl"
        for asked in ({"m": "host", **ids}, {"m": "swap", "room": host.room, **ids}, {"m": "cohort", "name": "x"},
                      {"m": "offer", "cohort": body, **ids}, {"m": "pair", "cohort": body, "packs": 1, "wait": 1}):
            connection.send(asked.pop("m"), id=7, **asked)
            answer = connection.receive()
            equal((answer["m"], answer["why"], answer["id"]), ("refused", "version", 7), f"{asked}")
        connection.send("sessions", id=8)
        equal([connection.receive()["m"] for _ in range(2)], ["session", "end"], "but it may list")


if __name__ == "__main__":
    main(globals())
