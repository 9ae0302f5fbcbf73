# SPDX-License-Identifier: ISC
"""Purpose: a whole interview in two browsers beside a terminal coach: a room opened by the host link with a prompt of
the server's shelf, names, the clock, marks, a fact, talk, an hour's turn of hands, the debrief, report and replay."""

import os

from browser import Browser, need_browser
from support import Stage, check, equal, main, spar_client, until

SHOTS = os.environ.get("SPAR_SHOTS")


def shot(page, name):
    if SHOTS:
        page.picture(os.path.join(SHOTS, name + ".png"))


def state(page, path):
    return page.run(f"return window.spar.app.state && window.spar.app.state.{path}")


def press(page, text):
    """Presses the button of that text, once it is there."""
    page.until("""const found = [...document.querySelectorAll('button, a.btn')].find(
        (node) => node.textContent.trim().startsWith(arguments[0]) && node.getAttribute('aria-disabled') !== 'true');
        if (found) found.click(); return !!found;""", f"a button {text!r}", text)


def key(page, letter):
    page.run("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0]}))", letter)


def enter(page, name):
    page.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
    check("recorded" in page.text(), "what is recorded is said before the name is asked for")
    page.run("""const field = document.querySelector('input[autocomplete=name]');
        field.value = arguments[0]; field.dispatchEvent(new Event('input')); field.form.requestSubmit();""", name)


def say(page, text):
    page.run("""const field = document.getElementById('line'); field.value = arguments[0];
        field.dispatchEvent(new Event('input')); field.form.requestSubmit();""", text)


def test_interview():
    need_browser()
    options = ["--web-root", os.environ["SPAR_WEB_ROOT"]] if os.environ.get("SPAR_WEB_ROOT") else []
    with Stage(options=options) as stage, Browser((1280, 800)) as host, Browser((390, 780)) as candidate:
        host.open(stage.server.link)
        enter(host, "Robin")
        host.until("return document.querySelectorAll('option').length >= 7", "the shelf")
        shot(host, "host")
        host.run("const list = document.querySelector('select'); list.value = [...list.options].find((one) => "
                 "one.textContent.startsWith('Click-stream')).value; list.dispatchEvent(new Event('change'))")
        press(host, "Open the room")
        host.until("return window.spar.app.state && window.spar.app.state.stage === 'lobby'", "the room")
        links = host.run("return window.spar.app.links.map((one) => one.link)")
        check(spar_client.parse_link(links[0]).role == "candidate", links)
        coach = stage.join(links[1], "Cleo")
        candidate.open(links[0])
        enter(candidate, "Sasha <b>& co</b>")
        candidate.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the candidate's seat")
        host.until("return window.spar.app.state.seats.length === 3", "everybody on the host's page")
        check("The prompt opens with the start" in candidate.text(), "the prompt is not there before the start")
        press(host, "Start")
        candidate.until("return window.spar.app.state.stage === 'running'", "the clock on the candidate's page")
        candidate.until("return document.body.innerText.includes('Our mobile app emits click-stream')", "the prompt")
        key(host, "c")
        host.until("return window.spar.app.state.kept === 2", "a mark kept")
        equal(host.run("return window.spar.app.state.shown.filter(([mark]) => mark === 2).length"), 1, "marks")
        coach.event(do="mark.set")
        say(candidate, "Kafka, <img src=x onerror=alert(1)> since replay matters")
        host.until("return document.body.innerText.includes('<img src=x')", "the candidate's line as text")
        equal(host.run("return document.images.length"), 0, "nothing of it is markup")
        key(host, "w")
        equal(host.run("return document.activeElement.id"), "line", "where one writes")
        say(host, "Good start")
        coach.event(do="talk.whisper", text="Good start")
        host.run("const row = [...document.querySelectorAll('section')].find((one) => one.ariaLabel === 'Facts and questions');"
                 "row.querySelector('.t').click()")
        press(host, "Show")
        candidate.until("return window.spar.app.state.reveals.length === 1", "the fact on the candidate's page")
        check("Good start" not in candidate.text(), "a whisper stays with the panel")
        equal(candidate.run("return 'panel' in window.spar.app.pack || window.spar.app.pack.facts !== undefined"), False,
              "the candidate's page has no facts")
        shot(host, "interviewer")
        shot(candidate, "candidate")
        for phase in range(1, 5):
            key(host, "n")
            host.until("return window.spar.app.state.clock.phase === arguments[0]", f"phase {phase}", phase)
            host.until("return document.querySelector('.now .lab') && document.querySelector('.phase').innerText.includes("
                       "(arguments[0] + 1) + ' of 5')", f"phase {phase} drawn", phase)
        key(host, "N")
        press(host, "Yes")
        host.until("return window.spar.app.state.stage === 'finished'", "the finish")
        press(host, "Open the debrief")
        press(host, "Yes")
        candidate.until("return window.spar.app.state.stage === 'debrief' && document.querySelectorAll('tbody tr').length > 40",
                        "the sheets on the candidate's page")
        shot(candidate, "debrief")
        press(host, "Replay")
        host.until("return !!window.spar.app.replay", "the replay")
        host.run("const reel = document.querySelector('input[type=range]'); reel.value = reel.max;"
                 "reel.dispatchEvent(new Event('input'))")
        host.until("return window.spar.app.state && window.spar.app.state.stage === 'debrief'", "the end of the replay")
        shot(host, "replay")
        press(host, "Back to the room")
        host.run("window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return 'blob:x' }")
        press(host, "Report (md)")
        host.until("return window.saved.length === 1", "the report")
        head = host.driver.execute_async_script("window.saved[0].text().then(arguments[0])")
        check("Click-stream for dashboards" in head and "Sasha" in head, head[:200])
        press(host, "Close the room")
        press(host, "Yes")
        coach.event(do="room.close")
        for page in (host, candidate):
            equal([one for one in page.errors() if "blob:x" not in one], [], "errors on the console")
        coach.end()


