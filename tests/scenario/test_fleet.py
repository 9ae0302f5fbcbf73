# SPDX-License-Identifier: ISC
"""
Purpose: what the operator of several servers sees and does: the list of them, asked of a server or read from the
database; handing the people of one over to the others; what is counted; a database whose clock is set; and servers made new one after the other.
"""
import json
import re
import sys
import time
import urllib.request

import postgres
from ports import own_port
from pulse import Pulse
from support import LIMIT, SANITIZED, Stage, check, dense, equal, main, once, run, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

from test_forget import SPARD  # noqa: E402
from test_nodes import Nodes  # noqa: E402

WAKES = 8  # who has to wake up until a person is handed over: both servers and the database, several times, and the person's program


def asked(*words, server=None):
    """Exit status, and what was said."""
    done = run([SPARD, *words, *(("--data", server.data) if server else ())])
    return done.returncode, done.stdout, done.stderr


def listed(*where, server=None):
    code, said, why = asked("nodes", "--json", *where, server=server)
    return code, json.loads(said) if said else [], why


def by_address(nodes):
    return {node["address"]: node for node in nodes}


def test_nodes_are_listed():
    with postgres.database() as database, Nodes(database) as nodes:
        host = nodes.host()
        coach = nodes.join(nodes.elsewhere(host.link("coach")), "Kim")
        coach.event(do="seat.join", role="coach")

        def settled():
            code, seen, _ = listed(server=nodes.server)
            return code == 0 and [(node["connections"], node["rooms"], node["state"]) for node in seen] == [(1, 1, "live")] * 2 and seen
        seen = by_address(until(settled, "one at each, which lives"))
        equal(set(seen), {nodes.server.listen, nodes.other.listen}, "addresses")
        here, there = seen[nodes.server.listen], seen[nodes.other.listen]
        equal((here["answers"], there["answers"]), (True, False), "who answers")
        check(here["lease"] < there["lease"], f"leases: {seen}")
        check(here["version"].startswith("spard ") and here["version"] == there["version"], f"versions: {seen}")
        code, table, _ = asked("nodes", server=nodes.other)
        equal((code, len(table.splitlines())), (0, 3), f"the table: {table}")
        check(all(len(line) <= 80 for line in table.splitlines()), table)
        nodes.other.kill()
        until(lambda: listed(server=nodes.server)[1:2] != [] and len(listed(server=nodes.server)[1]) == 1,
              "the dead one to be gone")
        nodes.server.kill()
        until(lambda: listed("--journal", database.info)[0] == 1, "the last to be dead, too")
        code, seen, why = listed("--journal", database.info)
        equal((code, [node["state"] for node in seen]), (1, ["dead"]), "read from the database")
        check(nodes.server.listen in why and why.rstrip().endswith("."), f"the sentence: {why!r}")
        host.kill()
        coach.kill()


def said_by(member):
    return [event["text"] for event in member.events() if event["do"] == "talk.say"]


def another_coach(host):
    """A link for one more."""
    def links():
        with host.changed:
            return [line["link"]["link"] for line in host.lines if line.get("link", {}).get("role") == "coach"]
    had = len(until(links, "the first link"))
    host.send({"invite": "coach"})
    until(lambda: len(links()) > had, "another link")
    return links()[-1]


def is_there(seen_by, server):
    """What another server's list, or its own, says of a server."""
    return by_address(listed(server=seen_by)[1]).get(server.listen, {})


def drain(server, *words):
    done = asked("drain", *words, server=server)
    return done[0], done[1] + done[2]


