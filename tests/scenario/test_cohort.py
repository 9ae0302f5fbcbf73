# SPDX-License-Identifier: ISC
"""
Purpose: cohorts on a server with four workers: links that are made and withdrawn, rooms hosted in a cohort, what a
coach may see and nobody else, and the refusals, which tell a stranger nothing.
"""
import time

import msgpack

from cohort_peer import ALL_PACKS, CANDIDATE, COACH, INTERVIEWER, LOBBY, STUDENT, WHY, Person, pack_named
from spar_peer import Ended, Server, pack_bodies
from support import check, equal, main, until
from test_pairing import people


def host(person, cohort, pack=None, **more):
    public, panel = pack or pack_bodies()
    number = person.ask("host", cohort=cohort, pack=public, panel=panel, name=person.name, **more)
    while True:
        message = person.peer.receive()
        if message["m"] == "hosted" or (message["m"] == "refused" and message.get("id") == number):
            return message


def roster(person, cohort):
    number = person.ask("roster", cohort=cohort)
    end = person.answer("end", number)
    if end["m"] == "refused":
        return end
    entries = [m for m in person.peer.seen if m["m"] == "entry" and m["id"] == number]
    equal(len(entries), end["count"], "entries of the roster")
    return entries


def sessions(person, cohort=None):
    number = person.ask("sessions", **({"cohort": cohort} if cohort else {}))
    end = person.answer("end", number)
    if end["m"] == "refused":
        return end
    return [m for m in person.peer.seen if m["m"] == "session" and m["id"] == number]


def fetch(person, room):
    number = next(person.numbers)
    person.peer.send(m="fetch", room=room, id=number)
    end = person.answer("end", number)
    return end if end["m"] == "refused" else [m for m in person.peer.seen if m["m"] == "record" and m["room"] == room]


def join_refused(person, room, secret=""):
    person.peer.send(m="join", room=room, secret=secret, name=person.name)
    while True:
        message = person.peer.receive()
        if message["m"] in ("joined", "refused"):
            return message


def test_a_room_in_a_cohort():
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        hosted = host(ada, cohort)  # without the server's secret
        room = hosted["room"]
        equal(ada.join(room, hosted["interviewer"])["role"], 1, "the host's seat")
        equal(coach.peer.take("listed", room=room)["title"], "A prompt for tests", "the coach hears of it")
        stranger = Person(server, "Stranger")
        equal(stranger.join(room, hosted["candidate"])["role"], 2, "a link of the room is good for anybody")
        equal(join_refused(ben, room)["why"], "no-such-room", "a student without a seat")
        equal(coach.join(room)["role"], 3, "a coach without a seat")
        again = Person(server, "coach")
        equal(again.join(room)["seat"], 2, "the same seat on another connection")
        late = Person(server, "Late")
        late.enter(cohort, made["coaches"])
        equal(late.peer.take("listed", room=room)["cohort"], cohort, "a coach who comes later")
        ada.peer.done(room, "room.close")
        ended = late.peer.take("listed", room=room)
        equal(ended["ended"], True, "that it has ended")
        after = Person(server, "After")
        after.enter(cohort, made["coaches"])
        roster(after, cohort)
        equal([m for m in after.peer.seen if m["m"] == "listed"], [], "rooms that have ended")
        # Everything else about it is the coaches' alone.
        listed = sessions(after, cohort)
        equal([(m["room"], m.get("role", 0)) for m in listed], [(room, 0)], "the cohort's sessions")
        whispers = [m for m in fetch(after, room)]
        check(len(whispers) > 3, "a coach who never sat there may fetch it")
        equal(sessions(ben, cohort)["why"], "not-a-coach", "a student's question")
        equal(fetch(ben, room)["why"], "not-a-member", "a student's fetch")


