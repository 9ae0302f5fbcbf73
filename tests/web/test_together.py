# SPDX-License-Identifier: ISC
"""Purpose: the page and the terminal in one room on one board: what either draws the other shows, the article's design
drawn by keys alone in as few of them, and labels that a picture might take for something else. Skips (77) where there
is no browser or no tmux."""

import os
import re
import shutil
import sys
import tempfile

from browser import SOURCE, WEB_OPTIONS, Browser, need_browser
from selenium.webdriver.common.keys import Keys
from support import Stage, check, equal, main

sys.path.insert(0, os.path.join(SOURCE, "tests", "tui"))
from tmux_people import links_of, person  # noqa: E402
from tmux_screen import Terminals  # noqa: E402

TEXTS = "return window.spar.app.room.board(0).boxes.map((one) => one.text)"
ARROWS = ("const b = window.spar.app.room.board(0); const name = (id) => b.boxes.find((one) => one.id === id).text.split(/[,;: ]/)[0];"
          "return b.arrows.map((one) => `${name(one.from)} ${name(one.to)}`)")
# What the article's candidate draws while saying 198 words: text, or the name of a key.
DESIGN = ["Mobile app", "Enter", "Kafka", "Tab", "Kinesis; 50k/s; R1", "Enter", "Flink; R2", "Enter", "Druid; 60 s; R2", "Enter",
          "Dashboards; R2", "Enter", "Enter", "Left", "Left", "Left", "Left", ">", "Down", "S3: raw; R4", "Enter",
          "Spark, 5 am; R3", "Enter", "Iceberg; R4", "Enter", "Reports, 7 am; R3", "Enter", "Enter"]
BOXES = ["Mobile app", "Kafka \u2260 Kinesis; 50k/s; R1", "Flink; R2", "Druid; 60 s; R2", "Dashboards; R2", "S3: raw; R4",
         "Spark, 5 am; R3", "Iceberg; R4", "Reports, 7 am; R3"]
WAYS = ["Mobile Kafka", "Kafka Flink", "Flink Druid", "Druid Dashboards", "Kafka S3", "S3 Spark", "Spark Iceberg", "Iceberg Reports"]
NAMED = {"Enter": Keys.ENTER, "Escape": Keys.ESCAPE, "Tab": Keys.TAB, "Left": Keys.ARROW_LEFT, "Right": Keys.ARROW_RIGHT,
         "Up": Keys.ARROW_UP, "Down": Keys.ARROW_DOWN}
WORDS, A_MINUTE, KEYS_A_SECOND = 198, 150, 5


def need_terminal():
    need_browser()
    if not shutil.which("tmux"):
        print("no tmux")
        sys.exit(77)


def on_page(browser, presses):
    browser.board()
    browser.type(*(NAMED.get(press, press) for press in presses))


def in_terminal(terminal, presses):
    for press in presses:
        if press in NAMED:
            terminal.keys(press)
        else:
            terminal.text(press)


class Room:
    """A server, a browser and a terminal."""

    def __enter__(self):
        need_terminal()
        self.stage = Stage(options=WEB_OPTIONS).__enter__()
        self.page = Browser((1280, 800))
        self.folder = tempfile.TemporaryDirectory(prefix="spar-together-")
        self.terminals = Terminals()
        return self

    def terminal(self, name, words):
        return person(self.terminals, self.folder.name, name, (120, 40), "%s --name %s" % (words, name))

    def __exit__(self, *what):
        self.terminals.close()
        self.page.__exit__(*what)
        self.folder.cleanup()
        self.stage.__exit__(*what)


def test_drawn_in_the_terminal():
    with Room() as room:
        host = room.page
        links = host.open_room(room.stage.server.link, "Robin", "Click-stream")
        ben = room.terminal("Ben", "join '%s'" % links[0])
        host.until("return window.spar.app.state.seats.length === 2", "the candidate")
        host.sure("Start")
        ben.until("running")
        ben.keys("B")
        ben.until(r"\[choose\]")
        in_terminal(ben, DESIGN)
        host.until(TEXTS + ".length === 9", "nine boxes")
        host.until(ARROWS + ".length === 8", "eight arrows")
        equal(host.run(TEXTS), BOXES, "boxes")
        equal(host.run(ARROWS), WAYS, "arrows")
        pressed = sum(1 if press in NAMED else len(press) for press in DESIGN)
        check(pressed / KEYS_A_SECOND < WORDS * 60 / A_MINUTE * 2 / 3, f"{pressed} keys are too many")
        host.board()
        host.until("return document.querySelectorAll('svg.board g.box').length === 9", "them drawn")
        host.type(Keys.ARROW_RIGHT, Keys.ENTER)
        ben.until(r"\*Robin")
        equal(host.errors(), [], "complaints of the console")


# Each is text and nothing else, whoever draws it, and as wide as it is.
STRANGE = ['<b> & "x"', "\u674e 5 GB", "\u0639\u0631\u0628\u064a"]


def test_drawn_on_the_page():
    with Room() as room:
        sasha = room.page
        ana = room.terminal("Ana", "host --link '%s' --pack click-stream" % room.stage.server.link)
        ana.until(r"Ana \(you\)")
        sasha.sit(links_of(ana)["candidate"], "Sasha", "candidate")
        ana.until(r"candidate +Sasha|Sasha candidate")
        ana.keys("n")
        ana.until("y yes")
        ana.keys("y")
        sasha.running()
        on_page(sasha, DESIGN)
        sasha.until(TEXTS + ".length === 9", "nine boxes")
        equal(sasha.run(TEXTS), BOXES, "boxes")
        equal(sasha.run(ARROWS), WAYS, "arrows")
        ana.until("Board B whole")
        ana.keys("B")
        ana.until(r"[\u2502\u2503]Mobile app +.*\u2502Kafka +\u2502.*\u2502Flink")
        ana.until(r"\u2502S3: raw|\u2502S3")
        on_page(sasha, ["Left"] * 6)
        for text in STRANGE:
            on_page(sasha, ["Down", "Enter", text, "Enter", "Escape", "Left"])
        sasha.until(TEXTS + ".length === 12", "three boxes more")
        equal(sasha.run(TEXTS)[9:], STRANGE, "boxes")
        equal(sasha.run("return document.querySelectorAll('svg.board b').length"), 0, "nothing of it is markup")
        ana.keys("Down", "Down", "Down", "Down")
        for text in STRANGE:
            ana.until("[\u2502\u2503]%s *[\u2502\u2503]" % re.escape(text))
        equal(sasha.errors(), [], "complaints of the console")


main(globals())
