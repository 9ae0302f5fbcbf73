# SPDX-License-Identifier: ISC
"""Nobody spends what is another's: each test has somebody who takes all there is to take, and beside it somebody
honest who must not notice."""

import os
import resource
import socket
import subprocess
import threading
import time

from cohort_peer import Person
from spar_peer import LIMIT, Ended, Server, frame, pack_bodies, programs
from support import Stage, check, equal, main, until


NO_MORE = 3  # with so many descriptors at the most a program that has its input, output and errors opens none


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
    """Sends until the server has had enough, and reads nothing before. How many messages it took."""
    sent = 0
    end = time.monotonic() + LIMIT
    try:
        while time.monotonic() < end:
            peer.send(**{**message, **({"id": sent + 1} if "id" in message else {})})
            sent += 1
    except OSError:
        return sent
    raise AssertionError("nobody stopped a flood of %d messages" % sent)


def flood_fast(peer, **message):
    """The same in large writes: the kernel keeps megabytes of answers for whoever reads nothing, before the server has any."""
    many = frame(message) * 500
    end = time.monotonic() + LIMIT
    try:
        while time.monotonic() < end:
            peer.send_raw(many)
    except OSError:
        return
    raise AssertionError("nobody stopped a flood")


def answered(peer):
    """All that was answered to somebody who is cut off by now."""
    try:
        while True:
            peer.receive()
    except (Ended, OSError):
        return peer.seen


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
        while refused is None:  # by the fifty: one by one a slow machine would never spend as fast as it comes back
            asked = {host.do(room, "hand.set", on=0) for _ in range(50)}
            while asked:
                answer = host.receive()
                asked.discard(answer.get("id"))
                if refused is None and answer.get("why") == "too-fast":  # each more costs, too, and makes the next wait longer
                    refused = answer
        check(0 < refused["wait"] <= 1000, f"the wait: {refused}")


def test_pings():
    """Who asks no oftener than twice a second whether the server is still there pays nothing, even where nothing is left;
    who asks in a loop does."""
    with Server(workers=1, options=["--tokens", "1"]) as server:
        peer = server.connect("ada")
        # One costs nothing, for twenty there is enough; at once, for what is spent comes back.
        peer.send_raw(b"".join(frame({"m": "ping", "t": i + 1}) for i in range(25)))
        spent = peer.take("error", why="too-fast")
        check(spent["wait"] > 0, "how long to wait")
        asked = time.monotonic()
        until(lambda: time.monotonic() > asked + 0.6, "the next moment at which it costs nothing")
        peer.send(m="ping", t=99)
        peer.take("pong", t=99)


def test_hellos():
    """The first hello is free; who goes on saying it pays, and is cut off."""
    with Server(workers=1, options=["--tokens", "10"]) as server:
        host, links = open_room(server)
        host.done(links["room"], "clock.start")
        flood(server.connect("eve"), m="hello", v=2, app="eve")
        server.await_log("why=too-fast")
        equal(server.lines("why=too-slow"), 0, "ends by what was never read")
        works(host, links["room"])


def test_screens():
    """A second screen is nobody's coming and going, and yet reads the record no oftener than by fetching it."""
    with Server(workers=1, options=["--tokens", "10"]) as server:
        host, links = open_room(server)
        room = links["room"]
        host.done(room, "clock.start")
        host.send(m="companion", room=room, kind=1)
        secret = host.take("companions")["secret"]
        screen = server.connect("screen")
        screen.send(m="join", room=room, secret=secret, companion=1)
        screen.take("joined")
        screen.send_raw(frame({"m": "join", "room": room, "companion": 1}) * 20 + frame({"m": "ping", "t": 1}))
        screen.take("pong", t=1)
        joined = sum(m["m"] == "joined" for m in screen.seen)
        check(joined < 10, f"{joined} times in a moment")
        works(host, room)


