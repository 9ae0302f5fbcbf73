# SPDX-License-Identifier: ISC
"""Purpose: what goes wrong with a page, each with its sentence: a link that was cut at its #, storage refused, the
connection closed under it, a server that was away, one with a newer version, a page that slept or stood in the back."""

import time

from browser import WEB_OPTIONS, Browser, need_browser
from cutter import Cutter
from support import Stage, check, equal, main, spar_client, until

NO_STORAGE = """
const refuse = () => { throw new DOMException('refused', 'SecurityError'); };
for (const name of ['indexedDB', 'localStorage', 'sessionStorage']) Object.defineProperty(window, name, {get: refuse});
"""


# What the page said of its line each time that it was lost: it may be back before anybody looks.
DOWNS = """window.downs = []; const { user } = window.spar.app.link, down = user.down;
user.down = (...all) => { down(...all); window.downs.push(window.spar.app.pill.word); };"""
# What the line's sign has shown, and what it has told, since.
PILLS = """window.pills = []; const look = () => { const pill = document.querySelector('.pill');
    if (pill) window.pills.push([pill.innerText, pill.querySelector('[role=status]').textContent]); };
new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});"""


def paste(page, link):
    page.until("const field = document.querySelector('input[name=link]'); if (!field) return false; field.value = arguments[0];"
               "field.form.requestSubmit(); return true", "where a link is pasted", link)


def test_cut_links():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        link = host.link("candidate")
        for room in (host.room[:-1], host.room.upper(), host.room + "/x"):
            page.open("about:blank")
            page.open(link.replace(host.room, room))
            if "/" in room:
                page.until("return document.body.innerText.includes('nothing here')", "no room's address at all")
            else:
                page.until("return document.body.innerText.includes('twelve letters')", f"a link with the room {room}")
        page.open(link.partition("#")[0])
        page.until("return document.body.innerText.includes('not whole')", "a link without its #")
        paste(page, "https://")
        page.until("return document.body.innerText.includes('no whole link')", "what is no link")
        paste(page, link.replace("127.0.0.1", "elsewhere.example"))
        page.until("return document.body.innerText.includes('another server')", "a link of another server")
        paste(page, f"Your link: <{link}>, see you at nine")  # as it stands in a mail
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat")
        page.open(link.partition("#")[0])
        page.press("I have a seat")
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat by its key alone")
        for mangled in (link.replace("#", "%23"), link + ").", link.replace("#candidate.", "#candidate%2E"), link.replace("#", "%20#")):
            page.open("about:blank")
            page.open(mangled)
            page.enter("Sasha")
            page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", f"the seat by {mangled}")
            equal(page.run("return location.href"), link, "what the address bar shows then")
        with Browser() as other:
            other.open(link.partition("#")[0])
            other.press("I have a seat")
            other.enter("Eve")
            other.until("return document.body.innerText.includes('No room opens with this link')", "no seat of one's own")
        host.end()


def test_no_storage():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NO_STORAGE})
        page.open(host.link("candidate"))
        page.until("return document.body.innerText.includes('keeps no key')", "what it means, before the name is asked for")
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat all the same")
        page.say("without a store")
        host.event(do="talk.say", text="without a store")
        page.run("window.spar.app.core.tables.version = '0.0.0'; window.marked = true")
        stage.server.kill()
        stage.server.start()
        page.until("return document.body.innerText.includes('gives up your seat')", "a newer version is not loaded by itself")
        equal(page.run("return window.marked"), True, "the page that has the key")
        equal(page.errors_but("ERR_CONNECTION"), [], "errors on the console")
        host.end()


def links(host):
    with host.changed:
        return [line["link"]["link"] for line in host.lines if "link" in line]


