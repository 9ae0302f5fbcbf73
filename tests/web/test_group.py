# SPDX-License-Identifier: ISC
"""Purpose: what is not one room, in browsers beside terminal clients: the coach's wall, the queue, a cohort's links and
members, past sessions, and recordings as files."""

import json
import os
import time

from browser import SOURCE, Browser, need_browser
from support import Stage, check, equal, main, never_comes

SHOTS = os.environ.get("SPAR_SHOTS")
ROOT = ["--web-root", os.environ["SPAR_WEB_ROOT"]] if os.environ.get("SPAR_WEB_ROOT") else []
BUSY = ROOT + ["--tokens", "1000000"]


def shot(page, name):
    """The view in light and dark, at three widths."""
    if not SHOTS:
        return
    for scheme in ("light", "dark"):
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        for width, height in ((360, 780), (1280, 800), (2560, 1300)):
            page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
            page.drawn()
            equal(page.run("return document.documentElement.scrollWidth <= innerWidth"), True, f"no scrolling sideways at {width}")
            page.picture(os.path.join(SHOTS, f"{name}-{width}-{scheme}.png"))
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def press(page, text, within="document"):
    page.until("""const found = [...%s.querySelectorAll('button, a.btn')].find(
        (node) => node.innerText.trim().replace(/\\n/g, ' ').includes(arguments[0]) && node.getAttribute('aria-disabled') !== 'true');
        if (found) found.click(); return !!found;""" % within, f"a button {text!r}", text)


def key(page, letter):
    page.run("(document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true}))", letter)


def fill(page, where, value):
    page.until("""const field = document.querySelector(arguments[0]); if (!field) return false; field.value = arguments[1];
        field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input')); return true;""", where, where, value)


def submit(page, where):
    page.until("const field = document.querySelector(arguments[0]); field?.form.requestSubmit(); return !!field", where, where)


def says(page, text, what=None):
    page.until("return document.body.innerText.includes(arguments[0])", what or f"the words {text!r}", text)


def give_file(page, where, content):
    """Puts a file of what the script `content` gives into a field."""
    page.until("""const field = document.querySelector(arguments[0]); if (!field) return false;
        const list = new DataTransfer(); list.items.add(new File([%s], 'a.spar')); field.files = list.files;
        field.dispatchEvent(new Event('change')); return true;""" % content, where, where)


def no_errors(page, *known):
    equal(page.errors_but("blob:x", *known), [], "errors on the console")


def card(room, what):
    """A script: a value of the room's card."""
    return f"const open = document.querySelector('[data-room=\"{room}\"]'); const card = open && open.parentElement; return card && ({what})"