def test_guesses():
    """Guessing secrets costs most: a few a second at the most, one line a minute in the log, then the end."""
    with Server(workers=1) as server:
        host, links = open_room(server)
        room = links["room"]
        host.done(room, "clock.start")
        guesser, began = server.connect("cy"), time.monotonic()
        # One is answered first: of a flood that is cut off none may have been looked at.
        guesser.send(m="join", room=room, secret="A" * 22, name="Cy", after=0, shown=0)
        equal(guesser.take("refused")["why"], "no-such-room", "a guess")
        sent = flood(guesser, m="join", room=room, secret="A" * 22, name="Cy")
        server.await_log("why=too-fast")
        looked = sum(m["m"] == "refused" and m["why"] == "no-such-room" for m in answered(guesser))
        passed = time.monotonic() - began
        check(looked <= 20 + passed / 2, f"{looked} of {sent} guesses were looked at in {passed:.1f} s")
        server.await_log("secret.wrong")
        works(host, room)
        # Where the guesser sat somebody else is greeted, and told how long to wait if anything.
        late = server.connect("dan")
        late.send(m="join", room=room, secret=links["candidate"], name="Dan", after=0, shown=0)
        check(late.take_any("joined", "refused").get("why") in (None, "too-fast"), "who comes after a guesser")
        equal(sum("secret.wrong" in line for line in server.log), 1, "lines in the log")


def test_after_a_guesser():
    """Where somebody has guessed, and nobody sits yet, the next one comes in a moment later by themselves."""
    with Server(workers=1) as server:
        server.alone()
        closed = server.lines("why=eof")
        host, links = open_room(server)
        host.close()
        server.await_log("why=eof", closed + 1)
        why = None
        for guesser in [server.connect("cy") for _ in range(4)]:
            for _ in range(9):  # less than a connection may spend
                if why != "too-fast":
                    guesser.send(m="join", room=links["room"], secret="A" * 22, name="Cy", after=0, shown=0)
                    why = guesser.take("refused")["why"]
        equal(why, "too-fast", "what the address has spent")
        link = "https://%s:%d/%s#candidate.%s.%s" % (*server.address, links["room"], links["candidate"], server.pin)
        done = subprocess.run([os.path.join(programs(), "spar"), "join", link, "--batch", "--name", "Dan"], input="",
                              capture_output=True, text=True, timeout=LIMIT,
                              env={**os.environ, "XDG_DATA_HOME": server.folder})
        equal((done.returncode, done.stderr), (0, ""), "how Dan came in")


def test_deaf_strangers():
    """Strangers who ask without end and read nothing are owed two frames each, not four megabytes; with all that is
    owed at its bound, too, the one who is owed most goes first."""
    with Server(workers=1, options=["--tokens", "1000000", "--max-output-all", "1"]) as server:
        host, links = open_room(server)
        host.done(links["room"], "clock.start")
        deaf = [server.connect("deaf", receive_buffer=4096) for _ in range(10)]
        threads = [threading.Thread(target=flood_fast, args=(one,), kwargs={"m": "ping", "t": 1}) for one in deaf]
        for thread in threads:
            thread.start()
        works(host, links["room"])
        until(lambda: server.lines("why=too-slow") + server.lines("why=output") >= len(deaf), "the end of all of them")
        for thread in threads:
            thread.join(LIMIT)
        works(host, links["room"])


def test_one_key():
    """A key has so many connections and no more; another key does not notice."""
    with Server(workers=2) as server:
        server.alone()
        closed = server.lines("why=eof")
        for _ in range(16):
            server.connect("greedy")
        late = server.connect("greedy", hello=False)
        late.send(m="hello", v=1, app="test")
        equal(late.ended()["why"], "too-many", "one past the bound")
        host, links = open_room(server)
        host.done(links["room"], "clock.start")
        works(host, links["room"])
        server.peers[0].close()
        server.await_log("why=eof", closed + 1)
        server.connect("greedy")


