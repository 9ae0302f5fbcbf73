# SPDX-License-Identifier: ISC
"""Purpose: a recording is marked anew on the real screens: nothing of the live marks shows, work goes on where it was
left, and the comparison is printed at the end."""
import os

from test_replay import short_interview
from tmux_people import on_terminals, person


def remark(terminals, folder, name, room):
    marker = person(terminals, folder, name, (80, 24), "remark %s --name Mara; read -r -n 1" % room, home="ana")
    marker.until(r"re-marking")
    return marker


def play(terminals, folder, server):
    short_interview(terminals, folder, server)
    sessions = person(terminals, folder, "sessions", (120, 24), "sessions", home="ana")
    room = sessions.until(r"\b([a-z0-9]{12})\b").group(1)
    person(terminals, folder, "fetch", (120, 24), "fetch %s" % room, home="ana").until_over()

    marker = remark(terminals, folder, "marker", room)
    marker.keys("a")
    marker.until(r"from the start of the interview")
    marker.keys("n")
    marker.until(r"1 of 5  Clarify")
    marker.keys("n")
    marker.until(r"2 of 5  Scope")
    marker.until(r"^.c · Parks two or three things")  # marked live
    assert "⚑" not in marker.screen(), marker.screen()
    marker.keys("C")
    marker.until(r"kept  Parks two or three things: prompted")
    marker.keys("q")
    marker.until(r"Saved as")
    marker.keys("x")
    marker.until_over()

    again = remark(terminals, folder, "again", room)
    again.until(r"Going on with 1 marks and flags")
    again.keys("n", "a")
    again.until(r"kept  Volume and velocity: raised")
    again.keys("End", "q")
    # Of the two items that either marks, Volume is raised in both.
    again.until(r"Interview +50 % +1 of 2, (kinder|harder) on 1")
    again.until(r"Saved as")
    again.keys("x")
    again.until_over()
    path = os.path.join(folder, "ana", "spar", "recordings", room + ".remark.spar")
    assert os.path.exists(path)
    verify = person(terminals, folder, "verify", (200, 24), "verify %s; read -r -n 1" % path, home="ana")
    verify.until(r"a re-marking of room %s by Mara" % room)
    verify.keys("x")
    verify.until_over()


if __name__ == "__main__":
    on_terminals(play, "--clock-rate", "60")
