# SPDX-License-Identifier: ISC
"""
Purpose: the second half: after a half has ended and both have agreed its two people go on to one next room with the
roles turned and another prompt, linked both ways; nobody turns the roles alone, also not with a client that knows no
ask; refusals leave everything as it was.
"""
from cohort_peer import CANDIDATE, INTERVIEWER, Person, pack_named
from spar_peer import Server
from support import check, equal, main
from test_pairing import people


def first_half(server, end=True):
    """Ada (interviewer) and Ben (candidate), matched, run through; their room."""
    cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
    ada.pair(cohort, 1)
    ada.queue(cohort)
    ben.pair(cohort, 1)
    room = ada.matched(cohort)["room"]
    ben.matched(cohort)
    ada.join(room)
    ben.join(room)
    ada.peer.done(room, "clock.start")
    if end:
        ada.peer.done(room, "clock.finish")
        ben.peer.event(room=room, do="clock.finish")
    return cohort, coach, ada, ben, room


def swap(person, room, pack, number):
    person.peer.send(m="swap", room=room, id=number, pack=pack[0], panel=pack[1])


def agree(room, first, second):
    """First asks to turn the roles, second agrees."""
    asked = first.peer.done(room, "turn.ask", on=1)
    equal(second.peer.event(room=room, do="turn.ask", on=1)["other"], asked["by"], "whose ask it is")
    agreed = second.peer.done(room, "turn.ask", on=1, other=asked["by"])
    first.peer.event(room=room, do="turn.ask", by=agreed["by"])


def test_nobody_turns_them_alone():
    """One candidate's `swap` used to turn the roles for both, and skipped the debrief."""
    with Server(workers=4) as server:
        cohort, coach, ada, ben, room = first_half(server)
        swap(ben, room, pack_named("two"), 20)
        asked = ada.peer.event(room=room, do="turn.ask")
        equal((asked["by"], asked["seat"], asked["other"], asked["on"]), (255, 1, 1, 1), "the server asks for Ben")
        refused = ben.refusal(id=20)
        equal(refused["why"], "not-agreed", "Ben alone")
        check("asked" in refused["text"], refused["text"])
        ada.peer.done(room, "turn.ask", on=0)
        equal(ben.peer.event(room=room, do="turn.ask", on=0)["by"], 0, "she declines")
        # An interviewer who has the message alone has asked too, and chooses no prompt.
        swap(ada, room, pack_named("two"), 30)
        equal(ada.refusal(id=30)["why"], "not-agreed", "Ada alone")
        swap(ada, room, pack_named("two"), 31)
        equal(ada.refusal(id=31)["why"], "not-agreed", "Ada alone, twice")
        # And the coach's debrief is not skipped: the room is where it was.
        ada.peer.done(room, "debrief.open")
        check(not [m for m in ben.peer.events(room) if m["do"] == "room.swap"], "nobody has gone on")
        swap(ben, room, pack_named("two"), 21)  # Ben's answer to Ada's ask
        following = ada.peer.event(room=room, do="room.swap")["next"]
        equal((ada.join(following)["role"], ben.join(following)["role"]), (2, 1), "roles, turned by both")


def test_roles_turn():
    with Server(workers=4) as server:
        cohort, coach, ada, ben, room = first_half(server)
        agree(room, ada, ben)
        swap(ben, room, pack_named("two"), 10)
        events = [person.peer.event(room=room, do="room.swap") for person in (ada, ben)]
        following = events[0]["next"]
        equal((events[1]["next"], events[1]["seat"]), (following, 1), "both are told, and who asked")
        first, second = ada.join(following), ben.join(following)
        equal((first["role"], second["role"]), (2, 1), "roles, turned")
        opened = ada.peer.event(room=following, do="room.open")
        equal((opened["prev"], opened["cohort"]), (room, cohort), "linked with the first half")
        coach.peer.find("listed", room=following)
        for person in (ada, ben):
            person.peer.send(m="leave", room=room)
        coach.peer.find("listed", room=room, ended=True)
        brief = [m for m in ada.peer.events(following) if m["do"] == "room.brief"]
        equal(brief, [], "the candidate is not told what the panel may know")
        # Ada came as candidate there: in the third half the prompt is known to her.
        ben.peer.done(following, "clock.start")
        ben.peer.done(following, "clock.finish")
        agree(following, ada, ben)
        swap(ada, following, pack_named("two"), 9)
        equal(ada.refusal(id=9)["why"], "prompt-seen", "the prompt of this very room")
        swap(ada, following, pack_named("one"), 10)
        equal(ada.refusal(id=10)["why"], "prompt-seen", "Ben was candidate on it")
        swap(ada, following, pack_named("three"), 11)
        equal(ada.peer.event(room=following, do="room.swap")["seat"], 0, "a third half")
        # The second half counts like any other: its prompt is never given to Ada again, on this
        # connection either.
        ada.pair(cohort, 2, role=CANDIDATE)
        equal(ada.queue(cohort, place=1)["count"], 1, "she waits")
        coach.pair(cohort, 2, role=INTERVIEWER)
        equal(coach.queue(cohort)["place"], 2, "and is not paired on that prompt")
        coach.pair(cohort, 2, role=CANDIDATE)
        ada.pair(cohort, 2, role=INTERVIEWER)
        equal(coach.matched(cohort)["name"], "Ada", "the other way round they fit")


