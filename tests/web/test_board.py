# SPDX-License-Identifier: ISC
"""Purpose: the design board and the worksheet, page against page: drawn by keys alone, seen at once by the other, undone,
cited, pointed at, drawn unseen, and moved with the mouse."""

import json
import os
import struct
import tempfile
import zlib

from browser import SOURCE, WEB_OPTIONS, Browser, need_browser
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from support import Stage, check, equal, main

BOXES = "const b = window.spar.app.room.board(0); return b.boxes.map((one) => one.text)"


def started(stage, host, candidate):
    host.open(stage.server.link)
    host.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
    links = host.open_room(stage.server.link, "Robin", "Click-stream")
    candidate.sit(links[0], "Sasha", "candidate")
    host.sure("Start")
    for page in (host, candidate):
        page.running()


def seen_whole(host):
    """On a screen of each usual width the interviewer sees five columns without a scrollbar, beside what is shown and said."""
    for width in (1200, 1280, 1440, 1599, 1600, 1920, 2560):
        host.resize(width, 800)
        sizes = host.run("const one = document.querySelector('.bscroll'); return [one.scrollWidth, one.clientWidth]")
        check(sizes[0] <= sizes[1], f"at {width} px the board has {sizes[0]} px and shows {sizes[1]}")
        seen = host.run("return [...document.querySelectorAll('.pane > .body')].filter((one) => one.checkVisibility() && one.clientHeight > 60).map((one) => one.parentElement.getAttribute('aria-label'))")
        check({"Board", "Facts", "Talk", "Suggested"} <= set(seen), f"panes at {width} px: {seen}")
    host.resize(1280, 800)
    host.key("x")
    host.until("return document.querySelector('.p-flags.front > .body')?.checkVisibility() && !!document.querySelector('.p-board')", "the flags beside the board")
    host.resize(0, 0)


