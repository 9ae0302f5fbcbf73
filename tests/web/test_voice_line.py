# SPDX-License-Identifier: ISC
"""Purpose: voice over a line to the server that is lost for a while, and on a machine that sleeps: people go on hearing each
other, or do so again by themselves."""

import os
import signal

from browser import WEB_OPTIONS, need_browser
from cutter import Cutter
from speaker import Speaker, speak_both_ways
from support import Stage, check, equal, main, spar_client

COUNT_SIGNALS = """const { voice } = window.spar.app, take = voice.signalled.bind(voice);
    window.signals = 0; voice.signalled = (message) => { window.signals += 1; take(message); };"""
OWN_PC = "const other = window.spar.app.voice.others.get(arguments[0]); return other.pc === (window.was ||= other.pc)"


def descendants(pid):
    """The processes that a process began, and those that they did."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it has ended meanwhile
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


class Asleep:
    """All of a browser stands still, as on a machine that sleeps."""

    def __init__(self, page):
        self.all = descendants(page.driver.service.process.pid)
        check(len(self.all) > 2, f"the browser's processes: {self.all}")

    def tell(self, what):
        for pid in self.all:
            try:
                os.kill(pid, what)
            except ProcessLookupError:
                pass

    def __enter__(self):
        self.tell(signal.SIGSTOP)

    def __exit__(self, *_):
        self.tell(signal.SIGCONT)


def both_on(host, candidate, link):
    links = host.open_room(link, "Robin", "Click-stream")
    candidate.sit(links[0], "Sasha", "candidate")
    for page in (host, candidate):
        page.go_on()
    speak_both_ways(host, candidate)


def test_cut_line():
    """Bytes to and from the server vanish for both; sound does not pass there. Then signals come and go again."""
    need_browser()
    with Stage(workers=2, options=WEB_OPTIONS) as stage:
        relay = Cutter(("127.0.0.1", spar_client.parse_link(stage.server.link).port))
        try:
            with Speaker(440) as host, Speaker(1000) as candidate:
                links = host.open_room(relay.through(stage.server.link), "Robin", "Click-stream")
                candidate.sit(relay.through(links[0]), "Sasha", "candidate")
                for page in (host, candidate):
                    page.go_on()
                speak_both_ways(host, candidate)
                pairs = ((host, candidate), (candidate, host))
                for page, other in pairs:
                    page.run(COUNT_SIGNALS)
                    page.run(OWN_PC, other.seat())
                tags = [page.tag() for page in (host, candidate)]
                relay.lose()
                for page in (host, candidate):
                    page.until("return window.spar.app.pill.word === 'off' && document.querySelector('.vb').innerText.includes('away')", "that the server is away")
                speak_both_ways(host, candidate)
                # What is changed meanwhile is told once the line is there.
                candidate.press("Mute")
                host.hears_nothing(candidate.seat())
                equal(host.run("return window.spar.app.voices[window.spar.app.state.room][arguments[0]].muted || false", candidate.seat()), False, "nobody could tell")
                relay.find()
                for page in (host, candidate):
                    page.until("return window.spar.app.pill.word === 'live'", "the line again")
                host.until("return document.querySelector('.who2').innerText.includes('listens')", "who listens")
                candidate.press("Unmute")
                speak_both_ways(host, candidate)
                for page, other in pairs:
                    equal(page.run(OWN_PC, other.seat()), True, "the connection between them was left alone")
                equal([page.tag() for page in (host, candidate)], tags, "the same voices")
                # Another way is found by signals over the new line.
                host.run("window.spar.app.voice.others.get(arguments[0]).pc.restartIce()", candidate.seat())
                for page in (host, candidate):
                    page.until("return window.signals > 0", "signals over the new line")
                speak_both_ways(host, candidate)
        finally:
            relay.close()


def test_sleep():
    need_browser()
    with Stage(workers=2, options=WEB_OPTIONS) as stage, Speaker(440) as host, Speaker(1000) as candidate:
        both_on(host, candidate, stage.server.link)
        seat, tag = candidate.seat(), candidate.tag()
        with Asleep(candidate):
            host.until("return window.spar.app.voice.others.get(arguments[0]).state === 'back'", "that the candidate is not heard", seat)
            check("connection lost" in host.text(), "it is said so")
        for page, other in ((host, candidate), (candidate, host)):
            page.until("return (window.spar.app.voice.others.get(arguments[0]) || {}).state === 'there'", "the other again", other.seat())
            page.until("return window.spar.app.pill.word === 'live'", "the line")
            page.hears(other)
        equal(candidate.tag(), tag, "it is the same voice")


if __name__ == "__main__":
    main(globals())