def test_people_are_handed_over():
    """Several in two rooms whose clocks run and who go on talking; by the server's own folder, then by the other's."""
    with postgres.database() as database, Nodes(database) as nodes:
        hosts = [nodes.host(f"Robin{i}") for i in range(2)]
        rooms = []
        for i, host in enumerate(hosts):
            others = [nodes.join(host.link("candidate"), f"Kim{i}"), nodes.join(host.link("coach"), f"Alex{i}")]
            far = nodes.join(nodes.elsewhere(another_coach(host)), f"Zoe{i}") if i == 0 else None
            for one in others:
                one.event(do="seat.join", role="candidate" if one is others[0] else "coach")
            host.do("clock.start")
            others[0].event(do="clock.start")
            rooms.append([host, *others, *([far] if far else [])])
        until(lambda: is_there(nodes.server, nodes.server).get("connections") == 6, "six there")

        def go_on(word):
            for room in rooms:
                for i, one in enumerate(room[:3]):
                    one.do("talk.say", text=f"{word} {i}")

        def is_told(word):
            for room in rooms:
                for one in room:
                    for i in range(3):
                        one.event(do="talk.say", text=f"{word} {i}")
        go_on("before")
        with Pulse(nodes.path("pulse")) as pulse:
            began = time.monotonic()
            code, said = drain(nodes.server)
            machine = pulse.taken(began, time.monotonic(), WAKES)
        equal(code, 0, f"drain, which said {said}")
        took = float(re.search(r"its (\d+) connections within ([\d.]+) s", said).group(2))
        check(took <= 5 + machine, f"handed over within 5 s, not {took}, of which the machine took {machine:.1f}")
        print(f"(handed over in {took} s)", end=" ", flush=True)
        go_on("after")
        is_told("before")
        is_told("after")
        late = nodes.join(another_coach(rooms[1][0]), "Late")  # the link's server sends on who comes there
        late.event(do="talk.say", text="after 0")

        def left():
            there = is_there(nodes.other, nodes.server)
            return there.get("state") == "drains" and there["connections"] == 0
        until(left, "the list to say so")
        code, said = drain(nodes.other)
        check(code == 1 and "No other server takes people in" in said, f"the last one: {code} {said}")
        code, said = drain(nodes.other, "nowhere:1")
        check(code == 1 and "spard nodes" in said, f"none such: {code} {said}")
        nodes.server.stop()
        nodes.server.start()
        until(lambda: is_there(nodes.other, nodes.server).get("state") == "live", "the first to be back")
        code, said = drain(nodes.server, nodes.other.listen)  # asked of another server than the one that is meant
        equal(code, 0, f"drain of the other, which said {said}")
        go_on("at last")
        is_told("at last")
        for room in rooms:
            for one in room:
                dense(one.events())
                once(one.events())
                equal(said_by(one), said_by(room[0]), "what is said")
                check(not one.refused(), "nothing was refused")
            equal(len(said_by(room[0])), 9, "all that was said, once")
            equal(sum(event["do"] == "clock.start" for event in room[0].events()), 1, "clocks")
            moments = [event["at"] for event in room[0].events()]
            equal(moments, sorted(moments), "the clock goes forward")


def measures(claimed):
    """What --metrics says, by name."""
    with urllib.request.urlopen(f"http://127.0.0.1:{claimed}/metrics", timeout=LIMIT) as answer:
        lines = answer.read().decode().splitlines()
    return {line.split(" ")[0]: float(line.split(" ")[1]) for line in lines if not line.startswith("#")}


def test_metrics():
    """Of the leases, of what is in doubt after the database was gone, of conflicts, and of the clock."""
    port, claim = own_port()
    with claim, postgres.database() as database:
        nodes = Nodes(database)
        nodes.server.options += ["--metrics", f"127.0.0.1:{port}"]
        with nodes:
            host = nodes.host()
            coach = nodes.join(nodes.elsewhere(host.link("coach")), "Kim")
            coach.event(do="seat.join", role="coach")
            until(lambda: measures(port)["spar_journal_nodes_live"] == 2, "two that live")
            seen = measures(port)
            equal(seen["spar_journal_lease"], listed(server=nodes.server)[1][0]["lease"], "the lease")
            equal(seen["spar_journal_doubts_total"], 0, "nothing is in doubt")
            check(seen["spar_journal_commit_seconds_count"] > 0 and seen["spar_journal_behind"] >= 0, f"{seen}")
            check(0 <= seen["spar_journal_beat_age_seconds"] < 60, f"{seen}")
            until(lambda: abs(measures(port)["spar_journal_clock_ahead_seconds"]) < 0.05, "the clock to be near")
            for i in range(20):
                host.do("talk.say", text=f"one {i}")
                coach.do("talk.say", text=f"two {i}")
            for one in (host, coach):
                one.event(do="talk.say", text="one 19")
                one.event(do="talk.say", text="two 19")
            taken = measures(port)["spar_commands_total"]
            database.kill()
            host.do("talk.say", text="in doubt")
            until(lambda: measures(port)["spar_commands_total"] > taken, "the command, while nobody can confirm it")
            database.start().await_ready()
            coach.event(do="talk.say", text="in doubt")
            check(measures(port)["spar_journal_doubts_total"] >= 1, "a commit was in doubt")


