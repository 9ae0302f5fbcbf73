# SPDX-License-Identifier: ISC
"""Purpose: the first minute of somebody who was sent a link, on a middling telephone over a slow network: thirty seconds
at most; and a call elsewhere, which the panel gives, all see with its host in full, and nobody opens by accident."""

import time

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main
from test_group import STALLS

FIRST_S = 30
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1600000 / 8, "uploadThroughput": 750000 / 8}  # slow 4G, as browsers' tools have it
SLOWER_CPU = 4  # a middling telephone beside a desk's machine, likewise
CALL = "https://meet.example.org/our-room?x=1"


def test_first_minute():
    """From the link to the room with its prompt's place, its clock and who is here; of a cold cache."""
    with Stage(options=WEB_OPTIONS) as stage, Browser((390, 780)) as phone:
        host = stage.host("Robin")
        phone.driver.execute_cdp_cmd("Network.enable", {})
        phone.driver.execute_cdp_cmd("Network.emulateNetworkConditions", SLOW)
        phone.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        began = time.monotonic()
        phone.open(host.link("candidate"))
        phone.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
        door = time.monotonic() - began
        text = phone.text()
        for word in ("recorded", "Everybody who sat in the room can read them", "whoever runs this server", "emove"):
            check(word in text, f"before the name is asked for it says {word!r}: {text}")
        phone.enter("Sasha")
        phone.until("return !!document.querySelector('.digits') && !!document.querySelector('.p-brief') && window.spar.app.state.seats.length === 2", "the room")
        took = time.monotonic() - began
        print(f"the door after {door:.1f} s, the room after {took:.1f} s", end=" ")
        # On a busy machine a fixed piece of work tells how many times as long all takes.
        check(took < FIRST_S * max(1, phone.run(STALLS)), f"the first minute took {took:.1f} s")
        equal(phone.run("return Notification.permission"), "default", "what was asked for unasked")
        host.end()


def test_call():
    with Stage(options=WEB_OPTIONS) as stage, Browser() as host, Browser((390, 780)) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        host.front("People")
        give = ("const field = document.querySelector('.p-people input[type=url]'); if (!field) return false; field.value = arguments[0];"
                "field.dispatchEvent(new Event('input')); field.form.requestSubmit(); return true")
        host.until(give, "where a call is given", "https://user@meet.example.org/")
        host.until("return !!window.spar.app.notice || window.spar.app.state.message_bad", "a link that hides its host is refused with a sentence")
        equal(candidate.state("call"), "", "a call after one that was refused")
        host.until(give, "where a call is given", CALL)
        candidate.until("return window.spar.app.state.call === arguments[0]", "the call on the candidate's page", CALL)
        candidate.front("People")
        link = "return (() => { const one = document.querySelector('.p-people a.btn'); return one && [one.href, one.target, one.rel]; })()"
        candidate.until("return !!document.querySelector('.p-people a.btn')", "the call's button")
        equal(candidate.run(link), [CALL, "_blank", "noopener noreferrer"], "what the button opens, when it is pressed")
        check("meet.example.org" in candidate.text(), "its host in full")
        equal(len(candidate.driver.window_handles), 1, "pages that opened by themselves")
        check(not candidate.run("return !!document.querySelector('.p-people input[type=url]')"), "the candidate gives no call")
        host.press("Take away")
        candidate.until("return window.spar.app.state.call === '' && !document.querySelector('.p-people a.btn')", "the call taken away")


if __name__ == "__main__":
    need_browser()
    main(globals())
