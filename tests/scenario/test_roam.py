# SPDX-License-Identifier: ISC
"""
Purpose: people whose server is lost in mid-interview go to the other one by themselves, within seconds: it is
killed, it stands still, its cable is cut, or it stops; nothing that they said is lost or kept twice, and the
clock goes on. SPAR_FAULTS says how many there are of each; the long form has many.
"""
import os
import queue
import signal
import statistics
import sys
import threading
import time

import postgres
from cutter import Cutter
from pulse import Pulse
from support import SANITIZED, check, dense, equal, main, once, until
from test_nodes import Nodes

if SANITIZED or postgres.programs() is None:
    sys.exit(77)

FAULTS = int(os.environ.get("SPAR_FAULTS", "1"))
WORST, MEDIAN = 4.0, 2.0  # seconds from the fault to the first event at the other server
WAKES = 8  # until then: the client's look, its call, the other server and its database several times, the ear


def address(server):
    host, port = server.listen.rsplit(":", 1)
    return host, int(port)


class Roaming(Nodes):
    """Two servers, each behind a relay that can be cut, by which it is named."""

    def __init__(self, database):
        super().__init__(database)
        self.relays = {}
        for server in (self.server, self.other):
            self.relays[server] = relay = Cutter(address(server))
            server.options += ["--address", f"{relay.address[0]}:{relay.address[1]}"]

    def __exit__(self, kind, value, trace):
        for relay in self.relays.values():
            relay.close()
        super().__exit__(kind, value, trace)

    def through(self, link, server):
        return self.relays[server].through(link.replace(self.server.listen, server.listen))

    def await_both(self):
        """Each names the other."""
        until(lambda: all(self.others_of(self.server.link.replace(self.server.listen, server.listen)) for server in self.relays),
              "both to be there")


class Talker(threading.Thread):
    """A member of the Python client that goes on by itself, and says what it is given."""

    def __init__(self, member):
        super().__init__(daemon=True)
        self.member, self.say, self.over, self.failure = member, queue.Queue(), threading.Event(), None
        self.start()

    def run(self):
        try:
            while not self.over.is_set():
                while not self.say.empty():
                    self.member.command("talk.say", text=self.say.get())
                try:
                    self.member.next(0.02)
                except TimeoutError:
                    pass
        except Exception as failure:  # told by who looks at the thread
            self.failure = failure

    def end(self):
        self.over.set()
        self.join(60)
        check(self.failure is None, f"the Python client ended: {self.failure!r}")


class Fault:
    """What happens to a server, and how it is mended."""

    def __init__(self, nodes, kind, server):
        self.nodes, self.kind, self.server, self.relay = nodes, kind, server, nodes.relays[server]

    def begin(self):
        if self.kind == "killed":
            self.server.kill()
        elif self.kind == "stands still":
            os.kill(self.server.process.pid, signal.SIGSTOP)
        elif self.kind == "cut off":
            self.relay.lose()
        else:
            self.server.process.send_signal(signal.SIGTERM)

    def mend(self):
        if self.kind == "stands still":
            os.kill(self.server.process.pid, signal.SIGCONT)
        elif self.kind == "cut off":
            self.relay.find()
        else:
            if self.kind == "stops":
                self.server._end()
            self.server.start()
        self.nodes.await_both()


def arrival(batch, text):
    """When the line reached that client, of the monotonic clock."""
    line = batch.find(lambda line: line.get("event", {}).get("text") == text, f"the line {text!r}")
    return batch.came[batch.lines.index(line)]


def roam(database, kinds):
    """Host and coach are at one server, the candidate's ears at the other; then the first is lost. By turns."""
    with Roaming(database) as nodes, Pulse(nodes.path("pulse")) as pulse:
        nodes.await_both()
        host = nodes.batch(["host", nodes.relays[nodes.server].through(nodes.server.link)], "Robin")
        link = host.link("coach")
        host.event(do="seat.join", role="interviewer")
        coach = nodes.member(link, "Cleo")
        talker = Talker(coach)
        host.do("clock.start")
        host.event(do="clock.start")
        took, spared, said, at = {kind: [] for kind in kinds}, [], [], nodes.server
        for number, kind in enumerate(kinds * FAULTS):
            other = nodes.other if at is nodes.server else nodes.server
            ear = nodes.join(nodes.through(host.link("candidate"), other), "Kim")
            ear.event(do="clock.start")
            words = [f"host {number}", f"coach {number}"]
            fault = Fault(nodes, kind, at)
            begun = time.monotonic()
            fault.begin()
            host.do("talk.say", text=words[0])
            talker.say.put(words[1])
            arrivals = [arrival(ear, word) for word in words]
            took[kind] += [arrived - begun for arrived in arrivals]
            spared += [pulse.spared(begun, arrived, WAKES) for arrived in arrivals]
            said += words
            fault.mend()
            offsets = [came - line["event"]["at"] / 1000 for line, came in zip(ear.lines, ear.came)
                       if line.get("event", {}).get("text") in words]
            apart = max(offsets) - min(offsets) - pulse.taken(begun, max(arrivals), WAKES)
            check(apart < WORST, f"room time jumps: {offsets}")
            ear.end()
            at = other
        host.do("talk.say", text="the last")
        host.event(do="talk.say", text="the last")
        until(lambda: any(event.get("text") == "the last" for event in list(coach.events)), "the coach to hear the last")
        talker.end()
        for events in (host.events(), coach.events):
            talk = [event["text"] for event in events if event["do"] == "talk.say"]
            equal(sorted(talk), sorted(said + ["the last"]), "what was said, each once")
            dense(events)
            times = [event["at"] for event in events]
            equal(times, sorted(times), "the moments of the events")
        once(host.events())
        equal(host.refused(), [], "what was refused")
        for kind, times in took.items():
            print(f"\n  {kind}: {len(times)} times, p50 {statistics.median(times):.2f} s, worst {max(times):.2f} s", end=" ")
        # What is printed is what people waited; what the machine took is no fault of the servers.
        check(statistics.median(spared) < MEDIAN, f"p50 {statistics.median(spared):.2f} s")
        check(max(spared) < WORST, f"worst {max(spared):.2f} s")


def test_killed_and_cut_off(database):
    roam(database, ["killed", "cut off"])


def test_stands_still_and_stops(database):
    roam(database, ["stands still", "stops"])


def with_database(test):
    def run():
        with postgres.database() as database:
            test(database)
    return run


if __name__ == "__main__":
    main({name: with_database(test) for name, test in globals().copy().items() if name.startswith("test_")})