def test_who_is_put_out():
    """No interviewer shuts a coach of the cohort out; anybody else is out of the room, and not of the cohort."""
    with Server(workers=2) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        hosted = host(ada, cohort)
        room = hosted["room"]
        ada.join(room, hosted["interviewer"])
        equal(ben.join(room, hosted["candidate"])["seat"], 1, "the candidate's seat")
        equal(coach.join(room)["seat"], 2, "the coach's seat")
        ada.peer.take("event", room=room, do="seat.join", seat=2)
        for action in ("seat.out", "seat.move"):
            number = ada.peer.do(room, action, seat=2)
            equal(ada.peer.take("refused", room=room, id=number)["why"], "cohort-coach", f"{action} of the coach's seat")
        ada.peer.done(room, "seat.out", seat=1)
        again = Person(server, "Ben")
        equal(join_refused(again, room)["why"], "put-out", "whoever was put out")
        equal(fetch(again, room)["why"], "put-out", "the recording")
        equal([m["room"] for m in sessions(again, "")], [], "the list of rooms")
        again.enter(cohort)
        again.pair(cohort, 1)
        equal(again.queue(cohort)["place"], 1, "the cohort is another matter")


def passes(person, cohort, **member):
    return person.answer("passed", person.ask("pass", cohort=cohort, **member))


def test_a_member_moves():
    """To another key by a link that is good once: the place, past interviews and prompts seen go along."""
    with Server(workers=4, options=["--tokens", "1000000"]) as server:
        cohort, made, coach, (ada, ben, cy) = people(server, ["Ada", "Ben", "Cy"])
        number = ben.enter(cohort)["member"]
        bit = 1 << coach.offer(cohort, pack_named("seen-before"))
        hosted = host(ada, cohort, pack_named("seen-before"))
        room = hosted["room"]
        ada.join(room, hosted["interviewer"])
        ben.join(room, hosted["candidate"])
        ben.peer.done(room, "note.mine", text="to myself")
        for action in ("clock.start", "clock.finish", "debrief.open"):
            ada.peer.done(room, action)
        equal(passes(cy, cohort, member=number)["why"], "not-a-coach", "a student about somebody else")
        first = passes(ben, cohort)
        secret = passes(coach, cohort, member=number)["secret"]
        new = Person(server, "Ben-again")
        equal(new.enter(cohort, first["secret"])["why"], "no-such-cohort", "the link before the last one")
        equal(new.enter(cohort, secret)["member"], number, "the member's place")
        equal(Person(server, "Thief").enter(cohort, secret)["why"], "no-such-cohort", "the link a second time")
        equal(ben.peer.take("refused", why="member-moved").get("cohort"), cohort, "what the old key is told at once")
        old = Person(server, "Ben")
        for given in ("", made["students"]):
            equal(old.enter(cohort, given)["why"], "member-moved", "the old key")
        equal(join_refused(old, room)["why"], "member-moved", "the cohort's room for the old key")
        server.kill()  # all of it is on record
        server.start()
        new.reconnect()
        equal(new.enter(cohort)["member"], number, "by key alone")
        equal(new.enter(cohort, secret)["member"], number, "by the link that it came by, as a page does that is loaded anew")
        cy.reconnect()
        equal(cy.enter(cohort, secret)["why"], "no-such-cohort", "that link for another member")
        equal([m["room"] for m in sessions(new)], [room], "past interviews")
        records = fetch(new, room)
        check(any(b"to myself" in m["event"] for m in records), "the own recording")
        equal(fetch(Person(server, "Stranger"), room)["why"], "not-a-member", "a stranger's fetch")
        # What the old key has seen counts: somebody who came later is taken instead.
        for person in (ada, cy):
            person.reconnect()
            person.enter(cohort)
        new.pair(cohort, bit, role=CANDIDATE)
        new.queue(cohort, place=1)
        ada.pair(cohort, bit, role=INTERVIEWER)
        ada.queue(cohort, place=2)
        cy.pair(cohort, bit, role=CANDIDATE)
        ada.matched(cohort)
        equal(cy.matched(cohort)["role"], CANDIDATE, "who has not seen it")


