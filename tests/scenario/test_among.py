# SPDX-License-Identifier: ISC
"""
Purpose: among people of a cohort, on a server with four workers and by the client's commands: not again with this
person, reports to the coaches, suspended members, and links that ask a coach, let in so many or end; each with
somebody beside who does not notice.
"""
import json

import msgpack
from cohort_peer import HOUR, Person
from spar_peer import Server, pack_bodies
from support import Stage, check, equal, main
from test_cohort import join_refused, roster
from test_pairing import people
from test_spar_pair import meet as meet_by_client

FAST = ("--clock-rate", "3600")
BOTH = 3  # packs, as bits


def say(person, kind, **fields):
    """Asks, and gives the answer: `end` or why not."""
    answer = person.answer("end", person.ask(kind, **fields))
    return answer.get("why", "done")


def meet(one, other, cohort):
    one.pair(cohort, BOTH)
    other.pair(cohort, BOTH)
    room = one.matched(cohort)["room"]
    one.join(room)
    other.matched(cohort)
    other.join(room)
    one.queue(cohort, why=6)
    return room


def enters(person, wanted, *where):
    """Enters once: whatever a coach has been told is done counts at once, whichever worker answers."""
    answer = person.enter(*where)
    equal(answer.get("why", answer["m"]), wanted, f"how {person.name} comes in")


def test_not_again():
    """Two who fit are never paired again once one of them has said so; the other one hears nothing, a third is paired."""
    with Server(workers=4) as server:
        cohort, _, coach, (ada, ben, cyd) = people(server, ["Ada", "Ben", "Cyd"])
        room = meet(ada, ben, cohort)
        equal(say(cyd, "avoid", cohort=cohort, room=room, on=True), "not-a-member", "somebody who was not there")
        before = len(ben.peer.seen)
        equal(say(ada, "avoid", cohort=cohort, room=room, on=True), "done", "Ada's word")
        equal(say(ada, "avoid", cohort=cohort, room=room, on=True), "done", "the same again")
        ada.pair(cohort, BOTH)
        equal(ada.queue(cohort, place=1)["count"], 1, "Ada waits")
        ben.pair(cohort, BOTH)
        equal(ben.queue(cohort, place=2)["count"], 2, "Ben waits")
        cyd.pair(cohort, BOTH)
        first = cyd.matched(cohort)
        equal(first["name"], "Ada", "Cyd's partner: who has waited longest")
        equal(ben.queue(cohort, count=1)["place"], 1, "Ben goes on waiting")
        told = {m["m"] for m in ben.peer.seen[before:]}
        check("reported" not in told and "avoid" not in told, f"what Ben was told: {told}")
        check(not any("avoid" in json.dumps(entry) for entry in roster(coach, cohort)), "what the coach sees")
        # It outlives the server.
        server.kill()
        server.start()
        for person in (ada, ben):
            person.reconnect()
            person.enter(cohort)
        equal(say(ada, "avoid", cohort=cohort, room=room, on=False), "done", "taken back")


def test_reports():
    """Coaches who are there are told at once, the others by asking; a student is told nothing."""
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        room = meet(ada, ben, cohort)
        equal(say(ada, "report", cohort=cohort, room="nosuchroom00", text="?"), "not-a-member", "a room of nobody")
        equal(say(ada, "report", cohort=cohort, room=room, moment=1234, text="Was rude."), "done", "Ada's report")
        told = coach.peer.take("reported")
        equal((told["room"], told["name"], told["moment"], told["text"]), (room, "Ada", 1234, "Was rude."), "the report")
        late = Person(server, "Late")
        late.enter(cohort, made["coaches"])
        number = late.ask("reports", cohort=cohort)
        equal(late.answer("end", number)["count"], 1, "how many")
        equal([m["text"] for m in late.peer.seen if m["m"] == "reported"], ["Was rude."], "the list")
        equal(ben.answer("end", ben.ask("reports", cohort=cohort))["why"], "not-a-coach", "a student asks")
        check(not any(m["m"] == "reported" for m in ben.peer.seen), "what Ben was told")
        check(not any("rude" in line for line in server.log), "the server's log")
        # Sixteen of one member, not one more; the other one's are their own.
        for _ in range(15):
            equal(say(ada, "report", cohort=cohort, room=room, text="again"), "done", "one more")
        equal(say(ada, "report", cohort=cohort, room=room, text="again"), "cohort-full", "one too many")
        equal(say(ben, "report", cohort=cohort, room=room, text="x" * 400), "done", "Ben's, as long as it may be")


def mine(person, cohort):
    """What the cohort's log has of them: the messages, each with its event; or why not."""
    before = len(person.peer.seen)
    answer = person.answer("end", person.ask("mine", cohort=cohort))
    if answer["m"] == "refused":
        return answer["why"]
    own = [message for message in person.peer.seen[before:] if message["m"] == "own"]
    equal(answer["count"], len(own), "how many the end counts")
    return [(message, msgpack.unpackb(message["event"], raw=False)) for message in own]


