# SPDX-License-Identifier: ISC
"""Purpose: a whole interview in two browsers beside a terminal coach: a room opened by the host link with a prompt of
the server's shelf, names, the clock, marks, a fact, talk, an hour's turn of hands, the debrief, report and replay."""

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main, spar_client, until


def write_notes(host, candidate):
    """A note of several lines, changed and struck: for those who may read it, and for nobody else."""
    host.key("o")
    host.say("Asked late,\nby number")
    host.until("return document.getElementById('line').value === ''", "the note sent")
    note = "return window.spar.app.lines.find((one) => one.kind === 'mine')"
    host.until(note + "?.text === 'Asked late,\\nby number'", "a note of two lines")
    host.press("Change")
    host.until("return document.getElementById('line').value === arguments[0]", "the note to be changed", "Asked late,\nby number")
    host.say("Asked early")
    host.until(note + "?.state === 'changed' && document.body.innerText.includes('Asked early')", "the note changed")
    check("Asked late" not in host.text(), "the earlier version is shown no more")
    host.press("Change")
    host.say("")
    host.until(note + "?.state === 'struck' && document.body.innerText.includes('struck')", "the note struck")
    host.say("x" * 2001)
    host.until("return document.body.innerText.includes('1 bytes too long')", "what does not fit is said")
    host.say("")
    equal(candidate.state("line_changes"), 0, "changes that the candidate knows of")


def through_the_replay(host):
    """Its own keys, and nothing to be marked; a time that is typed, one that there is not; and again from the end, without
    long silences."""
    host.key("?")
    host.until("return document.querySelector('.help')?.innerText.includes('ten seconds')", "the keys of a replay")
    host.key("Escape")
    host.until("return !document.querySelector('.help')", "the keys gone")
    equal(host.run("return [!!document.querySelector('.p-rubric .rows li'), document.querySelectorAll('.ask').length]"), [True, 0], "buttons that mark")
    total = host.run("return window.spar.app.replay.replay.about.running")
    host.key(":")
    host.until("const field = document.activeElement; if (field.id !== 'reel-time') return false; field.value = '0:01'; field.form.requestSubmit(); return true", "where a time is typed")
    ran = "return window.spar.app.room.running(window.spar.app.replay.at)"
    try:
        host.until(ran + " === 1000", "a second into the interview")
    except AssertionError as error:
        raise AssertionError(f"{error}: {host.run(ran)}, playing: {host.run('return window.spar.app.replay.playing')}, {host.run('return document.activeElement.outerHTML')}") from error
    host.run("const field = document.querySelector('#reel-time'); field.value = '999:00'; field.form.requestSubmit()")
    host.until("return document.querySelector('.reel').innerText.includes('That time is not in it')", "a time that there is not")
    check(total > 1000, total)
    host.run("document.activeElement.blur()")
    host.key("End")
    host.until("return document.querySelector('.reel').innerText.includes('Play again')", "the way back to the start")
    host.click(".reel input[type=checkbox]")
    host.press("Play again")
    host.until("return window.spar.app.replay.idle === 5000 && window.spar.app.state.stage !== 'debrief'", "playing from the start")


