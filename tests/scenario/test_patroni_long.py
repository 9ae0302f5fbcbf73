# SPDX-License-Identifier: ISC
"""
Purpose: two servers over three databases under Patroni, set up as contrib/patroni.md says. The primary's machine is
killed and stands still, by turns, while two people talk; nobody does anything about it but Patroni. What was shown is
kept, what was said meanwhile is said once, and how long it took is printed; so is how often a server sent its people
away, which it does where the database takes longer than ten seconds. SPAR_FAULTS says how many there are of each.
"""
import os
import signal
import statistics
import sys
import time

import patroni
from support import SANITIZED, check, dense, equal, main, once, until
from test_nodes import Nodes

if SANITIZED or not patroni.programs():
    sys.exit(77)

FAULTS = int(os.environ.get("SPAR_FAULTS", "3"))
WORST = 30  # seconds: what waits for longer is refused by name


def said(batch):
    return [event["text"] for event in batch.events() if event["do"] == "talk.say"]


class Talk:
    """Two people at two servers, who hear everything of each other."""

    def __init__(self, nodes):
        self.host = nodes.host()
        self.candidate = nodes.join(nodes.elsewhere(self.host.link("candidate")), "Kim")
        self.candidate.event(do="seat.join", role="candidate")
        self.host.do("clock.start")
        self.lines = []

    def say(self, text):
        for who, batch in (("asks", self.host), ("answers", self.candidate)):
            batch.do("talk.say", text=f"{who} {text}")
            self.lines.append(f"{who} {text}")

    def hear(self):
        for batch in (self.host, self.candidate):
            until(lambda batch=batch: set(said(batch)) == set(self.lines), "all that was said")

    def check(self):
        equal(said(self.host), said(self.candidate), "what both have")
        equal(sorted(said(self.host)), sorted(self.lines), "what was said, each once")
        for batch in (self.host, self.candidate):
            equal(batch.refused(), [], "what was refused")
            dense(batch.events())
            once(batch.events())


def again(server):
    """Is started as systemd does it: once more, if the database is slow to answer."""
    start = server.start

    def tries():
        try:
            return start()
        except AssertionError:
            return None
    server.start = lambda: until(tries, "a server that starts")


def killed(cluster, primary):
    primary.kill()

    def mend():
        primary.start_etcd(cluster.members)
        primary.start()
    return mend


def stands_still(cluster, primary):
    pids = primary.family(True)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)

    def mend():
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    return mend


def etcd_lost(cluster, talk):
    """Two of three are enough."""
    other = next(member for member in cluster.members if member is not cluster.primary())
    other.etcd.kill()
    other.etcd.wait()
    began = time.monotonic()
    talk.say("without one of etcd")
    talk.hear()
    print(f"without one of etcd {time.monotonic() - began:.1f}", end=" ", flush=True)
    other.start_etcd(cluster.members)
    cluster.await_sync()


def faults(cluster, talk):
    took = {killed: [], stands_still: []}
    for number, fault in enumerate(list(took) * FAULTS):
        talk.say(f"before {number}")
        talk.hear()
        primary = cluster.primary()
        began = time.monotonic()
        mend = fault(cluster, primary)
        talk.say(f"meanwhile {number}")
        talk.hear()
        took[fault].append(time.monotonic() - began)
        print(f"{fault.__name__} {took[fault][-1]:.1f}", end=" ", flush=True)
        mend()
        # Who stood still takes itself for the primary until it has looked.
        until(lambda: cluster.primary() is not primary and cluster.is_whole(), "another to have taken over", limit=120)
    for fault, times in took.items():
        print(f"\n  {fault.__name__}: {len(times)} times, p50 {statistics.median(times):.1f} s, "
              f"worst {max(times):.1f} s", end=" ", flush=True)
        check(max(times) < WORST, f"{fault.__name__}: {max(times):.1f} s")


def interview(cluster, nodes):
    talk = Talk(nodes)
    etcd_lost(cluster, talk)
    faults(cluster, talk)
    talk.say("the end")
    talk.hear()
    talk.check()
    away = sum(" journal.cut " in line for server in (nodes.server, nodes.other) for line in server.log)
    print(f"(sent away {away} times)", end=" ", flush=True)


def test_patroni():
    with patroni.cluster() as cluster:
        nodes = Nodes(cluster)
        for server in (nodes.server, nodes.other):
            again(server)
        with nodes:
            interview(cluster, nodes)


if __name__ == "__main__":
    main(globals())
