# SPDX-License-Identifier: ISC
"""
Purpose: `spar coach --batch` against the real server: rows change when rooms do, whatever needs the coach is told
with its reason, commands reach their room, a lost connection is resumed, and what cannot work is said in a sentence.
"""
import json
import re
import sys
import time

from support import Batch, Stage, check, equal, main, until


def row(coach, room, condition=lambda row: True, what="a row"):
    """The first row of that room, past or to come, for which the condition holds."""
    return coach.find(lambda line: line.get("room") == room.room and "stage" in line and condition(line), what)


def why(row):
    return [reason["why"] for reason in row["attention"]]


def watch(stage, *links, name="Cleo"):
    return stage.batch(["coach", *links], name)


def room_with_candidate(stage, host, candidate):
    room = stage.host(host)
    room.candidate = stage.join(room.link("candidate"), candidate)
    room.event(do="seat.join", role="candidate")
    return room


def test_rows_and_commands():
    with Stage(workers=4) as stage:
        entered = time.monotonic()
        rooms = [room_with_candidate(stage, f"Host{i}", f"Cand{i}") for i in range(3)]
        coach = watch(stage, *[room.link("coach") for room in rooms])
        for room in rooms:
            first = row(coach, room)
            equal(first["stage"], "lobby", "stage")
            equal(first["attention"], [], "attention of a calm room")
            check(first["left_ms"] is None, "no clock runs yet")
            # Nobody is watched in secret.
            room.candidate.event(do="seat.join", role="coach", name="Cleo")
            room.candidate.event(do="seat.watch", on=1)
        one = rooms[0]
        began = time.monotonic()
        one.do("clock.start")
        running = row(coach, one, lambda line: line["stage"] == "running")
        equal(running["phase"], "clarify", "phase")
        # No more can be gone of the five minutes than has passed; the client knows the server's
        # clock to half a round trip, which is shorter than what has passed before.
        spent = (time.monotonic() - began) * 1000 + (began - entered) * 1000
        check(300000 - spent < running["left_ms"] <= 300000, "left of five minutes: %s" % running["left_ms"])
        equal(sorted(running["names"]), ["Cand0", "Host0"], "names")
        one.do("mark.set", item="clarify-volume", mark="raised")
        marked = row(coach, one, lambda line: line["marks"]["raised"] == 1, "a row with the mark")
        equal(marked["marks"]["open"], running["marks"]["open"] - 1, "open items")

        one.candidate.do("hand.set", on=1)
        called = row(coach, one, lambda line: why(line) == ["hand"], "the hand")
        equal(called["attention"][0]["name"], "Cand0", "who calls")
        coach.send({"room": one.room, "do": "hand.set", "seat": called["attention"][0]["seat"], "on": 0},
                   {"room": one.room, "do": "talk.whisper", "text": "Ask who owns the schema."},
                   {"room": rooms[1].room, "do": "note.panel", "text": "Calm so far."})
        one.event(do="talk.whisper", text="Ask who owns the schema.")
        rooms[1].event(do="note.panel", text="Calm so far.")
        one.candidate.event(do="hand.set", by=2)
        check(not any(event["do"] == "talk.whisper" for event in one.candidate.events()),
              "the candidate got the whisper")

        # Events on demand, and every row once more.
        coach.send({"events": True})
        coach.send({"wait": "sync"}, {"rows": True})
        rooms[2].do("talk.say", text="Hello")
        coach.find(lambda line: line.get("room") == rooms[2].room and line.get("event", {}).get("text") == "Hello",
                   "the event")
        coach.send({"room": "aaaaaaaaaaaa", "do": "talk.say", "text": "?"},
                   {"room": one.room, "do": "clock.pause"})
        coach.find(lambda line: line.get("room") == "aaaaaaaaaaaa" and line["refused"]["why"] == "not-a-member")
        coach.find(lambda line: line.get("room") == one.room
                   and line.get("refused", {}).get("why") == "not-allowed", "a refusal")
        coach.end()
        one.event(do="seat.gone", seat=2)