def test_a_member_moves_in_the_middle():
    """The member's seat in a room that goes on is had by the key of now, and what goes on is closed to the old one."""
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        hosted = host(ada, cohort)
        room = hosted["room"]
        ada.join(room, hosted["interviewer"])
        seat = ben.join(room, hosted["candidate"])["seat"]
        ada.peer.done(room, "clock.start")
        secret = passes(coach, cohort, member=ben.enter(cohort)["member"])["secret"]
        new = Person(server, "Ben-again")
        new.enter(cohort, secret)
        ben.peer.take("refused", why="member-moved", cohort=cohort)
        ben.peer.take("refused", why="member-moved", room=room)
        old = Person(server, "Ben")
        equal(fetch(old, room)["why"], "member-moved", "what goes on, for the old key")
        joined = new.join(room, hosted["candidate"])  # by the link that the seat was taken with
        equal((joined["seat"], joined["role"]), (seat, 2), "the member's seat")
        moved = ada.peer.event(room=room, do="seat.move")
        equal((moved["seat"], moved["name"]), (seat, "Ben"), "what is on record")
        new.peer.done(room, "talk.say", text="back")
        equal(join_refused(old, room)["why"], "member-moved", "the old key")
        for action in ("clock.finish", "debrief.open"):
            ada.peer.done(room, action)
        equal([m["room"] for m in sessions(new)], [room], "the member's interviews")
        check(any(b"back" in m["event"] for m in fetch(new, room)), "the member's recording")


def test_put_out_whatever_the_key():
    """Who was put out of a room comes in by no new key of the membership either; a coach cannot be, nor by an old key."""
    with Server(workers=2) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        hosted = host(ada, cohort)
        room = hosted["room"]
        ada.join(room, hosted["interviewer"])
        equal(ben.join(room, hosted["candidate"])["seat"], 1, "the candidate's seat")
        ada.peer.take("event", room=room, do="seat.join", seat=1)
        ada.peer.done(room, "seat.out", seat=1)
        ben.reconnect()
        equal(ben.enter(cohort, made["coaches"])["role"], 3, "who was put out is a coach by now")
        equal(join_refused(ben, room)["why"], "put-out", "by the old key")
        new = Person(server, "Ben-again")
        new.enter(cohort, passes(ben, cohort)["secret"])
        equal(join_refused(new, room)["why"], "put-out", "by the new key")
        equal(fetch(new, room)["why"], "put-out", "the recording, by the new key")
        equal(sessions(new, cohort), [], "the cohort's sessions, for the new key")
        ada.peer.do(room, "seat.move", seat=1)
        later = ada.peer.take("invited", seat=1)["secret"]
        equal(new.join(room, later)["seat"], 1, "by a link that was made afterwards")
        # A coach who sits there by a key of before is a coach still.
        seat = coach.join(room)["seat"]
        ada.peer.take("event", room=room, do="seat.join", seat=seat)
        moved = Person(server, "coach-again")
        moved.enter(cohort, passes(coach, cohort)["secret"])
        number = ada.peer.do(room, "seat.out", seat=seat)
        equal(ada.peer.take("refused", room=room, id=number)["why"], "cohort-coach", "the seat of a coach's old key")
        equal(moved.join(room)["seat"], seat, "the coach's seat")


def test_a_room_that_everybody_left():
    """It is not listed any more once nobody but coaches was there for half an hour; nothing in it is lost by that."""
    with Server(workers=4, options=("--clock-rate", "3600")) as server:
        cohort, made, coach, (ada,) = people(server, ["Ada"])
        hosted = host(ada, cohort)
        room, link = hosted["room"], hosted["interviewer"]
        ada.join(room, link)
        coach.peer.take("listed", room=room)
        coach.join(room)
        ada.peer.done(room, "clock.start")
        left = server.connect("Ben")
        left.join(room, hosted["candidate"])
        ada.peer.reset()
        left.reset()
        equal(coach.peer.take("listed", room=room).get("ended"), True, "the coach stays, the room is not listed")
        number = coach.ask("sessions", cohort=cohort)
        coach.answer("end", number)
        equal([m["stage"] for m in coach.peer.seen if m["m"] == "session"], [2], "it runs as before")
        ada.reconnect().join(room)
        equal(coach.peer.take("listed", room=room).get("ended", False), False, "once she is back")
        ada.peer.done(room, "clock.finish")
        ada.peer.done(room, "debrief.open")
        # A server that ends with people in a room finds it again when a coach comes; and so it does
        # later on.
        server.kill()
        server.start()
        late = Person(server, "Late")
        late.enter(cohort, made["coaches"])
        equal(late.peer.take("listed", room=room).get("ended", False), False, "as far as the coach's log knows")
        equal(late.peer.take("listed", room=room).get("ended"), True, "half an hour after the server came back")
        later = Person(server, "Later")
        later.enter(cohort, made["coaches"])
        roster(later, cohort)
        equal([m for m in later.peer.seen if m["m"] == "listed"], [], "rooms for a coach who comes now")
        ada.reconnect().join(room)
        equal(later.peer.take("listed", room=room).get("ended", False), False, "and she is back again")
        ada.peer.done(room, "talk.say", text="Where were we?")


