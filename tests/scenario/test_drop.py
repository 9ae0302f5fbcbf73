# SPDX-License-Identifier: ISC
"""
Purpose: connections cut without a word, at random moments of every stage of a room: everybody comes back by
itself, each command counts once, numbers have no gap, and all end with the same log.
"""
import random

from cutter import Cutter
from support import LIMIT, Stage, check, dense, equal, main, once, until, spar_client

STAGES = [("lobby", None), ("running", "clock.start"), ("paused", "clock.pause"), ("running", "clock.resume"),
          ("finished", "clock.finish"), ("debrief", "debrief.open")]


def test_cut_in_every_stage():
    chance = random.Random(7)
    with Stage(workers=2) as stage:
        host = stage.host()
        cutter = Cutter(("127.0.0.1", spar_client.parse_link(stage.server.link).port))
        try:
            play(stage, host, cutter, chance)
        finally:
            cutter.close()


def play(stage, host, cutter, chance):
    batch = stage.join(cutter.through(host.link("candidate")), "Sasha")
    coach = stage.member(cutter.through(host.link("coach")), "Kim")
    batch.event(do="seat.join", role="candidate")
    said = {"coach": 0, "batch": 0}
    for name, action in STAGES:
        if action:
            host.do(action)
            host.event(do=action)
        for _ in range(4):
            for _ in range(chance.randrange(1, 6)):
                coach.command("talk.say", text=f"coach {said['coach']}")
                batch.do("talk.say", text=f"batch {said['batch']}")
                said["coach"] += 1
                said["batch"] += 1
            for _ in range(chance.randrange(4)):  # so that the cut meets answers on their way, too
                try:
                    coach.next(0.01)
                except TimeoutError:
                    pass
            cutter.cut()
            if chance.random() < 0.8:  # else cut again before they are back
                equal(coach.settle(), [], f"refusals in the stage {name}")
                batch.event(do="talk.say", text=f"batch {said['batch'] - 1}")
        equal(coach.settle(), [], f"refusals in the stage {name}")
        batch.event(do="talk.say", text=f"batch {said['batch'] - 1}")
    check(cutter.cuts >= 20, f"only {cutter.cuts} connections were cut")
    check(coach.joins > 6, f"the coach joined {coach.joins} times")
    equal(coach.resets, 0, "how often the past was lost")
    check_logs(host, batch, coach, said)


def check_logs(host, batch, coach, said):
    host.do("talk.say", text="the end")
    for one in (host, batch):
        one.event(do="talk.say", text="the end")
    coach.wait_do("talk.say", text="the end")
    wanted = {who: [f"{who} {i}" for i in range(count)] for who, count in said.items()}
    for events in (host.events(), batch.events(), coach.events):
        dense(events)
        once(events)
        for who, texts in wanted.items():
            got = [e["text"] for e in events if e["do"] == "talk.say" and e["text"].startswith(who)]
            equal(got, texts, f"what the {who} said, in order, each once")
    mine = [event["made"] if "made" in event else event["at"] for event in coach.events if event["by"] == coach.seat]
    equal(mine, sorted(mine), "the coach's own moments")


def test_cut_while_joining():
    """Cut at each of the first bytes of a join: the seat is there once and the link still opens it."""
    with Stage() as stage:
        host = stage.host()
        cutter = Cutter(("127.0.0.1", spar_client.parse_link(stage.server.link).port))
        try:
            link = cutter.through(host.link("coach"))
            for _ in range(6):
                connection = stage.connection(link, "Kim")
                parsed = spar_client.parse_link(link)
                connection.send("join", room=parsed.room, secret=parsed.secret, name="Kim", after=0, shown=0)
                cutter.cut()
            coach = stage.member(link, "Kim")
            coach.wait_do("seat.join", seat=coach.seat)
            seats = {e["seat"] for e in coach.events if e["do"] == "seat.join" and e["name"] == "Kim"}
            equal(seats, {coach.seat}, "Kim's seats")
        finally:
            cutter.close()


def test_presence():
    """Who drops is seen to be gone, and back."""
    with Stage() as stage:
        host = stage.host()
        coach = stage.member(host.link("coach"), "Kim")
        session = coach.wait_do("seat.join", seat=coach.seat)["session"]
        coach.close()
        host.event(do="seat.gone", seat=coach.seat, session=session)
        coach.connect()
        host.event(do="seat.join", seat=coach.seat, session=session + 1)
        until(lambda: coach.wait_do("seat.join", session=session + 1, timeout=LIMIT), "the coach's own return")


if __name__ == "__main__":
    main(globals())
