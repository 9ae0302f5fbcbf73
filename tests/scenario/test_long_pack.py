# SPDX-License-Identifier: ISC
"""
Purpose: packs whose panel's body needs several messages and several events: hosted, offered, swapped to, read
again after the server was killed; at the bound of all parts together, one byte past it, and with parts that do not
belong together, while somebody else hosts beside it.
"""

import hashlib
import re
import sys

import msgpack
from spar_peer import Server, dense, pack_bodies

PART, PARTS = 31000, 4
HELD = 64  # requests whose parts a worker keeps
ITEMS = 19  # for each of the five phases: 95 of the 96 that there may be


def check(good, what):
    if not good:
        raise AssertionError(what)


def most(server):
    """The greatest panel's body of long_pack: the server counts keys of later formats that are absent in it too."""
    peer = server.connect("measure")
    host(server, peer, long_pack(PART * PARTS), 1)
    answer = peer.take_any("hosted", "refused")
    if answer["m"] == "hosted":
        return PART * PARTS
    found = int(re.search(r"found (\d+)", answer["text"]).group(1))
    return PART * PARTS - (found - PART * PARTS)


def long_pack(size=PART * PARTS - 400, prompt="long"):
    """The bodies of a pack whose panel's body has just that many bytes."""
    public, panel = (msgpack.unpackb(b) for b in pack_bodies(items=ITEMS))
    public.update(v=2, id=prompt, lang="")
    full = 300 if size > 3 * PART else 0
    panel.update(v=2, competencies=[], groups=[])  # as the server would write it: nothing is left out
    for item in panel["items"]:  # of 300 to 800 bytes, whose heads are of one length
        item.update(strong="s" * 300, counts="c" * full, weak="w" * full, competency="", levels="any", late=False,
                    own=False)
    more = size - len(msgpack.packb(panel))
    for item in panel["items"]:
        step = min(more, 500)
        item["strong"] += "s" * step
        more -= step
    body = msgpack.packb(panel)
    check(len(body) == size, "the test's own pack")
    return msgpack.packb(public), body


def send_in_parts(peer, kind, pack, number, part_id=None, **fields):
    """`kind` with the last part; the parts before it under its id."""
    public, panel = pack
    parts = [panel[at:at + PART] for at in range(0, len(panel), PART)]
    for part in parts[:-1]:
        peer.send(m="part", id=part_id or number, panel=part)
    peer.send(m=kind, id=number, pack=public, panel=parts[-1], **fields)


def host(server, peer, pack, number, **fields):
    send_in_parts(peer, "host", pack, number, secret=server.secret, name="Ada", mode=0, **fields)


def briefs(peer, room):
    return [e for e in peer.events(room) if e["do"] == "room.brief"]


def body_of(events):
    check([e.get("left", 0) for e in events] == list(range(len(events) - 1, -1, -1)), "how many parts are left")
    return b"".join(e["pack"] for e in events)


def test_hosted(server):
    ada, ben = server.connect("ada"), server.connect("ben")
    pack = long_pack()
    host(server, ada, pack, 1)
    links = ada.take("hosted")
    room = links["room"]
    joined = ada.join(room, links["interviewer"], "Ada")
    ada.event(room=room, n=joined["n"])
    check(body_of(briefs(ada, room)) == pack[1], "the interviewer has all of it")
    joined = ben.join(room, links["candidate"], "Ben")
    ben.event(room=room, n=joined["n"])
    check(not briefs(ben, room), "the candidate has nothing of it")
    for action in ("clock.start", "clock.finish", "debrief.open"):
        ada.done(room, action)
    ben.event(room=room, do="debrief.open")
    while len(briefs(ben, room)) < PARTS:
        ben.receive()
    check(body_of(briefs(ben, room)) == pack[1], "the debrief opens all of it")
    check(dense(ben.events(room)), "the candidate's numbers")
    # Read again from the disk.
    server.kill()
    server.start()
    again = server.connect("ada")
    joined = again.join(room, name="Ada")
    again.event(room=room, n=joined["n"])
    check(body_of(briefs(again, room)) == pack[1], "it was kept")
    # The second half under another long pack.
    other = long_pack(2 * PART, "other")
    carl = server.connect("ben")
    carl.join(room, name="Ben")
    again.done(room, "turn.ask", on=1)
    carl.event(room=room, do="turn.ask")
    send_in_parts(carl, "swap", other, 40, room=room)
    following = again.event(room=room, do="room.swap")["next"]
    joined = again.join(following, name="Ada")  # the candidate of that one
    check(joined["role"] == 2, "the roles are turned")
    joined = carl.join(following, name="Ben")
    carl.event(room=following, n=joined["n"])
    check(body_of(briefs(carl, following)) == other[1] and len(briefs(carl, following)) == 2, "two parts")


