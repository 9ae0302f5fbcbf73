# SPDX-License-Identifier: ISC
"""
Purpose: people who wait in a cohort's lobby on four workers: both of a pair get the same room at once, a partner
who does not appear frees the other to the front, nobody is in two places, whatever is cut off or killed.
"""
import time

from cohort_peer import (ALL_PACKS, CANDIDATE, EITHER, INTERVIEWER, LEVEL, LOBBY, WHY, Person, pack_named)
from spar_peer import Server
from support import check, equal, main, until

PATIENT = ("--appear-within", "3600", "--tokens", "1000000")  # however slow the machine is, or fast
TOLD_WITHIN_S = 1
COMMITS = 6  # of a match, one after the other: the wish, the pair, the room (two), its opening, and one under way


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
    with Server(workers=4, options=PATIENT) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        equal(ada.offer(cohort, pack_named("one")), 0, "a pack that is known already")
        ada.pair(cohort, 3)
        first = ada.queue(cohort)
        equal((first["place"], first["count"], first["names"]), (1, 1, "Ada"), "the queue")
        ben.pair(cohort, 3)
        one, other = ada.matched(cohort), ben.matched(cohort)
        equal(one["room"], other["room"], "the room")
        equal((one["role"], one["name"], other["role"], other["name"]), (1, "Ben", 2, "Ada"), "roles and partners")
        equal(one["title"], other["title"], "the prompt")
        room = one["room"]
        equal((ada.join(room)["role"], ben.join(room)["role"]), (1, 2), "roles of the seats")
        for person in (ada, ben):
            equal(person.queue(cohort, place=0)["why"], WHY["met"], "why nobody waits any more")
        listed = coach.peer.find("listed", room=room)
        equal((listed["cohort"], listed["title"]), (cohort, one["title"]), "what the coach is told")
        equal(coach.join(room)["role"], 3, "the coach is granted a seat")
        ada.peer.take("event", room=room, do="seat.join", role=3)
        server.await_log("pair.made cohort=" + cohort)
        server.await_log("room.opened room=" + room)


