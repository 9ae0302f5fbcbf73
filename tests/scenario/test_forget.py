# SPDX-License-Identifier: ISC
"""Purpose: a person is forgotten: what their key is part of is in no file of the data folder afterwards, nor in a copy
made later; who sat there is told why, and what is others' goes on and verifies."""

import json
import os
import re

from support import BIN, Stage, check, equal, main, run, until
from test_spar_pair import meet

SPARD = os.path.join(BIN, "spard")
GONE = ["the candidate Ben is here to be forgotten", "what Ben said as a coach", "Benedict Forgotten", "Ben's complaint"]
STAYS = "what Kim said stays"


def spard(stage, *arguments, code=0, has=""):
    """One sentence, on standard output if it is good."""
    done = run([SPARD, *arguments, "--data", stage.server.data])
    said = done.stdout if code == 0 else done.stderr
    equal(done.returncode, code, f"exit code of spard {arguments}; it said {done.stderr!r} {done.stdout!r}")
    check(has in said, f"{has!r} is not in {said!r}")
    return said


def planted(folder, sentence):
    """Files of a folder that hold the sentence."""
    found = []
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                if sentence.encode() in file.read():
                    found.append(name)
    return found


def none_is_planted(folder):
    for sentence in GONE:
        equal(planted(folder, sentence), [], f"files that hold {sentence!r}")
    check(planted(folder, STAYS), "what others said is there")


def key_of(stage, name):
    said = stage.spar("mine", "--identity", stage.path(name + ".pem"), code=0).stdout
    return re.search(r"Your key is ([\w-]{43})$", said, re.M).group(1)


def talk(person, text):
    person.do("talk.say", text=text)
    person.event(do="talk.say", text=text)


def plays(stage):
    """Ben is the candidate of one room, coaches another, and is in a cohort; each has somebody else in it."""
    ours, others = stage.host("Robin"), stage.host("Kim")
    ben = stage.join(ours.link("candidate"), GONE[2])
    talk(ben, GONE[0])
    os.link(stage.path(GONE[2] + ".pem"), stage.path("Ben.pem"))
    coach = stage.batch(["join", others.link("coach")], "Ben")
    coach.do("talk.say", text=GONE[1])
    others.event(do="talk.say", text=GONE[1])
    talk(others, STAYS)
    talk(others, "and more")
    cohort, students, coaches = stage.cohort(coach="Kim")
    waits = stage.pair(students, GONE[2])
    waits.find(lambda line: "queue" in line, "a place in the queue")
    return ours, others, ben, coach, waits, (cohort, coaches)


def members(stage, cohort):
    return stage.spar("cohort", "members", cohort, "--json", name="Kim", code=0).stdout


def test_forget_while_it_runs():
    with Stage(workers=2) as stage:
        ours, others, ben, coach, waits, (cohort, coaches) = plays(stage)
        stage.spar("cohort", "rooms", coaches, name="Kim", code=0)
        check(GONE[2] in members(stage, cohort), "Ben is a member")
        key = key_of(stage, "Ben")
        spard(stage, "forget", "x" * 40, code=1, has="neither a room's id")
        spard(stage, "forget", key_of(stage, "Nobody"), code=1, has="No log has that key")
        said = spard(stage, "forget", key, has="1 rooms are forgotten, and what the key was in 2 others")
        check("recordings that people fetched" in said, said)
        none_is_planted(stage.server.data)
        # Who sat there is told; the room that only was coached goes on.
        ours.over(3, "removed from the server for good")
        ben.over(3, "removed from the server for good")
        for one in (coach, waits):
            one.over(3, "removed from the server for good")
        talk(others, "and goes on")
        check("forgotten" in members(stage, cohort), members(stage, cohort))
        check(GONE[2] not in members(stage, cohort), members(stage, cohort))
        kim = stage.spar("fetch", others.room, "--identity", stage.path("Kim.pem"), "--out", stage.path("kim.spar"), name="Kim", code=0)
        check("good" in kim.stdout or "whole" in kim.stdout or "signed" in kim.stdout, kim.stdout)
        report = stage.spar("report", stage.path("kim.spar"), code=0).stdout
        check(GONE[1] not in report and STAYS in report, report)
        again = stage.join(ours.link("candidate"), "Somebody")
        again.over(3, "No room opens with this link")
        spard(stage, "check", has="every checksum is right")
        copy = stage.path("copy")
        spard(stage, "backup", copy)
        none_is_planted(copy)
        spard(stage, "forget", key, code=1, has="No log has that key")
        # After a start it is as it was.
        stage.server.stop()
        stage.server.start()
        talk(others, "after a start")
        none_is_planted(stage.server.data)