def outcome(person, room, number):
    """Why a swap was refused, or the room that everybody goes on in."""
    while True:
        message = person.peer.receive()
        if message["m"] == "refused" and message["id"] == number:
            return message["why"]
        if message["m"] == "event" and message["room"] == room and message["do"] == "room.swap":
            return message


def test_two_swaps_give_one_room():
    """Clients of before, both of which send `swap` alone, at once: the second one agrees, and one room comes of it."""
    with Server(workers=4) as server:
        cohort, coach, ada, ben, room = first_half(server)
        swap(ada, room, pack_named("two"), 50)
        swap(ben, room, pack_named("three"), 60)
        first = outcome(ben, room, 60)
        if first == "not-agreed":  # he was first, so that hers agrees
            ben.peer.event(room=room, do="turn.ask", seat=0)
            swap(ben, room, pack_named("three"), 61)
            first = outcome(ben, room, 61)
        equal(ada.refusal(id=50)["why"], "not-agreed", "the prompt is not hers to choose")
        following = first["next"]
        equal(ada.peer.event(room=room, do="room.swap")["next"], following, "one room")
        swap(ben, room, pack_named("three"), 70)
        equal(ben.refusal(id=70)["why"], "no-change", "it is done")
        equal((ada.join(following)["role"], ben.join(following)["role"]), (2, 1), "both roles")


def test_a_prompt_that_the_next_candidate_interviewed_on():
    with Server(workers=2) as server:
        cohort, coach, ada, ben, room = first_half(server)
        links = ada.peer.host(server.secret, *pack_named("two"))
        ada.join(links["room"], links["interviewer"])  # it never starts; she has read the answers
        agree(room, ben, ada)
        swap(ben, room, pack_named("two"), 7)
        equal(ben.refusal(id=7)["why"], "prompt-seen", "Ada knows it from the other side")
        swap(ben, room, pack_named("three"), 8)
        ada.peer.event(room=room, do="room.swap")


def test_refusals():
    with Server(workers=2) as server:
        cohort, coach, ada, ben, room = first_half(server, end=False)
        swap(ada, room, pack_named("two"), 1)
        equal(ada.refusal(id=1)["why"], "wrong-stage", "while the clock runs")
        ada.peer.done(room, "clock.finish")
        coach.join(room)
        swap(coach, room, pack_named("two"), 2)
        equal(coach.refusal(id=2)["why"], "not-allowed", "a coach")
        swap(ada, room, (b"\x80", b"\x80"), 3)
        refused = ada.refusal(id=3)
        equal(refused["why"], "bad-pack", "a pack that is none")
        check("pack check" in refused["text"], refused["text"])
        stranger = Person(server, "Stranger")
        swap(stranger, room, pack_named("two"), 4)
        equal(stranger.refusal(id=4)["why"], "not-a-member", "a stranger")
        agree(room, ada, ben)
        swap(ben, room, pack_named("one"), 5)
        equal(ben.refusal(id=5)["why"], "prompt-seen", "the same prompt")
        ada.peer.ids[room] += 10
        number = ada.peer.do(room, "room.swap", seat=0, next="abcdefghijkl")
        equal(ada.refusal(id=number)["why"], "not-allowed", "a room of one's own making")
        swap(ben, room, pack_named("two"), 6)
        ada.peer.event(room=room, do="room.swap")


if __name__ == "__main__":
    main(globals())
