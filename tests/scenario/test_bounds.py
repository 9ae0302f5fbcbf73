# SPDX-License-Identifier: ISC
"""
Purpose: what a server does at its bounds: a reader that does not read is cut off and resumes without loss, one
connection too many is told so, a bad certificate leaves the old one working.
"""

import os
import signal
import sys

from spar_peer import Server, dense, pack_bodies

NOTES = 1000  # of 2,000 bytes, by two: more than the queue's bound, the kernel's share and a small receive buffer hold
BURST = 100   # below the bound of commands that may wait


def check(good, what):
    if not good:
        raise AssertionError(what)


def open_room(server):
    host = server.connect("ada")
    links = host.host(server.secret, *pack_bodies())
    host.join(links["room"], links["interviewer"], "Ada")
    return host, links


def test_slow_reader(server):
    host, links = open_room(server)
    room = links["room"]
    slow = server.connect("ben", receive_buffer=4096)
    slow.join(room, links["candidate"], "Ben")
    coach = server.connect("cy")
    coach.join(room, links["coach"], "Cy")
    for burst in range(NOTES // BURST):
        author = (host, coach)[burst % 2]
        for _ in range(BURST):
            author.do(room, "talk.say", text="x" * 2000)
        author.event(id=author.ids[room])
    server.await_log("why=too-slow")
    last = slow.ended()
    heard = slow.events(room)
    check(dense(heard) and len(heard) < NOTES, "it was cut off in the middle")
    check(last["m"] == "event" or last["why"] == "too-slow", "%r" % last)
    again = server.connect("ben")
    joined = again.join(room, name="Ben", after=heard[-1]["n"])
    again.event(room=room, n=joined["n"])
    everything = heard + again.events(room)
    check(dense(everything), "nothing is lost and nothing comes twice")
    check(sum(e["do"] == "talk.say" for e in everything) == NOTES, "every note is there")


def test_bad_certificate(server):
    with open(os.path.join(server.folder, "data", "server.pem"), "w") as out:
        out.write("no certificate\n")
    server.signal(signal.SIGHUP)
    server.await_log("certificate.kept")
    check(server.connect("cy").pin() == server.connect("ben").pin(), "the old one goes on working")


def test_full(server):
    server.alone()
    closed = server.lines("why=eof")
    peers = [server.connect("cy") for _ in range(3)]
    late = server.connect("ben", hello=False)
    late.send(m="hello", v=1, app="test")
    check(late.ended()["why"] == "too-many", "one too many is told so")
    late.close()
    server.await_log("why=too-many")
    peers.pop().close()
    server.await_log("why=eof", closed + 1)
    check(server.connect("ben").welcome["v"] == 2, "there is room again")


def main():
    with Server(workers=2, options=["--max-output", "1536"]) as server:
        test_slow_reader(server)
        test_bad_certificate(server)
    with Server(workers=2, options=["--max-connections", "3"]) as server:
        test_full(server)
    print("bounds: all good")


if __name__ == "__main__":
    sys.exit(main())