def test_own_words():
    """A member is given what it did and was told, none of what others say about it; on each of its connections the same."""
    with Server(workers=4, options=("--tokens", "1000000")) as server:
        cohort, made, coach, (ada, ben, cyd) = people(server, ["Ada", "Ben", "Cyd"])
        start = coach.peer.welcome["now"] + HOUR
        equal(say(coach, "evening", cohort=cohort, start=start, minutes=90, text="Bring tea"), "done", "the evening")
        ada.peer.take("planned", start=start)
        equal(say(ada, "coming", cohort=cohort, start=start, on=True), "done", "Ada's answer")
        room = meet(ada, ben, cohort)
        equal(say(ada, "report", cohort=cohort, room=room, text="Ben was rude."), "done", "Ada's report")
        equal(say(ben, "report", cohort=cohort, room=room, text="Ada was late."), "done", "Ben's report")
        equal(say(ben, "avoid", cohort=cohort, room=room, on=True), "done", "Ben's word")
        own = mine(ada, cohort)
        events = [event for _, event in own]
        equal([event["n"] for event in events], list(range(1, len(own) + 1)), "counted anew")
        equal({event["room"] for event in events}, {cohort}, "whose log it is")
        equal([e["do"] for e in events if not e["do"].startswith("pair.")],
              ["cohort.enter", "cohort.coming", "cohort.report"], "what Ada did")
        equal([e["do"] for e in events if e["do"].startswith("pair.")], ["pair.wait", "pair.match", "pair.open", "pair.came"],
              "whom she met")
        equal([e["text"] for e in events if "text" in e], ["Ben was rude."], "reports")
        equal([(m.get("name"), bool(m.get("title"))) for m, e in own if e["do"] == "pair.match"], [("Ben", True)], "the match")
        secret = {"key", "invite"} & {key for event in events for key in event}
        equal(secret, set(), "what never leaves the server")
        check("Bring tea" in str(mine(coach, cohort)), "the evening is the coach's who set it")
        # Another connection, and another key of the same member.
        other = Person(server, "Ada")
        other.enter(cohort)
        equal([event for _, event in mine(other, cohort)], events, "by another connection")
        secret = ada.answer("passed", ada.ask("pass", cohort=cohort))["secret"]
        new = Person(server, "Ada-again")
        new.enter(cohort, secret)
        moved = [event for _, event in mine(new, cohort)]
        equal([event["do"] for event in moved[len(events):]], ["member.pass", "member.move"], "what came since")
        equal(moved[:len(events)], events, "what was there before")
        # Who is not inside is given nothing.
        ada.refusal(why="member-moved")
        equal(mine(ada, cohort), "no-such-cohort", "the key of before")
        equal(mine(Person(server, "stranger"), cohort), "no-such-cohort", "a stranger")
        equal(mine(cyd, "nosuchcohort"), "no-such-cohort", "a cohort that is none")
        number = cyd.enter(cohort)["member"]
        equal(say(coach, "admit", cohort=cohort, member=number, on=False), "done", "Cyd is suspended")
        cyd.refusal(why="suspended")
        equal(mine(cyd, cohort), "no-such-cohort", "a suspended member")


def test_suspended():
    """Out of the queue, the cohort and its rooms, by whatever way back; nobody else notices."""
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben, cyd) = people(server, ["Ada", "Ben", "Cyd"])
        room = meet(ada, ben, cohort)
        ada.pair(cohort, BOTH)
        ada.queue(cohort, place=1)
        number = next(e["member"] for e in roster(coach, cohort) if e["kind"] == 2 and e["name"] == "Ada")
        equal(say(ben, "admit", cohort=cohort, member=number, on=False), "not-a-coach", "a student")
        equal(say(coach, "admit", cohort=cohort, member=0, on=False), "not-a-student", "a coach")
        equal(say(coach, "admit", cohort=cohort, member=99, on=False), "no-such-member", "nobody")
        equal(say(coach, "admit", cohort=cohort, member=number, on=False), "done", "the coach")
        said = {ada.refusal(why="suspended").get("room"), ada.refusal(why="suspended").get("room")}
        equal(said, {room, None}, "told for the room and the cohort")
        equal(join_refused(ada, room)["why"], "suspended", "the room")
        for secret in ("", made["students"]):
            enters(ada, "suspended", cohort, secret)
        entry = next(e for e in roster(coach, cohort) if e["kind"] == 2 and e["name"] == "Ada")
        equal((entry.get("on", False), entry["state"]), (False, 2), "her line in the roster")
        ben.peer.done(room, "talk.say", text="still here")
        ben.pair(cohort, BOTH)
        cyd.pair(cohort, BOTH)
        equal(ben.matched(cohort)["name"], "Cyd", "the others are paired")
        equal(say(coach, "admit", cohort=cohort, member=number, on=True), "done", "let in again")
        enters(ada, "entered", cohort)
        ada.join(room)


