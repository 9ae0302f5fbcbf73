# SPDX-License-Identifier: ISC
"""
Purpose: a key or a machine is lost in the middle of an interview, and somebody is put out, with real clients: the
interviewer moves the seat to a new link; the old key is out of the room and of its recording, with the reason; the new
one has all but what was the old one's own; and a server that dies in between loses neither.
"""
import json

from support import Batch, Stage, check, dense, equal, main, once, spar_client, until


def interview(stage):
    host = stage.host()
    candidate = stage.join(host.link("candidate"), "Sasha")
    host.event(do="seat.join", role="candidate")
    candidate.event(do="seat.join", role="candidate")
    host.do("clock.start")
    candidate.event(do="clock.start")
    return host, candidate


def links(host):
    with host.changed:
        return [line["link"]["link"] for line in host.lines if "link" in line]


def moved(host, seat, before):
    """Moves a seat; the new link."""
    host.do("seat.move", seat=seat)
    return until(lambda: links(host)[before:], "the new link")[-1]


def test_a_lost_key():
    with Stage(workers=2) as stage:
        host, old = interview(stage)
        coach = stage.member(host.link("coach"), "Kim")
        first = host.link("candidate")
        old.do("note.mine", text="my own secret")
        old.do("talk.say", text="my machine is dying")
        host.event(do="talk.say")
        link = moved(host, 1, len(links(host)))
        old.over(3, "moved to a new link")
        coach.wait_do("seat.move", seat=1, by=0)
        # The old key: not by its link, nor its recording, nor the list of its rooms.
        stage.join(first, "Sasha").over(3, "moved to a new link")
        refused = stage.spar("fetch", first, "--identity", stage.path("Sasha.pem"), name="Sasha", code=3)
        check("moved to a new link" in refused.stderr, f"why fetching is refused: {refused.stderr!r}")
        listed = stage.spar("sessions", "--json", first, "--identity", stage.path("Sasha.pem"), name="Sasha", code=0)
        check(host.room not in listed.stdout, f"what the old key is in: {listed.stdout!r}")
        check(host.room in listed.stderr and "moved to a new link" in listed.stderr, f"and why: {listed.stderr!r}")
        # A stranger with the old link is told nothing new.
        stage.join(first, "Stranger").over(3, "belongs to somebody else's key")
        new = stage.join(link, "Sasha-again")
        new.event(do="talk.say", text="my machine is dying")
        new.do("talk.say", text="back")
        host.event(do="talk.say", text="back")
        for action in ("clock.finish", "debrief.open", "room.close"):
            host.do(action)
        for batch in (host, new):
            batch.event(do="room.close")
            dense(batch.events())
            once(batch.events())
        check("my own secret" not in str(new.lines), "the old key's own note is not told")
        equal(new.event(do="seat.join", name="Sasha-again")["seat"], 1, "the seat")
        stage.spar("fetch", link, "--identity", stage.path("Sasha-again.pem"), "--out", stage.path("r.spar"),
                   name="Sasha-again", code=0)
        stage.spar("verify", stage.path("r.spar"), code=0)
        shown = stage.spar("replay", "--print", stage.path("r.spar"), code=0).stdout
        check("moves the seat to a new link: Sasha" in shown, f"the recording says so: {shown!r}")
        check("my own secret" not in shown, "the recording of the new key")


def test_put_out():
    with Stage(workers=2) as stage:
        host, candidate = interview(stage)
        host.send({"invite": "coach"})
        coach = stage.join(host.link("coach"), "Kim")
        host.event(do="seat.join", role="coach")
        coach.event(do="clock.start")
        host.do("seat.out", seat=2)
        coach.over(3, "put you out of this room")
        candidate.event(do="seat.out", seat=2)
        stage.join(host.link("coach"), "Kim").over(3, "put you out of this room")
        listed = stage.spar("sessions", host.link("coach"), "--identity", stage.path("Kim.pem"), name="Kim", code=0)
        check(host.room in listed.stderr and "put you out" in listed.stderr, f"what sessions says: {listed.stderr!r}")
        before = len(links(host))
        host.send({"invite": "coach"})
        link = until(lambda: links(host)[before:], "one more link")[-1]
        again = stage.join(link, "Kim")
        again.event(do="seat.join", role="coach", seat=3)
        # What was meant for one owner does not strike the next; it says whose doing that was.
        before = len(links(host))
        host.send({"invite": "interviewer"})
        link = until(lambda: links(host)[before:], "one more link")[-1]
        second = stage.join(link, "Jo")
        second.event(do="seat.join", role="interviewer", seat=4)
        second.do("seat.out", seat=2, seen=0)
        late = until(lambda: [line for line in second.refused() if line["why"] == "stale"], "a refusal")[0]
        check("has put Kim out already" in late["text"], f"what it says: {late}")
        # The only interviewer cannot be shut out by oneself, nor by others.
        host.do("seat.out", seat=0)
        until(lambda: [line for line in host.refused() if line["why"] == "own-seat"], "a refusal")
        again.do("seat.out", seat=0)
        until(lambda: [line for line in again.refused() if line["why"] == "not-allowed"], "a refusal")