def test_private_window():
    """A private window's key lasts as long as the window: a page loaded anew has its seat, the next window is somebody
    else, who is told so, and whom a moved seat lets in."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage:
        host = stage.host("Robin")
        with Browser(flags=("--incognito",)) as page:
            page.open(host.link("candidate"))
            page.click("summary")
            page.until("return document.body.innerText.includes('until that window is closed')", "what a private window means")
            page.enter("Sasha")
            page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat")
            page.driver.refresh()
            page.enter("Sasha")
            page.until("return window.spar.app.state && window.spar.app.state.seats[1].session > 1", "the seat again, in the same window")
        with Browser(flags=("--incognito",)) as page:
            page.open(host.link("candidate"))
            page.enter("Sasha")
            page.until("return document.body.innerText.includes('already belongs to somebody')", "the next window is somebody else")
            before = links(host)
            host.do("seat.move", seat=1)
            link = until(lambda: links(host)[len(before):], "the moved seat's link")[-1]
            page.open("about:blank")
            page.open(link)
            page.enter("Sasha")
            page.until("return window.spar.app.state && window.spar.app.state.seat === 1", "the seat, moved")
        host.end()


def block(page, *urls):
    page.driver.execute_cdp_cmd("Network.enable", {})
    page.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(urls)})


def test_a_part_not_fetched():
    """A file that comes later and does not: one sentence and a way to ask again, and the rest goes on."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        block(page, "*/app/paper.js*")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        page.running()
        page.front("Board")
        page.until("return document.body.innerText.includes('could not be fetched')", "it says so")
        page.say("the rest goes on")
        host.event(do="talk.say", text="the rest goes on")
        block(page)
        page.press("Try again")
        page.until("return !!document.querySelector('.btools')", "the board, asked for again")
        block(page, "*/app/wall.js*")
        page.open("about:blank")
        page.open(stage.server.link)
        page.until("return document.body.innerText.includes('could not be fetched')", "it says so before the door, too")
        block(page)
        page.press("Try again")
        page.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
        host.end()


def test_newer_version():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        page.run("window.spar.app.core.tables.version = '0.0.0'; window.marked = true;"
                 "const field = document.getElementById('line'); field.value = 'half a line'; field.dispatchEvent(new Event('input'))")
        stage.server.kill()
        stage.server.start()
        page.until("return document.body.innerText.includes('newer version')", "it says so")
        equal(page.run("return [window.marked, document.getElementById('line').value]"), [True, "half a line"], "while something is typed")
        page.say("a whole line")
        page.until("return !window.marked && window.spar && window.spar.app.state && window.spar.app.state.role === 'candidate'",
                   "the page loads by itself, and is in the room again without asking")
        host.event(do="talk.say", text="a whole line")
        host.end()