def test_bounds(server):
    ada, honest = server.connect("carol"), server.connect("dan")
    bound = most(server)
    check(PART * PARTS - 400 < bound, "the bound: %d" % bound)
    host(server, ada, long_pack(bound), 8)
    ada.take("hosted")
    host(server, ada, long_pack(bound + 1), 1)
    check(ada.take("refused", id=1)["why"] == "bad-pack", "one byte past the bound")
    honest.host(server.secret, *pack_bodies())
    # Parts of another id are forgotten, and what comes alone is no pack.
    host(server, ada, long_pack(), 2, part_id=7)
    check(ada.take("refused", id=2)["why"] == "bad-pack", "parts of another request")
    # One part too few; then the same request in full.
    public, panel = long_pack()
    ada.send(m="part", id=3, panel=panel[:PART])
    ada.send(m="host", id=3, secret=server.secret, name="Ada", mode=0, pack=public, panel=panel[-PART:])
    check(ada.take("refused", id=3)["why"] == "bad-pack", "parts that are missing")
    for _ in range(2 * PARTS):  # more than a body may have: nothing of it is kept
        ada.send(m="part", id=4, panel=panel[:PART])
    ada.send(m="host", id=4, secret=server.secret, name="Ada", mode=0, pack=public, panel=panel[:PART])
    check(ada.take("refused", id=4)["why"] == "bad-pack", "parts without an end")
    ada.send(m="part", id=5, panel=b"x" * (PART + 1))
    check(ada.take("error")["why"] == "bad-message", "a part that is too long")
    host(server, ada, long_pack(), 6)
    ada.take("hosted")
    honest.host(server.secret, *pack_bodies())


def test_offered(server):
    eve = server.connect("eve")
    eve.send(m="cohort", id=1, secret=server.secret, name="Evenings")
    made = eve.take("made")
    eve.send(m="enter", id=2, cohort=made["cohort"], secret=made["coaches"], name="Eve")
    eve.take("entered")
    pack = long_pack()
    send_in_parts(eve, "offer", pack, 3, cohort=made["cohort"])
    check(eve.take("end", id=3)["count"] == 0, "the first pack of the cohort")
    send_in_parts(eve, "offer", pack, 4, cohort=made["cohort"])
    check(eve.take("end", id=4)["count"] == 0, "it is known")
    send_in_parts(eve, "offer", long_pack(PART * PARTS + 1), 5, cohort=made["cohort"])
    check(eve.take("refused", id=5)["why"] == "bad-pack", "one byte past the bound")
    server.kill()
    server.start()
    again = server.connect("eve")
    again.send(m="enter", id=1, cohort=made["cohort"])
    check(again.take("entered")["packs"] == hashlib.sha256(pack[0] + pack[1]).digest(), "it was kept, by its hash")


def test_left_behind(server):
    """Parts of requests that never come: at the bound all are kept, one past it the oldest are dropped, and whoever
    hosts beside that does not notice."""
    crowd = [server.connect("someone-%d" % i) for i in range(HELD + 1)]
    public, panel = long_pack()

    def leave_behind(peers, number):
        for peer in peers:
            for _ in range(PARTS):
                peer.send(m="part", id=number, panel=b"x" * PART)
            peer.send(m="ping", t=1)
            peer.take("pong")

    def why(peer, number):
        peer.send(m="host", id=number, secret=server.secret, name="Ada", mode=0, pack=public, panel=panel[:PART])
        return peer.take("refused", id=number)["why"]
    leave_behind(crowd[:-1], 1)
    check(why(crowd[0], 1) == "bad-pack", "all are kept, and one more does not fit its pack")
    leave_behind([crowd[0], crowd[-1]], 2)
    check(why(crowd[1], 1) == "too-many", "one past the bound the oldest are dropped")
    check(why(crowd[2], 1) == "bad-pack", "and no others")
    leave_behind(crowd[1:3], 3)
    host(server, crowd[1], long_pack(), 4)
    crowd[1].take("hosted")


def main():
    with Server(workers=2) as server:
        test_hosted(server)
        test_bounds(server)
        test_offered(server)
    with Server(workers=1) as server:
        test_left_behind(server)


if __name__ == "__main__":
    sys.exit(main())
