# SPDX-License-Identifier: ISC
"""Purpose: the article's interview from its first question to the summary, page against page and nothing else: what the
demo's two people say, write down, draw, mark and show is done by hand in two browsers, and ends in the report. What the
demo does to its clock, and its red flags, are left to other tests."""

import json
import os
import re

from browser import SOURCE, WEB_OPTIONS, Browser, need_browser
from folded import same_by_all, saved
from selenium.webdriver.common.keys import Keys
from support import Stage, check, equal, main

BOARD = "const b = window.spar.app.room.board(0); return b."
LINE = ("const form = document.querySelector('.p-paper form:last-of-type'), list = form?.querySelector('select'); if (!form) return false;"
        "list.value = arguments[0]; list.dispatchEvent(new Event('change')); form.querySelector('textarea').focus(); return true")
ROW = """const { app } = window.spar; const title = app.pack.items.find(({ id }) => id === arguments[0]).title;
const row = [...document.querySelectorAll('.p-rubric .item')].find((one) => one.querySelector('.t span').textContent === title);
if (row) row.querySelector(arguments[1]).click(); return !!row"""
FACT = """const { pack } = window.spar.app; const one = [...pack.facts, ...pack.curveballs, ...(pack.followups || [])].find(({ id }) => id === arguments[0]);
const row = [...document.querySelectorAll('.p-facts .t')].find((node) => node.textContent.includes(one.asked || one.text));
if (row) row.click(); return !!row"""
PHASES = {"scope": 1, "design": 2, "defend": 3, "operate": 4}


def script():
    """What either does, in the order of its time: who, and the line of the demo."""
    lines = []
    for who in ("candidate", "interviewer-1", "interviewer-2"):
        with open(os.path.join(SOURCE, "contrib", "demo", who + ".jsonl"), encoding="utf-8") as file:
            lines += [(who.split("-")[0], one) for one in map(json.loads, file) if "at" in one]
    return sorted(lines, key=lambda line: line[1]["at"])


def seconds(clock):
    minutes, rest = clock.split(":")
    return int(minutes) * 60 + int(rest)


def cited(report):
    """The report has each requirement with its minute, and what answers it in its order, each with the minute."""
    lines = [line for _, line in script() if line.get("do") in ("box.add", "span.add", "req.add")]
    reqs = [line["text"] for line in lines if line["do"] == "req.add"]
    for number, text in enumerate(reqs, 1):
        row = re.search(rf"^\| R{number} \| (\d+:\d\d) \| {re.escape(text)} \| (.*) \|$", report, re.M)
        check(row, f"R{number} in the report")
        uses = re.findall(r"(.+?) (\d+:\d\d)(?:, |$)", row[2])
        equal([name for name, _ in uses],
              [re.split(r" != |: |; ", line["text"])[0] for line in lines if line["do"] != "req.add" and re.search(rf"\bR{number}\b", line["text"])],
              f"what R{number} is used at")
        times = [seconds(clock) for clock in (row[1], *(clock for _, clock in uses))]
        equal(times, sorted(times), f"the minutes of R{number}")


class Candidate:
    """Hands at a keyboard. `things`: the places of the boxes by the demo's ids."""

    def __init__(self, page):
        self.page, self.col, self.row, self.things = page, 0, 0, {}

    def keys(self, *presses):
        self.page.driver.switch_to.active_element.send_keys(*presses)
        self.page.drawn()

    def steps(self, col, row):
        """The arrow keys to there; there and back where the cursor is there already, for what stands there is chosen by arriving."""
        across, down = col - self.col, row - self.row
        self.col, self.row = col, row
        return ([Keys.ARROW_RIGHT if across > 0 else Keys.ARROW_LEFT] * abs(across) + [Keys.ARROW_DOWN if down > 0 else Keys.ARROW_UP] * abs(down)
                or [Keys.ARROW_DOWN, Keys.ARROW_UP])

    def to(self, col, row):
        self.page.board()
        self.keys(Keys.ESCAPE, *self.steps(col, row))

    def box(self, thing, col, row, text, **_):
        self.to(col, row)
        self.keys(Keys.ENTER)
        self.keys(text, Keys.ENTER)
        self.things[thing] = (col, row)
        if (col + 1, row) not in self.things.values():
            self.col += 1
        self.keys(Keys.ESCAPE)

    def arrow(self, **line):
        self.to(*self.things[line["from"]])
        self.keys(">", *self.steps(*self.things[line["to"]]), ">")

    def area(self, sign, col, row, text, **_):
        self.to(col, row)
        self.keys(sign)
        self.keys(text, Keys.ENTER)
        self.keys(Keys.ESCAPE)

    def paper(self, kind, text):
        self.page.front("Worksheet")
        self.page.until(LINE, "the worksheet", kind)
        self.keys(text, Keys.ENTER)

    def does(self, do, **line):
        if do == "talk.say":
            self.page.say(line["text"])
        elif do in ("req.add", "sheet.write"):
            self.paper(str(line.get("style", "req")), line["text"])
        elif do == "box.add":
            self.box(**line)
        elif do == "arrow.add":
            self.arrow(**line)
        else:
            self.area({"frame.add": "#", "span.add": "_"}[do], **line)