def test_forget_without_a_server():
    with Stage() as stage:
        ours, others, ben, coach, waits, _ = plays(stage)
        for one in (ours, others, ben, coach, waits):
            one.kill()
        stage.server.kill()
        check(planted(stage.server.data, GONE[0]), "the sentence is in the data folder")
        spard(stage, "forget", key_of(stage, "Ben"), has="1 rooms are forgotten, and what the key was in 2 others")
        none_is_planted(stage.server.data)
        spard(stage, "check", has="every checksum is right")
        stage.server.start()
        again = stage.join(others.link("candidate"), "Zoe")
        again.event(do="talk.say", text=STAYS)
        equal([e["text"] for e in again.events() if e["do"] == "talk.say"][:2], ["forgotten", STAYS], "what was said")


def test_kept_no_longer():
    """What is older than the operator keeps goes by itself, with whoever still sits there told why."""
    # Five seconds: shorter, and it goes before a slow machine has said anything.
    with Stage(options=["--keep", "5h", "--clock-rate", "3600"]) as stage:
        host = stage.host()
        talk(host, GONE[0])
        host.over(3, "removed from the server for good")
        until(lambda: not planted(stage.server.data, GONE[0]), "the bytes to be gone")
        until(lambda: "journal.keep" in stage.server.text(), "a line in the log")
        spard(stage, "check", has="every checksum is right")


def test_nothing_is_kept():
    """A room that keeps nothing: its recording can be fetched until it is over, then it is in no file."""
    with Stage(options=["--clock-rate", "3600"]) as stage:
        other = stage.host("Kim")
        talk(other, STAYS)
        host = stage.host("Robin", "--keep", "nothing")
        equal(host.event(do="room.keep")["kept"], 0, "what everybody in the room is told")
        ben = stage.join(host.link("candidate"), "Ben")
        ben.event(do="room.keep")
        talk(host, GONE[0])
        stage.spar("fetch", host.room, "--identity", stage.path("Robin.pem"),
                   "--out", stage.path("robin.spar"), name="Robin", code=0)
        host.do("room.close")
        ben.event(do="room.close")
        for one in (ben, host):
            one.kill()
        until(lambda: not planted(stage.server.data, GONE[0]), "the bytes to be gone")
        check(planted(stage.server.data, STAYS), "other rooms stay")
        gone = stage.spar("fetch", host.room, "--identity", stage.path("Robin.pem"), "--out", stage.path("late.spar"), name="Robin")
        equal(gone.returncode, 3, "a fetch after the end")
        refused = run([os.path.join(BIN, "spar"), "host", stage.server.link, "--keep", "never"])
        equal((refused.returncode, "nothing, or days" in refused.stderr), (2, True), refused.stderr)


def test_mine():
    """What a key is part of, in a folder: recordings that verify, progress, and a list."""
    with Stage() as stage:
        ours, others, ben, _, _, _ = plays(stage)
        folder = stage.path("mine")
        ben_key = ["--identity", stage.path("Ben.pem")]
        done = stage.spar("mine", "--all", folder, stage.server.link, *ben_key, name="Ben", code=0)
        check("2 recordings" in done.stdout and "2 of 2" in done.stderr, (done.stdout, done.stderr))
        files = {ours.room + ".spar", others.room + ".spar", "mine.json"}
        check(files <= set(os.listdir(folder)), os.listdir(folder))
        for room in (ours.room, others.room):
            stage.spar("verify", os.path.join(folder, room + ".spar"), code=0)
        with open(os.path.join(folder, "mine.json"), encoding="utf-8") as file:
            listed = json.load(file)
        equal(listed["key"], key_of(stage, "Ben"), "the key")
        equal({(one["room"], one["role"]) for one in listed["rooms"]}, {(ours.room, "candidate"), (others.room, "coach")}, "rooms")
        wrong = stage.spar("mine", stage.server.link, *ben_key, name="Ben", code=2)
        check("--all FOLDER" in wrong.stderr, wrong.stderr)


def saved(folder, name="mine.json"):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file)