def clock_is_set(seconds):
    with postgres.database() as database, Nodes(database) as nodes:
        began = time.monotonic()
        host = nodes.host()
        coach = nodes.join(nodes.elsewhere(host.link("coach")), "Kim")
        coach.event(do="seat.join", role="coach")
        # As if it were so much later there: what the servers read by the names of its clock.
        for name in ("clock_timestamp", "pg_postmaster_start_time"):
            database.ask(f"CREATE FUNCTION spar.{name}() RETURNS timestamptz LANGUAGE sql AS "
                         f"$$ SELECT pg_catalog.{name}() + interval '{seconds} s' $$")
        database.ask("ALTER ROLE spar SET search_path = spar, pg_catalog")
        database.kill()
        host.do("talk.say", text="meanwhile")
        database.start().await_ready()
        coach.event(do="talk.say", text="meanwhile")
        for server in (nodes.server, nodes.other):
            until(lambda: any(" clock.far" in line for line in server.log), "the log to say so")
        nodes.other.stop()
        nodes.other.start()
        late = nodes.join(nodes.elsewhere(another_coach(host)), "Alex")
        late.event(do="seat.join", name="Alex")
        coach.do("talk.say", text="at last")
        host.event(do="talk.say", text="at last")
        moments = [event["at"] for event in host.events()]
        equal(moments, sorted(moments), "never back")
        passed = (time.monotonic() - began) * 1000
        check(moments[-1] - moments[0] < passed + 60_000, f"and no jump: {moments[-1] - moments[0]} ms while {passed:.0f} passed")


def test_the_clock_is_set():
    """The database's clock jumps: rooms' clocks go on as before, at a server that comes later, too, and it is said."""
    clock_is_set(120)


def test_the_clock_is_set_back():
    clock_is_set(-120)


def test_rolling_upgrade():
    """Two servers are made new one after the other, with people in a room who go on talking; nobody writes the new form
    before both can read it, and an old one does not start once it may be written."""
    with postgres.database() as database, Nodes(database) as nodes:
        host = nodes.host()
        candidate = nodes.join(nodes.elsewhere(host.link("candidate")), "Kim")
        candidate.event(do="seat.join", role="candidate")
        host.event(do="seat.join", role="candidate")
        host.do("clock.start")
        words = []

        def talk(word):
            for one in (host, candidate):
                words.append(f"{word} {len(words)}")
                one.do("talk.say", text=words[-1])
            for one in (host, candidate):
                for said in words[-2:]:
                    one.event(do="talk.say", text=said)

        def form():
            return database.ask("SELECT value FROM spar.meta WHERE name = 'write_version'")

        def forms():
            return sorted(node["form"] for node in listed(server=nodes.server)[1])
        talk("old and old")
        for server, wanted in ((nodes.server, [1, 2]), (nodes.other, [2, 2])):
            equal((form(), drain(server)[0]), ("", 0), "the form that is written, and the exit code of drain")
            talk("drained")
            server.stop()
            server.program = "spard_next"
            server.start()
            until(lambda: forms() == wanted, f"the list to say {wanted}")
            talk("one more is new")
        until(lambda: form() == "2", "the new form to be written")
        talk("new and new")
        nodes.other.stop()
        done = run([SPARD, "--data", nodes.other.data, "--listen", nodes.other.listen, "--journal", database.info])
        equal(done.returncode, 1, "an old one does not start")
        check("is of form 2, and this spard reads up to form 1" in done.stderr, f"what it says: {done.stderr!r}")
        talk("still here")
        for one in (host, candidate):
            dense(one.events())
            once(one.events())
            equal(sorted(said_by(one)), sorted(words), "what is said")
            equal(said_by(one), said_by(host), "and in which order")
            check(not one.refused(), "nothing was refused")


def test_who_came_to_one_alone_is_told():
    """Whoever was welcomed while a server was alone is told of the others by its next pong, once."""
    with postgres.database() as database, Nodes(database) as nodes:
        nodes.other.stop()
        until(lambda: len(listed(server=nodes.server)[1]) == 1, "the first to be alone")
        one = nodes.connection(nodes.server.link)
        equal(one.welcome.get("nodes", ""), "", "nobody is named")

        def named():
            one.send("ping", t=1)
            return one.expect("pong").get("nodes", "")
        equal(named(), "", "nor later")
        nodes.other.start()
        equal(until(named, "the other to be named"), nodes.other.listen, "who is named")
        equal(named(), "", "once")


def test_alone():
    with postgres.database() as database, Stage(options=["--journal", database.info]) as stage:
        host = stage.host()
        code, said = drain(stage.server)
        check(code == 1 and "No other server takes people in" in said, said)
        host.do("talk.say", text="still here")
        host.event(do="talk.say", text="still here")
    with Stage() as stage:
        code, said = drain(stage.server)
        check(code == 1 and "in its data folder" in said, said)


def test_who_cannot_be_asked():
    with Stage() as stage:
        code, said, why = asked("nodes", server=stage.server)
        equal((code, said), (1, ""), "a journal in a folder")
        check("no other" in why, why)
        stage.server.stop()
        code, said, why = asked("nodes", server=stage.server)
        check(code == 1 and "--journal" in why, why)
        code, said, why = asked("nodes", "--journal", "postgresql://spar@127.0.0.1:1/none", server=stage.server)
        check(code == 1 and "cannot be read" in why, why)


if __name__ == "__main__":
    main(globals())
