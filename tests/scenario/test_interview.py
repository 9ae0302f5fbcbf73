# SPDX-License-Identifier: ISC
"""
Purpose: a whole interview, lobby to closed, with the real `spar` as interviewer and candidate and the Python
client as coach: everybody sees what they may, in every state, and afterwards the record says what happened.
"""
import json
import os

from support import Stage, check, dense, equal, main, once, spar_client

HIDDEN = ("mark.set", "flag.set", "note.panel", "talk.whisper", "room.brief")


def play_phases(host, candidate, coach):
    host.do("clock.start")
    candidate.event(do="clock.start")
    host.do("fact.reveal", fact="peak-rate")
    fact = candidate.event(do="fact.reveal")
    check("50,000" in fact["text"], f"the fact's text reaches the candidate: {fact}")
    host.do("mark.set", item="clarify-volume", mark="raised")
    coach.wait_do("mark.set", item="clarify-volume", mark=2)
    coach.command("mark.set", item="clarify-latency", mark="prompted")
    coach.command("note.panel", text="Asks before drawing.")
    coach.command("talk.whisper", text="Try the schema.")
    equal(coach.settle(), [], "refusals of the coach")
    host.event(do="talk.whisper", text="Try the schema.")
    for phase in ("scope", "design"):
        host.do("clock.jump", phase=phase)
    host.do("clock.add", phase="design", ms=60000)
    host.do("clock.pause")
    candidate.event(do="clock.pause")
    candidate.do("talk.say", text="Take your time.")
    host.event(do="talk.say")
    host.do("clock.resume")
    host.do("curveball.throw", curveball="ten-x")
    candidate.event(do="curveball.throw")
    host.do("flag.set", flag="happy-path", on=True)
    host.do("flag.set", flag="happy-path", on=False)
    for phase in ("defend", "operate"):
        host.do("clock.jump", phase=phase)
    host.do("mark.set", item="clarify-latency", mark="raised")
    candidate.do("note.mine", text="Nobody else reads this.")
    host.do("clock.finish")
    candidate.event(do="clock.finish")
    candidate.event(do="sheet.open", by=None)  # by itself, soon after the finish
    candidate.event(do="room.titles")
    candidate.do("self.set", item="clarify-volume", mark="raised")
    candidate.event(do="self.set")


def check_before_debrief(candidate, coach):
    seen = [event["do"] for event in candidate.events() if event["do"] in HIDDEN]
    equal(seen, [], "what the candidate saw of the panel before the debrief")
    coach.wait_do("clock.finish")
    check(not any(e["do"] in ("self.set", "note.mine") for e in coach.events), "the panel saw the candidate's sheet")


def debrief_and_close(host, candidate, coach):
    host.do("debrief.open")
    candidate.event(do="flag.set", on=False)
    candidate.event(do="note.panel", text="Asks before drawing.")
    coach.wait_do("self.set")
    host.do("room.close")
    candidate.event(do="room.close")
    coach.wait_do("room.close")
    check(not any(e["do"] == "talk.whisper" for e in candidate.events()), "a whisper reached the candidate")
    check(not any(e["do"] == "note.mine" for e in coach.events), "a note to oneself reached the coach")
    for events in (host.events(), candidate.events(), coach.events):
        dense(events)
        once(events)
    equal(candidate.refused() + host.refused(), [], "refusals")


def test_whole_interview():
    with Stage(workers=2, options=["--clock-rate", "600"]) as stage:
        host = stage.host("Robin", "--pack", "click-stream", "--plan", "standard")
        candidate_link, coach_link = host.link("candidate"), host.link("coach")
        candidate = stage.join(candidate_link, "Sasha")
        coach = stage.member(coach_link, "Kim")
        host.event(do="seat.join", role="candidate", name="Sasha")
        host.event(do="seat.join", role="coach", name="Kim")
        play_phases(host, candidate, coach)
        check_before_debrief(candidate, coach)
        debrief_and_close(host, candidate, coach)
        for batch in (host, candidate):
            batch.end()
        after(stage, coach_link, host.room)