def took(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_both_are_told_within_a_second():
    """The best of five matches, beyond what as many plain commands take: a slow disk or a busy machine is no fault."""
    with Server(workers=4, options=PATIENT) as server:
        cohort, _, _, crowd = people(server, ["P%d" % i for i in range(10)])
        links = crowd[0].peer.host(server.secret, *pack_named("one"))
        crowd[0].join(links["room"], links["interviewer"])
        matches, commands = [], []
        for one, other in zip(crowd[::2], crowd[1::2]):
            one.pair(cohort, 3)
            one.queue(cohort, place=1)
            matches.append(took(lambda: (other.pair(cohort, 3), one.matched(cohort), other.matched(cohort))))
            commands += [took(lambda: crowd[0].peer.done(links["room"], "talk.say", text="x")) for _ in range(5)]
        floor = sorted(commands)[len(commands) // 2]
        check(min(matches) < TOLD_WITHIN_S + COMMITS * floor, f"matches took {matches} s, a command {floor} s")


def test_a_clock_that_was_set_back():
    """Room time goes on from the latest event when the clock is behind it: here by a faster clock before."""
    with Server(workers=2, options=("--clock-rate", "3600")) as server:
        cohort, made, coach, (ada,) = people(server, ["Ada"])
        ada.ask("host", cohort=cohort, pack=pack_named("one")[0], panel=pack_named("one")[1], name="Ada")
        hosted = ada.peer.take("hosted")
        room = hosted["room"]
        ada.join(room, hosted["interviewer"])
        before = ada.peer.done(room, "clock.start")["at"]
        server.kill()
        server.options[-1] = "1"
        server.start()
        ada.reconnect()
        check(ada.peer.welcome["now"] >= before, "what is told to whoever comes")
        joined = ada.join(room)
        came = ada.peer.event(room=room, n=joined["n"])["at"]
        check(came >= before, "the moment of coming back")
        after = came
        while after == came:
            after = ada.peer.done(room, "talk.say", text="Does it tick?")["at"]
        check(came < after < came + 3600 * 1000, f"a clock of {after - came} ms")
        server.await_log("clock.behind")


def test_the_last_wish_counts():
    """Who changes their mind at once is where they said last, whatever the server had to look up meanwhile."""
    with Server(workers=2) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        for turn in range(20):
            ada.pair(cohort, 3)
            ada.pair(cohort, 3, role=INTERVIEWER)
            if turn % 2:  # also where the first has had its effect
                ada.queue(cohort, place=1)
            ada.ask("unpair", cohort=cohort)
            equal(ada.enter(cohort)["m"], "entered", "a question behind it")
            ada.peer.send(m="sessions", id=1000 + turn)  # behind what had to be looked up
            ada.peer.take("end", id=1000 + turn)
            equal(ada.enter(cohort)["m"], "entered", "a question behind that")
            places = [m["place"] for m in ada.peer.seen if m["m"] == "queue"]
            equal(places[-1:] or [0], [0], "the place of somebody who has left")
        ben.pair(cohort, 3)
        equal(ben.queue(cohort)["count"], 1, "who waits")


def test_waiting_ends():
    """Own wish, time, and a withdrawn wish; the clock runs 60 times faster."""
    with Server(workers=4, options=["--clock-rate", "60", *PATIENT]) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        ada.pair(cohort, 3, role=INTERVIEWER)
        ada.queue(cohort, place=1)
        ben.pair(cohort, 3, role=INTERVIEWER)  # nobody wants to be candidate
        equal(ben.queue(cohort, place=2)["names"], "Ada, Ben", "who waits, the oldest first")
        ada.ask("unpair", cohort=cohort)
        equal(ada.queue(cohort, place=0)["why"], WHY["left"], "why she does not wait")
        equal(ben.queue(cohort, place=1)["count"], 1, "the other moves up")
        ada.pair(cohort, 3, role=INTERVIEWER, wait=30000)
        ada.queue(cohort, place=0, why=WHY["expired"])
        ada.pair(cohort, 3, role=CANDIDATE)
        equal(ada.matched(cohort)["name"], "Ben", "another wish")


def test_nearest_level_first():
    """On the slow clock: it takes a minute until who waits would do with somebody two levels away."""
    with Server(workers=2, options=PATIENT) as server:
        cohort, made, coach, (ada, ben, cy) = people(server, ["Ada", "Ben", "Cy"])
        ada.pair(cohort, 3, role=INTERVIEWER, level=LEVEL["mid"])
        ada.queue(cohort, place=1)
        ben.pair(cohort, 3, role=CANDIDATE, level=LEVEL["staff"])
        equal(ben.queue(cohort, place=2)["count"], 2, "too far apart at first")
        cy.pair(cohort, 3, role=CANDIDATE, level=LEVEL["mid"])
        equal(ada.matched(cohort)["name"], "Cy", "the nearest level, though Ben has waited longer")
        equal(cy.matched(cohort)["name"], "Ada", "the other one")


def test_levels_widen():
    with Server(workers=2, options=["--clock-rate", "60", *PATIENT]) as server:
        cohort, made, coach, (ben,) = people(server, ["Ben"])
        ben.pair(cohort, 3, role=CANDIDATE, level=LEVEL["staff"])
        ben.queue(cohort, place=1)
        coach.pair(cohort, 3, role=INTERVIEWER, level=LEVEL["senior"])
        equal(coach.matched(cohort)["name"], "Ben", "one level apart, after half a minute")


class TooSlow(Exception):
    """Whoever comes at once was not in time for the deadline."""


def matched_in_time(person, cohort):
    """The match that somebody is told of, unless its deadline was over before that."""
    while True:
        message = person.peer.take_any("matched", "queue", cohort=cohort)
        if message["m"] == "matched":
            return message
        if message.get("why") == WHY["missed"]:
            raise TooSlow


def waiting(coach, cohort):
    """Names of those who wait, the first first, and whether they are there."""
    number = coach.ask("roster", cohort=cohort)
    coach.answer("end", number)
    return [(m["name"], m.get("on", False)) for m in coach.peer.seen
            if m["m"] == "entry" and m["id"] == number and m["kind"] == 3]


def test_last_partners():
    """Two who have just met wait for others first; each is told that it is so, and by whom."""
    with Server(workers=4, options=PATIENT) as server:
        cohort, _, _, (ada, ben) = people(server, ["Ada", "Ben"])
        ada.pair(cohort, 3, role=INTERVIEWER)
        equal(ada.queue(cohort, place=1).get("last", ""), "", "nobody was there before")
        ben.pair(cohort, 3, role=CANDIDATE)
        room = ada.matched(cohort)["room"]
        ben.matched(cohort)
        ada.join(room), ben.join(room)
        for person in (ada, ben):
            person.queue(cohort, place=0)
        ada.pair(cohort, 3, role=INTERVIEWER)
        ada.queue(cohort, place=1)
        ben.pair(cohort, 3, role=CANDIDATE)
        equal(ben.queue(cohort, place=2)["last"], "Ada", "why Ben waits")
        equal(ada.queue(cohort, count=2)["last"], "Ben", "why Ada waits")
        ben.pair(cohort, 3, role=INTERVIEWER)
        equal(ada.queue(cohort, change=3).get("last", ""), "", "by then they would not fit anyway")


def test_partner_does_not_appear():
    for seconds in (60, 600, 3600):  # of the fast clock; more where who comes at once comes too late
        with Server(workers=4, options=["--clock-rate", "60", "--appear-within", str(seconds)]) as server:
            try:
                partner_does_not_appear(server)
                return
            except TooSlow:
                continue
    raise AssertionError("whoever came at once was taken for missing")


def partner_does_not_appear(server):
    cohort, made, coach, (ada, ben, cy, dan) = people(server, ["Ada", "Ben", "Cy", "Dan"])
    ada.pair(cohort, 3, role=INTERVIEWER)
    ada.queue(cohort, place=1)
    cy.pair(cohort, 3, role=INTERVIEWER)
    cy.queue(cohort, place=2)
    ben.pair(cohort, 3, role=CANDIDATE)
    room = matched_in_time(ada, cohort)["room"]
    ada.join(room)
    equal(matched_in_time(ben, cohort)["room"], room, "the room")
    freed = ada.queue(cohort)
    if freed["why"] == WHY["missed"]:
        raise TooSlow
    equal((freed["place"], freed["why"]), (1, WHY["partner"]), "who came is at the front")
    equal(ben.queue(cohort, place=0)["why"], WHY["missed"], "who did not come does not wait")
    until(lambda: waiting(coach, cohort) == [("Ada", True), ("Cy", True)], "who came later to stay behind")
    server.await_log("pair.freed cohort=" + cohort)
    coach.peer.find("listed", room=room, ended=True)
    dan.pair(cohort, 3, role=CANDIDATE)
    equal(matched_in_time(ada, cohort)["name"], "Dan", "the front is served first")
    ben.pair(cohort, 3, role=CANDIDATE)
    equal({matched_in_time(ben, cohort)["name"], matched_in_time(cy, cohort)["name"]}, {"Cy", "Ben"}, "the next two")


def test_a_candidate_never_gets_a_prompt_again():
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        # A room outside of the cohort, in which Ada was candidate on prompt "one".
        public, panel = pack_named("one")
        links = ben.peer.host(server.secret, public, panel)
        ben.join(links["room"], links["interviewer"])
        ada.join(links["room"], links["candidate"])
        ben.peer.done(links["room"], "clock.start")
        ada.pair(cohort, 3, role=CANDIDATE)
        ada.queue(cohort)
        ben.pair(cohort, 1, role=INTERVIEWER)  # takes "one" only
        equal(ben.queue(cohort, place=2)["count"], 2, "they do not fit")
        ben.pair(cohort, 3, role=INTERVIEWER)
        equal(ben.matched(cohort)["title"], "Prompt two", "the prompt that is new to her")


def test_a_prompt_is_seen_from_any_seat():
    """Who interviewed or listened has had the panel's part, also of a room that never started."""
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben, cy) = people(server, ["Ada", "Ben", "Cy"])
        public, panel = pack_named("one")
        links = ada.peer.host(server.secret, public, panel)
        ada.join(links["room"], links["interviewer"])
        cy.join(links["room"], links["coach"])
        for seen in (ada, cy):
            seen.pair(cohort, 3, role=CANDIDATE)
            seen.queue(cohort)
        ben.pair(cohort, 1, role=INTERVIEWER)  # takes "one" only
        equal(ben.queue(cohort, place=3)["count"], 3, "they do not fit")
        ben.pair(cohort, 3, role=INTERVIEWER)
        equal(ben.matched(cohort)["title"], "Prompt two", "the prompt that is new to them")


def test_lost_connections():
    """Somebody gone keeps the place and is not matched; a match is told again after a reconnect."""
    with Server(workers=4, options=PATIENT) as server:
        cohort, made, coach, (ada, ben, cy) = people(server, ["Ada", "Ben", "Cy"])
        ada.pair(cohort, 3, role=INTERVIEWER)
        ada.queue(cohort, place=1)
        cy.pair(cohort, 3, role=INTERVIEWER)
        cy.queue(cohort, place=2)
        ada.peer.reset()
        until(lambda: waiting(coach, cohort) == [("Ada", False), ("Cy", True)], "the server to notice")
        ben.pair(cohort, 3, role=CANDIDATE)
        equal(ben.matched(cohort)["name"], "Cy", "who is there")
        ada.reconnect()
        equal(ada.enter(cohort)["m"], "entered", "by key alone")
        ada.pair(cohort, 3, role=INTERVIEWER)
        equal(ada.queue(cohort)["place"], 1, "the place was kept")
        room = cy.matched(cohort)["room"]
        ben.peer.reset()
        ben.reconnect().enter(cohort)
        ben.pair(cohort, 3, role=CANDIDATE)
        equal(ben.matched(cohort)["room"], room, "the same match, told again")
        ben.join(room)
        cy.join(room)
        ben.peer.done(room, "talk.say", text="here")
        cy.peer.event(room=room, do="talk.say")


def test_common_lobby():
    with Server(workers=4) as server:
        ada, ben, stranger = Person(server, "Ada"), Person(server, "Ben"), Person(server, "Stranger")
        equal(stranger.enter(LOBBY)["why"], "no-such-cohort", "without the host link")
        equal(ada.enter(LOBBY, server.secret)["member"], 0, "opened with its first guest")
        equal(ben.enter(LOBBY, server.secret)["member"], 1, "the second")
        pack = ben.offer(LOBBY, pack_named("one"))
        for person in (ada, ben):
            person.pair(LOBBY, 1 << pack)
        equal(ada.matched(LOBBY)["room"], ben.matched(LOBBY)["room"], "the room")
        equal(ada.reconnect().enter(LOBBY)["member"], 0, "by key alone")
    with Server(workers=4, options=["--open-hosting"]) as server:
        crowd = [Person(server, "P%d" % i) for i in range(4)]
        for person in crowd:  # all at once, on four workers: one of them opens it
            person.ask("enter", cohort=LOBBY, name=person.name)
        members = sorted(person.peer.take("entered")["member"] for person in crowd)
        equal(members, [0, 1, 2, 3], "members")


def crowd_of(server, count):
    return people(server, ["P%02d" % i for i in range(count)])


def wait_again(person, cohort):
    equal(person.enter(cohort)["m"], "entered", "by key alone")
    person.pair(cohort, 3)


def check_matches(matches):
    """One match a person, two people a room, and both agree on it."""
    rooms = {}
    for name, match in matches.items():
        rooms.setdefault(match["room"], []).append((name, match["name"], match["role"]))
    for room, pair in rooms.items():
        equal(len(pair), 2, f"people in {room}: {pair}")
        (a, partner_of_a, role_a), (b, partner_of_b, role_b) = pair
        equal((partner_of_a, partner_of_b, {role_a, role_b}), (b, a, {1, 2}), "partners and roles")
    return rooms


def test_a_crowd_at_once():
    """Everybody at the same moment on four workers, a third cut off in the middle."""
    with Server(workers=4, options=PATIENT) as server:
        cohort, made, coach, crowd = crowd_of(server, 20)
        for number, person in enumerate(crowd):
            person.pair(cohort, 3)
            if number % 3 == 0:
                person.peer.reset()
        for person in crowd[::3]:
            wait_again(person.reconnect(), cohort)
        matches = {person.name: person.matched(cohort) for person in crowd}
        rooms = check_matches(matches)
        equal(len(rooms), 10, "rooms")
        for person in crowd:
            equal(person.join(matches[person.name]["room"])["role"], matches[person.name]["role"], "the seat")


def kill_and_restart(server, crowd):
    server.kill()
    server.start()
    for person in crowd:
        person.reconnect()


def test_killed_in_mid_match():
    """kill -9 while pairs are made, four times at whatever moment that is; afterwards each has exactly one."""
    with Server(workers=4, options=PATIENT) as server:
        cohort, made, coach, crowd = crowd_of(server, 12)
        told = {}
        for turn in range(4):
            for person in crowd:
                wait_again(person, cohort)
            for person in crowd[:3 * turn]:  # the server is somewhere in the middle of the others by then
                told.setdefault(person.name, person.matched(cohort)["room"])
            kill_and_restart(server, crowd)
        for person in crowd:
            wait_again(person, cohort)
        matches = {person.name: person.matched(cohort) for person in crowd}
        for name, room in told.items():
            equal(matches[name]["room"], room, f"the match that {name} was told of holds")
        rooms = check_matches(matches)
        equal(len(rooms), 6, "rooms")
        kill_and_restart(server, crowd)
        for person in crowd:
            equal(person.join(matches[person.name]["room"])["role"], matches[person.name]["role"], "the seat")
        coach.reconnect().enter(cohort)
        for room in rooms:
            coach.peer.take("listed")
        listed = {m["room"] for m in coach.peer.seen if m["m"] == "listed"}
        equal(listed, set(rooms), "the cohort's rooms, each once")


def test_who_has_met_does_not_wait_again():
    """A connection that is lost in a match: whoever goes on from it is not put into the queue a second time."""
    with Server(workers=2, options=PATIENT) as server:
        cohort, made, _, (ada, ben) = people(server, ["Ada", "Ben"])
        ada.pair(cohort, 3)
        ben.pair(cohort, 3)
        room = ada.matched(cohort)["room"]
        ada.join(room)
        ada.reconnect().enter(cohort, made["students"])
        ada.pair(cohort, 3, match=room)
        equal(ada.matched(cohort)["room"], room, "the match while it stands")
        ben.join(room)
        ben.queue(cohort, why=WHY["met"])
        ada.reconnect().enter(cohort, made["students"])
        ada.pair(cohort, 3, match=room)
        equal(ada.queue(cohort)["why"], WHY["met"], "the match is whole")
        ada.pair(cohort, 3)
        equal(ada.queue(cohort, place=1).get("why", 0), WHY["none"], "a new wish")


if __name__ == "__main__":
    main(globals())
