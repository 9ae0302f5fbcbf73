# SPDX-License-Identifier: ISC
"""Purpose: how fast the page is: what the first view weighs, when the room is there, and how soon a mark shows on the
other side beside the terminal client's time in the same run."""

import gzip
import os
import re
import statistics
import time

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, main

FIRST_VIEW_BYTES = 150 * 1024
ROOM_S = 1.0
MARKS = 30
RATIO = 1.2
SLACK_MS = 4  # a page is drawn once a frame, 16 ms; half a frame is spent waiting for it


def test_weight():
    folder = os.path.join(os.environ["SPAR_SOURCE"], "client", "web")
    with open(os.path.join(folder, "index.html"), encoding="utf-8") as file:
        wanted, seen = re.findall(r'/app/([\w.]+)', file.read()), {}
    wanted.append("core.wasm")
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        where = os.path.join(os.environ["SPAR_BUILD"], "client", "web") if name.endswith(".wasm") else folder
        with open(os.path.join(where, name), "rb") as file:
            body = file.read()
        seen[name] = len(gzip.compress(body, 9))
        if name.endswith(".js"):
            wanted += re.findall(r'from "\./([\w.]+)"', body.decode())
    check("room.js" in seen and "core.wasm" in seen, seen)
    print(f"the first view: {sum(seen.values())} bytes compressed in {len(seen)} files")
    check(sum(seen.values()) < FIRST_VIEW_BYTES, f"the first view weighs {seen}")


# From the press of the button at the door to the first drawing of the clock.
SIT = """
const done = arguments[arguments.length - 1];
const field = document.querySelector('input[autocomplete=name]');
field.value = 'Sasha'; field.dispatchEvent(new Event('input'));
const begin = performance.now();
new MutationObserver((_, watch) => { if (document.querySelector('.digits')) { watch.disconnect(); requestAnimationFrame(() => done(performance.now() - begin)); } })
    .observe(document.body, {childList: true, subtree: true});
field.form.requestSubmit();
"""

# The moment, by this machine's clock, at which each mark of somebody else's stands on the page.
WATCH = """
window.seen = {};
const look = () => document.querySelectorAll('.p-rubric li.is2').forEach((row) => {
    const name = row.querySelector('.t span').textContent; window.seen[name] = window.seen[name] || Date.now(); });
new MutationObserver(look).observe(document.querySelector('.p-rubric'), {childList: true, subtree: true, attributes: true});
"""


def middle(values):
    return statistics.median(values)


def test_speed():
    need_browser()
    with Stage(options=[*WEB_OPTIONS, "--tokens", "1000000"]) as stage:
        host = stage.host("Robin")
        coach = stage.join(host.link("coach"), "Cleo")
        coach.event(do="seat.join", role="coach")
        with Browser() as other:
            other.open(host.link("candidate"))
            other.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
            took = other.driver.execute_async_script(SIT)
            loaded = other.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
            print(f"loaded after {loaded:.0f} ms, the room {took:.0f} ms after the press")
            check(took < 1000 * ROOM_S, f"the room is visible {took:.0f} ms after the press")
        host.send({"invite": "coach"})
        link = host.find(lambda line: line.get("link", {}).get("role") == "coach" and line["link"]["link"] != host.link("coach"), "one more link")["link"]["link"]
        with Browser() as page:
            page.sit(link, "Cora", "coach")
            host.do("clock.start")
            page.until("return window.spar.app.state.stage === 'running' && !!document.querySelector('.p-rubric.front')", "the start")
            ratio_of(host, coach, page)
        coach.end()
        host.end()


def ratio_of(host, coach, page):
    """Marks of the host, one after the other: until the terminal coach has each, and until it stands on the page."""
    items = page.run("return window.spar.app.pack.items.filter((item) => item.phase === 0).map((item) => [item.id, item.title])")
    page.run(WATCH)
    terminal, shown = [], []
    for turn in range(MARKS):
        item, title = items[turn % len(items)]
        page.run("delete window.seen[arguments[0]]", title)
        begin = time.time()
        host.do("mark.set", item=item, mark=2)
        coach.find(lambda line, item=item: line.get("event", {}).get("item") == item and line["event"]["mark"] == 2 and line["event"]["at"] >= 0
                   and line["event"]["n"] > turn, "the mark")
        terminal.append(time.time() - begin)
        page.until("return window.seen[arguments[0]] > 0", "the mark on the page", title)
        shown.append(page.run("return window.seen[arguments[0]]", title) / 1000 - begin)
        host.do("mark.set", item=item, mark=0)
        page.until("return !document.querySelector('.p-rubric li.is2')", "the mark taken back")
    print(f"a mark: {1000 * middle(terminal):.1f} ms to the terminal client, {1000 * middle(shown):.1f} ms to the page")
    check(middle(shown) <= RATIO * middle(terminal) + SLACK_MS / 1000, f"{middle(shown)} s instead of {RATIO} times {middle(terminal)} s")


main(globals())
