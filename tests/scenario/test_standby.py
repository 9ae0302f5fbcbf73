# SPDX-License-Identifier: ISC
"""
Purpose: two servers over a primary with a synchronous standby. What the standby does not hold is confirmed to
nobody and shown to nobody, neither elsewhere nor to who comes new, also where the primary itself would show it;
when the standby takes over, all that was confirmed is there, what was in doubt is said once, and nobody is
taken for dead. How long it took is printed.
"""
import os
import sys
import time

import postgres
from support import SANITIZED, check, dense, equal, main, once, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

import standby  # noqa: E402
from test_nodes import Nodes  # noqa: E402


def said(batch):
    return [event["text"] for event in batch.events() if event["do"] == "talk.say"]


def events(pair):
    """How many rows whoever reads the primary without a barrier is shown."""
    return int(pair.primary.ask("SELECT count(*) FROM spar.event"))


def meet(nodes):
    """An interviewer at the first server, a candidate at the second, and something that was kept."""
    host = nodes.host()
    candidate = nodes.join(nodes.elsewhere(host.link("candidate")), "Kim")
    candidate.event(do="seat.join", role="candidate")
    host.do("clock.start")
    host.do("talk.say", text="kept")
    candidate.event(do="talk.say", text="kept")
    host.event(do="talk.say", text="kept")
    return host, candidate


def other_room(nodes):
    """A room of which the second server knows nothing yet, and the link to it there."""
    alone = nodes.host("Alex")
    alone.do("clock.start")
    alone.do("talk.say", text="kept")
    alone.event(do="talk.say", text="kept")
    return alone, nodes.elsewhere(alone.link("coach"))


def nobody_is_gone(*batches):
    for batch in batches:
        check(not [event for event in batch.events() if event["do"] == "seat.gone"], "nobody is taken for dead")
        check(not batch.refused(), f"nothing was refused, but {batch.refused()}")
        dense(batch.events())
        once(batch.events())


def test_without_its_standby(pair):
    """A commit waits, in one process of the database however long it takes, and goes on when the standby is there."""
    with Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        alone, link = other_room(nodes)
        pair.standby.kill()
        for batch in (host, alone):
            batch.do("talk.say", text="in doubt")
        until(pair.waiting, "a commit that waits")
        new = nodes.join(link, "Robin")
        candidate.do("talk.say", text="behind it")
        until(lambda: len(pair.stuck()) >= 2, "what the second server reads, or writes, to wait, too")
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 6, "three times the answer timer")
        check(len(pair.stuck()) <= 2, f"one connection of each server waits, not {len(pair.stuck())}")
        for batch in (host, candidate, alone, new):
            check("in doubt" not in said(batch), "nobody is shown what the standby does not hold")
        began = time.monotonic()
        pair.standby.start()
        candidate.event(do="talk.say", text="in doubt")
        print(f"(shown {time.monotonic() - began:.1f} s after the standby's start)", end=" ", flush=True)
        for batch in (host, alone):
            batch.event(do="talk.say", text="in doubt")
        candidate.event(do="talk.say", text="behind it")
        candidate.do("talk.say", text="good")
        host.event(do="talk.say", text="good")
        nobody_is_gone(host, candidate, alone)
        if new.process.poll() is not None:
            new = nodes.join(link, "Robin")
        new.event(do="talk.say", text="in doubt")