def test_doors():
    need_browser()
    options = ["--web-root", os.environ["SPAR_WEB_ROOT"]] if os.environ.get("SPAR_WEB_ROOT") else []
    with Stage(options=options) as stage, Browser() as page:
        base = "https://" + stage.server.listen
        page.open(base + "/abcdefghijkl#candidate.short")
        page.until("return document.body.innerText.includes('not whole')", "a link without its end")
        page.open(base + "/zzzzzzzzzzzz#candidate." + "A" * 22)
        enter(page, "Eve")
        page.until("return document.body.innerText.includes('No room opens with this link')", "a link to nowhere")
        host = stage.host("Robin")
        page.open(host.link("candidate"))
        page.driver.refresh()
        enter(page, "Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat")
        session = state(page, "seats[1].session")
        page.driver.refresh()
        enter(page, "Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.seats[1].session > arguments[0]", "the seat again", session)
        with Browser() as other:
            other.open(host.link("candidate"))
            enter(other, "Eve")
            other.until("return document.body.innerText.includes('already belongs to somebody')", "a used link")
        page.driver.switch_to.new_window("tab")
        page.open(host.link("candidate"))
        enter(page, "Sasha")
        page.until("return window.spar.app.state && window.spar.app.pill.word === 'live'", "the newer tab")
        newer = page.driver.current_window_handle
        older = [one for one in page.driver.window_handles if one != newer][0]
        page.driver.switch_to.window(older)
        page.until("return document.body.innerText.includes('newer tab')", "the older tab")
        press(page, "Take it back")
        page.until("return window.spar.app.pill.word === 'live'", "the seat taken back")
        page.driver.switch_to.window(newer)
        page.driver.close()
        page.driver.switch_to.window(older)
        stage.server.kill()
        page.until("return document.body.innerText.includes('again in')", "the page cut off")
        say(page, "written while cut off")
        stage.server.start()
        page.until("return window.spar.app.pill.word === 'live' && window.spar.app.state.pending.length === 0", "the page back")
        until(lambda: any(event.get("text") == "written while cut off" for event in host.events()), "the line")
        host.end()


main(globals())
