# SPDX-License-Identifier: ISC
"""Purpose: the design board and the worksheet, page against page: drawn by keys alone, seen at once by the other, undone,
cited, pointed at, drawn unseen, and moved with the mouse."""

import json
import os
import tempfile

from browser import SOURCE, WEB_OPTIONS, Browser, need_browser
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from support import Stage, check, equal, main

BOXES = "const b = window.spar.app.room.board(0); return b.boxes.map((one) => one.text)"


def keys(browser, *presses):
    """Each once what the one before has changed is drawn: a key may open the field that the next one is for."""
    for press in presses:
        ActionChains(browser.driver).send_keys(press).perform()
        browser.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def on_board(browser):
    browser.front("Board")
    browser.until("return !!document.querySelector('svg.board')", "the board")
    browser.run("document.querySelector('svg.board').focus()")


def started(stage, host, candidate):
    host.open(stage.server.link)
    host.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
    links = host.open_room(stage.server.link, "Robin", "Click-stream")
    candidate.sit(links[0], "Sasha", "candidate")
    host.sure("Start")
    candidate.until("return window.spar.app.state.stage === 'running'", "the clock")


def test_drawn_by_keys():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        on_board(candidate)
        equal(candidate.run("return document.querySelectorAll('svg.board g').length"), 0, "an empty grid")
        keys(candidate, "K")
        candidate.until("return document.activeElement.id === 'boxline'", "a letter begins a box")
        keys(candidate, "afka", Keys.TAB, "Kinesis", Keys.TAB, "replay", Keys.TAB, "R1", Keys.ENTER)
        candidate.until(BOXES + ".length === 1", "the box")
        candidate.until("return document.activeElement.id === 'boxline' && document.activeElement.value === ''", "the next box")
        keys(candidate, "Flink <b>", Keys.ENTER, Keys.ESCAPE)
        host.until(BOXES + ".length === 2", "both boxes on the host's page")
        equal(host.run(BOXES), ["Kafka \u2260 Kinesis: replay; R1", "Flink <b>"], "boxes")
        equal(host.run("return window.spar.app.room.board(0).arrows.length"), 1, "arrows")
        host.front("Board")
        host.until("return document.querySelectorAll('svg.board g.box').length === 2", "drawn for the host")
        equal(host.run("return document.querySelectorAll('svg.board b').length"), 0, "nothing of it is markup")
        on_board(candidate)
        candidate.run("document.querySelector('svg.board').focus()")
        keys(candidate, Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_RIGHT, Keys.DELETE)
        host.until(BOXES + ".length === 1", "a box dropped")
        ActionChains(candidate.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
        host.until(BOXES + ".length === 2", "and back again")
        equal(host.run("return window.spar.app.room.board(0).arrows.length"), 1, "with its arrow")
        box = candidate.driver.find_elements("css selector", "svg.board g.box")[0]
        ActionChains(candidate.driver).move_to_element(box).click_and_hold().move_by_offset(0, 108).release().perform()
        host.until("return window.spar.app.room.board(0).boxes[0].row === 1", "a box moved with the mouse")
        host.pictures("board-host")
        candidate.pictures("board-candidate")
        equal(candidate.errors() + host.errors(), [], "complaints of a console")


def test_worksheet():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((390, 780)) as candidate:
        started(stage, host, candidate)
        host.front("Facts")
        host.run("document.querySelector('.p-facts .t').click()")
        host.press("Show Sasha")
        candidate.until("return window.spar.app.state.reveals.length === 1", "the fact")
        candidate.front("Worksheet")
        candidate.press("Write it down as a requirement")
        host.until("return window.spar.app.room.board(0).reqs.length === 1", "the requirement")
        host.front("Worksheet")
        host.until("return document.body.innerText.includes('Nothing answers it yet')", "the panel sees what is open")
        check("Nothing answers" not in candidate.text(), "the candidate is not told what is missing")
        host.run("document.querySelector('.p-rubric .rows .t, .rows .t').click()")
        candidate.until("return document.body.innerText.includes('\u25c6 Robin')", "who points at it")
        candidate.front("Board")
        candidate.press("Think unseen")
        host.until("return document.body.innerText.includes('thinks unseen')", "the panel is told")
        candidate.run("document.querySelector('svg.board').focus()")
        keys(candidate, "S", "3; R1", Keys.ENTER, Keys.ESCAPE)
        candidate.until(BOXES + ".length === 1", "a box drawn unseen")
        equal(host.run(BOXES), [], "what the host's page has of it")
        candidate.press("Show it again")
        host.until(BOXES + ".length === 1", "then the host sees it")
        host.until("return !document.body.innerText.includes('thinks unseen')", "and is told no more")
        host.until("return document.body.innerText.includes('used at S3')", "where the requirement is used")
        equal(candidate.errors() + host.errors(), [], "complaints of a console")


def test_replayed():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        on_board(candidate)
        keys(candidate, "Kafka", Keys.ENTER, Keys.ESCAPE)
        host.until(BOXES + ".length === 1", "the box")
        host.key("N")
        host.press("Yes")
        host.sure("Open the debrief")
        host.press("Replay")
        host.until("return !!window.spar.app.replay", "the replay")
        seek = ("const reel = document.querySelector('input[type=range]'); reel.value = reel[arguments[0]];"
                "reel.dispatchEvent(new Event('input'))")
        for end, boxes in (("max", 1), ("min", 0), ("max", 1)):
            host.run(seek, end)
            host.until(BOXES + ".length === arguments[0]", f"the board at the {end}", boxes)
        equal(host.errors(), [], "complaints of a console")


def test_brought_from_elsewhere():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        on_board(candidate)
        with tempfile.TemporaryDirectory() as folder:
            def bring(text):
                path = os.path.join(folder, "x.excalidraw")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                candidate.driver.find_element("css selector", ".p-brief input[type=file], input[type=file]").send_keys(path)

            for forged in ("{", "[]", json.dumps({"type": "excalidraw", "elements": 7}),
                           json.dumps({"type": "excalidraw", "elements": [{}] * 2001})):
                candidate.run("window.spar.app.notice = ''")
                bring(forged)
                candidate.until("return window.spar.app.notice.startsWith('That is no Excalidraw file')", forged[:60])
            shape = {"type": "rectangle", "width": 1, "height": 1}
            bring(json.dumps({"type": "excalidraw", "elements": [
                dict(shape, id="a", x=0, y=0), dict(shape, id="b", x=300, y=5), dict(shape, id="c", x="<b>", y=0), None, 7,
                {"type": "text", "id": "ta", "x": 0, "y": 0, "containerId": "a", "text": "Kafka\u001b[2J\n<b>"},
                {"type": "text", "id": "tb", "x": 300, "y": 0, "containerId": "b", "text": "Flink" + "x" * 500},
                {"type": "arrow", "id": "r", "x": 0, "y": 0, "startBinding": {"elementId": "a"}, "endBinding": {"elementId": "b"}},
                {"type": "arrow", "id": "s", "x": 0, "y": 0, "startBinding": {"elementId": "a"}, "endBinding": {"elementId": "zz"}}]}))
        host.until(BOXES + ".length === 2", "two boxes on the host's page")
        equal(host.run(BOXES)[0], "Kafka [2J <b>", "a box")
        host.until("return window.spar.app.room.board(0).arrows.length === 1", "their arrow")
        equal(host.run("return window.spar.app.room.board(0).boxes[1].col"), 1, "its column")
        candidate.until("return window.spar.app.notice.startsWith('1 of it')", "what was left out")


# Of the article's answer: none of it may be on a candidate's machine before the candidate types it.
ANSWERS = ("kinesis", "great expectations", "dead letter", "watermark", "flink", "iceberg", "druid", "idempoten", "registry")


def test_no_answer_key():
    folder = os.path.join(SOURCE, "client", "web")
    for name in os.listdir(folder):
        if name.endswith((".js", ".css", ".html", ".svg")):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read().lower()
            for word in ANSWERS:
                check(word not in text, f"{name} holds {word!r}")
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        for pane in ("Board", "Worksheet", "Prompt", "What you know"):
            candidate.front(pane)
            shown = candidate.run("return document.documentElement.outerHTML").lower()
            for word in ANSWERS:
                check(word not in shown, f"the pane {pane} holds {word!r}")


main(globals())