def test_drawn_by_keys():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        candidate.board()
        equal(candidate.run("return document.querySelectorAll('svg.board g').length"), 0, "an empty grid")
        candidate.type("K")
        candidate.until("return document.activeElement.id === 'boxline'", "a letter begins a box")
        candidate.type("afka", Keys.TAB, "Kinesis", Keys.TAB, "replay", Keys.TAB, "R1", Keys.ENTER)
        candidate.until(BOXES + ".length === 1", "the box")
        candidate.until("return document.activeElement.id === 'boxline' && document.activeElement.value === ''", "the next box")
        candidate.type("Flink <b>", Keys.ENTER, Keys.ESCAPE)
        host.until(BOXES + ".length === 2", "both boxes on the host's page")
        equal(host.run(BOXES), ["Kafka \u2260 Kinesis: replay; R1", "Flink <b>"], "boxes")
        host.until("return window.spar.app.room.board(0).arrows.length === 1", "the arrow, which comes behind its box")
        host.front("Board")
        host.until("return document.querySelectorAll('svg.board g.box').length === 2", "drawn for the host")
        equal(host.run("return document.querySelectorAll('svg.board b').length"), 0, "nothing of it is markup")
        candidate.board()
        candidate.type(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_RIGHT, Keys.DELETE)
        host.until(BOXES + ".length === 1", "a box dropped")
        ActionChains(candidate.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
        host.until(BOXES + ".length === 2", "and back again")
        host.until("return window.spar.app.room.board(0).arrows.length === 1", "with its arrow")
        box = candidate.driver.find_elements("css selector", "svg.board g.box")[0]
        ActionChains(candidate.driver).move_to_element(box).click_and_hold().move_by_offset(0, 108).release().perform()
        host.until("return window.spar.app.room.board(0).boxes[0].row === 1", "a box moved with the mouse")
        host.pictures("board-host")
        candidate.pictures("board-candidate")
        seen_whole(host)
        equal(candidate.errors() + host.errors(), [], "complaints of a console")


def test_drawn_with_the_mouse():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        candidate.board()
        drawing = candidate.driver.find_element("css selector", "svg.board")
        ActionChains(candidate.driver).move_to_element_with_offset(drawing, -150, -60).double_click().perform()
        candidate.type("Kafka", Keys.ENTER, Keys.ESCAPE)
        host.until(BOXES + ".length === 1", "a box begun by a double click")
        handle = candidate.driver.find_element("css selector", "svg.board g.box .handle")
        ActionChains(candidate.driver).move_to_element(handle).click_and_hold().move_by_offset(0, 108).release().perform()
        candidate.until("return document.activeElement.id === 'boxline'", "an arrow led to a free place begins a box")
        candidate.type("S3", Keys.ENTER, Keys.ESCAPE)
        host.until("return window.spar.app.room.board(0).arrows.length === 1", "its arrow")
        equal(candidate.run("const [a, b] = window.spar.app.room.board(0).boxes; return [a.col === b.col || a.col + 1 === b.col, b.row - a.row]"), [True, 1],
              "where it stands")
        equal(candidate.errors() + host.errors(), [], "complaints of a console")


def test_keys():
    """The terminal's keys of the board and the worksheet, from any pane: a fact is written down by one."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as candidate:
        host = stage.host("Robin")
        candidate.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        candidate.running()
        for fact in ("peak-rate", "shape-of-load"):
            host.do("fact.reveal", fact=fact)
        candidate.until("return window.spar.app.state.reveals.length === 2", "two facts")
        reqs = "return window.spar.app.room.board(0).reqs.map((one) => one.text.slice(0, 6))"
        facts = candidate.run("return window.spar.app.state.reveals.map((one) => one.text.slice(0, 6))")
        candidate.board()  # its files are there
        candidate.front("Prompt")
        candidate.run("document.activeElement.blur()")
        candidate.type("=", "=")
        candidate.until(reqs + ".join() === arguments[0]", "both written down, the newest first", ",".join(facts[::-1]))
        check("Written down as R2" in candidate.text(), "it says as what")
        candidate.type("=")
        candidate.until("return document.body.innerText.includes('Every fact that was shown is written down')", "there is no more")
        equal(len(candidate.run(reqs)), 2, "requirements")
        candidate.type("*")
        candidate.until("return window.spar.app.room.board(0).hidden", "one thinks unseen")
        candidate.type("*")
        candidate.until("return !window.spar.app.room.board(0).hidden", "and no longer")
        candidate.type("B")
        candidate.until("return document.activeElement.classList.contains('board')", "the board, where one draws by keys")
        candidate.type("K", "afka", Keys.ENTER, Keys.ESCAPE)
        host.event(do="box.add", text="Kafka")
        candidate.type("|")
        candidate.until("return !!document.querySelector('.p-paper.front')", "the worksheet")
        candidate.type("+")
        candidate.until("return document.activeElement.closest('.p-paper form')", "a line of it")
        candidate.type("90 days", Keys.ENTER)
        host.event(do="req.add", text="90 days")
        candidate.run("const kind = document.querySelector('.p-paper select'); kind.value = '0'; kind.dispatchEvent(new Event('change'))")
        candidate.type("a second region", Keys.ENTER)
        line = host.event(do="sheet.write", text="a second region")
        candidate.until("const line = [...document.querySelectorAll('.p-paper .t')].find((one) => one.textContent === 'a second region'); line?.click(); return !!line", "the line")
        candidate.until("const kind = document.querySelector('.p-paper li select'); if (kind) { kind.value = '1'; kind.dispatchEvent(new Event('change')); } return !!kind", "what it is")
        candidate.type(Keys.ENTER)
        equal(host.event(do="sheet.write", style=1)["thing"], line["thing"], "the line, parked later")
        candidate.run("window.spar.app.link.drop()")
        candidate.until("return window.spar.app.pill.word === 'live' && window.spar.app.state.pending.length === 0", "the line to the server, lost and back")
        candidate.board()
        candidate.type("[")
        host.event(do="sheet.write", style=0, thing=line["thing"])
        equal(candidate.errors(), [], "complaints of the console")


def test_fast_hands():
    """What is typed before the page has drawn where it goes, goes there: to the board and its lines, and to the worksheet."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as candidate:
        host = stage.host("Robin")
        candidate.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        candidate.running()
        candidate.board()  # its files are there
        candidate.front("Prompt")
        candidate.run("document.activeElement.blur()")
        candidate.type_fast("B", "Kafka", Keys.ENTER, "Flink", Keys.ENTER, Keys.ESCAPE, Keys.ARROW_LEFT, Keys.ENTER, "; R1", Keys.ENTER, "+", "90 days", Keys.ENTER)
        for text in ("Kafka", "Flink"):
            host.event(do="box.add", text=text)
        host.event(do="box.text", text="Flink; R1")
        host.event(do="req.add", text="90 days")
        candidate.until("return [...document.querySelectorAll('.p-paper .t')].some((one) => one.textContent.includes('90 days'))", "the line")
        candidate.type_fast(Keys.ESCAPE, Keys.DOWN, Keys.ENTER, " or 91", Keys.ENTER)
        host.event(do="req.set", text="90 days or 91")
        equal(candidate.errors(), [], "complaints of the console")


RATE = 5  # twenty-four seconds for the two minutes: a busy machine takes long to load a page


def test_unseen_no_longer_than_two_minutes():
    """On a page that was loaded anew meanwhile, too; and what was drawn as the interview ends is not lost in silence."""
    need_browser()
    with Stage(options=[*WEB_OPTIONS, "--clock-rate", str(RATE)]) as stage, Browser((1280, 800)) as candidate:
        host = stage.host("Robin")
        candidate.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        candidate.running()
        candidate.board()
        candidate.press("Think unseen")
        begun = host.event(do="private", on=1)["at"]
        candidate.driver.refresh()
        candidate.enter("Sasha")
        candidate.until("return window.spar.app.state && window.spar.app.room.board(0).hidden", "the page again, and still unseen")
        candidate.board()
        candidate.type("K", "afka", Keys.ENTER, Keys.ESCAPE)
        candidate.until("return window.spar.app.room.board(0).held === 1", "a box drawn unseen")
        host.event(do="box.add", text="Kafka")
        ended = host.event(do="private", on=0)["at"]
        check(120000 <= ended - begun < 120000 + 5000 * RATE, f"unseen for {ended - begun} ms of the room")
        candidate.press("Think unseen")
        candidate.board()
        candidate.type(Keys.ARROW_DOWN, "S", "3", Keys.ENTER, Keys.ESCAPE)
        candidate.until("return window.spar.app.room.board(0).held >= 1", "another one")
        host.do("clock.finish")
        candidate.until("return document.body.innerText.includes('shown to nobody')", "what became of it")
        host.do("clock.unfinish")
        candidate.running()
        candidate.press("Show it again")
        host.event(do="box.add", text="S3")


def test_worksheet():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((390, 780)) as candidate:
        started(stage, host, candidate)
        host.front("Facts")
        host.click(".p-facts .t")
        host.press("Show Sasha")
        candidate.until("return window.spar.app.state.reveals.length === 1", "the fact")
        candidate.front("Worksheet")
        candidate.press("Write it down as a requirement")
        host.until("return window.spar.app.room.board(0).reqs.length === 1", "the requirement")
        host.front("Worksheet")
        host.until("return document.body.innerText.includes('Nothing answers it yet')", "the panel sees what is open")
        check("Nothing answers" not in candidate.text(), "the candidate is not told what is missing")
        host.click(".rows .t")
        candidate.until("return document.body.innerText.includes('\u25c6 Robin')", "who points at it")
        candidate.front("Board")
        candidate.press("Think unseen")
        host.front("Facts")
        host.until("return /thinks unseen [12]:\\d\\d/.test(document.querySelector('.people').innerText)", "the panel is told in any pane")
        host.front("Worksheet")
        candidate.press("Drawing")
        candidate.until("const board = document.querySelector('.bscroll'); return board && board.getBoundingClientRect().top < innerHeight - 200", "the drawing stands above the fold")
        candidate.resize(360, 740)
        candidate.until("const [drawn, tools, dock] = ['.bscroll', '.btools', '.dock'].map((one) => document.querySelector(one).getBoundingClientRect());"
                        "return drawn.bottom <= tools.top && tools.bottom <= dock.top", "the tools stand below the drawing, and in sight")
        candidate.resize(0, 0)
        candidate.board()
        candidate.type("S", "3; R1", Keys.ENTER, Keys.ESCAPE)
        candidate.until(BOXES + ".length === 1", "a box drawn unseen")
        equal(host.run(BOXES), [], "what the host's page has of it")
        candidate.press("Show it again")
        host.until(BOXES + ".length === 1", "then the host sees it")
        host.until("return !document.body.innerText.includes('thinks unseen')", "and is told no more")
        host.until("return document.body.innerText.includes('used at S3')", "where the requirement is used")
        host.front("Board")
        candidate.type(Keys.ARROW_DOWN, "D", "ruid", Keys.ENTER, Keys.ESCAPE)
        host.until("return document.querySelector('.p-board')?.innerText.includes('2 boxes, 1 with a requirement')", "how many answer none")
        equal(host.run("return [...document.querySelectorAll('svg.board .box')].map((one) => [one.querySelector('title').textContent, !!one.querySelector('.loose')])"),
              [["S3; R1", False], ["Druid; answers no requirement yet", True]], "which of them")
        check("no R" not in candidate.text() and "answers no" not in candidate.run("return document.body.innerHTML"), "the candidate is not told")
        equal(candidate.errors() + host.errors(), [], "complaints of a console")


def test_replayed():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        candidate.board()
        candidate.type("Kafka", Keys.ENTER, Keys.ESCAPE)
        host.until(BOXES + ".length === 1", "the box")
        host.key("N")
        host.press("Yes")
        host.sure("Open the debrief")
        host.press("Replay")
        host.until("return !!window.spar.app.replay", "the replay")
        for end, boxes in (("max", 1), ("min", 0), ("max", 1)):
            host.reel(end)
            host.until(BOXES + ".length === arguments[0]", f"the board at the {end}", boxes)
        for key, pane in (("|", "paper"), ("B", "board")):
            host.key(key)
            host.until("return !!document.querySelector(arguments[0])", f"the {pane} by its key", f".p-{pane}.front")
        equal(host.errors(), [], "complaints of a console")


def drawing(*elements):
    return json.dumps({"type": "excalidraw", "elements": elements})


# The words of the sentence for each; those of the terminal's are the same.
FORGED = {
    "{": "it is not JSON", "": "it is not JSON", "[" * 100000: "it is not JSON", "null": "no Excalidraw file: export", "[]": "no Excalidraw file: export",
    '{"type": "excalidraw", "elements": 7}': "no Excalidraw file: export", '{"type": "other", "elements": []}': "no Excalidraw file: export",
    drawing(*[{}] * 2000): "no box with words", drawing(*[{}] * 2001): "more than 2000 elements", drawing(): "no box with words",
    drawing({"type": "rectangle", "id": "a", "x": 1e300, "y": 0}, {"type": "text", "id": 7, "x": 0, "y": 0, "text": "x"}): "no box with words",
    " " * 2000000: "it is not JSON", " " * 2000001: "at most 2 MB"}


def test_brought_from_elsewhere():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        candidate.board()
        with tempfile.TemporaryDirectory() as folder:
            def bring(text):
                path = os.path.join(folder, "x.excalidraw")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                candidate.driver.find_element("css selector", ".p-brief input[type=file], input[type=file]").send_keys(path)

            for forged, why in FORGED.items():
                candidate.run("window.spar.app.notice = ''")
                bring(forged)
                candidate.until("return window.spar.app.notice.includes(arguments[0])", f"{why} for {forged[:60]}", why)
                candidate.until("return document.body.innerText.includes(arguments[0])", f"{why} is shown", why)
            candidate.run("window.spar.app.link.drop()")
            candidate.until("return window.spar.app.pill.word === 'live'", "the line back")
            check(why in candidate.run("return window.spar.app.notice"), "a line that was lost for a moment hides what was said of the file")
            said = candidate.run("window.spar.app.notice = ''; window.spar.app.link.drop(); return window.spar.app.notice")
            check(said, "the cut is said where nothing else is")
            candidate.until("return window.spar.app.pill.word === 'live' && window.spar.app.notice === ''", "and goes with it")
            equal(candidate.run(BOXES), [], "nothing was drawn")
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


def png(width, height, noise):
    """A picture of one colour, or of noise that no compression makes small."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + (os.urandom(3 * width) if noise else b"\x20\x60\xc0" * width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def test_names_in_a_guided_room():
    """Columns and lines have the framework's names there; a press begins a line with one, and a line that does takes it away."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as candidate:
        host = stage.host("Robin", "--guided")
        candidate.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        candidate.running()
        candidate.board()
        equal(candidate.run("return [...document.querySelectorAll('svg.board text')].map((one) => one.textContent)")[:2], ["Sources", "Ingestion"], "columns")
        candidate.front("Worksheet")
        candidate.click(".slots button")
        candidate.until("return document.activeElement.tagName === 'TEXTAREA' && document.activeElement.value === 'Load: '", "a line begun")
        candidate.type("50 MB/s", Keys.ENTER)
        candidate.until("return document.querySelector('.slots button').textContent === 'Age at the reader'", "the next name")
        equal(candidate.run("return window.spar.app.room.board(0).reqs.map((one) => one.text)"), ["Load: 50 MB/s"], "the requirement")


# A picture that is drawn, not only there: its own width.
WIDTHS = "return [...document.querySelectorAll('.picture img')].map((one) => one.naturalWidth)"


def test_picture_on_record():
    """Somebody who draws elsewhere: everybody sees the picture; one that is too large is made smaller; a text is none."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((1280, 800)) as candidate:
        started(stage, host, candidate)
        candidate.board()
        host.board()
        with tempfile.TemporaryDirectory() as folder:
            def bring(name, data):
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(data)
                candidate.driver.find_element("id", "picture").send_keys(path)

            bring("notes.png", b"no picture at all")
            candidate.until("return window.spar.app.notice.startsWith('That is no ')", "a text is none")
            bring("small.png", png(40, 30, False))
            host.until(WIDTHS + "[0] === 40", "the picture, drawn for the host")
            large = png(700, 500, True)
            check(len(large) > 1000000, "a large picture")
            bring("large.png", large)
            host.until(WIDTHS + ".length === 2", "the second one")
            host.until(WIDTHS + "[1] > 0", "it is drawn")
        equal(host.run("return window.spar.app.room.board(0).pictures[1].bytes <= 204800"), True, "it was made small enough")
        equal(candidate.run("return window.spar.app.room.board(0).used"), False, "the board was not used")
        equal(host.run("return !!document.getElementById('picture')"), False, "no field for the host")


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
        equal(candidate.run("const b = window.spar.app.room.board(0); return [...b.layers, ...b.slots]"), [], "names in an ordinary room")
        candidate.board()  # its files are there
        for pane in ("Board", "Worksheet", "Prompt", "What you know"):
            candidate.front(pane)
            shown = candidate.run("return document.documentElement.outerHTML").lower()
            for word in ANSWERS:
                check(word not in shown, f"the pane {pane} holds {word!r}")


main(globals())
