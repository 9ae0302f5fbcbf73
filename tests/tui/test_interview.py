"""Purpose: the real client in tmux against the real server: an interviewer and a candidate hold an interview
from the lobby to the debrief, and a drawn lobby is compared with its golden file."""
import os
import re
import sys
import tempfile

from tmux_screen import Server, Terminals

BIN = os.environ["SPAR_BIN"]
SOURCE = os.environ["SPAR_SOURCE"]


def person(terminals, folder, name, size, words):
    home = os.path.join(folder, name)
    os.mkdir(home)
    environment = {"XDG_DATA_HOME": home, "HOME": home, "LC_ALL": "C.UTF-8", "TERM": "screen-256color",
                   "SPAR_PACKS": os.environ["SPAR_PACKS"]}
    command = "exec %s %s" % (os.path.join(BIN, "spar"), words)
    return terminals.open(name, size[0], size[1], command, environment)


def golden(name, screen):
    """What differs from run to run is made the same: the room's id and the error of the clock."""
    screen = re.sub(r" +. live( .*ms)?$", "  live", screen, flags=re.MULTILINE)
    path = os.path.join(SOURCE, "tests", "golden", name)
    if os.environ.get("SPAR_UPDATE_GOLDEN"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(screen)
    with open(path, encoding="utf-8") as file:
        expected = file.read()
    assert screen == expected, "%s differs; the screen is:\n%s" % (name, screen)


def links_of(host):
    """The links as plain lines, as a person would copy them."""
    host.keys("@")
    host.until(r"Press Enter to go back")
    text = host.terminals.tmux("capture-pane", "-p", "-J", "-t", host.name)
    links = {}
    for role in ("candidate", "coach"):
        links[role] = re.search(r"https://\S+#%s\.[\w.-]+" % role, text).group(0)
    host.keys("Enter")
    host.until(r"\[Room\]")
    return links


def hold(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24),
                 "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana \(you\)")
    links = links_of(ana)
    ben = person(terminals, folder, "ben", (80, 24), "join '%s' --name Ben" % links["candidate"])
    ben.until(r"live .*ms")
    ana.until(r"candidate +Ben")
    golden("tui-lobby-candidate-80x24.txt", ben.screen())

    ana.keys("n")
    ana.until(r"Start the interview and its clock now\?.*y yes")
    ana.keys("y")
    ana.until(r"1 of 5  Clarify")
    ben.until(r"1 of 5  Clarify")
    ben.until(r"running")
    # The clock moves by itself, on both screens.
    ana.until(r"left, 0:0[2-9] of 5:00 spent")
    ben.until(r"left, 0:0[2-9] of 5:00 spent")

    ana.keys("a")
    ana.until(r"✓ kept  Volume and velocity: raised")
    ana.until(r"^.a ● Volume and velocity +raised ")
    ana.keys("C")
    ana.until(r"^.c ◐ Latency and freshness +prompted ")
    ana.keys("Tab", "a")
    ana.until(r"✓ kept  Fact revealed: 50,000 events")
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
    ben.until(r"paused")
    ana.keys("p")
    ben.until(r"running")
    ana.keys("?")
    ana.until(r"Keys here and now")
    ana.keys("Escape")
    ana.until(r"2 of 5  Scope")

    ana.keys("N")
    ana.until(r"Finish the interview\?")
    ana.keys("y")
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
    ben.until_over()
    ana.until(r"Ben candidate, away")
    ana.keys("q", "y")
    ana.until_over()


def main():
    if not os.path.exists(os.path.join(BIN, "spard")):
        print("spard has not been built here")
        return 77
    terminals = Terminals()
    server = Server(BIN)
    try:
        with tempfile.TemporaryDirectory(prefix="spar-tui-home-") as folder:
            hold(terminals, folder, server)
    finally:
        terminals.close()
        code = server.close()
    assert code == 0, "spard ended with %d" % code
    print("held an interview on two screens")
    return 0


if __name__ == "__main__":
    sys.exit(main())
