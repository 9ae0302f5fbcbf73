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
    ana.until(r"kept  Named a tool before asking a single question: flag raised")
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

    reel = person(terminals, folder, "reel", (80, 24), "replay %s" % path, home="ana")
    reel.until(r"‖ 0:00 of .*paused")
    reel.until(r"Space play")
    reel.keys("t")
    reel.until(r"^.a ● Volume and velocity +raised")
    reel.keys("x")
    reel.until(r"2 of 5  Scope")
    reel.until(r"^.c ● Parks two or three things +raised")
    reel.keys("T")
    reel.keys("T")
    reel.until(r"1 of 5  Clarify")
    reel.keys("End")
    reel.until(r"debrief")
    reel.keys("2")
    reel.until(r"2 of 5  Scope")
    reel.until(r"^.c · Parks two or three things")
    reel.keys("Home")
    reel.until(r"‖ 0:00 of ")
    reel.keys("Space")
    reel.until(r"▶ (?!0:00 )\d+:\d\d of .*normal speed")
    reel.keys("+", "+")
    reel.until(r"4 times as fast")
    reel.keys("Space")
    reel.until(r"paused")
    reel.resize(120, 40)
    reel.until(r"│.*\[Rubric\]")
    reel.keys("q")
    reel.until_over()


if __name__ == "__main__":
    # The room runs fast, so that the recording of a few seconds has minutes to seek in.
    on_terminals(play, "--clock-rate", "60")
