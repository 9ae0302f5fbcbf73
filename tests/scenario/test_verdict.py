# SPDX-License-Identifier: ISC
"""
Purpose: verdicts and the rating in a debrief with the real `spar` and the Python client as coach: who has handed in
is known to all, what is not before all have; then all open at once, and report and CSV have them.
"""
import csv
import io
import json
import os

from support import Stage, check, dense, equal, main

VERDICT = ("verdict.give", "rating.give")


def seat_of(person, name):
    return next(event["seat"] for event in person.events() if event["do"] == "seat.join" and event["name"] == name)


def to_debrief(stage):
    host = stage.host("Robin")
    candidate = stage.join(host.link("candidate"), "Sasha")
    coach = stage.member(host.link("coach"), "Kim")
    host.event(do="seat.join", name="Kim")
    host.event(do="seat.join", name="Sasha")
    host.do("clock.start")
    host.do("curveball.throw", curveball="ten-x")
    host.do("clock.finish")
    candidate.event(do="clock.finish")
    host.do("debrief.open")
    candidate.event(do="debrief.open")
    coach.wait_do("debrief.open")
    return host, candidate, coach


def of_others(person, name):
    """What a person knows of the others' verdicts and ratings."""
    return [event for event in person.events() if event["do"] in VERDICT and event["name"] != name]


def test_verdicts():
    with Stage() as stage:
        host, candidate, coach = to_debrief(stage)
        host.do("answer.set", curveball="ten-x", mark=2)
        host.do("mark.set", item="clarify-volume", mark="raised")
        equal(candidate.event(do="mark.set")["was"], "not yet", "a correction says what it corrects")
        host.do("verdict.give", recommend="yes", level="senior", keep="Numbers first.", change="=1+1",
                drill="Failure modes, 10 minutes.")
        candidate.event(do="verdict.in", seat=seat_of(host, "Robin"))
        candidate.do("rating.give", ratings={"prepared": 4, "let-drive": 3}, text="Thank you.")
        host.event(do="verdict.in", seat=seat_of(host, "Sasha"))
        equal(of_others(host, "Robin") + of_others(candidate, "Sasha"), [], "known before they open")
        coach.command("verdict.give", recommend="no", level="senior", keep="The close.")
        equal(candidate.event(do="verdict.open")["by"], None, "the server opens them")
        equal(candidate.event(do="verdict.give", name="Kim")["keep"], "The close.", "the coach's verdict")
        equal(host.event(do="rating.give")["ratings"], {"prepared": 4, "let-drive": 3}, "the rating")
        coach.wait_do("rating.give")
        host.do("verdict.give", recommend="no", level="mid")
        host.find(lambda line: line.get("refused", {}).get("why") == "no-change", "a second one is refused")
        host.do("room.close")
        candidate.event(do="room.close")
        coach.wait_do("room.close")
        for person in (host, candidate):
            dense(person.events())
            person.end()
        dense(coach.events)
        look_back(stage, host.room)


def test_end_of_the_room_opens():
    """The candidate gives nothing, and the server is killed between: nothing is lost, nothing shows too soon."""
    with Stage() as stage:
        host, candidate, coach = to_debrief(stage)
        host.do("verdict.give", recommend="strong no", level="staff")
        candidate.event(do="verdict.in")
        stage.server.kill()
        stage.server.start()
        coach.connect()
        coach.command("verdict.give", recommend=0, level=3)
        candidate.event(do="verdict.in", seat=seat_of(candidate, "Kim"))
        equal(of_others(candidate, "Sasha"), [], "what the candidate knows while the rating is waited for")
        host.do("room.close")
        candidate.event(do="room.close")
        equal(candidate.event(do="verdict.give", name="Robin")["recommend"], "strong no", "opened by the end")
        candidate.event(do="verdict.give", name="Kim")
        dense(candidate.events())


def look_back(stage, room):
    file = stage.path(os.path.join("Robin", "here.spar"))
    stage.spar("fetch", room, "--identity", stage.path("Robin.pem"), "--out", file, name="Robin", code=0)
    report = json.loads(stage.spar("report", file, "--format", "json", name="Robin", code=0).stdout)
    verdicts = {one["by"]: one for one in report["verdicts"]}
    equal(set(verdicts), {"Robin", "Sasha", "Kim"}, "whose verdicts are in the report")
    equal((verdicts["Robin"]["recommendation"], verdicts["Robin"]["level"]), ("yes", "senior"), "Robin's")
    equal(verdicts["Sasha"]["kind"], "rating", "Sasha's")
    equal([one["score"] for one in verdicts["Sasha"]["scores"]], [4, 3], "what was rated")
    check(any("Numbers first." in one["text"] for one in report["strengths"]), report["strengths"])
    equal([one["answered"] for one in report["reveals"]], ["well"], "how the question was answered")
    text = stage.spar("report", file, name="Robin", code=0).stdout
    check("Robin: yes, for senior" in text and "Corrected in the debrief" in text, text)
    out = stage.spar("cohort", "report", os.path.dirname(file), "--format", "csv", name="Robin", code=0).stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    said = {(row["by"], row["value"]) for row in rows if row["kind"] == "recommendation"}
    equal(said, {("Robin", "yes"), ("Kim", "no")}, "the recommendations of the CSV")
    equal([row["value"] for row in rows if row["kind"] == "rating"], ["4", "3"], "the ratings of the CSV")


if __name__ == "__main__":
    main(globals())
