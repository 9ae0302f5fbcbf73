# SPDX-License-Identifier: ISC
"""
Purpose: a page whose server is lost in mid-interview goes to the other one by itself, over /ws, from the page of the one that
is gone; what was said meanwhile is kept once.
"""
import sys
import time

from browser import Browser, need_browser
import postgres
from support import SANITIZED, check, equal, main

if SANITIZED or postgres.programs() is None:
    sys.exit(77)

from pulse import Pulse  # noqa: E402
from test_roam import WAKES, WORST, Fault, Roaming, arrival  # noqa: E402


def hop(database, kinds):
    need_browser()
    with Roaming(database) as nodes, Browser() as page, Pulse(nodes.path("pulse")) as pulse:
        nodes.await_both()
        host = nodes.batch(["host", nodes.relays[nodes.server].through(nodes.server.link)], "Robin")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        page.running()
        page.until("return window.spar.app.link.places.length > 1", "the other's name")
        at = nodes.server
        for number, kind in enumerate(kinds):
            other = nodes.other if at is nodes.server else nodes.server
            words = f"page {number}"
            fault = Fault(nodes, kind, at)
            begun = time.monotonic()
            fault.begin()
            page.say(words)
            heard = arrival(host, words)
            took = heard - begun
            print(f"{kind}: {took:.2f} s", end=" ")
            check(pulse.spared(begun, heard, 2 * WAKES) < 2 * WORST, f"{kind}: it took {took:.2f} s until the page was heard")  # host and page both go
            place = page.run("return window.spar.app.link.places[0]")
            equal(place, ":".join(map(str, nodes.relays[other].address)), "where the page is")
            fault.mend()
            at = other
        host.do("talk.say", text="the last")
        page.until("return document.body.innerText.includes('the last')", "the last line")
        host.event(do="talk.say", text="the last")  # each is told by the server that it is at
        talk = [event["text"] for event in host.events() if event["do"] == "talk.say"]
        equal(talk, [f"page {i}" for i in range(len(kinds))] + ["the last"], "what was said, each once")
        host.end()


def with_database(test):
    def run():
        with postgres.database() as database:
            test(database)
    return run


def test_killed_and_stands_still(database):
    hop(database, ["killed", "stands still", "cut off", "stops"])


if __name__ == "__main__":
    main({name: with_database(test) for name, test in globals().copy().items() if name.startswith("test_")})