def test_newer_version_waits():
    """Nothing is lost by that: neither what was drawn unseen, nor a line of the worksheet that was begun."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        page.running()
        page.front("Board")
        page.press("Think unseen")
        host.event(do="private", on=1)
        page.run("const { app } = window.spar; app.room.draw({ do: 'req.add', thing: app.room.board(0).next, text: 'held' }, app.link.clock.now()); app.core.tables.version = '0.0.0'; window.marked = true")
        stage.server.kill()
        stage.server.start()
        page.until("return document.body.innerText.includes('newer version')", "it says so")
        stays = "window.since ||= performance.now(); return !window.marked || performance.now() - window.since > 3000"
        page.until(stays, "a while")
        equal(page.run("return window.marked"), True, "the page that holds what was drawn unseen")
        page.front("Worksheet")
        page.until("const field = document.querySelector('.p-paper textarea'); if (!field) return false; field.value = 'begun';"
                   "field.dispatchEvent(new Event('input')); window.since = 0; return true", "the worksheet")
        page.front("Board")
        page.press("Show it again")
        host.event(do="req.add", text="held")
        page.until(stays, "a while more")
        equal(page.run("return window.marked"), True, "the page with a line that was begun")
        page.front("Worksheet")
        page.until("const form = document.querySelector('.p-paper form:last-of-type'); form?.requestSubmit(); return !!form", "the worksheet again")
        host.event(do="req.add", text="begun")
        page.until("return !window.marked && window.spar && window.spar.app.state", "then the page loads by itself")
        host.end()


def test_cut_and_asleep():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        page.running()
        page.run(DOWNS)
        page.run("window.spar.app.link.socket.close()")  # as a proxy does that has seen nothing for a minute
        page.until("return window.downs.length > 0", "cut off")
        equal(page.run("return window.downs[0]"), "off", "what it said then")
        page.until("return window.spar.app.pill.word === 'live'", "back by itself")
        page.driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "frozen"})
        host.do("talk.say", text="while it slept")
        host.event(do="talk.say", text="while it slept")
        page.driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "active"})
        page.until("return window.spar.app.lines.some((line) => line.text === 'while it slept')", "what came while it slept")
        page.driver.switch_to.new_window("tab")
        page.driver.get("about:blank")
        host.do("clock.jump", phase=1)
        host.event(do="clock.jump", phase=1)
        page.driver.switch_to.window(page.driver.window_handles[0])
        page.until("return document.querySelector('.phase').innerText.includes('2 of 5')", "the phase after a while in the back")
        page.until("""const text = document.querySelector('.digits').textContent; const [minutes, seconds] = text.split(':').map(Number);
            const reading = window.spar.app.room.clock(window.spar.app.link.clock.now());
            return Math.abs(minutes * 60 + seconds - reading.phase_left / 1000) <= 1.5""", "the digits to say what the clock does")
        stage.server.kill()
        page.until("return document.body.innerText.includes('again in')", "the network gone")
        equal(page.run("return document.querySelector('.digits').textContent.length > 3"), True, "the clock runs on")
        page.say("written meanwhile")
        stage.server.start()
        host.event(do="talk.say", text="written meanwhile")
        page.until("return window.spar.app.state.pending.length === 0", "what was written is kept")
        host.end()


def lose_network(stage, seconds):
    """The network goes without a word, and comes again: the page says so soon, what is written waits, nothing is lost."""
    relay = Cutter(("127.0.0.1", spar_client.parse_link(stage.server.link).port))
    try:
        with Browser() as page:
            host = stage.host("Robin")
            page.sit(relay.through(host.link("candidate")), "Sasha", "candidate")
            host.do("clock.start")
            page.until("return window.spar.app.state.stage === 'running' && window.spar.app.pill.word === 'live'", "the start")
            page.run(PILLS)
            relay.lose()
            went = time.monotonic()
            page.until("return document.querySelector('.pill').innerText.includes('cut off')", "it says that it is cut off")
            silent = [told for shown, told in page.run("return window.pills") if "silent for" in shown]
            check(silent, "before that it does not say live longer than a ping takes")
            equal(set(silent), {"silent"}, "what a screen reader is told meanwhile")
            page.say("written without a network")
            page.until("return document.body.innerText.includes('On its way') || document.body.innerText.includes('cut off')", "it says what becomes of that")
            host.do("talk.say", text="meanwhile")
            before = page.run("return document.querySelector('.digits').textContent")
            until(lambda: time.monotonic() - went > seconds, "the network comes again", seconds + 30)
            check(page.run("return document.querySelector('.digits').textContent") != before or seconds < 2, "the clock stands")
            check("live" not in page.run("return document.querySelector('.pill').innerText"), "it says live without a network")
            relay.find()
            page.until("return window.spar.app.pill.word === 'live' && window.spar.app.state.pending.length === 0", "back by itself")
            host.event(do="talk.say", text="written without a network")
            page.until("return window.spar.app.lines.some((line) => line.text === 'meanwhile')", "what the others said meanwhile")
            host.end()
    finally:
        relay.close()


def test_no_network():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage:
        lose_network(stage, 0)


if __name__ == "__main__":
    main(globals())
