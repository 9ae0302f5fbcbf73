# SPDX-License-Identifier: ISC
"""Nobody spends what is another's: each test has somebody who takes all there is to take, and beside it somebody
honest who must not notice."""

import time

from spar_peer import Ended, Server, pack_bodies
from support import check, equal, main


def open_room(server):
    host = server.connect("ada")
    links = host.host(server.secret, *pack_bodies())
    host.join(links["room"], links["interviewer"], "Ada")
    return host, links


def works(host, room):
    """The honest one's clock, talk and answers, and how long they took in s."""
    began = time.monotonic()
    for action in ("clock.pause", "clock.resume"):
        equal(host.done(room, action)["do"], action, "the honest one's clock")
    equal(host.done(room, "talk.say", text="still here")["do"], "talk.say", "the honest one's talk")
    return time.monotonic() - began


def flood(peer, **message):
    """Sends until the server has had enough. How many messages it took; what was answered is in peer.seen."""
    sent = 0
    try:
        while sent < 100000:
            peer.send(**{**message, **({"id": sent + 1} if "id" in message else {})})
            sent += 1
    except OSError:
        pass
    try:
        while True:
            peer.receive()
    except (Ended, OSError):
        pass
    return sent


def test_hands():
    """A candidate who raises the hand without end is cut off; clock, talk and end are as ever, and so is the way back."""
    with Server(workers=1) as server:
        host, links = open_room(server)
        room = links["room"]
        host.done(room, "clock.start")
        candidate = server.connect("ben")
        candidate.join(room, links["candidate"], "Ben")
        flood(candidate, m="command", room=room, id=0, do="hand.set", on=1)
        server.await_log("why=too-fast")
        works(host, room)
        again = server.connect("ben")
        again.join(room, name="Ben")
        equal(host.done(room, "clock.finish")["do"], "clock.finish", "the end")


def test_waits():
    """Who is too fast is told how long to wait."""
    with Server(workers=1, options=["--tokens", "10"]) as server:
        host, links = open_room(server)
        room = links["room"]
        refused = None
        while refused is None:
            answer = host.do(room, "hand.set", on=0)
            answer = host.take_any("refused", "event", id=answer, room=room)
            refused = answer if answer.get("why") == "too-fast" else None
        check(0 < refused["wait"] <= 1000, f"the wait: {refused}")


def test_guesses():
    """Guessing secrets costs most: a few a second at the most, one line a minute in the log, then the end."""
    with Server(workers=1) as server:
        host, links = open_room(server)
        room = links["room"]
        host.done(room, "clock.start")
        guesser = server.connect("cy")
        sent = flood(guesser, m="join", room=room, secret="A" * 22, name="Cy")
        server.await_log("why=too-fast")
        looked = sum(m["m"] == "refused" and m["why"] == "no-such-room" for m in guesser.seen)
        check(0 < looked <= 20, f"{looked} of {sent} guesses were looked at")
        server.await_log("secret.wrong")
        works(host, room)
        equal(sum("secret.wrong" in line for line in server.log), 1, "lines in the log")


if __name__ == "__main__":
    main(globals())
