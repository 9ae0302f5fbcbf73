# SPDX-License-Identifier: ISC
"""Purpose: five pages and two terminal clients in one room: all write at once, one page is cut off and comes back, and
in the end all have the same marks and lines, each in the same order."""

from contextlib import ExitStack

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main, until

SAID = "return window.spar.app.lines.filter((line) => line.kind === 'say').map((line) => line.text)"
MARKS = "return window.spar.app.state.sheets.find(({ owner }) => owner > 200).marks.map(([mark]) => mark).join('')"


def test_many():
    need_browser()
    with Stage(workers=2, options=[*WEB_OPTIONS, "--tokens", "1000000"]) as stage, ExitStack() as stack:
        host = stage.host("Robin")
        coach = stage.join(host.link("coach"), "Cleo")
        coach.event(do="seat.join", role="coach")
        links = []
        for role in ("coach", "coach", "coach", "interviewer"):
            before = len([line for line in host.lines if line.get("link")])
            host.send({"invite": role})
            until(lambda before=before: len([line for line in host.lines if line.get("link")]) > before, "one more link")
            links.append((role, [line["link"]["link"] for line in host.lines if line.get("link")][-1]))
        candidate = stack.enter_context(Browser((390, 780))).sit(host.link("candidate"), "Sasha", "candidate")
        panel = [stack.enter_context(Browser()).sit(link, f"Page {i}", role) for i, (role, link) in enumerate(links)]
        pages = [candidate, *panel]
        host.do("clock.start")
        for page in pages:
            page.running()
        for turn in range(4):
            for i, page in enumerate(pages):
                page.say(f"page {i}, line {turn}")
            for one, name in ((host, "host"), (coach, "coach")):
                one.do("talk.say", text=f"{name}, line {turn}")
            for page, letter in zip(panel, "acef"):
                page.front("Rubric")
                page.key(letter)
            if turn == 1:
                panel[0].run("window.spar.app.link.socket.close()")
        for page in pages:
            page.until("return window.spar.app.pill.word === 'live' && window.spar.app.state.pending.length === 0", "all kept")
            page.until("return window.spar.app.lines.filter((line) => line.kind === 'say').length === 28", "28 lines")
        first = candidate.run(SAID)
        equal(len(set(first)), 28, "lines, each once")
        for page in panel:
            equal(page.run(SAID), first, "the lines in their order")
        until(lambda: sum(event.get("do") == "talk.say" for event in coach.events()) == 28, "the lines at the terminal")
        equal([event["text"] for event in coach.events() if event["do"] == "talk.say"], first, "the order at the terminal")
        # Each has its own marks kept by now; those of the others are on their way.
        until(lambda: len({page.state("n") for page in panel}) == 1, "all of the panel to be at one event")
        until(lambda: len({page.run(MARKS) for page in panel}) == 1, "the same marks")
        check(set(panel[0].run(MARKS)) <= set("02"), "marks")
        for page in pages:
            equal(page.errors(), [], "errors on the console")
        coach.end()
        host.end()


main(globals())
