# SPDX-License-Identifier: ISC
"""Purpose: no barriers in what is not one room: hosting, the wall, the queue, a cohort, sessions, and a seat's second
screen, each under axe in light and dark, wide and narrow; and the same by the keyboard alone."""

import sys

import axe
from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, equal, main
from test_barriers import NARROW, WIDE, Views, real
from test_group import fill, submit


def tab(page, name):
    page.press(name)
    page.until("return [...document.querySelectorAll('.g-tab')].some((one) => one.textContent === arguments[0] && one.ariaCurrent === 'page')", name, name)


def hosting(views, stage):
    with Browser(WIDE) as host:
        host.open(stage.server.link)
        host.enter("Robin")
        host.until("return document.querySelectorAll('option').length >= 7", "the shelf")
        views.look(host, "opening a room")
        for name in ("Find a partner", "New cohort", "Sessions"):
            tab(host, name)
            host.until("return !document.body.innerText.includes('Loading')", name)
            views.look(host, "the host link, " + name)


def coaching(views, stage, students, coaches):
    rooms = [stage.batch(["host", "--cohort", students], f"Robin{i}") for i in range(3)]
    sashas = [stage.batch(["join", host.link("candidate")], f"Sasha{i}") for i, host in enumerate(rooms)]
    with Browser(WIDE) as coach:
        coach.open(coaches)
        coach.enter("Cora")
        coach.until("return document.querySelectorAll('[data-room]').length === 3", "the rooms on the wall")
        rooms[0].do("clock.start")
        sashas[1].do("hand.set", on=True)
        coach.until("return document.querySelectorAll('.need, .warn').length > 0", "a room that needs somebody")
        views.look(coach, "the wall")
        coach.run("document.querySelector('.g-open').focus()")
        coach.key("w")
        coach.until("return document.activeElement.id === 'g-write'", "a whisper")
        views.look(coach, "the wall, writing")
        coach.run("document.getElementById('g-write').dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
        tab(coach, "Links and members")
        fill(coach, "#g-when", "2096-12-03T19:00")
        submit(coach, "#g-when")
        coach.until("return document.querySelectorAll('.g-list li').length >= 4 && document.body.innerText.includes('2096')", "the cohort")
        coach.press("New link")
        coach.until("return !!document.querySelector('.g-made')", "a link")
        views.look(coach, "links and members")
        tab(coach, "Sessions")
        coach.until("return document.querySelectorAll('.g-list li').length === 3", "the sessions")
        views.look(coach, "the sessions of a cohort")
    for one in rooms + sashas:
        one.end()


def pairing(views, students):
    with Browser(WIDE) as student:
        student.open(students)
        student.enter("Sasha")
        student.until("return !!document.querySelector('.g-wishes .go:not([aria-disabled])')", "the queue")
        views.look(student, "the queue")
        student.press("Wait for a partner")
        student.until("return document.querySelector('.g-place')?.innerText.startsWith('1')", "waiting")
        views.look(student, "waiting in the queue")


def devices(views, stage):
    with Browser(WIDE) as host, Browser(NARROW) as phone:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        with Browser() as sasha:
            sasha.sit(links[0], "Sasha", "candidate")
            host.until("return window.spar.app.state.seats.length === 2", "both")
            host.front("People")
            host.press("Change")
            host.until("return !!document.querySelector('.seat')", "what can be done about a seat")
            views.look(host, "a seat that may change hands")
        host.press("Show a code")
        host.until("return !!document.querySelector('.code .qr')", "the code")
        views.look(host, "a code")
        host.until("return !document.querySelector('.code') || window.spar.app.screens.link !== ''", "the code")
        host.key("Escape")
        host.press("Show a")
        host.until("return !!document.querySelector('.code .qr')", "a fresh code")
        phone.open(host.run("return window.spar.app.screens.link"))
        phone.until("return document.body.innerText.includes('Second screen of')", "the second screen")
        views.look(phone, "a second screen")


def test_views():
    code, why = axe.source()
    views = Views(code)
    with Stage(options=[*WEB_OPTIONS, "--tokens", "1000000"]) as stage:
        _, students, coaches = stage.cohort("Thursdays")
        hosting(views, stage)
        coaching(views, stage, students, coaches)
        pairing(views, students)
        devices(views, stage)
    for one in views.found:
        sys.stdout.write(one + "\n")
    equal(len(views.found), 0, "what axe finds")
    if not code:
        sys.stdout.write(f"without axe: {why}\n")


def reach(page, what, most=40):
    """Tab, until the focus is on what the script says."""
    from selenium.webdriver.common.keys import Keys
    for _ in range(most):
        if page.run("const node = document.activeElement; return " + what):
            return
        real(page, Keys.TAB)
    raise AssertionError(f"Tab does not reach {what}; the page says {page.text()!r}")


def test_keyboard():
    """A coach looks after a room and a student waits for a partner, without a mouse."""
    from selenium.webdriver.common.keys import Keys
    with Stage(options=WEB_OPTIONS) as stage, Browser(WIDE) as coach, Browser(WIDE) as student:
        _, students, coaches = stage.cohort("Thursdays")
        host = stage.batch(["host", "--cohort", students], "Robin")
        coach.open(coaches)
        coach.until("return document.activeElement.autocomplete === 'name'", "the name has the focus")
        real(coach, "Cora", Keys.ENTER)
        coach.until("return document.querySelectorAll('[data-room]').length === 1", "the room on the wall")
        reach(coach, "node.dataset.room !== undefined")
        coach.type_fast("w", "Look at the clock", Keys.ENTER)
        host.event(do="talk.whisper", text="Look at the clock")
        reach(coach, "node.dataset.room !== undefined")
        real(coach, Keys.ENTER)
        coach.until("return !!document.querySelector('.clock')", "the room")
        real(coach, Keys.ESCAPE)
        coach.until("return !document.querySelector('.clock') && !!document.querySelector('[data-room]')", "the wall again")
        reach(coach, "node.textContent === 'Links and members'")
        real(coach, Keys.ENTER)
        coach.until("return !!document.querySelector('#g-link-role')", "links and members")
        reach(coach, "node.textContent === 'New link'", 80)
        real(coach, Keys.ENTER)
        coach.until("return !!document.querySelector('.g-made')", "a link")
        student.open(students)
        student.until("return document.activeElement.autocomplete === 'name'", "the name has the focus")
        real(student, "Sasha", Keys.ENTER)
        student.until("return !!document.querySelector('.g-wishes .go:not([aria-disabled])')", "the queue")
        reach(student, "node.textContent === 'Wait for a partner'", 80)
        real(student, Keys.ENTER)
        student.until("return document.querySelector('.g-place')?.innerText.startsWith('1')", "waiting")
        student.run("document.activeElement.blur()")
        real(student, "q")
        student.until("return document.body.innerText.includes('You left the queue')", "the queue left")
        host.end()


if __name__ == "__main__":
    need_browser()
    main({name: value for name, value in globals().items() if name in ("test_views", "test_keyboard")})