def test_who_will_be_candidate_reads_nothing_first():
    """A coach may wait for a partner too: until they have their seat, the panel's part is not theirs either."""
    with Server(workers=2) as server:
        cohort, made, coach, (ada,) = people(server, ["Ada"])
        kim = Person(server, "Kim")
        kim.enter(cohort, made["coaches"])
        ada.pair(cohort, 1, role=INTERVIEWER)
        ada.queue(cohort)
        kim.pair(cohort, 1, role=CANDIDATE)
        room = kim.matched(cohort)["room"]
        refused = fetch(kim, room)
        equal(refused["why"] if isinstance(refused, dict) else "a recording", "not-a-member", "before joining")
        equal([m["n"] for m in sessions(kim, cohort)], [1], "events that are counted before joining")
        equal(kim.join(room)["role"], 2, "the role")
        seen = [msgpack.unpackb(m["event"], raw=False)["do"] for m in fetch(kim, room)]
        check("room.brief" not in seen, f"what the candidate fetches: {seen}")
        coach.peer.take("listed", room=room)
        seen = [msgpack.unpackb(m["event"], raw=False)["do"] for m in fetch(coach, room)]
        check("room.brief" in seen, f"what another coach fetches: {seen}")


def test_prompts_of_its_own():
    """A prompt that a coach gave the cohort: a coach opens a room under it without having it, and of the two in it
    only the interviewer gets its hidden part. A student opens none: whoever opens a room can read all of it."""
    with Server(workers=4, options=["--tokens", "1000000"]) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        public, panel = pack_named("our-own")
        equal(coach.answer("end", coach.ask("offer", cohort=cohort, pack=public, panel=panel))["m"], "end", "offered")
        held = [e["name"] for e in roster(coach, cohort) if e["kind"] == 4]
        check("our-own" in held, "what the cohort holds: %r" % held)
        answers = []

        def hosted():
            """Another worker hears of the offer a moment after the coach is told that it is kept."""
            answers.append(host(coach, cohort, (b"", b""), prompt="our-own"))
            return answers[-1]["m"] == "hosted"

        until(hosted, "a room under it")
        links = answers[-1]
        room = links["room"]
        ada.join(room, links["interviewer"])
        ben.join(room, links["candidate"])
        opened = ben.peer.event(room=room, do="room.open")
        equal(msgpack.unpackb(opened["pack"])["id"], "our-own", "the room's prompt")
        ada.peer.event(room=room, do="room.brief")
        ben.peer.done(room, "talk.say", text="Hello")
        check(not [m for m in ben.peer.events(room) if m["do"] == "room.brief"], "the candidate has nothing of it")
        equal(host(coach, cohort, (b"", b""), prompt="another")["why"], "no-such-prompt", "one that there is not")
        for prompt in ("our-own", "another"):
            equal(host(ada, cohort, (b"", b""), prompt=prompt)["why"], "not-a-coach", f"a student opens {prompt}")
        equal(host(ada, cohort, (b"", b""))["why"], "bad-field", "no prompt at all")
        equal(host(ada, "", (b"", b""), prompt="our-own", secret=server.secret)["why"], "no-such-prompt",
              "outside of the cohort")


