# SPDX-License-Identifier: ISC
"""Purpose: a page takes a seat by its link, beside terminal clients: what either does the other sees, and both
fold the room to the same state; a reload keeps the seat; a used link opens nothing for somebody else."""

from browser import Browser, need_browser, state
from support import Stage, equal, main

IN_ROOM = "return !!window.spar && window.spar.room.state().stage !== 'new' && window.spar.connection.isUp"


def test_join():
    need_browser()
    with Stage() as stage, Browser() as page:
        host = stage.host("Robin")
        link = host.link("candidate")
        page.open(link).until(IN_ROOM, "the page in the room")
        equal(host.event(do="seat.join", role="candidate")["seat"], 1, "the candidate's seat")
        host.do("clock.start")
        page.until("return window.spar.room.state().stage === 'running'", "the clock on the page")
        page.run("const {room, connection} = window.spar;"
                 "const {send} = room.command({do: 'talk.say', text: 'From a page <b>&'}, connection.clock.now());"
                 "connection.send(send);")
        host.event(do="talk.say", text="From a page <b>&", by=1)
        page.until("return window.spar.room.state().pending.length === 0", "the page's line kept")
        equal(state(page)["role"], "candidate", "the role")
        equal(page.errors(), [], "errors on the page's console")
        page.driver.refresh()
        page.until(IN_ROOM, "the page in the room again")
        host.event(do="seat.join", seat=1, session=2)
        with Browser() as other:
            other.open(link)
            other.until("return document.body.innerText.includes('already belongs to somebody')", "the refusal")
        host.end()


main(globals())
