# SPDX-License-Identifier: ISC
"""Purpose: what goes wrong with a page, each with its sentence: a link that was cut at its #, storage refused, the
connection closed under it, a server that was away, one with a newer version, a page that slept or stood in the back."""

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main

NO_STORAGE = """
const refuse = () => { throw new DOMException('refused', 'SecurityError'); };
for (const name of ['indexedDB', 'localStorage', 'sessionStorage']) Object.defineProperty(window, name, {get: refuse});
"""


def paste(page, link):
    page.run("const field = document.querySelector('input[name=link]'); field.value = arguments[0]; field.form.requestSubmit()", link)


def test_cut_links():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        link = host.link("candidate")
        page.open(link.partition("#")[0])
        page.until("return document.body.innerText.includes('not whole')", "a link without its #")
        paste(page, "https://")
        page.until("return document.body.innerText.includes('no whole link')", "what is no link")
        paste(page, link.replace("127.0.0.1", "elsewhere.example"))
        page.until("return document.body.innerText.includes('another server')", "a link of another server")
        paste(page, link)
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat")
        page.open(link.partition("#")[0])
        page.press("I have a seat")
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat by its key alone")
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


def test_cut_and_asleep():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        host = stage.host("Robin")
        page.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        page.until("return window.spar.app.state.stage === 'running'", "the start")
        page.run("window.spar.app.link.socket.close()")  # as a proxy does that has seen nothing for a minute
        page.until("return window.spar.app.pill.word !== 'live'", "cut off")
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
        left = page.run("""const text = document.querySelector('.digits').textContent; const [minutes, seconds] = text.split(':').map(Number);
            const reading = window.spar.app.room.clock(window.spar.app.link.clock.now()); return [minutes * 60 + seconds, reading.phase_left / 1000]""")
        check(abs(left[0] - left[1]) <= 1.5, f"what the digits say, {left[0]}, and the clock, {left[1]}")
        stage.server.kill()
        page.until("return document.body.innerText.includes('again in')", "the network gone")
        equal(page.run("return document.querySelector('.digits').textContent.length > 3"), True, "the clock runs on")
        page.say("written meanwhile")
        stage.server.start()
        host.event(do="talk.say", text="written meanwhile")
        page.until("return window.spar.app.state.pending.length === 0", "what was written is kept")
        host.end()


main(globals())