def after(stage, coach_link, room):
    """Sessions, recordings of all three, and what can be made of them."""
    listed = json.loads(stage.spar("sessions", stage.server.link, "--json", "--identity",
                                   stage.path("Sasha.pem"), name="Sasha", code=0).stdout)
    equal((listed["room"], listed["role"], listed["stage"]), (room, "candidate", "closed"), "the session")
    for name in ("Robin", "Sasha"):
        file = stage.path(name + ".spar")
        role = {"Robin": "interviewer", "Sasha": "candidate"}[name]
        done = stage.spar("fetch", coach_link, "--identity", stage.path(name + ".pem"), "--out", file, name=name, code=0)
        check(f": whole: room {room}, the {role}'s view, " in done.stdout, f"says what was saved: {done.stdout!r}")
        check("signed by the server that you met it on" in done.stdout, f"and by whom: {done.stdout!r}")
        stage.spar("verify", file, name=name, code=0)
        other_view(stage, file, name)
    reports(stage, stage.path("Robin.spar"))
    record, end = spar_client.fetch(coach_link, stage.key("Kim"))
    check(spar_client.check_signature(room, end), "the signature holds")
    check(not spar_client.check_signature("a" * 12, end), "the signature is of this room")
    equal(end["v"], 2, "the recording's version")
    check(not spar_client.check_signature(room, {**end, "role": 1}), "the signature is of this role")
    check(not spar_client.check_signature(room, {**end, "seat": end.get("seat", 0) + 1}), "and of this seat")
    check(not spar_client.check_signature(room, {**end, "v": 1}), "and of this version")
    check(len(record) > 20, "the coach's recording has the interview")
    damaged(stage, stage.path("Robin.spar"))


def other_view(stage, file, name):
    """A recording that claims to be another seat's or role's view, in its head, its end or both, is not good."""
    with open(file, "rb") as whole:
        data = whole.read()
    for field in (b"\xa4seat", b"\xa4role"):
        first, last = data.index(field) + len(field), data.rindex(field) + len(field)
        for places in ((first,), (last,), (first, last)):
            changed = bytearray(data)
            for place in places:
                changed[place] = changed[place] % 3 + 1
            with open(stage.path("changed.spar"), "wb") as out:
                out.write(changed)
            stage.spar("verify", stage.path("changed.spar"), name=name, code=4)


def reports(stage, file):
    """Every format, and the printed replay, tell what happened."""
    for form, has in (("text", "Volume and velocity"), ("md", "| "), ("html", "</html>")):
        text = stage.spar("report", file, "--format", form, code=0).stdout
        check(has in text and "Sasha" in text and "Take your time." in text, f"the {form} report: {text[-500:]}")
    equal(json.loads(stage.spar("report", file, "--format", "json", code=0).stdout)["room"] is not None, True, "JSON")
    printed = stage.spar("replay", file, "--print", code=0).stdout
    check("Take your time." in printed and printed.count("\n") > 20, f"the printed replay: {printed[-500:]}")


def damaged(stage, file):
    """A changed byte in the middle is found, and the place is named."""
    with open(file, "rb") as whole:
        data = bytearray(whole.read())
    place = data.index(b"Take your time.")
    data[place] ^= 1
    with open(stage.path("damaged.spar"), "wb") as out:
        out.write(data)
    done = stage.spar("verify", stage.path("damaged.spar"), code=4)
    said = done.stdout + done.stderr
    check("damaged" in said and any(word.strip(".,:").isdigit() for word in said.split()), f"says where: {said!r}")
    with open(stage.path("cut.spar"), "wb") as out:
        out.write(data[:place - 100])
    stage.spar("verify", stage.path("cut.spar"), code=4)
    os.unlink(stage.path("cut.spar"))


def test_two_at_the_clock():
    """Two interviewers press keys at once: the second one's is not carried out against another state."""
    with Stage() as stage:
        host = stage.host("Robin")
        host.send({"invite": "interviewer"})
        second = stage.join(host.link("interviewer"), "Kim")
        host.do("clock.start")
        second.event(do="clock.start")
        second.do("clock.jump", phase="scope")
        host.event(do="clock.jump")
        host.do("clock.finish", seen=1)
        line = host.find(lambda l: "refused" in l, "a refusal")["refused"]
        equal(line["why"], "stale", "the second one's key")
        check(line["text"].startswith("Kim went to another phase first"), line["text"])
        host.do("clock.add", phase="scope", ms=60000, seen=1)
        equal(second.event(do="clock.add").get("seen"), None, "what the event has of it")
        host.do("clock.pause")  # what the screen shows now
        second.event(do="clock.pause")


def test_training_room():
    """In a training room the candidate sees the marks of the panel at once."""
    with Stage() as stage:
        host = stage.host("Robin", "--training")
        candidate = stage.join(host.link("candidate"), "Sasha")
        host.do("clock.start")
        host.do("mark.set", item="clarify-volume", mark="prompted")
        candidate.event(do="mark.set", mark="prompted")
        host.do("note.panel", text="hidden")
        host.do("talk.say", text="seen")
        candidate.event(do="talk.say")
        check(not any(e["do"] == "note.panel" for e in candidate.events()), "a panel note reached the candidate")


def test_own_plan():
    with Stage() as stage:
        host = stage.host("Robin", "--minutes", "1,2,3,4,5.5")
        opened = host.event(do="room.open")
        equal(opened["budgets"], [1, 2, 3, 4, 5.5], "the plan of one's own")


if __name__ == "__main__":
    main(globals())