def test_wall():
    need_browser()
    with Stage(options=BUSY) as stage, Browser() as page:
        cohort, students, coaches = stage.cohort("Data evenings")
        hosts = [stage.batch(["host", "--cohort", students], f"Host{i}") for i in range(3)]
        rooms = [host.link("candidate").split("/")[3].split("#")[0] for host in hosts]
        people = [stage.join(host.link("candidate"), f"Cand{i} <b>&") for i, host in enumerate(hosts)]
        page.open(coaches)
        page.enter("Cleo")
        for room in rooms:
            page.until(card(room, "card.innerText.includes('Host')"), f"a card of {room}")
        says(page, "Nobody needs you")
        equal(page.run("return document.images.length + document.querySelectorAll('#app b b').length"), 0, "nothing of a name is markup")
        hosts[1].do("clock.start")
        page.until(card(rooms[1], "card.innerText.includes('On plan')"), "the second room running")
        people[2].do("hand.set", on=1)
        page.until("return document.querySelector('[data-room]').dataset.room === arguments[0]", "the room that calls stands first", rooms[2])
        says(page, "calls you (")
        says(page, "1 needs you")
        check("Everybody" not in page.text(), "a reason is a sentence of the core")
        # The same reason as the terminal's wall gives.
        terminal = stage.batch(["coach", coaches], "Kim")
        row = terminal.find(lambda line: line.get("room") == rooms[2] and line.get("attention"), "the terminal's row")
        equal(row["attention"][0]["why"], page.run("return window.spar.app.wall.state(window.spar.app.link.clock.now(), true).rooms[0].need"), "the reason")
        shot(page, "wall")
        # Keys: choose, whisper, note, lower the hand, mute, find.
        key(page, "j")
        page.until("return document.activeElement.dataset.room === arguments[0]", "the first room chosen", rooms[2])
        key(page, "w")
        page.until("return document.activeElement.id === 'g-write'", "the field of the whisper")
        fill(page, "#g-write", "Ask who owns <the> schema")
        submit(page, "#g-write")
        hosts[2].event(do="talk.whisper", text="Ask who owns <the> schema")
        page.until("return document.activeElement.id !== 'g-write'", "the field left")
        key(page, "!")
        people[2].event(do="hand.set", on=0)
        says(page, "Nobody needs you")
        key(page, "m")
        page.until(card(rooms[2], "card.innerText.includes('Muted')"), "a muted room")
        people[2].do("hand.set", on=1)
        page.until("return window.spar.app.wall.state(window.spar.app.link.clock.now(), true).rooms.find((one) => one.room === arguments[0]).muted", "mute", rooms[2])
        says(page, "Nobody needs you", "a muted room raises nothing")
        key(page, "m")
        says(page, "1 needs you")
        fill(page, "#g-find", "cand1")
        page.until("return document.querySelectorAll('[data-room]').length === 1", "what is looked for")
        fill(page, "#g-find", "")
        # A room from the wall, a mark's way, and back.
        page.click(f'[data-room="{rooms[1]}"]')
        page.until("return window.spar.app.state && window.spar.app.state.role === 'coach' && window.spar.app.view === 'room'", "the room")
        says(page, "calls you (", "who else needs the coach, within a room")
        shot(page, "wall-room")
        hosts[1].do("mark.set", item="clarify-volume", mark="raised")
        page.until("return window.spar.app.state.shown.some(([mark]) => mark === 2)", "the mark in the open room")
        key(page, "Escape")
        page.until(card(rooms[1], "card.innerText.includes('1 ●')"), "back on the wall with the mark")
        # Cut off, and back by itself.
        stage.server.kill()
        says(page, "again in")
        stage.server.start()
        page.until("return window.spar.app.pill.word === 'live' && window.spar.app.wall.state(window.spar.app.link.clock.now(), true).rooms.every((one) => one.live)", "all rooms again")
        # A room that is closed leaves the wall.
        hosts[1].do("clock.finish")
        hosts[1].do("debrief.open")
        hosts[1].do("room.close")
        page.until("return !document.querySelector('[data-room=\"%s\"]')" % rooms[1], "the closed room gone")
        equal(page.run("return document.querySelectorAll('[data-room]').length"), 2, "the other rooms")
        terminal.end()
        no_errors(page, "ERR_CONNECTION")  # while the server was away the page may have tried to come back