def test_a_phantom(pair):
    """The primary restarts and shows what its standby never had; after the promotion it is gone."""
    with Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        alone, link = other_room(nodes)
        pair.standby.kill()
        rows = events(pair)
        for batch in (host, alone):
            batch.do("talk.say", text="phantom")
        until(pair.waiting, "a commit that waits")
        equal(events(pair), rows, "what the primary shows")
        nodes.server.kill()
        host.kill()
        alone.kill()
        pair.primary.kill()
        pair.primary.start().await_ready()
        check(events(pair) > rows, "the phantom can be read")
        until(pair.waiting, "the second server's read to wait")
        new = nodes.join(link, "Robin")
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 3 and pair.waiting(), "longer than the answer timer")
        for batch in (candidate, new):
            check("phantom" not in said(batch), "nobody is shown the phantom")
        pair.primary.kill()
        pair.standby.start().await_ready()
        pair.promote()
        began = time.monotonic()
        candidate.do("talk.say", text="after")
        candidate.event(do="talk.say", text="after")
        print(f"({time.monotonic() - began:.1f} s from the promotion to the first event)", end=" ", flush=True)
        if new.process.poll() is not None:
            new = nodes.join(link, "Robin")
        new.event(do="seat.join", role="coach")
        equal(said(candidate), ["kept", "after"], "what is said")
        dense(candidate.events())
        equal(said(new), ["kept"], "what is said in the other room")


def test_a_wait_that_was_cancelled(pair):
    """Somebody cancels the wait at the database: it is a phantom by then, and no confirmation."""
    with Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        pair.standby.kill()
        host.do("talk.say", text="cancelled")
        waiting = until(pair.waiting, "a commit that waits")
        rows = events(pair)
        pair.primary.ask(f"SELECT pg_cancel_backend({waiting[0]})")
        until(lambda: events(pair) > rows, "the phantom")
        until(lambda: [pid for pid in pair.waiting() if pid not in waiting], "the first server to ask again")
        check("cancelled" not in said(host) + said(candidate), "it is not taken as kept")
        pair.primary.kill()
        pair.standby.start().await_ready()
        pair.promote()
        candidate.event(do="talk.say", text="cancelled")
        host.event(do="talk.say", text="cancelled")
        nobody_is_gone(host, candidate)
        equal(said(host), ["kept", "cancelled"], "what is said")


def test_going_on_without_it(pair):
    """The operator gives the standby up: what waits is confirmed then."""
    with Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        pair.standby.kill()
        host.do("talk.say", text="alone")
        until(pair.waiting, "a commit that waits")
        pair.primary.ask("ALTER SYSTEM SET synchronous_standby_names = ''")
        pair.primary.ask("SELECT pg_reload_conf()")
        candidate.event(do="talk.say", text="alone")
        host.event(do="talk.say", text="alone")
        nobody_is_gone(host, candidate)


def fail_over(pair, away, what):
    """Both say something all the time while the primary goes and the standby takes over."""
    with Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        for i in range(10):
            host.do("talk.say", text=f"question {i}")
            candidate.do("talk.say", text=f"answer {i}")
        host.event(do="talk.say", text="answer 9")
        candidate.event(do="talk.say", text="question 9")
        confirmed = said(host)
        began = time.monotonic()
        away()
        for i in range(10, 20):
            host.do("talk.say", text=f"question {i}")
            candidate.do("talk.say", text=f"answer {i}")
        took = pair.promote()
        host.event(do="talk.say", text="question 10")
        print(f"({what}: {time.monotonic() - began:.2f} s to the first event that was kept, of which the promotion "
              f"{took:.2f} s)", end=" ", flush=True)
        for batch in (host, candidate):
            batch.event(do="talk.say", text="question 19")
            batch.event(do="talk.say", text="answer 19")
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 5.5, "the time in which nobody is judged, and more")
        host.do("talk.say", text="the end")
        candidate.event(do="talk.say", text="the end")
        host.event(do="talk.say", text="the end")
        nobody_is_gone(host, candidate)
        equal(said(host)[:len(confirmed)], confirmed, "what was confirmed")
        equal(said(host), said(candidate), "what both have")
        equal(len(said(host)), 42, "lines, each once")


def test_the_primary_is_killed(pair):
    fail_over(pair, pair.primary.kill, "killed")


def test_the_primary_stands_still(pair):
    fail_over(pair, pair.primary.freeze, "frozen")


def with_pair(test):
    def run():
        with standby.pair() as made:
            test(made)
    return run


if __name__ == "__main__":
    main({name: with_pair(test) for name, test in globals().copy().items() if name.startswith("test_")})