def test_a_link_that_asks():
    """A new key waits for a coach's yes; a count and an end hold; who is in is not asked again."""
    with Server(workers=4, options=FAST) as server:
        cohort, made, coach, (ada,) = people(server, ["Ada"])
        now = coach.peer.welcome["now"]
        linked = coach.answer("linked", coach.ask("link", cohort=cohort, role=2, asks=True, uses=2))
        ben, cyd, dan, eve = (Person(server, name) for name in ("Ben", "Cyd", "Dan", "Eve"))
        enters(ben, "asked", cohort, linked["secret"])
        told = coach.peer.take("asked")
        equal(told["name"], "Ben", "whom the coach is told of")
        equal(ben.enter(cohort)["why"], "asked", "before the yes")
        equal(say(coach, "admit", cohort=cohort, member=told["member"], on=True), "done", "yes")
        enters(ben, "entered", cohort)
        enters(cyd, "asked", cohort, linked["secret"])
        equal(say(coach, "admit", cohort=cohort, member=coach.peer.take("asked")["member"], on=False), "done", "no")
        enters(cyd, "suspended", cohort, linked["secret"])
        enters(dan, "link-over", cohort, linked["secret"])
        enters(ada, "entered", cohort, linked["secret"])
        ended = coach.answer("linked", coach.ask("link", cohort=cohort, role=2, until=now + 1))
        enters(eve, "link-over", cohort, ended["secret"])
        open_ended = coach.answer("linked", coach.ask("link", cohort=cohort, role=2, until=now + 10**9))
        enters(eve, "entered", cohort, open_ended["secret"])
        links = [e for e in roster(coach, cohort) if e["kind"] == 1]
        equal((links[2]["asks"], links[2]["uses"], links[2]["used"]), (True, 2, 2), "its line in the roster")
        equal(say(coach, "withdraw", cohort=cohort, link=linked["link"]), "done", "withdrawn as any")
        equal(ben.refusal(why="withdrawn")["m"], "refused", "who came by it")


def test_a_call_elsewhere():
    """A coach gives the cohort a link to a call: everybody who is in is told, whoever comes finds it; nobody else may."""
    with Server(workers=4) as server:
        cohort, made, coach, (ada, ben) = people(server, ["Ada", "Ben"])
        link = "https://meet.example/room"
        equal(say(ada, "call", cohort=cohort, call=link), "not-a-coach", "a student's")
        longest = "https://meet.example/" + "x" * (300 - len("https://meet.example/"))
        for bad in ("http://meet.example/x", "https://", "https://me:secret@meet.example/", "https://a b/", "javascript:alert(1)"):
            equal(say(coach, "call", cohort=cohort, call=bad), "bad-link", bad)
        equal(say(coach, "call", cohort=cohort, call=longest), "done", "the longest")
        equal(ada.peer.take("called", cohort=cohort)["call"], longest, "what a student is told")
        coach.peer.send(m="call", id=77, cohort=cohort, call=longest + "x")
        equal(coach.peer.take("error")["why"], "bad-message", "one byte more")
        for _ in range(2):  # the second time it is so already
            equal(say(coach, "call", cohort=cohort, call=link), "done", "a link")
        for person in (ada, ben):
            person.peer.take("called", cohort=cohort, call=link)
        dora = Person(server, "Dora")
        equal(dora.enter(cohort, made["students"])["call"], link, "what who comes finds")
        server.kill()
        server.start()
        equal(ada.reconnect().enter(cohort)["call"], link, "after a restart")
        coach.reconnect().enter(cohort)
        equal(say(coach, "call", cohort=cohort), "done", "taken away")
        check("call" not in ada.peer.take("called", cohort=cohort), "that there is none")
        check(not ben.reconnect().enter(cohort).get("call"), "none for who comes")


def test_rooms_per_hour():
    """A key opens so many rooms an hour; others do not notice, and the wait is said."""
    public, panel = pack_bodies()

    def ask(person, **more):
        number = person.ask("host", pack=public, panel=panel, name=person.name, **more)
        while True:
            message = person.peer.receive()
            if message["m"] == "hosted" or (message["m"] == "refused" and message.get("id") == number):
                return message

    with Server(workers=4, options=("--rooms-per-hour", "5")) as server:
        cohort, _, _, (ada, ben) = people(server, ["Ada", "Ben"])
        for _ in range(5):
            equal(ask(ada, cohort=cohort)["m"], "hosted", "a room")
        refused = ask(ada, cohort=cohort)
        equal(refused["why"], "too-fast", "one too many")
        check(3600000 / 5 - 60000 < refused["wait"] <= 3600000 / 5, f"the wait: {refused}")
        ada.reconnect()
        ada.enter(cohort)
        equal(ask(ada, cohort=cohort)["why"], "too-fast", "on another connection")
        equal(ask(ben, cohort=cohort)["m"], "hosted", "somebody else")
        equal(ask(ada, secret=server.secret)["why"], "too-fast", "without the cohort")


