# SPDX-License-Identifier: ISC
"""Purpose: the real client in tmux against the real server: an interviewer and a candidate hold an interview
from the first seat to the debrief, and a screen before the start is compared with its golden file."""
import os

from tmux_people import golden, links_of, on_terminals, person


def hold(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24),
                 "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana \(you\)")
    links = links_of(ana)
    ben = person(terminals, folder, "ben", (80, 24), "join '%s' --name Ben" % links["candidate"])
    ben.until(r"live .*ms")
    ana.until(r"candidate +Ben")
    golden("tui-waiting-candidate-80x24.txt", ben)

    ana.keys("n")
    ana.until(r"Start the interview and its clock now\?.*y yes")
    ana.keys("y")
    ana.until(r"1 of 5  Clarify")
    ben.until(r"1 of 5  Clarify")
    ben.until(r"running")
    # The clock moves by itself, on both screens.
    for who in (ana, ben):
        first = who.until(r"left, (\d+:\d\d) of 5:00 spent").group(1)
        who.until(r"left, (?!%s )\d+:\d\d of 5:00 spent" % first)

    ana.keys("a")
    ana.until(r"✓ kept  Volume and velocity: raised")
    ana.until(r"^.a ● Volume and velocity +raised ")
    ana.keys("C")
    ana.until(r"^.c ◐ Latency and freshness +prompted ")
    ana.keys("Tab", "a")
    ana.until(r"a again or Enter shows it to the candidate: 50,000 events")
    assert "50,000 events" not in ben.screen()
    ana.sure("a", r"✓ kept  Fact revealed: 50,000 events")
    ben.until(r"50,000 events a second")
    assert "raised" not in ben.screen()

    ben.keys("t")
    ben.until(r"Say to everybody:")
    ben.text("Zwölf Ünïts → 日本, n p q")
    ben.until(r"日本, n p q")
    ben.keys("Enter")
    ana.until(r"Ben: Zwölf Ünïts → 日本, n p q")
    ana.keys("w")
    ana.text("psst")
    ana.keys("Enter")
    ana.until(r"Ana \(whisper\): psst")

    ana.resize(120, 40)
    ana.until(r"│.*\[Prompt & facts\]")
    ana.resize(80, 24)
    ana.until(r"^  Rubric \[Prompt & facts\]")
    ana.keys("n")
    ana.until(r"2 of 5  Scope")
    ben.until(r"2 of 5  Scope")
    ana.keys("p")
    for who in (ana, ben):  # a key means what one's own screen shows, which may learn of it after the other's
        who.until(r"paused")
    ana.keys("p")
    for who in (ana, ben):
        who.until(r"running")
    ana.keys("?")
    ana.until(r"Keys here and now")
    ana.keys("Escape")
    ana.until(r"2 of 5  Scope")

    ana.keys("N")
    ana.until(r"Finish the interview\?")
    ana.keys("y")
    ana.until(r"Finished")
    ben.until(r"Finished")
    assert "Debrief" not in ben.screen() and "psst" not in ben.screen()
    ana.keys("n")
    ana.until(r"Open the debrief\?")
    ana.keys("y")
    ben.until(r"\[Debrief\]")
    ben.until(r"Volume and velocity +● raised")
    assert "psst" not in ben.screen()
    ben.keys("q")
    ben.until(r"Leave\?")
    ben.keys("y")
    ben.until(r"Its report: spar report")
    ben.until_over()
    ana.until(r"Ben candidate, away")
    ana.keys("q", "y")
    ana.until(r"Its report: spar report")
    ana.until_over()
    # The recordings are here, whatever becomes of the server.
    for home in ("ana", "ben"):
        kept = os.listdir(os.path.join(folder, home, "spar", "recordings"))
        assert len(kept) == 1 and kept[0].endswith(".spar"), kept


if __name__ == "__main__":
    on_terminals(hold)
