# SPDX-License-Identifier: ISC
"""
Purpose: the Python client as a person uses it: as a command with lines of JSON, and the example of its README.
"""
import json
import os
import subprocess
import sys
import time

from cohort_peer import pack_named
from support import LIMIT, SOURCE, Stage, check, equal, main, spar_client
from spar_board import PARKED, Board, read_line  # beside spar_client, whose folder support has added
from spar_cohort import Cohort

FOLDER = os.path.join(SOURCE, "contrib", "python-client")


def start(stage, script, *arguments):
    process = subprocess.Popen([sys.executable, "-B", os.path.join(FOLDER, script), *arguments], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=stage.environment("Kim"))
    process.close = process.kill
    stage.everybody.append(process)
    return process


def test_command():
    with Stage() as stage:
        host = stage.host()
        client = start(stage, "spar_client.py", host.link("coach"), "--name", "Kim")
        host.event(do="seat.join", name="Kim")
        host.do("clock.start")
        host.event(do="clock.start")
        lines = [{"do": "mark.set", "item": "clarify-volume", "mark": "raised"}, {"do": "mark.set", "item": "none", "mark": 1}]
        out, errors = client.communicate("\n".join(map(json.dumps, lines)) + "\n", timeout=LIMIT)
        equal((client.returncode, errors), (0, ""), "how the client ended")
        host.event(do="mark.set", item="clarify-volume", mark="raised")
        host.event(do="seat.gone")
        printed = [json.loads(line) for line in out.splitlines()]
        equal(printed[0], {"m": "joined", "seat": 1, "role": "coach"}, "the first line")
        equal([p["n"] for p in printed if p["m"] == "event"], list(range(1, 1 + sum(p["m"] == "event" for p in printed))),
              "the numbers of the events")
        equal([p["why"] for p in printed if p["m"] == "refused"], ["no-such-item"], "what was refused")
        equal(os.stat(stage.path("Kim/spar/key.pem")).st_mode & 0o777, 0o600, "rights on the key that it made")


def test_board():
    """Drawn by one Python client, read by another: the same things, requirements, answers and picture."""
    with Stage() as stage:
        host = stage.host()
        ben, cleo = stage.member(host.link("candidate"), "Ben"), stage.member(host.link("coach"), "Cleo")
        host.do("clock.start")
        ben.wait_do("clock.start")
        mine, seen = Board(ben), Board(cleo)
        mine.require("50 MB/s at peak")
        mine.require("within 60 s")
        kafka = mine.box("Kafka != Kinesis: replay; 50 MB/s; R1", 0, 0)
        flink = mine.box("Flink; R1 R12", 1, 0)
        gone = mine.box("S3", 2, 0)
        arrow = mine.arrow(kafka, flink, "events")
        mine.arrow(flink, gone)
        line = mine.write("cost", PARKED)
        picture = b"\x89PNG\r\n\x1a\n" + b"x" * 60000
        mine.picture(picture)
        equal(ben.settle(), [], "what was refused")
        mine.reword(arrow, "events, 50 MB/s")
        mine.drop(gone)
        mine.drop(line)
        equal(ben.settle(), [], "what was refused later")
        cleo.wait_do("sheet.write", timeout=LIMIT, thing=line)
        cleo.wait_for(lambda event: event["do"] == "sheet.write" and "text" not in event)
        equal([one["text"] for one in seen.things("box")], ["Kafka \u2260 Kinesis: replay; 50 MB/s; R1", "Flink; R1 R12"],
              "boxes as they are kept")
        equal(read_line(seen.things("box")[0]["text"]), {"name": "Kafka", "rival": "Kinesis", "reason": "replay",
                                                         "parts": ["50 MB/s", "R1"], "reqs": [1]}, "a box's line")
        equal([(one["from"], one["to"], one["text"]) for one in seen.things("arrow")], [(kafka, flink, "events, 50 MB/s")], "arrows")
        equal({number: [one["id"] for one in users] for number, users in seen.answers().items()}, {1: [kafka, flink], 2: []}, "answers")
        equal(seen.things("line"), [], "lines")
        equal([one["data"] for one in seen.pictures()], [picture], "the picture")
        seen.point(kafka)
        equal(cleo.settle(), [], "the panel points")
        seen.require("no")
        equal([refused["why"] for refused in cleo.settle()], ["not-allowed"], "and draws nothing")