def test_verdicts_do_not_wait_for_a_wall():
    """A coach who only watches from a wall, and one whose wall comes back to the server, holds no verdict up."""
    with Stage() as stage:
        room = room_with_candidate(stage, "Robin", "Sasha")
        coach = watch(stage, room.link("coach"))
        row(coach, room)
        room.event(do="seat.watch", on=1)
        for do in ("clock.start", "clock.finish", "debrief.open"):
            room.do(do)
        room.candidate.event(do="debrief.open")
        stage.server.stop()
        stage.server.start()
        until(lambda: len([e for e in room.events() if e["do"] == "seat.watch"]) > 1, "it watches again")
        room.do("verdict.give", recommend="yes", level="senior")
        room.candidate.do("rating.give", ratings={"prepared": 4})
        equal(room.event(do="verdict.open")["by"], None, "the server opens them")


def test_troubles_are_told():
    """On a fast clock: somebody gone, a phase over its budget, silence, the alarms of the framework."""
    with Stage(workers=2, options=["--clock-rate", "600"]) as stage:
        room = room_with_candidate(stage, "Host", "Cand")
        coach = watch(stage, room.link("coach"))
        room.candidate.end()
        gone = row(coach, room, lambda line: why(line) == ["gone"], "the loss")
        check(gone["attention"][0]["for_ms"] >= 20000, "gone for less than 20 s: %s" % gone)
        room.do("clock.start")
        for reason in ("silent", "over", "late"):
            row(coach, room, lambda line, reason=reason: reason in why(line), reason)
        room.do("clock.jump", phase=2)
        row(coach, room, lambda line: "over-main" in why(line), "Design past its budget")
        last = [line for line in coach.lines if line.get("room") == room.room and "stage" in line][-1]
        equal(why(last)[0], "gone", "the worst reason stands first")
        room.do("clock.finish")
        row(coach, room, lambda line: line["stage"] == "finished" and line["attention"] == [], "calm at the end")
        coach.end()


def joined(person, number=0):
    """The room that the person is in, of that number."""
    def rooms(_=None):
        return [line["joined"]["room"] for line in person.lines if "joined" in line]
    person.find(lambda _: len(rooms()) > number, f"room {number}")
    return rooms()[number]


class Room:
    """Stands in for a host where only the id of a room is needed."""

    def __init__(self, room):
        self.room = room


def test_cohort():
    """Two coaches on one link see each room of the cohort as it opens, and lose it when it is of no use; a link
    that is withdrawn ends the wall of who came in by it."""
    with Stage(workers=4, options=["--clock-rate", "60", "--appear-within", "3600"]) as stage:
        _, students, _ = stage.cohort()
        coaches = json.loads(stage.spar("cohort", "link", "--role", "coaches", "--json", name="Kim", code=0).stdout)
        number, coaches = str(coaches["link"]), coaches["text"]
        walls = [watch(stage, coaches, name=name) for name in ("Cleo", "Dora")]
        pairs = [(stage.pair(students, f"Int{i}", "--role", "interviewer"),
                  stage.pair(students, f"Cand{i}", "--role", "candidate")) for i in range(3)]
        rooms = {joined(person) for pair in pairs for person in pair}
        equal(len(rooms), 3, "rooms of three pairs")
        for wall in walls:
            for room in rooms:
                seen = row(wall, Room(room), lambda line: len(line["names"]) == 2, "both of the pair")
                check(seen["names"][0].startswith("Cand") and seen["names"][1].startswith("Int"), seen["names"])
        interviewer, candidate = pairs[0]
        here = Room(joined(candidate))
        other = next(pair for pair in pairs if joined(pair[1]) == here.room)
        other[1].send({"do": "hand.set", "on": True})
        for wall in walls:
            row(wall, here, lambda line: why(line) == ["hand"], "the hand")
        # Round trips come with the pings.
        row(walls[0], here, lambda line: all("trip_ms" in one for one in line["people"] if one["role"] != "coach"),
            "round trips")
        walls[1].send({"room": here.room, "do": "talk.whisper", "text": "on my way"})
        walls[0].send({"events": True})
        second = [person for pair in pairs for person in pair if joined(person) == here.room]
        for person in second:
            check(person.event(do="seat.join", role="coach")["name"] in ("Cleo", "Dora"), "a coach unseen")
            person.send({"end": True})
            person.end()
        walls[0].end()
        # By its name, with the key alone, once it was entered.
        kim = Batch(["coach", "An evening", "--batch"], stage.environment("Kim"))
        stage.everybody.append(kim)
        row(kim, Room(next(room for room in rooms if room != here.room)))
        kim.end()
        stage.spar("cohort", "withdraw", number, "--yes", name="Kim", code=0)
        walls[1].over(3, "withdrawn")
        done = stage.spar("coach", coaches, "--batch", name="Late", code=3)
        check("withdrawn" in done.stderr, done.stderr)
        done = stage.spar("coach", students, "--batch", name="Late", code=2)
        check("students" in done.stderr, done.stderr)
        done = stage.spar("coach", coaches.replace("/" + coaches.split("/")[3][:4], "/aaaa"), "--batch", name="Late",
                          code=3)
        check("No cohort opens with this link" in done.stderr, done.stderr)


