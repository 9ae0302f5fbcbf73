# SPDX-License-Identifier: ISC
"""Purpose: a real recording on the real screens: playing, seeking by time, mark, flag and phase, both ways."""
import os

from tmux_people import links_of, on_terminals, person


def short_interview(terminals, folder, server):
    """Ana marks and flags in two phases and opens the debrief."""
    ana = person(terminals, folder, "ana", (80, 24),
                 "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana interviewer \(you\)")
    link = links_of(ana)["candidate"]
    ben = person(terminals, folder, "ben", (80, 24), "join '%s' --name Ben" % link)
    ana.until(r"candidate +Ben")
    ana.keys("n", "y")
    ana.until(r"1 of 5  Clarify")
    ana.keys("a")
    ana.until(r"kept  Volume and velocity: raised")
    ana.keys("n")
    ana.until(r"2 of 5  Scope")
    ana.keys("c")
    ana.until(r"kept  Parks two or three things: raised")
    ana.keys("x", "a")
    ana.until(r"kept  Named a tool before asking three questions: flag raised")
    ana.until(r"(?!0:0)\d+:\d\d of \d+:\d\d spent")  # a quick machine's interview would be too short to seek in
    ana.keys("N", "y")
    ana.until(r"Finished")
    ana.keys("n", "y")
    ana.until(r"\[Debrief\]")
    for who in (ana, ben):
        who.keys("q", "y")
        who.until_over()


def play(terminals, folder, server):
    short_interview(terminals, folder, server)
    path = os.path.join(folder, "interview.spar")
    sessions = person(terminals, folder, "sessions", (120, 24), "sessions", home="ana")
    room = sessions.until(r"\b([a-z0-9]{12})\b").group(1)
    fetch = person(terminals, folder, "fetch", (120, 24), "fetch %s --out %s" % (room, path), home="ana")
    fetch.until_over()
    assert os.path.exists(path), fetch.screen()

    replay = person(terminals, folder, "replay", (80, 24), "replay %s" % path, home="ana")
    replay.until(r"‖ \d:\d\d before the start, paused")
    replay.until(r"Space play")
    replay.keys("t")
    replay.until(r"^.a ● Volume and velocity +raised")
    replay.keys("x")
    replay.until(r"2 of 5  Scope")
    replay.until(r"^.c ● Parks two or three things +raised")
    replay.keys("T")
    replay.keys("T")
    replay.until(r"1 of 5  Clarify")
    replay.keys("End")
    replay.until(r"debrief")
    replay.keys("2")
    replay.until(r"2 of 5  Scope")
    replay.until(r"^.c · Parks two or three things")
    replay.keys("Home")
    replay.until(r"‖ \d:\d\d before the start, paused")
    replay.keys(":", "0", ":", "0", "3", "Enter")
    replay.until(r"‖ 0:03 of .*paused")
    replay.keys("Space")
    replay.until(r"▶ (?!0:03 )\d+:\d\d of .*normal speed")
    replay.keys("+", "+")
    replay.until(r"4 times as fast")
    replay.keys("Space")
    replay.until(r"paused")
    replay.resize(120, 40)
    replay.until(r"│.*\[Rubric\]")
    replay.keys("q")
    replay.until_over()


if __name__ == "__main__":
    # The room runs fast, so that the recording of a few seconds has minutes to seek in.
    on_terminals(play, "--clock-rate", "60")
