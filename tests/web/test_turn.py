# SPDX-License-Identifier: ISC
"""Purpose: the roles turned in two browsers: one side asks, the other declines and then agrees, who interviews next
chooses the prompt, and both go on in the next room with the other role."""

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main


BOTH = """for (const key of arguments[0]) document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}))"""


def choose_phases(host):
    """A phase by its number is a choice until the same digit or Enter; so is a step right after the same step."""
    host.key("4")
    host.until("return window.spar.app.notice.startsWith('4 again or Enter: to phase 4')", "the choice")
    host.key("x", "4")
    equal(host.state("clock.phase"), 0, "a digit alone moves nothing")
    host.key("4")
    host.until("return window.spar.app.state.clock.phase === 3", "the phase that was chosen twice")
    host.key("1", "Enter")
    host.until("return window.spar.app.state.clock.phase === 0 && !window.spar.app.state.pending.length", "the first phase again")
    host.run(BOTH, ["n", "n"])
    host.until("return window.spar.app.state.clock.phase === 1 && !window.spar.app.state.pending.length", "one step")
    check(host.run("return window.spar.app.notice.startsWith('n again or Enter')"), "the second step asks")
    host.key("Escape")


def test_turn():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as host, Browser() as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        host.sure("Start")
        for page in (host, candidate):
            page.running()
        choose_phases(host)
        candidate.key("T")
        equal(candidate.run("return !!document.querySelector('.asking')"), False, "while it runs nobody turns the roles")
        host.key("N", "y")
        for page in (host, candidate):
            page.until("return [...document.querySelectorAll('button')].some((one) => one.textContent.startsWith('Turn the roles'))", "the finish")
        candidate.key("T", "y")
        host.until("return document.body.innerText.includes('Sasha asks to turn the roles')", "who asks")
        host.pictures("turn-asked")
        host.press("Decline")
        candidate.until("return !window.spar.app.state.turn.asked", "declined")
        candidate.until("return document.body.innerText.includes('Robin has declined to turn the roles')", "who declined")
        host.sure("Turn the roles")
        candidate.press("Agree")
        candidate.until("return document.querySelectorAll('.strip option').length >= 6", "the prompts to choose from")
        check("Click-stream" not in candidate.run("return document.querySelector('.strip select').textContent"), "the prompt that they had")
        candidate.press("Open the next room")
        for page in (host, candidate):
            page.press("Go on")
        host.enter("Robin")
        candidate.enter("Sasha")
        host.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the interviewer is the candidate")
        candidate.until("return window.spar.app.state && window.spar.app.state.role === 'interviewer'", "the candidate is the interviewer")
        equal(host.state("room"), candidate.state("room"), "the room of both")
        for page in (host, candidate):
            equal(page.errors(), [], "errors on the console")


def test_seat_moved():
    """Whose seat is moved to a new link, or who is put out, reads why, and the page does not knock again."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as candidate:
        host = stage.host()
        candidate.sit(host.link("candidate"), "Sasha", "candidate")
        seat = host.event(do="seat.join", name="Sasha")["seat"]
        host.do("seat.move", seat=seat)
        candidate.until("return document.body.innerText.includes('was moved to a new link')", "why it is over")
        equal(candidate.errors(), [], "errors on the console")


main(globals())