def test_pairing():
    """Two students in browsers, a coach who has to let them in, a terminal client in the same queue."""
    need_browser()
    with Stage(options=BUSY) as stage, Browser() as ana, Browser((390, 780)) as ben:
        cohort, students, coaches = stage.cohort("Pairs")
        asks = json.loads(stage.spar("cohort", "link", "students", "--cohort", coaches, "--ask", "--json", name="Kim", code=0).stdout)["text"]
        ana.open(asks)
        ana.enter("Ana <i>")
        says(ana, "A coach has to let you in first")
        shot(ana, "pair-asked")
        stage.spar("cohort", "admit", "1", "--cohort", coaches, name="Kim", code=0)
        says(ana, "You do not wait")  # by itself, once a coach has said yes
        fill(ana, "#g-role", "1")
        press(ana, "Wait for a partner")
        says(ana, "1 of 1")
        says(ana, "you")
        shot(ana, "pair")
        press(ana, "Leave the queue")
        says(ana, "You left the queue")
        press(ana, "Wait for a partner")
        says(ana, "1 of 1")
        ben.open(students)
        ben.enter("Ben")
        says(ben, "You do not wait")
        fill(ben, "#g-role", "2")
        prompt = ben.until("const box = document.querySelector('.g-prompts input'); if (!box) return ''; box.click(); return box.parentElement.innerText.trim().split('\\n')[0]", "the shelf")
        press(ben, "Wait for a partner")
        for page, role in ((ana, "interviewer"), (ben, "candidate")):
            page.until("return window.spar.app.state && window.spar.app.state.role === arguments[0] && window.spar.app.state.stage === 'lobby'", f"the room of {role}", role)
        check(ana.run("return window.spar.app.pack.title") in prompt, "the prompt that was chosen")
        equal(ben.run("return 'facts' in window.spar.app.pack"), False, "no body of the panel's on the candidate's page")
        ana.until("return window.spar.app.state.seats.filter((seat) => seat.here).length === 2", "both in the room")
        # Said of the partner: to the coaches, and never again.
        ana.until("const about = document.querySelector('.g-after summary'); if (about) about.click(); return !!about", "what one may say of the partner")
        ana.click(".g-after input[type=checkbox]")
        fill(ana, ".g-after form input", "Was <rude>")
        submit(ana, ".g-after form input")
        says(ana, "The coaches have it now")
        shot(ana, "pair-room")
        reports = stage.spar("cohort", "reports", "--cohort", coaches, name="Kim", code=0).stdout
        check("Was <rude>" in reports and "Ana" in reports, reports)
        # The interview ends; the next partner is a terminal client.
        ana.sure("Start")
        press(ana, "The queue")
        says(ana, "You and your partner have met")
        press(ana, "Wait for a partner")
        says(ana, "1 of 1")
        third = stage.pair(students, "Dora", "--role", "candidate", "--minutes", "60")
        says(ana, "candidate, any level, 60 minutes", "what Dora asks for")
        says(ana, "One more fits if you take 60 minutes")
        shot(ana, "pair-fits")
        press(ana, "Take it")
        ana.until("return window.spar.app.state && window.spar.app.state.seats.some((seat) => seat.name === 'Dora')", "the next partner")
        third.end()
        # Somebody who is suspended is told, and so is whoever comes by a link that is over.
        press(ben, "The queue")
        stage.spar("cohort", "suspend", "2", "--cohort", coaches, name="Kim", code=0)
        says(ben, "has suspended you")
        shot(ben, "pair-suspended")
        once = json.loads(stage.spar("cohort", "link", "students", "--cohort", coaches, "--uses", "1", "--json", name="Kim", code=0).stdout)["text"]
        stage.pair(once, "Carl").find(lambda line: "queue" in line, "the one who may")
        ben.driver.get("about:blank")
        with Browser() as late:
            late.open(once)
            late.enter("Late")
            says(late, "was used as often as it may be")
        no_errors(ana)


def test_put_out():
    """Put out of the room of a match: the page says why, and is back in the queue, from which one may wait again."""
    need_browser()
    with Stage(options=BUSY) as stage, Browser() as page:
        _, students, _ = stage.cohort("Pairs")
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        robin.find(lambda line: line.get("queue", {}).get("place") == 1, "Robin in the queue")
        page.open(students)
        page.enter("Sasha")
        says(page, "You do not wait")
        fill(page, "#g-role", "2")
        press(page, "Wait for a partner")
        page.until("return window.spar.app.state && window.spar.app.state.seats.filter((seat) => seat.here).length === 2", "both in the room")
        robin.do("seat.out", seat=page.state("seat"))
        page.until("const out = document.querySelector('.g-out[role=alert]'); return out && out.innerText.includes('has put you out')", "why, above the queue")
        equal(page.run("return window.spar.app.view"), "group", "the queue again")
        shot(page, "pair-put-out")
        page.until("return window.spar.app.pill.word === 'live' && window.spar.app.group.inside", "the connection again")
        press(page, "Wait for a partner")
        says(page, "1 of 1")
        robin.end()
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        says(page, "Robin was your last partner")
        shot(page, "pair-last-partner")
        robin.find(lambda line: line.get("queue", {}).get("last") == "Sasha", "the same for Robin")
        press(page, "Sessions")
        page.until("return !document.querySelector('.g-out')", "what was read goes")
        no_errors(page)


