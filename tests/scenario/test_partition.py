# SPDX-License-Identifier: ISC
"""
Purpose: the network between a primary and its synchronous standby is lost, by a relay between them. Commits wait, and
screens say so; when it is healed all of them are kept. Where the standby is promoted instead, the servers go to it by
themselves, also while the old primary still answers, and nobody was ever shown what the promoted one lacks. The other
partitions: between a server and the database test_cut_off.py, between a server and its clients test_roam.py.
"""
import os
import shlex
import sys
import time

import postgres
from support import BIN, SANITIZED, check, dense, equal, main, once, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

import standby  # noqa: E402
from cutter import Cutter  # noqa: E402
from run_screen import Terminal  # noqa: E402
from test_nodes import Nodes  # noqa: E402
from test_standby import meet, nobody_is_gone, said  # noqa: E402

ANSWER_S = 2  # a server's patience with a database that does not answer


class Parted(standby.Pair):
    """The standby follows the primary through a relay."""

    def __init__(self, place):
        super().__init__(place)
        self.network = Cutter(("127.0.0.1", self.primary.port))

    def source(self):
        return f"postgresql://spar@127.0.0.1:{self.network.address[1]}/postgres"

    def end(self):
        super().end()
        self.network.find()
        self.network.close()


def sits_at_screen(nodes, link):
    """A coach in a terminal."""
    command = [os.path.join(BIN, "spar"), "join", link, "--name", "Cleo", "--identity", nodes.path("cleo.pem")]
    terminal = Terminal(nodes.folder, "tmux", "XDG_CONFIG_HOME=/dev/null " + shlex.join(command))
    terminal.wait("running")
    return terminal


def part(pair, host, candidate):
    """Both have said something that nobody can confirm."""
    pair.network.lose()
    host.do("talk.say", text="in doubt")
    candidate.do("talk.say", text="as well")
    until(pair.waiting, "a commit that waits")
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 3 * ANSWER_S, "three times a server's patience")
    for batch in (host, candidate):
        equal(said(batch), ["kept"], "what is shown while the standby is out of reach")


def go_on(nodes, host, candidate):
    """What was in doubt is said once, to both alike, and to who comes later."""
    for batch in (host, candidate):
        for text in ("in doubt", "as well"):
            batch.event(do="talk.say", text=text)
    host.send({"invite": "coach"})
    links = until(lambda: [line["link"]["link"] for line in list(host.lines)
                           if line.get("link", {}).get("role") == "coach"][1:], "one more link")
    late = nodes.join(nodes.elsewhere(links[0]), "Lou")
    for batch in (host, candidate, late):
        batch.do("talk.say", text=f"good {len(said(batch))}")
    for one in (host, candidate, late):
        until(lambda one=one: sum(text.startswith("good") for text in said(one)) == 3, "what all say then")
    equal(said(host), said(candidate), "what both have")
    equal(said(host), said(late), "what is kept")
    nobody_is_gone(host, candidate)
    dense(late.events())
    once(late.events())


def test_healed():
    with standby.pair(Parted) as pair, Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        screen = sits_at_screen(nodes, host.link("coach"))
        try:
            part(pair, host, candidate)
            for key in ("t", "ready", "Enter"):
                screen.run("send-keys", key)
            screen.wait("on its way")
            began = time.monotonic()
            pair.network.find()
            for text in ("in doubt", "as well", "ready"):
                host.event(do="talk.say", text=text)
            print(f"(kept {time.monotonic() - began:.1f} s after it was healed)", end=" ", flush=True)
            until(lambda: "on its way" not in screen.text(), "the screen to say so")
            equal(sorted(said(host)), sorted(["kept", "in doubt", "as well", "ready"]), "what is said, each once")
            go_on(nodes, host, candidate)
        finally:
            screen.close()


def promoted(fence_first):
    with standby.pair(Parted) as pair, Nodes(pair) as nodes:
        host, candidate = meet(nodes)
        part(pair, host, candidate)
        if fence_first:
            pair.primary.kill()
        began = time.monotonic()
        pair.promote()
        host.event(do="talk.say", text="in doubt")
        candidate.event(do="talk.say", text="as well")
        print(f"({time.monotonic() - began:.1f} s from the order to promote to the first event)", end=" ", flush=True)
        pair.primary.kill()
        check(pair.standby.ask("SELECT pg_is_in_recovery()") == "f", "the standby is the primary")
        go_on(nodes, host, candidate)


def test_promoted_once_the_primary_is_off():
    promoted(True)


def test_promoted_while_the_primary_answers():
    promoted(False)


if __name__ == "__main__":
    main(globals())