def test_interview():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 800)) as host, Browser((390, 780)) as candidate:
        host.open(stage.server.link)
        host.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
        check("recorded" in host.text(), "what is recorded is said before the name is asked for")
        host.pictures("door")
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        check(spar_client.parse_link(links[0]).role == "candidate", links)
        coach = stage.join(links[1], "Cleo")
        candidate.sit(links[0], "Sasha <b>& co</b>", "candidate")
        host.until("return window.spar.app.links.map((one) => window.spar.app.state.seats[one.used]?.role).join() === 'candidate,coach'", "whom the links let in")
        host.until("return window.spar.app.state.seats.length === 3", "everybody on the host's page")
        host.pictures("lobby")
        candidate.pictures("candidate-lobby")
        check("The prompt opens with the start" in candidate.text(), "the prompt is not there before the start")
        host.sure("Start")
        for page in (host, candidate):
            page.running()
        candidate.until("return document.body.innerText.includes('Our mobile app emits click-stream')", "the prompt")
        host.front("Rubric")
        host.key("c")
        host.until("return window.spar.app.state.kept === 2", "a mark kept")
        equal(host.run("return window.spar.app.state.shown.filter(([mark]) => mark === 2).length"), 1, "marks")
        host.key("F", shift=True)
        host.until("return window.spar.app.state.kept === 3", "a prompted mark kept")
        equal(host.run("return window.spar.app.state.shown.filter(([mark]) => mark === 1).length"), 1, "prompted marks")
        coach.event(do="mark.set")
        candidate.say("Kafka, <img src=x onerror=alert(1)> since replay matters")
        host.until("return document.body.innerText.includes('<img src=x')", "the candidate's line as text")
        equal(host.run("return document.images.length"), 0, "nothing of it is markup")
        host.key("w")
        equal(host.run("return document.activeElement.id"), "line", "where one writes")
        host.say("Good start")
        coach.event(do="talk.whisper", text="Good start")
        write_notes(host, candidate)
        host.front("Facts")
        host.click(".p-facts .t")
        host.until("return !!document.querySelector('.armed')", "the fact is chosen, and not shown")
        host.pictures("interviewer-armed")
        equal(host.state("reveals.length"), 0, "facts shown by one click")
        host.press("Show Sasha")
        for page in (host, candidate):
            page.until("return window.spar.app.state.reveals.length === 1", "the fact on both pages")
        host.key("c")
        host.until("return [...document.querySelectorAll('.p-facts li')].findIndex((row) => row.className === 'armed') === 1", "the letter chooses")
        equal(host.state("reveals.length"), 1, "facts shown by one press of the letter")
        host.key("c")
        candidate.until("return window.spar.app.state.reveals.length === 2", "the same letter again shows it")
        host.key("e", "Enter")
        candidate.until("return window.spar.app.state.reveals.length === 3", "Enter shows it")
        candidate.front("What you know")
        candidate.until("return document.body.innerText.includes('50,000 events a second')", "what it says")
        check("Good start" not in candidate.text(), "a whisper stays with the panel")
        equal(candidate.run("return 'panel' in window.spar.app.pack || window.spar.app.pack.facts !== undefined"), False,
              "the candidate's page has no facts")
        host.front("Rubric")
        host.pictures("interviewer")
        candidate.pictures("candidate")
        for phase in range(1, 5):
            host.step("n", phase)
            host.until("return document.querySelector('.now .lab') && document.querySelector('.phase').innerText.includes("
                       "(arguments[0] + 1) + ' of 5')", f"phase {phase} drawn", phase)
        host.until("return window.spar.app.room.running(window.spar.app.link.clock.now()) > 2000", "two seconds, of which the replay goes to the first")
        host.key("N")
        host.press("Yes")
        host.until("return window.spar.app.state.stage === 'finished'", "the finish")
        host.sure("Open the debrief")
        candidate.until("return window.spar.app.state.stage === 'debrief' && document.querySelectorAll('.sheets tbody tr').length > 40",
                        "the sheets on the candidate's page")
        host.pictures("debrief")
        host.press("Replay")
        host.until("return !!window.spar.app.replay", "the replay")
        host.reel("max")
        host.until("return window.spar.app.state && window.spar.app.state.stage === 'debrief'", "the end of the replay")
        host.key("T", shift=True)
        host.until("return window.spar.app.state.stage === 'running'", "the last mark of the replay")
        host.pictures("replay")
        through_the_replay(host)
        host.press("Back to the room")
        host.run("window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return 'blob:x' }")
        host.zone("Asia/Kathmandu")
        host.press("as Markdown")
        host.until("return window.saved.length === 1", "the report")
        head = host.driver.execute_async_script("window.saved[0].text().then(arguments[0])")
        check("Click-stream for dashboards" in head and "Sasha" in head, head[:200])
        check(head.count("+0545") == 1 and "UTC" not in head, f"the reader's own zone, named once: {head[:400]}")
        host.sure("Close the room")
        coach.event(do="room.close")
        for page in (host, candidate):
            equal([one for one in page.errors() if "blob:x" not in one], [], "errors on the console")
        coach.end()