def test_links_and_roster():
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        linked = coach.answer("linked", coach.ask("link", cohort=cohort, role=STUDENT))
        equal((linked["link"], linked["role"], len(linked["secret"])), (2, STUDENT, 22), "a third link")
        cy = Person(server, "Cy")
        equal(cy.enter(cohort, linked["secret"])["member"], 3, "entered by it")
        equal(cy.answer("linked", cy.ask("link", cohort=cohort, role=COACH))["why"], "not-a-coach", "a student's link")
        equal(cy.answer("end", cy.ask("withdraw", cohort=cohort, link=0))["why"], "not-a-coach", "a student's wish")
        equal(roster(cy, cohort)["why"], "not-a-coach", "a student's question")
        cy.pair(cohort, 3)
        cy.queue(cohort, place=1)
        until(lambda: [e["name"] for e in roster(coach, cohort) if e["kind"] == 3], "the coach's worker to know who waits")
        entries = roster(coach, cohort)
        links = [(e.get("link", 0), e["role"], e.get("on", False)) for e in entries if e["kind"] == 1]
        equal(links, [(0, 2, True), (1, 3, True), (2, 2, True)], "links")
        names = [(e["name"], e["role"], e.get("link", 0)) for e in entries if e["kind"] == 2]
        equal(names, [("coach", 3, 1), ("Ada", 2, 0), ("Ben", 2, 0), ("Cy", 2, 2)], "members")
        equal([(e["name"], e.get("on", False)) for e in entries if e["kind"] == 3], [("Cy", True)], "who waits")
        equal(ada.enter(cohort, name="Ada L.")["member"], 1, "again, by key alone, with another name")
        until(lambda: [e["name"] for e in roster(coach, cohort) if e["kind"] == 2] == ["coach", "Ada L.", "Ben", "Cy"], "names")


def test_withdrawing_cuts_off_at_once():
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben, dan) = people(server, ["Ada", "Ben", "Dan"])
        other = coach.found(server.secret, "Another")
        for person in (coach, ada):
            person.enter(other["cohort"], other["coaches" if person is coach else "students"])
        linked = coach.answer("linked", coach.ask("link", cohort=cohort, role=STUDENT))
        guests = [Person(server, name) for name in ("G1", "G2", "G3", "G4")]
        for guest in guests:
            guest.enter(cohort, linked["secret"])
        hosted = host(guests[0], cohort)
        room = hosted["room"]
        guests[0].join(room, hosted["interviewer"])
        ada.join(room, hosted["candidate"])
        coach.join(room)
        theirs = host(ben, cohort)["room"]
        guests[1].pair(cohort, 3)
        guests[1].queue(cohort, place=1)
        second = Person(server, "G1")  # the same key on another connection, in the cohort only
        second.enter(cohort)
        equal(coach.answer("end", coach.ask("withdraw", cohort=cohort, link=linked["link"]))["m"], "end", "withdrawn")
        for guest in [*guests, second]:
            equal(guest.refusal(cohort=cohort)["why"], "withdrawn", "the cohort")
        equal([m["room"] for m in guests[0].peer.seen if m["m"] == "refused" and m.get("room")] or
              [guests[0].refusal(room=room)["room"]], [room], "its room")
        ada.peer.event(room=room, do="seat.gone", seat=0)
        for guest in guests:
            equal(guest.enter(cohort)["why"], "withdrawn", "by key")
            equal(guest.enter(cohort, linked["secret"])["why"], "withdrawn", "by the link")
            equal(guest.answer("end", guest.pair(cohort, 3))["why"], "no-such-cohort", "not inside")
        equal(join_refused(guests[0], room)["why"], "withdrawn", "back into the room")
        new = Person(server, "New")
        equal(new.enter(cohort, linked["secret"])["why"], "withdrawn", "somebody new")
        # Nobody else notices.
        ada.peer.done(room, "talk.say", text="still here")
        coach.peer.event(room=room, do="talk.say")
        for person in (coach, ada, ben, dan):
            equal([m for m in person.peer.seen if m["m"] == "refused"], [], "refusals to " + person.name)
        equal(dan.enter(cohort)["m"], "entered", "the other link holds")
        dan.pair(cohort, 3)
        equal(dan.queue(cohort)["count"], 1, "the guest lost the place")
        equal(ada.enter(other["cohort"])["m"], "entered", "another cohort")
        links = [e.get("on", False) for e in roster(coach, cohort) if e["kind"] == 1]
        equal(links, [True, True, False], "links")
        equal(coach.answer("end", coach.ask("withdraw", cohort=cohort, link=40))["why"], "no-such-link", "no link")
        guests[2].enter(cohort, made["students"])  # a new link lets the same key in again
        equal(guests[2].enter(cohort)["m"], "entered", "by key, again")