def test_way_back():
    """Strangers fill the server; whose line was cut comes back into the own room all the same."""
    with Server(workers=1, options=["--max-connections", "20", "--per-key", "100"]) as server:
        server.alone()
        closed = server.lines("why=eof")
        host, links = open_room(server)
        room = links["room"]
        for _ in range(18):
            server.connect("stranger")
        host.close()
        server.await_log("why=eof", closed + 1)
        again = server.connect("ada")
        again.join(room, name="Ada")
        again.done(room, "clock.start")
        works(again, room)  # a stranger there would go again soon: unit.patience


def test_class_behind_one_address():
    """Sixty people of one address, all at once, with the bounds as they are by default."""
    with Server(workers=2) as server:
        coach = Person(server, "coach")
        made = coach.found(server.secret)
        people = [Person(server, "student%d" % number) for number in range(60)]
        asked = [(person, person.ask("enter", cohort=made["cohort"], secret=made["students"], name=person.name))
                 for person in people]
        for person, number in asked:
            equal(person.answer("entered", number)["m"], "entered", person.name)


def test_rooms_behind_one_address():
    """Sixty people of one address in twenty rooms of three, likewise: all open, all join, all speak."""
    roles = ("interviewer", "candidate", "coach")
    with Server(workers=2) as server:
        trios = [[server.connect("person%d-%s" % (number, role)) for role in roles] for number in range(20)]
        for trio in trios:
            trio[0].send(m="host", secret=server.secret, name="Host", pack=pack_bodies()[0], panel=pack_bodies()[1],
                         mode=0, id=1)
        opened = [trio[0].take("hosted") for trio in trios]
        for trio, links in zip(trios, opened):
            for person, role in zip(trio, roles):
                person.send(m="join", room=links["room"], secret=links[role], name=role, after=0, shown=0)
        for trio, links in zip(trios, opened):
            for person in trio:
                person.ids[links["room"]] = person.take("joined", room=links["room"])["last_id"]
        for trio, links in zip(trios, opened):
            trio[0].do(links["room"], "clock.start")
            for person in trio:
                person.do(links["room"], "talk.say", text="here")
        for trio, links in zip(trios, opened):
            for person in trio:
                for _ in trio:
                    person.take("event", room=links["room"], do="talk.say")
        said = [m for trio in trios for person in trio for m in person.seen if m["m"] in ("refused", "error", "bye")]
        equal(said, [], "who was refused anything")


def test_many_commands():
    """A person who asks for much by commands waits a moment here and there, and is refused nothing."""
    with Stage(options=["--tokens", "10"]) as stage:
        host = stage.host("Robin")
        host.event(do="seat.join")
        host.send({"do": "room.close"})
        host.event(do="room.close")
        link = host.link("candidate")
        host.end()
        for number in range(8):  # of which the bucket of an address pays for six or seven
            stage.spar("fetch", link, "--out", stage.path(f"{number}.spar"), "--identity", stage.key("Robin"), code=0)


def test_knocking():
    """Who knocks without end and never says who it is fills no log."""
    with Server(workers=2) as server:
        host, links = open_room(server)
        host.done(links["room"], "clock.start")
        for number in range(200):
            with socket.create_connection(server.address) as one:
                one.sendall(b"no TLS %d\n" % number)
                one.settimeout(LIMIT)
                try:
                    while one.recv(100):
                        pass
                except ConnectionError:
                    pass
        works(host, links["room"])
        check(1 <= server.lines("why=handshake-failed") <= 2, "lines about it, of each worker one")


def test_out_of_descriptors():
    """That descriptors are out is said once when it begins, and once when it is over."""
    with Server(workers=1) as server:
        pid = server.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (NO_MORE, before[1]))
        waiting = socket.create_connection(server.address)
        server.await_log("accept.failed")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        server.await_log("accept.resumed")
        waiting.close()
        host, links = open_room(server)
        host.done(links["room"], "clock.start")
        equal(sum("accept.failed" in line for line in server.log), 1, "lines about it")


if __name__ == "__main__":
    main(globals())
