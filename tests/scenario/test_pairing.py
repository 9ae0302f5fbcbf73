"""
Purpose: people who wait in a cohort's lobby on four workers: both of a pair get the same room at once, a partner
who does not appear frees the other to the front, nobody is in two places, whatever is cut off or killed.
"""
import time

from cohort_peer import (ALL_PACKS, CANDIDATE, EITHER, INTERVIEWER, LEVEL, LOBBY, WHY, Person, pack_named)
from spar_peer import Server
from support import check, equal, main


def people(server, names, packs=("one", "two")):
    """A cohort, its coach and these students, who have entered; the packs are offered by the coach."""
    coach = Person(server, "coach")
    made = coach.found(server.secret)
    cohort = made["cohort"]
    equal(coach.enter(cohort, made["coaches"])["role"], 3, "the coach's role")
    for index, pack in enumerate(packs):
        equal(coach.offer(cohort, pack_named(pack)), index, "index of a pack")
    students = [Person(server, name) for name in names]
    for number, student in enumerate(students):
        entered = student.enter(cohort, made["students"])
        equal((entered["m"], entered["role"], entered["member"]), ("entered", 2, number + 1), "entered")
        equal(len(entered["packs"]), 32 * len(packs), "packs that are known")
    return cohort, made, coach, students


def test_two_are_paired():
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        equal(ada.offer(cohort, pack_named("one")), 0, "a pack that is known already")
        ada.pair(cohort, 3)
        first = ada.queue(cohort)
        equal((first["place"], first["count"], first["names"]), (1, 1, "Ada"), "the queue")
        began = time.monotonic()
        ben.pair(cohort, 3)
        one, other = ada.matched(cohort), ben.matched(cohort)
        check(time.monotonic() - began < 1 or "SPAR_SANITIZE" in __import__("os").environ, "within a second")
        equal(one["room"], other["room"], "the room")
        equal((one["role"], one["name"], other["role"], other["name"]), (1, "Ben", 2, "Ada"), "roles and partners")
        equal(one["title"], other["title"], "the prompt")
        room = one["room"]
        equal((ada.join(room)["role"], ben.join(room)["role"]), (1, 2), "roles of the seats")
        listed = coach.peer.take("listed", room=room)
        equal((listed["cohort"], listed["title"]), (cohort, one["title"]), "what the coach is told")
        equal(coach.join(room)["role"], 3, "the coach is granted a seat")
        ada.peer.take("event", room=room, do="seat.join", role=3)
        server.await_log("pair.made cohort=" + cohort)
        server.await_log("room.opened room=" + room)


if __name__ == "__main__":
    main(globals())
