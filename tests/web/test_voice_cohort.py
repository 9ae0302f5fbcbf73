# SPDX-License-Identifier: ISC
"""Purpose: voice in a cohort: a pair comes into its room with Voice ready to be pressed, and a coach on the wall hears nothing,
is sent no signal and has no connection, until they enter the room and press it."""

from browser import WEB_OPTIONS, need_browser
from speaker import Speaker, speak_both_ways
from support import Stage, equal, main
from test_group import fill

READY = """const found = [...document.querySelectorAll('button.voice')];
    return found.length === 1 && found[0].innerText.startsWith('Voice') && found[0].getAttribute('aria-disabled') !== 'true';"""
# What of voice a page does or is sent from now on.
WATCH = """window.seen = { pcs: 0, asks: 0, signals: 0 };
    const Pc = RTCPeerConnection, ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices), { user } = window.spar.app.link, take = user.message;
    window.RTCPeerConnection = class extends Pc { constructor(...all) { super(...all); window.seen.pcs += 1; } };
    navigator.mediaDevices.getUserMedia = (what) => { window.seen.asks += 1; return ask(what); };
    user.message = (message) => { if (message.m === 'signalled') window.seen.signals += 1; return take(message); };"""
NOTHING = {"pcs": 0, "asks": 0, "signals": 0}


def wait_for_partner(page, link, name, role):
    page.open(link).enter(name)
    page.until("return document.body.innerText.includes('You do not wait')", "the queue")
    fill(page, "#g-role", role)
    if role == "2":
        page.until("const box = document.querySelector('.g-prompts input'); if (box) box.click(); return !!box", "the shelf")
    page.press("Wait for a partner")


def test_cohort():
    need_browser()
    with Stage(workers=2, options=[*WEB_OPTIONS, "--tokens", "1000000"]) as stage, Speaker(440) as ana, Speaker(1000) as ben, Speaker(1800) as coach:
        _, students, coaches = stage.cohort("Pairs")
        coach.open(coaches).enter("Cleo")
        coach.until("return window.spar.app.pill.word === 'live' && window.spar.app.view !== 'room'", "the wall")
        coach.run(WATCH)
        wait_for_partner(ana, students, "Ana", "1")
        wait_for_partner(ben, students, "Ben", "2")
        for page, role in ((ana, "interviewer"), (ben, "candidate")):
            page.until("return window.spar.app.state && window.spar.app.state.role === arguments[0] && !!document.querySelector('.clock')", f"the room of the {role}", role)
            page.until(READY, "voice ready to be pressed")
            equal(page.run("return window.spar.app.voice"), None, "nothing is on before that")
        for page in (ana, ben):
            page.go_on()
        speak_both_ways(ana, ben)
        # From the wall: the card is there, and nothing of voice.
        coach.until("return !!document.querySelector('[data-room]')", "the room's card")
        equal(coach.run("return window.seen"), NOTHING, "of voice on the wall")
        equal(ana.run("return window.spar.app.voice.others.size"), 1, "who is connected")
        coach.click("[data-room]")
        coach.until("return window.spar.app.state && window.spar.app.state.role === 'coach' && window.spar.app.view === 'room'", "the room")
        coach.until(READY, "voice ready to be pressed")
        speak_both_ways(ana, ben)
        equal(coach.run("return window.seen"), NOTHING, "of voice in the room, before it is pressed")
        coach.go_on()
        for page in (ana, ben):
            coach.hears(page)
            page.hears(coach)
        ana.until("return document.querySelectorAll('.who2 li').length === 3", "everybody sees who is on voice")
        speak_both_ways(ana, ben)
        # Back on the wall nothing is heard either.
        coach.key("Escape")
        ana.until("return window.spar.app.voice.others.size === 1", "that the coach has gone")
        equal(coach.run("return (window.spar.app.voice || {}).phase || 'off'"), "off", "voice on the wall")
        for page in (ana, ben):
            equal(page.errors(), [], "errors on the console")


main(globals())