def test_withdrawn_eyes_see_no_more():
    """Who was cut off cannot go on watching through their recording, on whatever worker; what has ended stays theirs."""
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        linked = coach.answer("linked", coach.ask("link", cohort=cohort, role=COACH))
        kim = Person(server, "Kim")
        kim.enter(cohort, linked["secret"])
        ada.pair(cohort, 1)
        ada.queue(cohort)
        ben.pair(cohort, 1)
        room = ada.matched(cohort)["room"]
        ben.matched(cohort)
        for person in (ada, ben, kim):
            person.join(room)
        ada.peer.done(room, "clock.start")
        check(len(fetch(kim, room)) > 3, "while they are let in")
        equal(coach.answer("end", coach.ask("withdraw", cohort=cohort, link=linked["link"]))["m"], "end", "withdrawn")
        kim.refusal(room=room)
        ada.peer.done(room, "talk.whisper", text="not for Kim")
        for person in (kim, *[Person(server, "Kim") for _ in range(6)]):  # also where the cohort is not loaded
            answer = fetch(person, room)
            equal(answer["why"] if isinstance(answer, dict) else "a recording", "withdrawn", "a fetch")
        ada.peer.done(room, "clock.finish")
        ada.peer.done(room, "debrief.open")
        check(len(fetch(kim, room)) > 3, "what has come to its debrief")
        check(len(fetch(ben, room)) > 3, "others")


def test_refusals_tell_nothing():
    with Server(workers=4, options=("--tokens", "1000000")) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        hosted = host(ada, cohort)
        room = hosted["room"]
        stranger = Person(server, "Stranger")
        wrong = [stranger.enter(cohort, "A" * 22), stranger.enter("a" * 12, made["students"]), stranger.enter(cohort),
                 stranger.enter(LOBBY), stranger.enter(LOBBY, "A" * 22), stranger.enter(room, made["students"]),
                 stranger.answer("end", stranger.pair(cohort, 1)), host(stranger, cohort),
                 stranger.answer("end", stranger.ask("unpair", cohort=cohort)), roster(stranger, cohort),
                 stranger.answer("linked", stranger.ask("link", cohort=cohort, role=STUDENT)),
                 sessions(stranger, cohort), stranger.answer("end", stranger.ask("withdraw", cohort=cohort, link=0))]
        answers = {(m["why"], m["text"]) for m in wrong}
        equal(len(answers), 1, f"different answers to wrong questions: {answers}")
        equal(answers.pop()[0], "no-such-cohort", "the answer")
        rooms = [join_refused(stranger, r, s) for r, s in
                 ((room, ""), ("a" * 12, ""), (cohort, ""), (cohort, made["students"]), (LOBBY, ""))]
        equal({(m["why"], m["text"]) for m in rooms}, {(rooms[0]["why"], rooms[0]["text"])}, "rooms")
        equal(rooms[0]["why"], "no-such-room", "the answer")
        equal({fetch(stranger, r)["why"] for r in (room, "a" * 12, cohort)}, {"not-a-member"}, "fetches")
        equal(stranger.answer("made", stranger.ask("cohort", secret="A" * 22, name="x"))["why"], "hosting-closed",
              "a cohort without the host link")
        # A coach of one cohort asks for a room of another one.
        other = coach.found(server.secret, "Another")
        kim = Person(server, "Kim")
        kim.enter(other["cohort"], other["coaches"])
        equal(join_refused(kim, room)["why"], "no-such-room", "a room of another cohort")
        equal(fetch(kim, room)["why"], "not-a-member", "a recording of another cohort")
        # And with oneself nobody is paired, from however many connections.
        twin = Person(server, "Ada")
        twin.enter(cohort)
        ada.pair(cohort, 1)
        ada.queue(cohort, place=1, count=1)
        twin.pair(cohort, 1)
        equal(twin.queue(cohort)["count"], 1, "one place for one key")
        equal(ben.answer("end", ben.ask("unpair", cohort=cohort))["why"], "not-waiting", "who does not wait")
        equal(ben.answer("end", ben.ask("offer", cohort=cohort, pack=b"\x80", panel=b"\x80"))["why"], "bad-pack", "no pack")
        equal(ben.answer("end", ben.pair(cohort, 4))["why"], "bad-field", "a pack that is not known")
        check(ada.peer.place >= 0 and not [m for m in ada.peer.seen if m["m"] == "matched"], "nobody is paired")


