# SPDX-License-Identifier: ISC
"""Purpose: the screens while things go wrong: the server stops and comes back, text is pasted, Ctrl-C is pressed,
the window is tiny; and somebody types what would command a terminal."""

from tmux_people import links_of, on_terminals, person


def play(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24),
                 "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana interviewer \(you\)")
    links = links_of(ana)
    cleo = person(terminals, folder, "cleo", (80, 24), "join '%s' --name Cleo" % links["coach"],
                  term="xterm-256color")
    ana.until(r"coach +Cleo")
    ana.keys("n", "y")
    cleo.until(r"1 of 5  Clarify")

    # Work goes on while the server is away, and is kept once it is back.
    assert server.stop() == 0
    cleo.until(r"○ cut off, again in \d+ s")
    cleo.keys("e")
    # A try to connect that fails is said at the right; a narrow screen has no place for both.
    cleo.resize(200, 24)
    cleo.until(r"1 waits for the connection  Sources and sinks: raised")
    cleo.resize(80, 24)
    cleo.until(r"^.e ● Sources and sinks +raised…")
    server.restart()
    cleo.until(r"● live")
    cleo.until(r"✓ kept  Sources and sinks: raised")
    ana.until(r"^.e ● Sources and sinks +raised ")

    # The mouse: a click marks, one on a tab opens it, the wheel scrolls the help.
    cleo.click(20, cleo.row_of(r"Schema, format, owner"))
    cleo.until(r"✓ kept  Schema, format, owner: raised")
    cleo.click(20, cleo.row_of(r"Schema, format, owner"))
    cleo.until(r"✓ kept  Schema, format, owner: prompted")
    cleo.click(*cleo.place_of(r"\[Rubric\b.*Flags"))
    cleo.until(r"\[Flags\b")
    cleo.keys("?")
    cleo.until(r"Keys here and now")
    cleo.click(20, 10, 65)
    cleo.until_gone(r"Keys here and now")
    cleo.keys("Escape", "F1")
    cleo.until(r"\[Rubric\b")

    # A paste is text, never commands: here it would jump, finish and leave.
    terminals.tmux("set-buffer", "n4Nyqy")
    terminals.tmux("paste-buffer", "-p", "-t", "ana")
    ana.keys("t")
    ana.until(r"Say to everybody:")
    terminals.tmux("paste-buffer", "-p", "-t", "ana")
    ana.until(r"Say to everybody: n4Nyqy")
    ana.keys("Enter")
    cleo.until(r"Ana: n4Nyqy")
    ana.until(r"1 of 5  Clarify")

    # What somebody types cannot command the other's terminal.
    cleo.keys("w")
    cleo.text("a\u202eb\u200bc")
    cleo.keys("Enter")
    ana.until(r"Cleo \(whisper\): abc$")

    ana.resize(30, 8)
    ana.until(r"make the window")
    ana.resize(80, 24)
    ana.until(r"1 of 5  Clarify")
    ana.keys("C-c")
    ana.until(r"Leave\?")
    ana.keys("n")
    ana.until_gone(r"Leave\?")
    ana.keys("C-c")
    ana.until(r"Leave\?")
    ana.keys("C-c")
    ana.until_over()
    cleo.until(r"Ana interviewer, away")
    cleo.keys("q", "y")
    cleo.until_over()


if __name__ == "__main__":
    on_terminals(play)
