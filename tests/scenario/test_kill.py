# SPDX-License-Identifier: ISC
"""
Purpose: the server dies by kill -9 in the middle of an interview and is started again on its folder: what
anybody was told is still there, clients come back by themselves, and the recording is whole.
"""
from support import Stage, check, dense, equal, main, once, spar_client


def test_kill_in_every_stage():
    with Stage(workers=2) as stage:
        host = stage.host()
        link = host.link("coach")
        candidate = stage.join(host.link("candidate"), "Sasha")
        coach = stage.member(link, "Kim")
        host.event(do="seat.join", role="candidate")
        told, said = [], 0
        for action in (None, "clock.start", "clock.pause", "clock.finish", "debrief.open"):
            if action:
                host.do(action)
                candidate.event(do=action)
            for _ in range(10):
                coach.command("note.all", text=f"note {said}")
                host.do("talk.say", text=f"say {said}")
                said += 1
            coach.wait_do("note.all", text=f"note {said - 6}")  # so the rest is on its way
            told = list(coach.events)
            stage.server.kill()
            stage.server.start()
            equal(coach.settle(), [], "refusals after the restart")
            equal(coach.events[:len(told)], told, "what had been told before the kill")
            host.event(do="talk.say", text=f"say {said - 1}")
            candidate.event(do="note.all", text=f"note {said - 1}")
        equal(coach.resets, 0, "how often a past was unknown to the server")
        check_whole(stage, host, candidate, coach, link, said)


def check_whole(stage, host, candidate, coach, link, said):
    host.do("room.close")
    for batch in (host, candidate):
        batch.event(do="room.close")
    coach.wait_do("room.close")
    for events in (host.events(), candidate.events(), coach.events):
        dense(events)
        once(events)
        equal([e["text"] for e in events if e["do"] == "note.all"], [f"note {i}" for i in range(said)], "notes")
        equal([e["text"] for e in events if e["do"] == "talk.say"], [f"say {i}" for i in range(said)], "talk")
        times = [e["at"] for e in events if e["do"] in ("note.all", "talk.say")]
        equal(times, sorted(times), "room time, which goes on over restarts")
    record, end = spar_client.fetch(link, stage.key("Kim"))
    check(len(record) >= len(coach.events), "the recording holds what the coach saw")
    check(spar_client.check_signature(host.room, end), "signed")
    stage.spar("fetch", link, "--identity", stage.path("Robin.pem"), "--out", stage.path("r.spar"), code=0)
    stage.spar("verify", stage.path("r.spar"), code=0)


def test_clean_stop_and_back():
    """SIGTERM: everybody is told `stopping`, and resumes after the restart without loss."""
    with Stage(workers=2) as stage:
        host = stage.host()
        coach = stage.member(host.link("coach"), "Kim")
        watcher = stage.connection(host.link("coach"), "Watcher")
        stage.server.stop()
        try:
            watcher.receive()
            check(False, "the watcher heard no bye")
        except spar_client.Bye as bye:
            equal(bye.why, "stopping", "the reason")
        host.do("talk.say", text="said while it was away")
        stage.server.start()
        coach.wait_do("talk.say", text="said while it was away")
        dense(coach.events)


if __name__ == "__main__":
    main(globals())
