# SPDX-License-Identifier: ISC
"""Purpose: the page in Firefox beside terminal clients: it opens a room, marks and talks, and comes back with its key."""

import sys

from browser import WEB_OPTIONS, Person
from marionette import FIREFOX, Firefox, ScriptFailed
from support import SANITIZED, Stage, check, equal, main


class Fox(Person, Firefox):
    """Firefox with the hands of browser.py."""

    faults = (ScriptFailed,)


def test_firefox():
    if SANITIZED or not FIREFOX:
        print("no firefox-esr, or a sanitized build")
        sys.exit(77)
    with Stage(options=WEB_OPTIONS) as stage, Fox() as page:
        links = page.open_room(stage.server.link, "Robin", "Click-stream")
        candidate = stage.join(links[0], "Sasha")
        page.until("return window.spar.app.state.seats.length === 2", "the candidate from the terminal")
        page.sure("Start")
        candidate.event(do="clock.start")
        page.until("return !!document.querySelector('.p-rubric.front')", "the rubric")
        page.key("c")
        page.until("return window.spar.app.state.shown.filter(([mark]) => mark === 2).length === 1 && window.spar.app.state.pending.length === 0", "a mark kept")
        page.say("Hello from a fox")
        candidate.event(do="talk.say", text="Hello from a fox")
        candidate.do("talk.say", text="Hello from a terminal")
        page.until("return document.querySelector('[role=log]').textContent.includes('Hello from a terminal')", "the answer")
        link = page.run("return location.href")
        page.open("about:blank")
        page.sit(link, "Robin", "interviewer")
        page.until("return window.spar.app.state.shown.filter(([mark]) => mark === 2).length === 1", "the mark, by the same key")
        check(page.run("return window.spar.app.identity.kept"), "the key is kept")
        candidate.end()


def test_private():
    """A private window: either it keeps the key until it is closed, or the page says, before the name, that it does not."""
    with Stage(options=WEB_OPTIONS) as stage, Fox(prefs={"browser.privatebrowsing.autostart": True}) as page:
        host = stage.host("Robin")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        kept = page.run("return window.spar.app.identity.kept")
        print(f"Firefox's private window keeps a key: {kept}")
        page.open("about:blank")
        page.open(host.link("candidate"))
        page.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
        equal("keeps no key" in page.text(), not kept, "whether it says what that means")
        page.enter("Sasha")
        if kept:
            page.until("return window.spar.app.state && window.spar.app.state.seats[1].session > 1", "the seat again")
        else:
            page.until("return document.body.innerText.includes('already belongs to somebody')", "the seat is lost with the page")
        host.end()


main(globals())