def test_second_screen():
    """A link for one more device: it sees what its seat sees, may do nothing, and ends by a word."""
    with Stage() as stage:
        host = stage.host()
        ben = stage.member(host.link("candidate"), "Ben")
        link = ben.companion_link()
        equal(link.role, "screen", "the link's role")
        screen = stage.member(link, "Phone")
        host.do("clock.start")
        screen.wait_do("clock.start")
        equal((screen.seat, screen.role), (ben.seat, "candidate"), "whose it is")
        ben.wait_do("clock.start")
        equal([(e["n"], e["do"]) for e in screen.events], [(e["n"], e["do"]) for e in ben.events], "what it sees")
        screen.command("talk.say", text="no")
        equal([refused["why"] for refused in screen.settle()], ["read-only"], "what it may do")
        screen.connect()  # by its key, as often as it likes
        screen.wait_do("clock.start")
        ben.end_companions()
        try:
            while True:
                screen.next()
        except spar_client.Bye as bye:
            equal(bye.why, "companion-over", "its end")
        ben.command("talk.say", text="still here")
        equal(ben.settle(), [], "what was refused")


def test_turning_the_roles():
    """Asked, declined, agreed, opened by who will interview."""
    with Stage() as stage:
        host = stage.host()
        ben = stage.member(host.link("candidate"), "Ben")
        for do in ("clock.start", "clock.finish"):
            host.do(do)
        ben.wait_do("clock.finish")
        ben.turn()
        equal(host.event(do="turn.ask", on=True)["other"], ben.seat, "whose ask it is")
        host.do("turn.ask", on=False)
        ben.wait_do("turn.ask", on=0)
        ben.swap(*pack_named("two"))  # alone: that asks
        host.event(do="turn.ask", seat=ben.seat, other=ben.seat)
        host.do("room.swap")
        ben.wait_do("turn.ask", by=0, on=1)
        ben.swap(*pack_named("two"))
        following = ben.wait_do("room.swap")
        equal((following["seat"], len(following["next"])), (ben.seat, 12), "who opened it")


def test_moving_a_seat():
    """An interviewer gives one more link, moves a seat to a new one, hands the clock over and puts somebody out."""
    with Stage() as stage:
        host = stage.host()
        host.send({"invite": "interviewer"})
        robin = stage.member(host.link("interviewer"), "Ira")
        kim = stage.member(robin.invite("coach"), "Kim")
        equal((kim.role, robin.wait_do("seat.join", seat=kim.seat)["name"]), ("coach", "Kim"), "by a link that was asked for")
        link = robin.move_seat(kim.seat)
        equal(why_out(kim), "seat-moved", "the old key")
        again = stage.member(link, "Lea")
        equal((again.seat, again.role), (kim.seat, "coach"), "the seat by its new link")
        robin.drive()
        again.wait_do("clock.drive", seat=robin.seat)
        robin.put_out(again.seat)
        equal(why_out(again), "put-out", "who was put out")


def test_keeping_the_name():
    with Stage() as stage:
        link = stage.host().link("coach")
        stage.member(link, "Kim").leave()
        back = spar_client.Member(link, stage.key("Kim"), "somebody", timeout=LIMIT, keep=True).connect()
        stage.everybody.append(back)
        equal(back.wait_do("seat.join", seat=back.seat, session=2)["name"], "Kim", "the name of the seat")


def test_evening_and_move():
    """A coach sets the evening, a member comes to it, and goes on under another key."""
    with Stage() as stage:
        _, students, coaches = stage.cohort()
        kim = Cohort(coaches, stage.key("Coach"), "Coach").enter()
        ana = Cohort(students, stage.key("Ana"), "Ana").enter()
        equal(ana.evening(), {}, "before one is set")
        start = (int(time.time()) + 86400) * 1000
        equal(kim.evening(start, 90, "Bring a prompt")["text"], "Bring a prompt", "as it was set")
        ana.coming()
        told = ana.evening()
        equal((told["start"], told["minutes"], told["mine"], told["names"]), (start, 90, 1, "Ana"), "what a member is told")
        moved = Cohort(ana.move_link(), stage.key("Second"), "Ana").enter()
        equal((moved.member, moved.evening()["mine"]), (ana.member, 1), "the same member by another key")
        own = moved.mine()
        equal([(event["n"], event["do"]) for event in own],
              list(enumerate(["cohort.enter", "cohort.coming", "member.pass", "member.move"], 1)), "what the log has of her")
        equal((own[0]["name"], own[1]["on"]), ("Ana", 1), "her name and her answer")
        equal(kim.evening(0), {}, "called off")
        for person in (kim, moved):
            person.close()


def test_wrong_link():
    with Stage() as stage:
        client = start(stage, "spar_client.py", "https://127.0.0.1/room")
        _, errors = client.communicate(timeout=LIMIT)
        equal(client.returncode, 1, "exit code for a wrong link")
        check(errors.startswith("spar_client: ") and errors.count("\n") == 1, f"one sentence: {errors!r}")


