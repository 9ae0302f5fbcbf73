# SPDX-License-Identifier: ISC
"""Purpose: a board at its bounds (64 boxes, 128 arrows) is drawn on the page within half a frame's scripting, whoever moves a box.

It is the middle of all drawings that is held: where the machine does other things too, a drawing now and then waits for
a processor. Where all of them do, a fixed piece of work in the same page tells how many times as long it takes."""

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, main
from test_group import FRAME_MS, STALLS, at_part

BOXES, ARROWS, MOVES = 64, 128, 60
COSTS = """window.costs = []; const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (call) => ask((at) => { const began = performance.now(); call(at);
        window.costs.push(performance.now() - began); });"""
DRAWN = "return document.querySelectorAll('svg.board g.box').length === arguments[0] && document.querySelectorAll('svg.board g.arrow').length === arguments[1]"


def full(member, base):
    """Each box has an arrow to the next and to the one after it."""
    for i in range(BOXES):
        member.command("box.add", thing=base + i, col=i % 8, row=i // 8, text=f"Stage {i} != Other {i}: why; {i} MB/s; R1")
    for i in range(ARROWS):
        member.command("arrow.add", thing=base + BOXES + i, **{"from": base + i % BOXES, "to": base + (i + 1 + i // BOXES) % BOXES}, text=f"n{i}")


def test_full_board():
    need_browser()
    with Stage(options=[*WEB_OPTIONS, "--tokens", "100000"]) as stage, Browser((1280, 800)) as page:
        links = page.open_room(stage.server.link, "Robin", "Click-stream")
        candidate = stage.member(links[0], "Sasha")
        page.until("return window.spar.app.state.seats.length === 2", "the candidate")
        page.sure("Start")
        candidate.wait_do("clock.start")
        base = candidate.seat * 65536 + 1
        full(candidate, base)
        check(candidate.settle() == [], "all is drawn")
        page.front("Board")
        page.until(DRAWN, "the whole board", BOXES, ARROWS)
        stalls = [page.run(STALLS)]
        page.run(COSTS)
        for i in range(MOVES):
            candidate.command("box.text", thing=base + i % BOXES, text=f"Moved {i}")
            page.until("return window.spar.app.room.board(0).boxes.some((one) => one.text === arguments[0])", "the change", f"Moved {i}")
            page.driver.execute_async_script("import('/app/app.js').then((app) => { app.redraw(); requestAnimationFrame(() => arguments[0]()); })")
        stalls.append(page.run(STALLS))
        costs = sorted(page.run("return window.costs"))[-MOVES:]  # the rest draws nothing
        cost = at_part(costs, 0.5)
        print(f"  {BOXES} boxes, {ARROWS} arrows: {len(costs)} drawings, p50 {cost:.1f} ms, p95 {at_part(costs, 0.95):.1f} ms; stalls {stalls}")
        check(cost < FRAME_MS / 2 * max(1, *stalls), f"a drawing of a full board costs {cost:.1f} ms in the middle")


if __name__ == "__main__":
    main(globals())