def test_a_coach_closes():
    """A coach of the cohort ends a room that others have left behind; nobody else, and no room that is in use."""
    with Stage(workers=2, options=["--tokens", "1000000"]) as stage:
        _, students, coaches = stage.cohort()
        wall = watch(stage, coaches)
        host = stage.batch(["host", "--cohort", students], "Robin")
        room = Room(host.link("candidate").split("/")[3].split("#")[0])
        guest = stage.join(host.link("coach"), "Guest")  # a coach of this room, but not of the cohort
        guest.event(do="seat.join", name="Guest")
        host.do("clock.start")
        row(wall, room, lambda line: line["stage"] == "running")
        wall.send({"room": room.room, "do": "room.close"})
        refused = wall.find(lambda line: "refused" in line, "the refusal")["refused"]
        equal(refused["why"], "not-empty", "while the interviewer is there")
        host.end()
        guest.event(do="seat.gone")
        guest.do("room.close")
        equal(guest.find(lambda line: "refused" in line, "the refusal")["refused"]["why"], "not-a-coach", "a guest")
        wall.send({"room": room.room, "do": "room.close"})
        closed = guest.event(do="room.close")
        check(closed["name"] == "Cleo", f"who closed it is on record: {closed}")
        guest.end()
        wall.end()


def test_a_room_comes_back():
    """What everybody has left goes from the wall after half an hour, and is there again with the first who comes."""
    with Stage(workers=2, options=["--clock-rate", "3600", "--tokens", "1000000"]) as stage:
        _, students, coaches = stage.cohort()
        wall = watch(stage, coaches)
        host = stage.batch(["host", "--cohort", students], "Robin")
        room = Room(host.link("candidate").split("/")[3].split("#")[0])
        row(wall, room, lambda line: line["names"] == ["Robin"])
        host.end()

        def has_gone():
            wall.send({"room": room.room, "do": "talk.whisper", "text": "Anybody?"})
            return any(line.get("refused", {}).get("why") == "not-a-member" for line in wall.lines)

        until(has_gone, "the room's going")
        before = len(wall.lines)
        stage.join(room.room, "Robin")
        until(lambda: any(line.get("room") == room.room and line.get("names") == ["Robin"]
                          for line in wall.lines[before:]), "the room's coming back")
        wall.end()


def test_resumes():
    with Stage(workers=2) as stage:
        rooms = [room_with_candidate(stage, f"Host{i}", f"Cand{i}") for i in range(2)]
        coach = watch(stage, *[room.link("coach") for room in rooms])
        for room in rooms:
            row(coach, room)
        stage.server.kill()
        stage.server.start()
        for room in rooms:
            room.do("talk.say", text="again")
            room.event(do="talk.say", text="again")
            room.do("clock.start")
            row(coach, room, lambda line: line["stage"] == "running", "a row after the crash")
            coach.send({"room": room.room, "do": "talk.whisper", "text": "still here"})
            room.event(do="talk.whisper", text="still here")
        coach.end()


