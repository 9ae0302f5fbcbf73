# SPDX-License-Identifier: ISC
"""Purpose: how fast the page is: what the first view weighs, when the room is there, and how soon a mark shows on the
other side beside the terminal client's time in the same run."""

import fcntl
import os
import pty
import re
import signal
import statistics
import struct
import termios
import threading
import time

from browser import WEB_OPTIONS, Browser, need_browser
from pulse import Pulse
from support import BIN, Stage, check, main, until

FIRST_VIEW_BYTES = 150 * 1024
ROOM_S = 1.0
WAKES = 12  # from the press to the room: the page, the browser, its line to the network and the server, there and back three times
ROUNDS, MARKS = 5, 12  # where the machine does other things too, the quicker quarter of the marks tells
RATIO = 1.2
FRAME_S = 0.016  # the page draws with the screen


def test_weight():
    folder = os.path.join(os.environ["SPAR_SOURCE"], "client", "web")
    built = os.path.join(os.environ["SPAR_BUILD"], "client", "web")
    with open(os.path.join(folder, "index.html"), encoding="utf-8") as file:
        wanted, seen = re.findall(r'/app/([\w.]+)', file.read()), {}
    wanted.append("core.wasm")
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        where = built if name.endswith(".wasm") else folder
        with open(os.path.join(where, name), "rb") as file:
            body = file.read()
        seen[name] = os.path.getsize(os.path.join(built, name + ".gz"))  # as spard has it built in
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
    const name = row.querySelector('.t span').textContent; window.seen[name] = window.seen[name] || performance.timeOrigin + performance.now(); });
new MutationObserver(look).observe(document.querySelector('.p-rubric'), {childList: true, subtree: true, attributes: true});
"""


def middle(values):
    return statistics.median(values)


class Screen:
    """The terminal client at a terminal of its own; when it wrote what."""

    def __init__(self, stage, link, name):
        self.chunks, self.pid = [], 0
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(os.path.join(BIN, "spar"), ["spar", "join", link, "--identity", stage.path(name + ".pem")],
                      {**stage.environment(name), "TERM": "xterm-256color"})
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            try:
                written = os.read(self.terminal, 65536)
            except OSError:
                return
            self.chunks.append((time.time(), written))

    def wrote(self, text, start):
        """When it wrote that, from that chunk on."""
        return until(lambda: next((at for at, written in self.chunks[start:] if text in written), None), f"{text!r} on the terminal")

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def test_speed():
    need_browser()
    with Stage(options=[*WEB_OPTIONS, "--tokens", "1000000"]) as stage:
        host = stage.host("Robin")
        with Browser() as other, Pulse(stage.path("pulse")) as pulse:
            other.open(host.link("candidate"))
            other.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
            began = time.monotonic()
            took = other.driver.execute_async_script(SIT)
            machine = 1000 * pulse.taken(began, time.monotonic(), WAKES)
            loaded = other.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
            print(f"loaded after {loaded:.0f} ms, the room {took:.0f} ms after the press")
            check(took < 1000 * ROOM_S + machine, f"the room is visible {took:.0f} ms after the press, of which the machine took {machine:.0f}")
        host.send({"invite": "coach"})
        link = host.find(lambda line: line.get("link", {}).get("role") == "coach" and line["link"]["link"] != host.link("coach"), "one more link")["link"]["link"]
        with Browser() as page:
            page.sit(link, "Cora", "coach")
            screen = Screen(stage, host.link("coach"), "Cleo")
            host.event(do="seat.join", role="coach", name="Cleo")
            host.do("clock.start")
            page.until("return window.spar.app.state.stage === 'running' && !!document.querySelector('.p-rubric.front')", "the start")
            screen.wrote(b"Volume and velocity", 0)
            try:
                ratio_of(host, screen, page)
            finally:
                screen.end()
        host.end()


def ratio_of(host, screen, page):
    """Marks of the host, one after the other: until each stands on the terminal, and until it stands on the page."""
    items = page.run("return window.spar.app.pack.items.filter((item) => item.phase === 0).map((item) => [item.id, item.title])")
    page.run(WATCH)
    terminal, shown = [], []
    for turn in range(ROUNDS * MARKS):
        item, title = items[turn % len(items)]
        one_mark(host, screen, page, item, title, terminal, shown)
    quick = [sorted(times)[len(times) // 4] for times in (terminal, shown)]
    print(f"a mark: {1000 * quick[0]:.1f} ms to the terminal, {1000 * quick[1]:.1f} ms to the page, of the quicker marks the slowest; "
          f"{1000 * middle(terminal):.1f} and {1000 * middle(shown):.1f} ms in the middle")
    check(quick[1] <= RATIO * quick[0] + FRAME_S, f"a mark takes {quick[1] / quick[0]:.2f} times the terminal's time")


def one_mark(host, screen, page, item, title, terminal, shown):
    page.run("delete window.seen[arguments[0]]", title)
    before, begin = len(screen.chunks), time.time()
    host.do("mark.set", item=item, mark="raised")
    terminal.append(screen.wrote("\u25cf".encode(), before) - begin)
    page.until("return window.seen[arguments[0]] > 0", "the mark on the page", title)
    shown.append(page.run("return window.seen[arguments[0]]", title) / 1000 - begin)
    host.do("mark.set", item=item, mark="not yet")
    page.until("return !document.querySelector('.p-rubric li.is2')", "the mark taken back")


main(globals())
