# SPDX-License-Identifier: ISC
"""
Purpose: answers that are longer than what may wait for a connection without a seat: a recording is made as its reader
drains it, and whoever has only come to fetch it is not cut off.
"""
from support import Stage, check, equal, main


def test_a_long_recording():
    with Stage() as stage:
        host = stage.host("Robin")
        host.do("clock.start")
        for number in range(120):
            host.do("talk.say", text=f"{number} " + "x" * 1900)
        host.event(do="talk.say", id=121)
        path = stage.path("long.spar")
        done = stage.spar("fetch", host.room, "--identity", stage.path("Robin.pem"), "--out", path, code=0)
        check("whole" in done.stdout or "events" in done.stdout, f"what was fetched: {done.stdout!r}")
        with open(path, "rb") as file:
            check(len(file.read()) > 220 * 1024, "a recording longer than what may wait")
        stage.spar("verify", path, code=0)
        equal("too-slow" in stage.server.text(), False, "somebody cut off")


if __name__ == "__main__":
    main(globals())