def test_commands():
    """The same by spar cohort."""
    with Stage(workers=2) as stage:
        _, students, coaches = stage.cohort()
        wall = stage.batch(["coach", coaches], "Wall")
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        sasha = stage.pair(students, "Sasha")
        room = meet_by_client(robin, sasha)
        there = ("--cohort", students, "--identity", stage.key("Sasha"))
        said = stage.spar("cohort", "tell", room, "He\x1b[2J shouted.", "--at", "18:05", *there, name="Sasha", code=0).stdout
        check("The coaches" in said, said)
        told = wall.find(lambda line: "told" in line, "the report on the wall")["told"]
        check(told.startswith(f"Sasha reports room {room}: He") and "\x1b" not in told, told)
        listed = json.loads(stage.spar("cohort", "reports", "--json", name="Kim", code=0).stdout)
        equal((listed["room"], listed["name"]), (room, "Sasha"), "the list")
        check(listed["moment"] > 0, f"the moment: {listed}")
        check("Nobody is told" in stage.spar("cohort", "avoid", room, *there, name="Sasha", code=0).stdout, "avoid")
        check("again." in stage.spar("cohort", "avoid", room, "--undo", *there, name="Sasha", code=0).stdout, "undo")
        for person in (robin, sasha):
            person.send({"end": True})
            person.end()
        made = stage.spar("cohort", "link", "--role", "students", "--ask", "--uses", "3", "--json", name="Kim", code=0)
        late = stage.spar("pair", json.loads(made.stdout)["text"], "--batch", name="Late", code=3)
        check("A coach has to let you in" in late.stderr, late.stderr)
        wall.find(lambda line: line.get("told", "").startswith("Late asks to be let in"), "the question on the wall")
        rows = [json.loads(line) for line in
                stage.spar("cohort", "members", "--json", name="Kim", code=0).stdout.splitlines()]
        number = next(str(row["member"]) for row in rows if row["kind"] == "member" and row["state"] == "asked")
        members = stage.spar("cohort", "members", name="Kim", code=0).stdout
        check("\n\nMEMBERS\n" in members, f"a heading stands at a line's begin: {members!r}")
        check("waits for a coach's yes" in members and "1 of 3 used, asks a coach" in members, members)
        said = stage.spar("cohort", "admit", number, name="Kim", code=0).stdout
        equal(said, "That member is let in.\n", "yes")
        said = stage.spar("cohort", "suspend", number, name="Kim", code=0).stdout
        equal(said, "That member is kept out, also of running rooms.\n", "no")
        stage.spar("cohort", "avoid", "nosuchroom00", name="Kim", code=3)
        equal(stage.spar("cohort", "call", name="Kim", code=0).stdout, "The cohort has no link to a call.\n", "no call")
        stage.spar("cohort", "call", "ftp://x", name="Kim", code=3)
        stage.spar("cohort", "call", "https://meet.example/x", name="Kim", code=0)
        wall.find(lambda line: line.get("told") == "The cohort's call: https://meet.example/x", "the call on the wall")
        equal(stage.spar("cohort", "call", *there, name="Sasha", code=0).stdout, "https://meet.example/x\n", "a student's look")
        stage.spar("cohort", "call", "https://meet.example/y", *there, name="Sasha", code=3)
        stage.spar("cohort", "call", "--undo", name="Kim", code=0)
        wall.find(lambda line: line.get("told") == "The cohort's link to a call was taken away.", "that there is none")
        for words, sentence in ((("call", ""), "Give the link of the call"), (("call", "https://a", "--undo"), "Give the link of the call"),
                                (("call", "https://" + "a" * 300), "at most 300 bytes"),
                                (("avoid",), "Give the room's id"), (("tell", "nosuchroom00"), "Say what happened"),
                                (("tell", "nosuchroom00", "x", "--at", "noon"), "--at takes"),
                                (("suspend", "x"), "Give the member's number"),
                                (("link", "--role", "students", "--uses", "0"), "--uses takes"),
                                (("link", "--role", "students", "--until", "2020-01-01"), "--until takes")):
            check(sentence in stage.spar("cohort", *words, name="Kim", code=2).stderr, f"{words}")


if __name__ == "__main__":
    main(globals())