def test_without_msgpack():
    """One sentence that says what to install, from the client and from what imports it."""
    with Stage(start=False) as stage:
        os.mkdir(stage.path("hidden"))
        with open(stage.path("hidden/msgpack.py"), "w", encoding="utf-8") as file:
            file.write("raise ImportError('hidden')\n")
        for script in ("spar_client.py", "example.py"):
            done = subprocess.run([sys.executable, "-B", os.path.join(FOLDER, script), "x"], capture_output=True, text=True,
                                  env={**os.environ, "PYTHONPATH": stage.path("hidden")})
            equal(done.returncode, 1, script)
            check("apt install python3-msgpack" in done.stderr and "Traceback" not in done.stderr, f"{script}: {done.stderr!r}")


def test_lost_refusal():
    """A command up to the last id that was applied, without an event: it was refused, which nobody says again."""
    member = spar_client.Member("https://127.0.0.1:1/abcdefghijkl#coach." + "A" * 22, None)
    member.seat, member.pending, member._told = 0, {1: {}, 2: {}, 3: {}}, (2, 1)
    member._book_lost()
    equal(sorted(member.pending), [1, 2, 3], "before the events have come")
    member._take({"m": "event", "n": 1, "at": 5, "by": 0, "id": 2, "do": "talk.say"})
    member._take({"m": "refused", "id": 3, "why": "no-change"})
    equal([(m["id"], m["why"]) for m in member.settle()], [(1, "lost")], "what was refused")
    equal(member.pending, {}, "what still waits")


def why_out(member):
    """Why the server sends somebody out of the room."""
    while True:
        try:
            message = member.next(LIMIT)
        except spar_client.Bye as bye:
            return bye.why
        if message["m"] == "refused":
            return message["why"]


def refused(act, *arguments):
    """Why it is."""
    try:
        act(*arguments)
    except spar_client.Refused as why:
        return why.why
    return None


def test_in_a_cohort():
    """Two are paired, meet, and one of them would rather not again; a coach hears of it and lets somebody in."""
    with Stage(workers=2, options=["--appear-within", "3600"]) as stage:
        _, students, coaches = stage.cohort()
        kim, ana, ben = (Cohort(link, stage.key(name), name).enter()
                         for link, name in ((coaches, "Coach"), (students, "Ana"), (students, "Ben")))
        equal((kim.role, ana.role, ben.role), (3, 2, 2), "roles in the cohort")
        prompt = kim.offer(*pack_named("one"))
        ana.pair(1 << prompt)
        equal(ana.next("queue")["place"], 1, "the place in the queue")
        ben.pair(1 << prompt)
        room = ana.next("matched")["room"]
        equal(ben.next("matched")["room"], room, "the room of the match")
        seats = [person.join(room) for person in (ana, ben)]
        stage.everybody += seats
        equal(sorted(seat.role for seat in seats), ["candidate", "interviewer"], "roles in the room")
        seats[0].command("talk.say", text="hello")
        seats[1].wait_do("talk.say", text="hello", timeout=LIMIT)
        ana.avoid(room)
        ben.report(room, "Was late.", 1)
        equal(kim.next("reported")["text"], "Was late.", "what the coach is told")
        equal([(one["room"], one["moment"]) for one in kim.reports()], [(room, 1)], "the list of it")
        equal(refused(ana.avoid, "nosuchroom00"), "not-a-member", "a room of nobody")
        equal(refused(ana.reports), "not-a-coach", "a student asks for it")
        made = kim.make_link(asks=True, uses=1)
        late = Cohort(kim.link._replace(role="students", secret=made["secret"]), stage.key("Late"), "Late")
        equal(refused(late.enter), "asked", "by a link that asks")
        kim.admit(kim.next("asked")["member"])
        equal(late.enter().role, 2, "after the yes")
        kim.withdraw(made["link"])
        equal(refused(late.next), "withdrawn", "who came by a link that is withdrawn")
        check("Late" in [one.get("name") for one in kim.roster()], "the roster")
        check(room in [one["room"] for one in kim.sessions()], "the rooms of the cohort")
        for person in (kim, ana, ben, late):
            person.close()


def test_example():
    with Stage() as stage:
        host = stage.host()
        host.do("clock.start")
        host.event(do="clock.start")
        client = start(stage, "example.py", host.link("coach"), stage.path("example.pem"))
        host.event(do="mark.set", item="clarify-volume")
        host.do("talk.say", text="a \x1b[31mred\x1b[0m word")
        host.do("clock.finish")
        host.do("room.close")
        out, errors = client.communicate(timeout=LIMIT)
        equal((client.returncode, errors), (0, ""), "how the example ended")
        check("joined as coach" in out and "red" in out, f"what it printed: {out!r}")
        check("\x1b" not in out, "a control character reached the terminal")


if __name__ == "__main__":
    main(globals())