def test_the_only_interviewer():
    """Whose key is gone: who runs the server moves the seat, or a coach of the room's cohort; nobody else does."""
    with Stage(workers=2) as stage:
        _, students, coaches = stage.cohort()
        host, candidate = interview(stage)
        refused = stage.spar("move", host.room, "--link", stage.server.link[:-3] + "AAA", name="Robin")
        check(refused.returncode != 0, "a host link that is none of this server's")
        wrong = stage.spar("move", host.room, "--cohort", students, name="Sasha-student", code=3)
        check("coach" in wrong.stderr, f"a student: {wrong.stderr!r}")
        none = stage.spar("move", host.room, "--cohort", coaches, name="Kim", code=3)
        check("No room opens" in none.stderr, f"a room of no cohort: {none.stderr!r}")
        made = json.loads(stage.spar("move", host.link("candidate"), "--link", stage.server.link, "--json",
                                     name="Operator", code=0).stdout)
        equal((made["room"], made["role"]), (host.room, "interviewer"), "what is told")
        host.over(3, "moved to a new link")
        candidate.event(do="seat.move", seat=0)
        new = stage.join(made["link"], "Robin-again")
        new.event(do="clock.start")
        new.do("clock.pause")
        candidate.event(do="clock.pause")
        # In a cohort: by its coach, whose name is on record.
        pair = stage.batch(["host", "--cohort", students, "--pack", "click-stream"], "Ada")
        pair.event(do="seat.join", role="interviewer")
        room = spar_client.parse_link(pair.link("candidate")).room
        made = stage.spar("move", room, "--cohort", coaches, name="Kim", code=0).stdout
        check("spar join" in made, made)
        pair.over(3, "moved to a new link")


def test_names_stay():
    """Coming back without --name keeps the seat's, also where the login name or a setting says another."""
    with Stage() as stage:
        host, candidate = interview(stage)
        link = host.link("candidate")
        candidate.kill()
        host.event(do="seat.gone", seat=1)
        stage.spar("config", "name", "Robin", name="login-name", code=0)
        for number, (options, name) in enumerate([([], "Sasha"), (["--name", "Alex"], "Alex"), ([], "Alex")]):
            host.do("talk.say", text=f"turn {number}")
            back = Batch(["join", link, "--batch", "--identity", stage.path("Sasha.pem"), *options],
                         {**stage.environment("login-name"), "SPAR_NAME": "", "USER": "login-name"})
            stage.everybody.append(back)
            joins = until(lambda: [e for e in back.events() if e["do"] == "seat.join" and e["seat"] == 1][number + 1:],
                          "the join")
            equal(joins[-1]["name"], name, f"the name after {options}")
            back.end()


def test_killed_in_the_middle():
    """Either it has happened and is on record, or it has not; the way back is there after both."""
    with Stage(workers=2) as stage:
        host, old = interview(stage)
        names = ["Sasha"]
        for turn in range(4):
            before = len(links(host))
            host.do("seat.move", seat=1)
            if turn % 2:
                until(lambda: links(host)[before:], "the link")
            stage.server.kill()
            stage.server.start()
            host.do("talk.say", text=f"turn {turn}")
            host.event(do="talk.say", text=f"turn {turn}")
            host.do("talk.say", text=f"after turn {turn}")  # behind the link, if there is one
            host.event(do="talk.say", text=f"after turn {turn}")
            link = (links(host)[before:] or [moved(host, 1, before)])[-1]
            old.over(3, "moved to a new link")
            names.append(f"Sasha-{turn}")
            old = stage.join(link, names[-1])
            old.event(do="talk.say", text=f"turn {turn}")
            stage.join(link, names[-2]).over(3, "moved to a new link")
        dense(host.events())
        once(host.events())
        equal(sum(e["do"] == "seat.join" and e["seat"] == 1 and e["name"] == names[-1] for e in host.events()), 1,
              "how often the last one joined")


if __name__ == "__main__":
    main(globals())