def test_host_after_a_match():
    """Who came by the host link, met somebody in the lobby and is back may still open a room."""
    need_browser()
    with Stage(options=BUSY) as stage, Browser() as page:
        page.open(stage.server.link)
        page.enter("Ana")
        press(page, "Find a partner")
        says(page, "You do not wait")
        press(page, "Wait for a partner")
        says(page, "1 of 1")
        other = stage.pair(stage.server.link, "Ben")
        page.until("return window.spar.app.state && window.spar.app.view === 'room'", "the room of the match")
        press(page, "The queue")
        press(page, "Open a room")
        press(page, "Open the room")
        page.until("return window.spar.app.state && window.spar.app.state.role === 'interviewer' && window.spar.app.links.length === 2", "a room of one's own")
        other.end()
        no_errors(page)


# Which views the page has shown: it may be in another one before anybody looks.
ROOMS_SEEN = """window.views = new Set(); new MutationObserver(() => window.views.add(window.spar.app.view))
    .observe(document.body, {childList: true, subtree: true});"""


def test_no_partner():
    """A machine on which the page itself comes too late is given more time."""
    need_browser()
    for seconds in (2, 10, 45):
        if no_partner(seconds):
            return
    raise AssertionError("Ana was never in time")


def no_partner(seconds):
    """A partner who never comes into the room: back at the front of the queue, by itself. False: nor did Ana in time."""
    with Stage(options=[*BUSY, "--appear-within", str(seconds)]) as stage, Browser() as page:
        cohort, students, _ = stage.cohort("Nobody")
        ghost = stage.connection(students, "Ghost")
        page.open(students)
        page.enter("Ana")
        says(page, "You do not wait")
        press(page, "Wait for a partner")
        says(page, "1 of 1")
        page.run(ROOMS_SEEN)
        never_comes(ghost, cohort, students, "Ghost")
        said = page.until("const found = document.body.innerText.match(/Your partner did not appear|You did not appear/); return found && found[0]",
                          "the end of the match")
        if said == "You did not appear":
            return False
        check(page.run("return window.views.has('room')"), "the room of the match")
        page.until("return window.spar.app.view === 'group'", "the queue again")
        no_errors(page)
        return True


