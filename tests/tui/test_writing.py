# SPDX-License-Identifier: ISC
"""Purpose: writing on a real terminal: lines that Alt-Enter and Ctrl-J begin, a paste that keeps its line ends and its
middle, one that is too long, one that never ends, a line that was left, and what comes meanwhile."""
import os
import time

from tmux_people import links_of, on_terminals, person
from tmux_screen import LIMIT


def paste(terminals, folder, who, text):
    """As the terminal does it: between brackets, if the program has asked for them."""
    path = os.path.join(folder, "paste")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    terminals.tmux("load-buffer", path)
    terminals.tmux("paste-buffer", "-p", "-t", who.name)


def bell_of(terminals, name):
    return terminals.tmux("display-message", "-p", "-t", name, "#{window_bell_flag}").strip()


def play(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24), "host --link '%s' --pack click-stream --name Ana" % server.link)
    ana.until(r"Ana interviewer \(you\)")
    links = links_of(ana)
    ben = person(terminals, folder, "ben", (120, 40), "join '%s' --name Ben" % links["candidate"])
    ben.until(r"candidate +Ben|Ben candidate \(you\)")

    ana.keys("t")
    ana.until(r"Enter send  Alt-Enter new line  Esc leave")
    ana.text("three points:")
    ana.keys("M-Enter")
    ana.text("one twx")
    ana.keys("BSpace")
    ana.text("o")
    ana.keys("C-j")
    ana.text("three")
    ana.keys("M-b")
    ana.text("and ")
    ana.until(r"^ and three$")
    ana.keys("Enter")
    ben.until(r"Ana: three points:\s*$[^\n]*\n[^\n]* one two\s*$[^\n]*\n[^\n]* and three")

    # Too long for one line: all of it is there, from the first to the last, and nothing is sent.
    ana.keys("t")
    ana.until(r"Say to everybody:")
    paste(terminals, folder, ana, " ".join("%04d" % i for i in range(580)))
    ana.until(r"899 bytes too long to send")
    ana.until(r"0578 0579$")
    ana.keys("Enter", "Home")
    ana.until(r"^ 0000 0001 0002")
    ana.keys("C-k")
    ana.until(r"Say to everybody:$")
    paste(terminals, folder, ana, "SELECT *\nFROM clicks;\nq\n")
    ana.until(r"^ q$")
    ana.keys("Enter")
    ben.until(r"Ana: SELECT \*\s*$[^\n]*\n[^\n]* FROM clicks;\s*$[^\n]*\n[^\n]* q\s*$")

    # What comes while another pane is in front is counted; a whisper rings.
    cleo = person(terminals, folder, "cleo", (80, 24), "join '%s' --name Cleo" % links["coach"])
    ana.until(r"Cleo")
    cleo.keys("w")
    cleo.until(r"Whisper to the panel:")
    cleo.text("slower")
    cleo.keys("Enter")
    ana.until(r" Notes & talk \+\d")
    end = time.monotonic() + LIMIT
    while bell_of(terminals, "ana") != "1":
        assert time.monotonic() < end, "no bell"
        time.sleep(0.02)
    assert bell_of(terminals, "ben") == "0", "a bell for nobody"
    while (front := ana.until(r"\[[A-Z][\w &]+\]").group(0)) != "[Notes & talk]":
        ana.keys("Tab")
        ana.until(r"\[(?!%s\])[A-Z][\w &]+\]" % front[1:-1])  # the next one, before the next key
    # An own note is written anew by its letter, struck by leaving nothing; its readers see both.
    ana.keys("o", "Tab")
    ana.until(r"Note for the panel")
    ana.text("Mumbles often")
    ana.keys("Enter")
    cleo.until(r"Ana \(note to the panel\): Mumbles often")
    ana.until(r"^ a .*Ana \(note to the panel\): Mumbles often")
    ana.keys("a")
    ana.until(r"The note anew \(empty: struck\): Mumbles often")
    ana.keys("M-b")
    ana.keys("C-k")
    ana.text("rarely")
    ana.keys("Enter")
    cleo.until(r"Ana \(note to the panel, changed\): Mumbles rarely")
    ana.until(r"changed\): Mumbles rarely")
    ana.keys("a")
    ana.until(r"The note anew \(empty: struck\): Mumbles rarely")
    ana.keys("C-u", "Enter")
    cleo.until(r"Ana \(note to the panel, struck\)")
    assert "Mumbles" not in ben.screen(), ben.screen()
    ana.keys("BTab")
    ana.until(r"\[\w+\] Notes & talk  Room|\[Board\] Notes & talk  Room")

    # A paste that begins and never ends: the keyboard comes back by itself.
    ana.keys("t")
    ana.text("kept")
    ana.until(r"Say to everybody: kept")
    terminals.tmux("send-keys", "-t", "ana", "-H", *["%02x" % ord(c) for c in "\x1b[200~"])
    ana.sure("Escape", r"t goes on with it")
    ana.keys("t")
    ana.until(r"Say to everybody: kept")
    ana.keys("Enter")
    ben.until(r"Ana: kept")
    for who in (cleo, ben, ana):
        who.keys("q")
        who.until(r"y yes")
        who.keys("y")
        who.until_over()


on_terminals(play)