class Interviewer:
    def __init__(self, page):
        self.page, self.marks = page, {}

    def line(self, key, text):
        self.page.key(key)
        self.page.say(text)
        self.page.until("return document.getElementById('line').value === ''", "the line sent")

    def mark(self, item, mark):
        self.page.front("Rubric")
        self.page.until(ROW, f"the line {item}", item, ".t" if mark == "raised" else ".ask")
        self.marks[item] = {"raised": 2, "prompted": 1}[mark]

    def show(self, name, button):
        shown = self.page.state("reveals.length")
        self.page.front("Facts")
        self.page.until(FACT, f"the fact {name}", name)
        self.page.press(button)
        self.page.until("return window.spar.app.state.reveals.length > arguments[0]", f"{name} shown", shown)

    def jump(self, phase):
        self.page.step("n", PHASES[phase])

    def does(self, do, **line):
        if do in ("talk.say", "talk.whisper", "note.panel"):
            self.line({"say": "t", "whisper": "w", "panel": "o"}[do.split(".")[1]], line["text"])
        elif do == "mark.set":
            self.mark(line["item"], line["mark"])
        elif do in ("fact.reveal", "curveball.throw"):
            self.show(*((line["fact"], "Show Sasha") if "fact" in line else (line["curveball"], "Ask Sasha")))
        elif do == "clock.jump":
            self.jump(line["phase"])
        elif do == "clock.finish":
            self.page.key("N")
            self.page.press("Yes")


# How many of each there are on a page's board, as the steps that make them count.
COUNTS = BOARD + ("reqs.length + b.lines.length + b.boxes.length + b.arrows.length + b.frames.length + b.spans.length")
MADE = ("req.add", "sheet.write", "box.add", "arrow.add", "frame.add", "span.add")


def hold(host, candidate):
    """Each thing stands on the other's page before the next is done."""
    hands, panel, made = Candidate(candidate), Interviewer(host), 0
    for who, line in script():
        line = {name: value for name, value in line.items() if name != "at"}
        (hands if who == "candidate" else panel).does(**line)
        made += line["do"] in MADE
        host.until(COUNTS + " === arguments[0]", f"{line} on the host's page", made)
        if line["do"] == "talk.say":
            (host if who == "candidate" else candidate).until("return window.spar.app.lines.some((one) => one.text === arguments[0])", line["text"], line["text"])
    return panel.marks


def test_walk():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        host.sure("Start")
        for page in (host, candidate):
            page.running()
        marks = hold(host, candidate)
        host.until("return window.spar.app.state.stage === 'finished'", "the end")
        host.front("Board")
        candidate.front("Board")
        names = [re.split(r" != |: |; ", line["text"])[0] for _, line in script() if line["do"] == "box.add"]
        equal(host.run(BOARD + "boxes.map((one) => one.name)"), names, "names, whole in boxes that are narrower")
        ends = host.run("return [...document.querySelectorAll('svg.board g.arrow title')].map((one) => one.textContent)")
        check(any(end.endswith("\u2192 Schema registry") for end in ends), f"an arrow to the whole name: {ends}")
        host.pictures("walk-host")
        candidate.pictures("walk-candidate")
        host.sure("Open the debrief")
        candidate.until("return window.spar.app.state.stage === 'debrief'", "the debrief")
        for item, mark in marks.items():  # they come behind the event that opens the debrief
            candidate.until("const { app } = window.spar; const at = app.pack.items.findIndex(({ id }) => id === arguments[0]);"
                            "return app.state.sheets.find(({ owner }) => owner > 200)?.marks[at]?.[0] === arguments[1]", item, item, mark)
        host.run("window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return 'blob:x' }")
        host.press("as Markdown")
        host.until("return window.saved.length === 1", "the report")
        text = host.driver.execute_async_script("window.saved[0].text().then(arguments[0])")
        check("Sasha" in text and "freshness in Druid" in text, text[:200])
        cited(text)
        host.press("Save the recording")
        host.until("return window.saved.length === 2", "the recording")
        path = saved(host, stage.path("walk.spar"))
        same_by_all(host, stage, path)
        host.front("Board")
        host.press("Save it as an Excalidraw file")
        host.until("return window.saved.length === 3", "the board")
        with open(saved(host, stage.path("walk.excalidraw")), encoding="utf-8") as file:
            equal(file.read(), stage.spar("board", path, "--format", "excalidraw", code=0).stdout, "the board, as spar board writes it")
        equal([one for one in host.errors() + candidate.errors() if "blob:x" not in one], [], "complaints of a console")


main(globals())