def links_to_copy(page, students, coaches):
    """Without that which was withdrawn; and what becomes of a copy is said."""
    page.until("return [...document.querySelectorAll('.g-made input')].map((one) => one.value).join(' ') === arguments[0]",
               "links that still open something", f"{students} {coaches}")
    page.run("navigator.clipboard.writeText = async () => { throw new Error('no') }")
    press(page, "Copy", "document.querySelector('.g-made')")
    says(page, "does not let the page copy")
    page.run("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    press(page, "Copy", "document.querySelector('.g-made')")
    says(page, "Copied")
    equal(page.run("return window.copied"), students, "what was copied")


def test_cohort():
    """A cohort founded by the host link in a browser; links, who asks, suspending, reports, sessions and files."""
    need_browser()
    with Stage(options=BUSY) as stage, Browser() as page:
        page.open(stage.server.link)
        page.enter("Cleo")
        page.until("return window.spar.app.pill.word === 'live'", "the connection")
        press(page, "New cohort")
        fill(page, "#g-cohort", "Evening <4>")
        submit(page, "#g-cohort")
        says(page, "Copy these links now")
        students, coaches = page.run("return [...document.querySelectorAll('.g-made input')].map((one) => one.value)")
        check("#students." in students and "#coaches." in coaches, [students, coaches])
        equal(page.run("return location.href"), coaches, "the page's own address is the coaches' link")
        says(page, "Evening <4>")
        page.until("const box = document.querySelector('#g-link-asks'); if (box) box.click(); return !!box", "the form for a link")
        press(page, "New link")
        page.until("return document.querySelectorAll('.g-made').length === 3", "a link that asks")
        asks = page.run("return document.querySelectorAll('.g-made input')[2].value")
        asker = stage.pair(asks, "Olga")
        says(page, "Olga asks to be let in")
        says(page, "asks to be let in", "the member in the list")
        shot(page, "cohort")
        equal(page.run("return document.querySelector('#g-offer').getBoundingClientRect().height >= 43"), True, "a file is chosen with a thumb")
        press(page, "Let in")
        page.until("return [...document.querySelectorAll('.g-list li')].some((row) => row.innerText.includes('Olga') && !row.innerText.includes('asks to be'))", "let in")
        asker.kill()
        asker = stage.pair(asks, "Olga")
        asker.find(lambda line: line.get("queue", {}).get("place") == 1, "Olga in the queue")
        press(page, "Look again")
        page.until("return document.querySelector('[aria-label=\"Who waits\"]').innerText.includes('Olga')", "who waits")
        press(page, "Suspend")
        says(page, "Suspend them?")
        press(page, "Yes")
        says(page, "suspended")
        asker.over(3, "suspended")
        press(page, "Withdraw", "document.querySelectorAll('.g-list li')[0]")
        says(page, "Withdraw it?")
        says(page, "Nobody who came by it is in now")
        press(page, "No")
        press(page, "Withdraw", "document.querySelectorAll('.g-list li')[1]")
        says(page, "cuts off at once: Cleo")
        press(page, "No")
        press(page, "Withdraw", "document.querySelectorAll('.g-list li')[2]")
        press(page, "Yes", "document.querySelectorAll('.g-list li')[2]")
        says(page, "withdrawn")
        links_to_copy(page, students, coaches)
        # A call elsewhere: its host is shown to a student, it opens when pressed; taken away.
        fill(page, "#g-call", "http://no.example/")
        submit(page, "#g-call")
        says(page, "no https link")
        fill(page, "#g-call", "https://meet.example.org/room?x=1")
        submit(page, "#g-call")
        says(page, "Call: meet.example.org")
        with Browser((390, 780)) as student:
            student.open(students)
            student.enter("Tara")
            says(student, "Call: meet.example.org")
            equal(student.run("const link = document.querySelector('.g-call a'); return [link.href, link.target, link.rel]"),
                  ["https://meet.example.org/room?x=1", "_blank", "noopener noreferrer"], "the link")
            page.until("return document.querySelectorAll('.g-call a').length > 0", "the coach's own")
            press(page, "Take it away")
            press(page, "Yes", "document.querySelector('[aria-label=Call]')")
            student.until("return !document.querySelector('.g-call')", "the call taken away on the student's page")
        # A room of the cohort, reported; the list of sessions, its recording, and a file replayed.
        host = stage.batch(["host", "--cohort", students], "Robin")
        room = host.link("candidate").split("/")[3].split("#")[0]
        sasha = stage.join(host.link("candidate"), "Sasha")
        host.do("clock.start")
        host.do("talk.say", text="Hello there")
        host.event(do="talk.say")
        stage.spar("cohort", "tell", room, "Too <loud>", "--cohort", students, name="Robin", code=0)
        says(page, "Too <loud>")
        shot(page, "cohort-reports")
        host.do("clock.finish")
        host.do("debrief.open")
        host.event(do="debrief.open")
        press(page, "Sessions")
        says(page, "in the debrief")
        shot(page, "sessions")
        page.run("window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return 'blob:x' }")
        press(page, "Save the recording", "document.querySelector('.g-list')")
        page.until("return window.saved.length === 1", "the recording as a file")
        press(page, "Report", "document.querySelector('.g-list')")
        page.until("return window.saved.length === 2", "the report as a file")
        report = page.driver.execute_async_script("window.saved[1].text().then(arguments[0])")
        check("Click-stream for dashboards" in report, report[:200])
        press(page, "Replay", "document.querySelector('.g-list')")
        page.until("return !!window.spar.app.replay && document.querySelector('input[type=range]')", "the replay")
        press(page, "Back to the room")
        says(page, "Sessions")
        # The saved file, given back: here, and where no server's link is at hand.
        give_file(page, "#g-file", "window.saved[0]")
        page.until("return !!window.spar.app.replay", "the replay of a file")
        press(page, "Back to the room")
        give_file(page, "#g-file", "'no recording'")
        page.until("return document.querySelector('.g-note').innerText !== ''", "a sentence for a file that is no recording")
        for one in (host, sasha):
            one.end()
        no_errors(page)


def test_files():
    """A pack of one's own and a recording, as files; the second without any link."""
    need_browser()
    with Stage(options=BUSY) as stage, Browser() as page:
        stage.spar("pack", "build", os.path.join(SOURCE, "contrib", "packs", "click-stream.yaml"), "--out", stage.path(""), code=0)
        pack = stage.path("click-stream.pack")
        page.open(stage.server.link)
        page.enter("Robin")
        page.run("window.bytes = Uint8Array.from(arguments[0].match(/../g), (pair) => parseInt(pair, 16))", open(pack, "rb").read().hex())
        give_file(page, "input[type=file]", "window.bytes.slice(0, 2000)")
        says(page, "The pack was not accepted")
        chosen = "return document.querySelector('input[type=file]').files.length"
        equal(page.run(chosen), 0, "files that are still chosen: what would be opened is a prompt of the list")
        give_file(page, "input[type=file]", "new Uint8Array(200000)")
        says(page, "too large for a pack")
        equal(page.run(chosen), 0, "files that are still chosen")
        give_file(page, "input[type=file]", "window.bytes")
        page.until("return document.querySelector('.door [role=status]').innerText.includes('Click-stream for dashboards')", "the pack taken")
        press(page, "Open the room")
        page.until("return window.spar.app.state && window.spar.app.state.stage === 'lobby' && window.spar.app.pack.facts.length > 3", "a room under that pack, with the panel's part")
        host = page.run("return window.spar.app.links[0].link")
        sasha = stage.join(host, "Sasha")
        sasha.event(do="seat.join")
        sasha.end()
        # Fetched by the terminal, replayed in a page that was given no link.
        other = stage.host("Kim")
        other.do("clock.start")
        other.do("clock.finish")
        other.event(do="clock.finish")
        recording = stage.path("room.spar")
        stage.spar("fetch", other.link("candidate"), "--identity", stage.path("Kim.pem"), "--out", recording, name="Kim", code=0)
        page.open("https://" + stage.server.listen + "/")
        page.until("return !!document.querySelector('#g-file')", "the field for a recording")
        page.run("window.bytes = Uint8Array.from(arguments[0].match(/../g), (pair) => parseInt(pair, 16))", open(recording, "rb").read().hex())
        give_file(page, "#g-file", "window.bytes")
        page.until("return !!window.spar.app.replay && !!window.spar.app.state", "the replay")
        press(page, "Back to the room")
        page.until("return !!document.querySelector('#g-file')", "the page as it was")
        no_errors(page)


ROOMS, RATE, SECONDS = 100, 5, 8
FRAME_MS = 16.0
DRAWINGS_MIN = 4  # of a second that counts: the wall is drawn so often even when nothing happens


def at_part(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def run_rooms(stage, cohort, students):
    """A hundred running rooms of one student's, who sits in all of them."""
    busy = stage.connection(students, "Busy")
    busy.send("enter", id=1, cohort=cohort, secret=students.split("#students.")[1][:22], name="Busy")
    busy.expect("entered")
    busy.send("shelf", id=2, cohort=cohort)
    shelf = busy.expect("shelved")["pack"]
    busy.expect("end")
    rooms = []
    for number in range(ROOMS):
        busy.send("host", id=10 + number, cohort=cohort, shelf=shelf, name=f"Host{number}")
        hosted = busy.expect("hosted")
        busy.send("join", room=hosted["room"], secret=hosted["interviewer"], name=f"Host{number}")
        busy.expect("joined")
        busy.send("command", room=hosted["room"], id=1, do="clock.start", made=0)
        rooms.append(hosted["room"])
    return busy, rooms


def keep_busy(busy, rooms, items):
    """RATE marks a second in each room, for SECONDS; how many a second it came to."""
    began, sent = time.monotonic(), 0
    for turn in range(RATE * SECONDS):
        for room in rooms:
            busy.send("command", room=room, id=2 + turn, do="mark.set", item=items[turn % len(items)], mark=2 - turn // len(items) % 2, made=0)
            sent += 1
        while time.monotonic() < began + (turn + 1) / RATE:  # what comes back is read until the next turn
            try:
                busy.receive(max(0.0, began + (turn + 1) / RATE - time.monotonic()))
            except TimeoutError:
                break
    return sent / (time.monotonic() - began)


# How many times its fastest a fixed piece of work of about a millisecond takes at p95.
STALLS = """const times = []; for (let i = 0; i < 300; i++) { const began = performance.now(); let sum = 0;
    for (let k = 0; k < 400000; k++) sum = (sum * 31 + k) | 0; times.push(performance.now() - began + sum % 1); }
    times.sort((a, b) => a - b); return times[Math.floor(times.length * 0.95)] / Math.max(times[15], 0.1);"""


def test_hundred_rooms():
    """The wall of 100 rooms at 5 events a second each: what a drawing costs in scripting. The p95 of a second is within a
    frame, in the middle one of the seconds. Where the machine does other things too, the same work takes now and
    then several times as long: how many times, a fixed piece of work in the same page tells, before and behind."""
    need_browser()
    with Stage(options=BUSY) as stage, Browser((1280, 800)) as page:
        cohort, students, coaches = stage.cohort("A hundred")
        busy, rooms = run_rooms(stage, cohort, students)
        page.open(coaches)
        page.enter("Cleo")
        page.until("return document.querySelectorAll('[data-room]').length === arguments[0]", "all rooms on the wall", ROOMS)
        page.until("return window.spar.app.wall.state(window.spar.app.link.clock.now(), true).rooms.every((one) => one.live && one.stage === 'running')", "all running")
        room = page.run("return window.spar.app.wall.find(arguments[0]).pack().items.map((item) => item.id)", rooms[0])
        page.run("""window.costs = []; const ask = window.requestAnimationFrame.bind(window);
            window.requestAnimationFrame = (call) => ask((at) => { const began = performance.now(); call(at);
                window.costs.push([began, performance.now() - began]); });""")
        stalls = [page.run(STALLS)]
        rate = keep_busy(busy, rooms, room[:20])
        stalls.append(page.run(STALLS))
        drawings = page.run("return window.costs")
        costs = [cost for _, cost in drawings]
        seconds = {}
        for began, cost in drawings:
            seconds.setdefault(int(began // 1000), []).append(cost)
        middle = at_part([at_part(one, 0.95) for one in seconds.values() if len(one) >= DRAWINGS_MIN], 0.5)
        print(f"  100 rooms, {rate:.0f} events a second: {len(costs)} drawings, p50 {at_part(costs, 0.5):.1f} ms, p95 {at_part(costs, 0.95):.1f} ms, "
              f"p95 of the middle second {middle:.1f} ms")
        check(middle < FRAME_MS * max(1, *stalls), f"a drawing of the wall costs {middle:.1f} ms at p95, in the middle one of "
              f"{len(seconds)} seconds; a fixed piece of work at p95 {stalls} times its fastest")
        shot(page, "hundred")
        busy.close()
        no_errors(page)


if __name__ == "__main__":
    main(globals())
