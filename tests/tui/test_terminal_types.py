# SPDX-License-Identifier: ISC
"""Purpose: terminals of other types: one that no screen can be drawn on is refused before a room is opened, a seat
taken or a running client of one's own thrown out; one that nobody has heard of is taken for a usual one."""
import os
import time

from tmux_people import links_of, on_terminals, person
from tmux_screen import LIMIT


def refused(terminals, folder, name, words, home=None):
    """`spar WORDS` on a terminal of the type dumb ends as a failure, and says why."""
    said = os.path.join(folder, "said-" + name)
    terminal = person(terminals, folder, name, (80, 24), "%s 2>'%s'" % (words, said), home=home, term="dumb")
    end = time.monotonic() + LIMIT
    while not terminal.ending():
        assert time.monotonic() < end, terminal.screen()
        time.sleep(0.02)
    assert terminal.ending() == "1", terminal.ending()
    with open(said, encoding="utf-8") as file:
        text = file.read()
    assert "'dumb' cannot place the cursor; set TERM" in text and text.count("\n") == 1, text


def play(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24), "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana interviewer \(you\)")
    links = links_of(ana)
    room = links["coach"].split("/")[3].split("#")[0]

    # The same key: had it joined, the first client would have been thrown out.
    refused(terminals, folder, "again", "join %s" % room, home="ana")
    for name, words in (("ben", "join '%s'" % links["candidate"]), ("cleo", "coach '%s'" % links["coach"]),
                        ("dan", "pair '%s'" % server.link), ("eve", "host --link '%s' --pack click-stream" % server.link)):
        refused(terminals, folder, name, words)
    # Nobody has come in meanwhile, and the link is good for one who can.
    said = os.path.join(folder, "said-ben2")
    ben = person(terminals, folder, "ben2", (80, 24), "join '%s' --name Ben 2>'%s'" % (links["candidate"], said), home="ben",
                 term="nonsense")
    ben.until(r"Ben candidate \(you\)|candidate +Ben|● Ben")
    ana.until(r"candidate +Ben")
    assert "taken over" not in ana.screen(), ana.screen()
    ben.keys("q")
    ben.until(r"y yes")
    ben.keys("y")
    ben.until_over()
    with open(said, encoding="utf-8") as file:
        assert "'nonsense' is not known here; it is taken for xterm-256color" in file.read()


on_terminals(play)