def test_bounds():
    with Server(workers=2, options=("--tokens", "1000000")) as server:
        coach = Person(server, "coach")
        cohorts = [coach.found(server.secret, "Cohort %d" % i) for i in range(17)]
        for made in cohorts[:16]:
            equal(coach.enter(made["cohort"], made["coaches"])["m"], "entered", "as many as fit a connection")
        equal(coach.enter(cohorts[16]["cohort"], cohorts[16]["coaches"])["why"], "too-many", "one more")
        equal(coach.enter(cohorts[0]["cohort"])["m"], "entered", "one that it is in already")
        first = cohorts[0]["cohort"]
        for index in range(48):
            equal(coach.offer(first, pack_named("p%d" % index)), index, "a pack")
        number = coach.ask("offer", cohort=first, pack=pack_named("p48")[0], panel=pack_named("p48")[1])
        equal(coach.answer("end", number)["why"], "cohort-full", "one pack more")
        for index in range(2, 64):
            equal(coach.answer("linked", coach.ask("link", cohort=first, role=STUDENT))["link"], index, "a link")
        equal(coach.answer("linked", coach.ask("link", cohort=first, role=STUDENT))["why"], "cohort-full", "one more")
        # Many questions at once: as many as fit are answered, in order, the others refused by name.
        numbers = [coach.ask("withdraw", cohort=first, link=3) for _ in range(200)]
        answers = []
        while len(answers) < len(numbers):
            message = coach.peer.receive()
            if message.get("id") in numbers:
                answers.append(message)
        refused = {m["why"] for m in answers if m["m"] == "refused"}
        check(refused <= {"too-fast"}, f"refusals: {refused}")
        check(sum(m["m"] == "end" for m in answers) >= 64, "the others are answered")


def test_round_trips():
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        ada.pair(cohort, 1)
        ada.queue(cohort)
        ben.pair(cohort, 1)
        room = ada.matched(cohort)["room"]
        ben.matched(cohort)
        ada.join(room)
        ben.join(room)
        ben.peer.send(m="ping", t=1, shown=0, trip=37)
        trip = ada.peer.take("trip", room=room)
        equal((trip["seat"], trip["ms"]), (1, 37), "the interviewer hears of it")
        coach.join(room)
        trip = coach.peer.take("trip", room=room)
        equal((trip["seat"], trip["ms"]), (1, 37), "a coach who comes later")
        ben.peer.send(m="ping", t=2, shown=0, trip=37)
        ben.peer.send(m="ping", t=3, shown=0, trip=41)
        equal(coach.peer.take("trip", room=room)["ms"], 41, "only what is new")
        ada.peer.send(m="ping", t=1, shown=0, trip=5)
        equal(coach.peer.take("trip", room=room)["seat"], 0, "another seat")
        ada.peer.done(room, "talk.say", text="done")
        ben.peer.event(room=room, do="talk.say")
        equal([m for m in ben.peer.seen if m["m"] == "trip"], [], "the candidate is not told")


if __name__ == "__main__":
    main(globals())
