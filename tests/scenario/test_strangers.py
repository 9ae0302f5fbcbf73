# SPDX-License-Identifier: ISC
"""
Purpose: what somebody may learn who has no seat and is in no cohort, or in another one: each message is answered alike,
whether what it names is a running room, a closed one, a cohort's, a cohort, the lobby or nothing at all.
"""
from cohort_peer import LOBBY, Person, pack_named
from spar_peer import Server, pack_bodies
from support import equal, main

NOTHING = "zzzzzzzzzzz9"
NO_SECRET = "A" * 22


def questions(target, foreign):
    """(name, message, what it is refused with): every message that names a room or a cohort; `foreign` are secrets."""
    public, panel = pack_bodies()
    bodies, broken = {"pack": public, "panel": panel}, {"pack": b"x", "panel": b"y"}
    no_room, no_seat, no_cohort = "no-such-room", "not-a-member", "no-such-cohort"
    for name in ("x", ""):
        for secret in ("", NO_SECRET, *foreign):
            yield {"m": "join", "room": target, "secret": secret, "name": name}, no_room if name else "bad-field"
            if target != LOBBY:
                yield {"m": "enter", "id": 1, "cohort": target, "secret": secret, "name": name}, no_cohort
    yield {"m": "join", "room": target, "name": "x", "after": 5, "shown": 1}, no_room
    yield {"m": "leave", "room": target}, no_seat
    for do, fields in (("talk.say", {"text": "x"}), ("room.close", {}), ("no.such", {})):
        yield {"m": "command", "room": target, "id": 3, "do": do, **fields}, no_seat
    yield {"m": "command", "room": target, "id": 3, "do": "talk.say"}, "bad-field"
    for role in (1, 2, 3):
        yield {"m": "invite", "room": target, "role": role}, no_seat
    for version in (0, 1, 2, 2 ** 32 - 1):
        yield {"m": "fetch", "room": target, "id": 2 ** 32 - 1, "v": version}, no_seat
    for pack in (bodies, broken):
        yield {"m": "swap", "room": target, "id": 2, **pack}, no_seat
        yield {"m": "host", "id": 2, "cohort": target, **pack}, no_cohort
        yield {"m": "offer", "id": 2, "cohort": target, **pack}, no_cohort
    yield {"m": "sessions", "id": 2, "cohort": target}, no_cohort
    yield {"m": "pair", "id": 2, "cohort": target, "packs": 1, "wait": 1000}, no_cohort
    yield {"m": "pair", "id": 2, "cohort": target, "packs": 1, "wait": 1000, "match": target}, no_cohort
    yield {"m": "unpair", "id": 2, "cohort": target}, no_cohort
    yield {"m": "link", "id": 2, "cohort": target, "role": 2}, no_cohort
    yield {"m": "withdraw", "id": 2, "cohort": target, "link": 0}, no_cohort
    yield {"m": "roster", "id": 2, "cohort": target}, no_cohort
    yield {"m": "mine", "id": 2, "cohort": target}, no_cohort


def answers(peer, target, foreign):
    """What each question is answered with; the target's id is taken out."""
    got = []
    for number, (question, why) in enumerate(questions(target, foreign)):
        peer.send(**question)
        answer = peer.receive()
        equal((answer["m"], answer["why"]), ("refused", why), f"the answer to {question}")
        peer.send(m="ping", t=number)
        equal(peer.receive()["m"], "pong", f"what comes behind the one answer to {question}")
        got.append({key: "it" if value == target else value for key, value in answer.items()})
    return got


def test_strangers_learn_nothing():
    with Server(workers=2, options=["--tokens", "1000000"]) as server:
        host, coach, student = server.connect("host"), Person(server, "coach"), Person(server, "student")
        running = host.host(server.secret, *pack_bodies())
        closed = host.host(server.secret, *pack_bodies())
        for links in (running, closed):
            host.join(links["room"], links["interviewer"], "Host")
        host.done(closed["room"], "room.close")
        made = coach.found(server.secret)
        cohort = made["cohort"]
        coach.enter(cohort, made["coaches"])
        coach.offer(cohort, pack_named("one"))
        student.enter(cohort, made["students"])
        inside = student.peer.host("", *pack_bodies(), cohort=cohort)
        student.join(inside["room"], inside["interviewer"])
        equal(student.enter(LOBBY, server.secret)["m"], "entered", "the lobby is there")
        targets = {"a running room": running["room"], "a closed room": closed["room"], "a cohort's room": inside["room"],
                   "a cohort": cohort, "the lobby": LOBBY}
        other = Person(server, "other")
        theirs = other.found(server.secret)
        other.enter(theirs["cohort"], theirs["coaches"])
        foreign = (theirs["coaches"], theirs["students"])
        for peer in (server.connect("stranger"), other.peer):
            alike = answers(peer, NOTHING, foreign)
            for what, target in targets.items():
                expected = [a for a, (q, _) in zip(alike, questions(NOTHING, foreign)) if q["m"] != "enter"]
                equal(answers(peer, target, foreign), expected if target == LOBBY else alike, f"what tells of {what}")


if __name__ == "__main__":
    main(globals())
