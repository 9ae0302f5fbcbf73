# SPDX-License-Identifier: ISC
"""Purpose: a debrief on terminals: a verdict and a rating are drafted, kept over a restart of the client, handed in
and opened for both, and nobody sees the other's before."""
from tmux_people import links_of, on_terminals, person


def to_debrief(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24),
                 "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana \(you\)")
    ben = person(terminals, folder, "ben", (120, 40), "join '%s' --name Ben" % links_of(ana)["candidate"])
    ana.until(r"candidate +Ben")
    ana.keys("n", "y")
    ana.until(r"1 of 5  Clarify")
    room = ana.until(r"room ([a-z0-9]{12})").group(1)
    ana.keys("a")
    ana.until(r"✓ kept  Volume and velocity: raised")
    ana.keys("N", "y")
    ana.until(r"Finished")
    ben.until(r"Finished")
    ana.keys("n", "y")
    ben.until(r"\[Debrief\]")
    return room, ana, ben


def hand_in(terminals, folder, server):
    room, ana, ben = to_debrief(terminals, folder, server)
    ana.until(r"The debrief is open\. Tab goes on to your verdict")
    ben.until(r"The debrief is open\. Tab goes on to Verdict, where you rate the")
    ana.keys("F8")
    ana.until(r"\[Verdict\]")
    ana.until(r"Recommendation +strong no +no +yes +strong yes")
    # Nothing can be handed in before the least has been said.
    ana.keys("a", "a", "a")
    ana.until(r"Recommendation +strong no +no +\[yes\]")
    ana.keys("c", "c")
    ana.until(r"Level that it is for +mid +\[senior\]")
    # The draft lives on this machine.
    ana.keys("q", "y")
    ana.until_over()
    ana = person(terminals, folder, "ana2", (120, 40), "join %s --name Ana" % room, home="ana")
    ana.until(r"\[Debrief\]")
    ana.keys("F8")
    ana.until(r"Recommendation +strong no +no +\[yes\]")
    # One key takes the moment that a recording shows, for the draft of the room beside it.
    replay = person(terminals, folder, "replay", (120, 40), "replay %s" % room, home="ana")
    replay.until(r"recording")
    replay.keys("End", "F8")
    replay.until(r"\[Verdict\]")
    replay.keys("E")
    replay.until(r"evidence at")
    replay.keys("q")
    replay.until_over()
    ana.keys("Down")
    ana.until(r"evidence at")
    ben.keys("F8")
    ben.until(r"\[Verdict\]")
    ben.until(r"Was prepared +1 +2 +3 +4")
    ben.keys("a", "a", "a")
    ben.until(r"Was prepared +1 +2 +\[3\]")
    return ana, ben


def finish(ana, ben, give):
    ana.keys(give)
    ana.until(r"Hand it in, for good\?")
    ana.keys("y")
    ana.until(r"Ana +handed in")
    ben.until(r"Ana +handed in")
    assert "yes, for senior" not in ben.screen()
    for key in "hy":
        ben.keys(key)
    ben.until(r"Ben +handed in")
    ben.until(r"yes, for senior")
    ana.until(r"Was prepared +3 of 4")
    for who in (ben, ana):
        who.keys("q", "y")
        who.until_over()


def play(terminals, folder, server):
    ana, ben = hand_in(terminals, folder, server)
    # The last line of the draft, whatever the pack's competencies.
    give = ana.until(r"([a-z]) Hand it in").group(1)
    finish(ana, ben, give)


if __name__ == "__main__":
    on_terminals(play)