def test_doors():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        base = "https://" + stage.server.listen
        page.open(base + "/abcdefghijkl#candidate.short")
        page.until("return document.body.innerText.includes('not whole')", "a link without its end")
        page.open(base + "/zzzzzzzzzzzz#candidate." + "A" * 22)
        page.enter("Eve")
        page.until("return document.body.innerText.includes('No room opens with this link')", "a link to nowhere")
        host = stage.host("Robin")
        page.open(host.link("candidate"))
        page.driver.refresh()
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'candidate'", "the seat")
        session = page.state("seats[1].session")
        page.driver.refresh()
        page.enter("Sasha")
        page.until("return window.spar.app.state && window.spar.app.state.seats[1]?.session > arguments[0]", "the seat again", session)
        with Browser() as other:
            other.open(host.link("candidate"))
            other.enter("Eve")
            other.until("return document.body.innerText.includes('already belongs to somebody')", "a used link")
        page.driver.switch_to.new_window("tab")
        page.open(host.link("candidate"))
        page.enter("Sasha")
        page.until("return document.body.innerText.includes('This one only shows')", "the newer tab, which only shows")
        check(not page.run("return !!document.getElementById('line')"), "a tab that only shows has a line to write in")
        page.press("Write here")
        page.until("return window.spar.app.companion === 0 && !!document.getElementById('line')", "the newer tab writes")
        newer = page.driver.current_window_handle
        older = [one for one in page.driver.window_handles if one != newer][0]
        page.driver.switch_to.window(older)
        page.until("return document.body.innerText.includes('newer tab')", "the older tab")
        page.press("Take it back")
        page.until("return window.spar.app.pill.word === 'live'", "the seat taken back")
        page.driver.switch_to.window(newer)
        page.driver.close()
        page.driver.switch_to.window(older)
        stage.server.kill()
        page.until("return document.body.innerText.includes('again in')", "the page cut off")
        page.say("written while cut off")
        stage.server.start()
        page.until("return window.spar.app.pill.word === 'live' && window.spar.app.state.pending.length === 0", "the page back")
        until(lambda: any(event.get("text") == "written while cut off" for event in host.events()), "the line")
        host.end()


def at_the_door(page, link, words):
    page.open("about:blank")  # a link that differs in its fragment alone would load nothing
    page.open(link)
    page.until("return document.body.innerText.includes(arguments[0])", f"{words!r} at the door", words)
    check("and so can whoever runs this server" in page.text() and page.run("return !!document.querySelector('input[autocomplete=name]')"), page.text())


def test_how_long_it_is_kept():
    """Said while the name is asked for; and nobody is in the room by that."""
    need_browser()
    with Stage(options=[*WEB_OPTIONS, "--keep", "180d"]) as stage, Browser() as page:
        host, fleeting, short = stage.host("Robin"), stage.host("Kim", "--keep", "nothing"), stage.host("Zoe", "--keep", "1d")
        at_the_door(page, stage.server.link, "nothing more has happened there for 180 days, or before by whoever runs this server")
        at_the_door(page, host.link("candidate"), "nothing more has happened there for 180 days,")
        at_the_door(page, short.link("candidate"), "nothing more has happened there for 1 day,")
        at_the_door(page, fleeting.link("candidate"), "Nothing of them is kept once the room is over.")
        at_the_door(page, f"https://{stage.server.listen}/zzzzzzzzzzzz#candidate.{'A' * 22}", "How long they are kept is up to whoever runs this server")
        equal([event["name"] for event in fleeting.events() if event["do"] == "seat.join"], ["Kim"], "who is in the room")
        nothing = "Nothing of this room is kept once it is over"
        page.sit(fleeting.link("candidate"), "Sasha", "candidate")
        page.until("return document.body.innerText.includes(arguments[0])", "what is not kept is said in the room too", nothing)
        page.open("about:blank")
        page.sit(short.link("candidate"), "Sasha", "candidate")
        check(nothing not in page.text(), "a room that is kept says it is not")
        equal(page.errors(), [], "errors on the console")
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page:
        at_the_door(page, stage.server.link, "They are kept until whoever runs this server removes them.")


main(globals())
