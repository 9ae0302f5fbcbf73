# SPDX-License-Identifier: ISC
"""Purpose: five pages in one room on voice: each hears the tones of the other four; two of them find no way to each other,
which they are told, and the others are not disturbed; a sixth is told that the room is full."""

from contextlib import ExitStack

from browser import WEB_OPTIONS, need_browser
from speaker import Speaker
from support import Stage, check, equal, main

TONES = (440, 620, 880, 1250, 1800, 2400)
# From now on nothing that is said to or by that seat arrives: no way is found.
DEAF = """const { voice } = window.spar.app, seat = arguments[0], take = voice.signalled.bind(voice);
    voice.signalled = (message) => { if (message.seat !== seat) take(message); };"""


def five(stage, stack):
    people = [stack.enter_context(Speaker(tone)) for tone in TONES[:5]]
    links = people[0].open_room(stage.server.link, "P0", "Click-stream")
    people[1].sit(links[0], "P1", "candidate")
    for i in (2, 3, 4, 5):
        people[0].front("People")
        before = people[0].run("return window.spar.app.links.length")
        people[0].press("coach")
        people[0].until("return window.spar.app.links.length > arguments[0]", "one more link", before)
        if i < 5:
            people[i].sit(people[0].run("return window.spar.app.links.at(-1).link"), f"P{i}", "coach")
    return people


def all_hear(people, but=()):
    for i, one in enumerate(people):
        for j, other in enumerate(people):
            if i != j and {i, j} != set(but):
                one.hears(other)
                check(one.stats(other.seat())["lost"] < 50, f"hardly anything is lost: {one.stats(other.seat())}")


def test_five():
    need_browser()
    with Stage(workers=2, options=WEB_OPTIONS) as stage, ExitStack() as stack:
        people = five(stage, stack)
        for one in people[:3]:
            one.go_on()
        # Two of five have no way to each other.
        for one in people[3:]:
            one.try_voice()
        people[3].run(DEAF, people[4].seat())
        people[4].run(DEAF, people[3].seat())
        for one in people[3:]:
            one.press("Go on voice")
        all_hear(people, but=(3, 4))
        for one, other in ((people[3], people[4]), (people[4], people[3])):
            one.until("return document.querySelector('.vb').innerText.includes('no route between you')", "that there is no way")
            check(one.state_of(other.seat()) == "none", "to that one alone")
        all_hear(people, but=(3, 4))
        # One more is too many, and is told so; who hangs up makes place.
        sixth = stack.enter_context(Speaker(TONES[5]))
        sixth.sit(people[0].run("return window.spar.app.links.at(-1).link"), "P5", "coach")
        sixth.try_voice()
        sixth.press("Go on voice")
        sixth.until("return document.querySelector('.vb')?.innerText.includes('as it carries')", "that it is full")
        people[4].press("Hang up")
        sixth.go_on()
        sixth.hears(people[0])
        for one in people:
            equal(one.errors(), [], "errors on the console")


main(globals())
