# SPDX-License-Identifier: ISC
"""Purpose: somebody at a terminal speaks by another device: the terminal shows a link and a code, a page opens it and is
no member, both hear each other, the terminal shows who is on voice, and the device ends by a key and with the seat."""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.environ["SPAR_SOURCE"], "tests", "tui"))

from browser import WEB_OPTIONS, need_browser  # noqa: E402
from speaker import PLAIN, Speaker, speak_both_ways  # noqa: E402
from support import BIN, Stage, check, equal, main, run, until  # noqa: E402
from tmux_screen import Terminals  # noqa: E402


def code_rows(screen):
    """The lines of the code on a screen."""
    return [line for line in screen.split("\n") if line.count("█") + line.count("▀") + line.count("▄") >= 8]


def photograph(folder, rows):
    """What a camera reads of the code; two points of it are one character."""
    dots = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
    width = max(len(row) for row in rows) + 4
    lines = [[0] * width for _ in range(4)]
    for row in rows:
        cells = [dots.get(one, (0, 0)) for one in row[:38].ljust(width)]
        lines += [[cell[half] for cell in cells] for half in (0, 1)]
    lines += [[0] * width for _ in range(4)]
    path = os.path.join(folder, "code.pgm")
    with open(path, "wb") as file:
        file.write(b"P5 %d %d 255\n" % (4 * width, 4 * len(lines)))
        for line in lines:
            file.write(4 * b"".join((b"\0" if one else b"\xff") * 4 for one in line))
    done = run(["zbarimg", "--quiet", "--raw", path])
    return done.stdout.strip()


def link_on(terminal):
    """The link as the terminal shows it, in however many lines."""
    terminal.until(r"Good once, for \d+ s")

    looks = []

    def whole():
        text = "".join(line[38:].strip() if len(line) > 38 else "" for line in terminal.screen().split("\n"))
        found = re.search(r"https://[\w.:]+/[a-z0-9]{12}#voice\.[\w-]{22}", text)
        looks.append(found and found.group(0))
        return looks[-1] if looks[-1:] == looks[-2:-1] else None
    return until(whole, "the link, the same twice: it may be looked at while it is drawn")


def open_device(device, link):
    device.open(link)
    device.until("return window.spar && window.spar.app.view === 'voice'", "the device's page")
    device.run(PLAIN)
    check("$" in device.text() and "Space" in device.text(), "the page names its keys")
    device.key("$")
    device.until("return window.spar.app.voice && window.spar.app.voice.phase === 'trying'", "the microphone on trial")
    device.key("$")
    device.until("return window.spar.app.voice.phase === 'on'", "being on voice")


def test_device():
    need_browser()
    if not shutil.which("tmux"):
        print("no tmux")
        sys.exit(77)
    terminals = Terminals()
    with Stage(workers=2, options=WEB_OPTIONS) as stage, Speaker(440) as host, Speaker(1000) as device:
        try:
            links = host.open_room(stage.server.link, "Robin", "Click-stream")
            ben = terminals.open("ben", 80, 24, f"{BIN}/spar join '{links[0]}' --name Ben", {**stage.environment("Ben"), "LC_ALL": "C.UTF-8"})
            ben.until(r"live .*ms")
            host.go_on()
            ben.until(r"interviewer +Robin .*on voice")
            before = host.state("n")
            ben.keys("$")
            link = link_on(ben)
            rows = until(lambda: len(code_rows(ben.screen())) >= 15 and code_rows(ben.screen()), "the whole code at 80 by 24")
            if shutil.which("zbarimg"):
                equal(photograph(stage.folder, rows), link, "what a camera reads")
            open_device(device, link)
            ben.until("Your other device is there")
            ben.keys("q")
            ben.until(r"Ben \(you\) .*on voice")
            equal(device.seat(), 1, "it speaks for the terminal's seat")
            speak_both_ways(host, device)
            device.until("return document.body.innerText.includes('Robin')", "who is on voice")
            device.pictures("voice-device")
            equal(host.state("n"), before, "no event came of all that")
            # The link was good once; the device is no member.
            with Speaker(700) as other:
                other.open(link)
                other.press("Speak by this device")
                other.until("return document.body.innerText.includes('was used or is over')", "that the link is over")
            host.sure("Start")
            ben.until("running")
            ben.text("t")
            ben.text("Text goes on.")
            ben.keys("Enter")
            host.until("return document.body.innerText.includes('Text goes on.')", "text beside voice")
            speak_both_ways(host, device)
            # Ended by the key.
            ben.keys("$")
            ben.until("hang up")
            ben.keys("y")
            device.until("return document.body.innerText.includes('is over')", "that it was ended")
            host.until("return window.spar.app.voice.others.size === 0", "that it has gone")
            # Another one, which ends when the person at the terminal goes.
            ben.keys("$")
            open_device(device, link_on(ben))
            ben.until("Your other device is there")
            host.until("return window.spar.app.voice.others.size === 1", "the new one")
            ben.keys("q", "q")
            ben.until(r"Leave\?")
            ben.keys("y")
            device.until("return document.body.innerText.includes('is over')", "that it ends with the seat")
            for page in (host, device):
                equal(page.errors(), [], "errors on the console")
        finally:
            terminals.close()


main(globals())
