# SPDX-License-Identifier: ISC
"""
Purpose: a server that cannot reach the database any more, while another can: it sends its people away within a
bound and takes nobody in; the others go on; what was shown as kept is kept, and what was not is said once. Where
the primary is only being replaced, nobody is sent away.
"""
import sys
import time

import postgres
from support import SANITIZED, check, dense, equal, main, once, spar_client, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

from cutter import Cutter  # noqa: E402
from pulse import Pulse  # noqa: E402
from test_nodes import Nodes  # noqa: E402

WAKES = 4  # until the log says so: the command, its timer, the look from aside, the log's reader
BOUND = 9  # the answer timer, a look from aside, a try to connect, and the rest for a slow machine


def said(events):
    return [event["text"] for event in events if event["do"] == "talk.say"]


def cut_nodes(database, cutter):
    """Two servers, of which the first one's way to the database leads through the cutter."""
    nodes = Nodes(database)
    nodes.server.options = ["--journal", f"postgresql://spar@{cutter.address[0]}:{cutter.address[1]}/postgres"]
    return nodes


def logged(server, what):
    return any(f" {what}" in line for line in server.log)


def test_a_node_is_cut_off():
    with postgres.database() as database:
        cutter = Cutter(("127.0.0.1", database.port))
        try:
            with cut_nodes(database, cutter) as nodes, Pulse(nodes.path("pulse")) as pulse:
                cut_off(nodes, cutter, pulse)
        finally:
            cutter.find()
            cutter.close()


def cut_off(nodes, cutter, pulse):
    host = nodes.host()
    link = host.link("candidate")
    candidate = nodes.join(nodes.elsewhere(link), "Kim")
    candidate.event(do="seat.join", role="candidate")
    host.event(do="seat.join", role="candidate")
    host.do("clock.start")
    host.do("talk.say", text="kept")
    for batch in (host, candidate):
        batch.event(do="talk.say", text="kept")
    began = time.monotonic()
    cutter.lose()
    host.do("talk.say", text="not yet kept")
    until(lambda: logged(nodes.server, "journal.cut"), "everybody to be sent away")
    took = pulse.spared(began, time.monotonic(), WAKES)
    check(took < BOUND, f"sent away within {BOUND} s, not {took:.1f} s")
    # Who was sent away may be back, at the other server, before the first is taken for dead.
    until(lambda: [event for event in candidate.events() if event["do"] == "seat.gone"] or
          len([event for event in candidate.events() if event["do"] == "seat.join"]) > 2, "the host to be gone, or back")
    candidate.do("talk.say", text="I go on")
    candidate.event(do="talk.say", text="I go on")
    print(f"(sent away after {took:.1f} s; the other went on after {time.monotonic() - began:.1f} s)", end=" ",
          flush=True)
    try:
        nodes.connection(host.link("coach"), "Alex")
        check(False, "somebody was taken in")
    except spar_client.Bye as bye:
        equal(bye.why, "stopping", "why nobody is taken in")
    cutter.find()
    until(lambda: logged(nodes.server, "journal.back"), "the server to be back")
    host.event(do="talk.say", text="I go on")
    host.do("talk.say", text="back")
    candidate.event(do="talk.say", text="back")
    host.event(do="talk.say", text="back")
    for batch in (host, candidate):
        once(batch.events())
        equal(sorted(said(batch.events())), ["I go on", "back", "kept", "not yet kept"], "what is said")
    dense(candidate.events())
    equal(said(host.events()), said(candidate.events()), "the same at both")


def test_a_database_that_is_away_for_a_moment():
    """It refuses connections: who does that is there, and about to be the primary."""
    with postgres.database() as database, Nodes(database) as nodes:
        host = nodes.host()
        database.kill()
        host.do("talk.say", text="meanwhile")
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 5, "longer than a lease")
        database.start().await_ready()
        host.event(do="talk.say", text="meanwhile")
        check(not logged(nodes.server, "journal.cut"), "nobody was sent away")


if __name__ == "__main__":
    main(globals())