def test_mine_of_a_cohort():
    """What a cohort's log has of a key, a file beside the list: own words and answers, none that others said of one."""
    with Stage(workers=2, options=["--clock-rate", "60", "--appear-within", "3600"]) as stage:
        cohort, students, coaches = stage.cohort("An evening")
        robin, sasha = stage.pair(students, "Robin", "--role", "interviewer"), stage.pair(students, "Sasha")
        room = meet(robin, sasha)

        def key(name):
            return "--identity", stage.key(name)

        def member(name, *arguments):
            stage.spar("cohort", *arguments, "--cohort", students, *key(name), name=name, code=0)

        stage.spar("cohort", "evening", "2099-01-01 19:00", "90", name="Kim", code=0)
        member("Sasha", "evening", "yes")
        member("Sasha", "tell", room, "Robin shouted.")
        member("Robin", "tell", room, "Sasha was late.")
        member("Robin", "avoid", room)
        folder = stage.path("mine")
        done = stage.spar("mine", "--all", folder, students, *key("Sasha"), name="Sasha", code=0)
        check(": 1 recording, what 1 cohort has of you, and mine.json." in done.stdout, done.stdout)
        check(f"1 of 1  {folder}/{cohort}.json\n" in done.stderr, done.stderr)
        row, = saved(folder)["cohorts"]
        equal((row["cohort"], row["name"], row["role"], row["file"]), (cohort, "An evening", "student", cohort + ".json"), "its line in mine.json")
        own = saved(folder, row["file"])
        equal((own["cohort"], own["name"], own["role"], own["server"]), (cohort, "An evening", "student", row["server"]), "whose")
        by_name = {event["do"]: event for event in own["events"]}
        equal(by_name["cohort.report"]["text"], "Robin shouted.", "Sasha's report")
        equal((by_name["cohort.report"]["target"], by_name["cohort.coming"]["on"]), (room, True), "its room, and the answer")
        equal(by_name["cohort.enter"]["name"], "Sasha", "the name")
        wanted = by_name["pair.wait"]
        equal((wanted["role"], wanted["level"], wanted["packs"]), ("either", "any", wanted["fresh"]), "what was asked for")
        equal([(by_name["pair.match"][of]) for of in ("role", "partner")], ["candidate", "Robin"], "the match")
        check(by_name["pair.match"]["title"], "its prompt")
        check(all(event["at"] > 10**12 for event in own["events"]), "times in ms since 1970")
        check("late" not in json.dumps(own) and "cohort.avoid" not in by_name, own)
        # The name is the member's, whoever asks.
        names = stage.spar("cohort", "members", cohort, "--json", name="Kim", code=0).stdout
        check('"Sasha"' in names, names)
        stage.spar("mine", "--all", folder, students, *key("Sasha"), name="Login", code=0)
        equal(stage.spar("cohort", "members", cohort, "--json", name="Kim", code=0).stdout, names, "the members")
        # Of a cohort that one is not in there is nothing, and one does not come into it by asking.
        elsewhere = stage.path("nobody")
        stage.spar("mine", "--all", elsewhere, students, *key("Nobody"), name="Nobody", code=0)
        equal(saved(elsewhere)["cohorts"][0]["why"], "The key is no member of this cohort.", "why there is no file")
        equal(stage.spar("cohort", "members", cohort, "--json", name="Kim", code=0).stdout, names, "the members")
        # What cannot be written, and who is not let in, is said.
        os.remove(os.path.join(folder, cohort + ".json"))
        os.makedirs(os.path.join(folder, cohort + ".json", "in the way"))
        full = stage.spar("mine", "--all", folder, students, *key("Sasha"), name="Sasha", code=1)
        check(f"{cohort}.json cannot be written" in full.stderr, full.stderr)
        equal(saved(folder)["cohorts"][0].get("why"), "It could not be saved.", "what mine.json says")
        number = next(json.loads(line)["member"] for line in names.splitlines() if '"Sasha"' in line and '"member"' in line)
        stage.spar("cohort", "suspend", str(number), "--yes", name="Kim", code=0)
        out = stage.spar("mine", "--all", folder, students, *key("Sasha"), name="Sasha", code=3)
        check("suspended" in out.stderr or "Cohort " + cohort in out.stderr, out.stderr)
        check("file" not in saved(folder)["cohorts"][0], "no file")


if __name__ == "__main__":
    main(globals())