def test_cohort_after_a_crash():
    """The coach enters again by the key alone; rooms from before and after the crash are on the wall."""
    with Stage(workers=4, options=["--appear-within", "3600"]) as stage:
        _, students, coaches = stage.cohort()
        wall = watch(stage, coaches)
        before = [stage.pair(students, f"Early{i}", "--role", role)
                  for i, role in enumerate(("interviewer", "candidate"))]
        old = Room(joined(before[0]))
        row(wall, old, lambda line: len(line["names"]) == 2, "both of the pair")
        stage.server.kill()
        stage.server.start()
        after = [stage.pair(students, f"Late{i}", "--role", role)
                 for i, role in enumerate(("interviewer", "candidate"))]
        row(wall, Room(joined(after[0])), lambda line: len(line["names"]) == 2, "the room opened after the crash")
        before[1].send({"do": "hand.set", "on": True})
        row(wall, old, lambda line: why(line) == ["hand"], "the hand in the room from before")
        wall.end()


def test_taken_over():
    """Who sits down elsewhere with the same key loses that room on the wall, and no other."""
    with Stage(workers=2) as stage:
        rooms = [room_with_candidate(stage, f"Host{i}", f"Cand{i}") for i in range(2)]
        coach = watch(stage, *[room.link("coach") for room in rooms])
        for room in rooms:
            row(coach, room)
        seat = stage.join(rooms[0].link("coach"), "Cleo")
        seat.event(do="seat.join", role="coach", session=2)
        gone = coach.find(lambda line: line.get("room") == rooms[0].room and "gone" in line, "the loss")
        check("taken over" in gone["gone"], gone)
        rooms[1].do("clock.start")
        row(coach, rooms[1], lambda line: line["stage"] == "running", "the other room")
        seat.do("talk.whisper", text="here now")
        rooms[0].event(do="talk.whisper", text="here now")
        coach.end()


def test_bad_links():
    with Stage() as stage:
        room = stage.host("Host")
        link = room.link("coach")
        other = stage.host("Other").link("coach")
        wrong = re.sub(r"#coach\.....", "#coach.AAAA", other)
        # One bad link is told; the others are watched.
        both = watch(stage, link, wrong, name="Cleo")
        row(both, room)
        both.end()
        check("No room opens with this link" in both.errors, both.errors)
        cases = [
            (["coach", wrong, "--batch"], 3, "No room opens with this link"),
            (["coach", room.link("candidate"), "--batch"], 2, "coach"),
            (["coach", stage.server.link, "--batch"], 2, "host"),
            (["coach", "nonsense", "--batch"], 2, "no cohort \"nonsense\""),
            (["coach", "https://nonsense", "--batch"], 2, "link"),
            (["coach", *[other] * 65, "--batch"], 2, "help"),
            (["coach", "--batch"], 2, "coaches no cohort yet"),
            (["coach", other], 1, "terminal"),
        ]
        for words, code, text in cases:
            done = stage.spar(*words, name="Cleo", code=code)
            check(text.lower() in done.stderr.lower(), "%s: %r" % (words, done.stderr))
            check(len(done.stderr.strip().splitlines()) <= 3, "more than a sentence: %r" % done.stderr)
        # The link belongs to the key that used it first.
        done = stage.spar("coach", link, "--batch", name="Second", code=3)
        check("somebody else's key" in done.stderr, done.stderr)


def test_bad_lines():
    with Stage() as stage:
        room = stage.host("Host")
        for line, text in (("{", "not JSON"), ("[]", "one JSON object"), ('{"do":"talk.say"}', '"room"'),
                           ('{"room":"%s","do":"no.such"}' % room.room, "no.such"),
                           ('{"nothing":1}', "should hold"), ('{"x":"%s"}' % ("y" * 17000), "longer")):
            coach = watch(stage, room.link("coach"), name="Cleo")
            row(coach, room)
            coach.process.stdin.write(line + "\n")
            coach.process.stdin.flush()
            coach.process.stdin.close()
            coach.end(2)
            check("line 1: " in coach.errors and text in coach.errors, "%s: %r" % (line[:40], coach.errors))


if __name__ == "__main__":
    sys.exit(main(globals()))
