# SPDX-License-Identifier: ISC
"""Purpose: seats that change hands by buttons, who drives the clock, and a seat's second screen: its code is read from
the picture by a program that reads codes, and what that says is opened in another browser, as a telephone would."""

import os
import shutil
import subprocess
import sys
import tempfile

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main


def read_code(page, place=".code .qr"):
    """What the code on the page says."""
    page.until("return !!document.querySelector(arguments[0])", "a code", place)
    with tempfile.NamedTemporaryFile(suffix=".png") as picture:
        page.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", place)
        picture.write(page.driver.find_element("css selector", place).screenshot_as_png)
        picture.flush()
        read = subprocess.run(["zbarimg", "-q", "--raw", picture.name], capture_output=True, text=True)
    return read.stdout.strip()


def people(page):
    page.front("People")
    page.until("return document.querySelector('.p-people.front') !== null", "who is here")


def test_second_screen():
    with Stage(options=WEB_OPTIONS) as stage:
        host = stage.host("Robin")
        with Browser() as laptop, Browser((400, 800)) as phone:
            laptop.sit(host.link("candidate"), "Sasha", "candidate")
            people(laptop)
            laptop.press("Show a code")
            laptop.until("return window.spar.app.screens.link !== ''", "the link for a screen")
            laptop.pictures("screen-code", sizes=((1280, 800), (360, 740)))
            link = read_code(laptop)
            equal(link, laptop.run("return window.spar.app.screens.link"), "what the code says")
            phone.open(link)
            phone.until("return window.spar.app.state && window.spar.app.state.role === 'candidate' && !!document.querySelector('.digits')", "the room on the telephone")
            check("Second screen of Sasha" in phone.text(), "it says what it is")
            laptop.until("return window.spar.app.screens.count === 1 && window.spar.app.screens.link === ''", "the laptop knows of it")
            host.do("clock.start")
            host.do("note.panel", text="of the panel alone")
            host.do("talk.say", text="to everybody")
            phone.until("return window.spar.app.state.stage === 'running' && window.spar.app.lines.some((line) => line.text === 'to everybody')", "what the seat sees")
            check("of the panel alone" not in phone.run("return JSON.stringify(window.spar.app.lines)"), "what the panel writes")
            laptop.until("return window.spar.app.state.n === arguments[0]", "the numbers of what both see", phone.state("n"))
            phone.pictures("screen-phone", sizes=((360, 740), (1280, 800)))
            nothing_goes_out(phone, laptop)
            only_what_works(phone, laptop)
            phone.driver.refresh()
            phone.until("return window.spar.app.state && window.spar.app.state.stage === 'running'", "the telephone again, by its key")
            with Browser() as thief:
                thief.open(link)
                thief.until("return document.body.innerText.includes('This code was used or is over')", "a code that was used")
            people(laptop)
            laptop.press("End it")
            laptop.press("Yes")
            phone.until("return document.body.innerText.includes('This screen was ended')", "its end")
            equal((laptop.errors(), phone.errors()), ([], []), "errors in the consoles")
        host.end()


def nothing_goes_out(phone, laptop):
    """It has no line to write in, its buttons say why not, and what it sends by other ways is refused."""
    check(not phone.run("return !!document.getElementById('line')"), "a line to write in")
    phone.key("!", "t", "T", "n", "p", "a")
    phone.run("""const { app } = window.spar; app.link.send(app.core.encode({ m: 'command', room: app.parts.room, id: 1, do: 'talk.say', text: 'no' }));""")
    phone.until("return window.spar.app.notice.includes('only shows')", "the refusal")
    equal(laptop.run("return window.spar.app.lines.filter((line) => line.text === 'no').length"), 0, "what it said")
    equal(laptop.state("seats[1].hand"), False, "whether it raised a hand")


def only_what_works(phone, laptop):
    """The list of keys names those that do something there, and no others."""
    for page in (phone, laptop):
        page.key("?")
        page.until("return !!document.querySelector('.help')", "the list of keys")
    caps = "return [...document.querySelectorAll('.help kbd')].map((one) => one.textContent)"
    shows, writes = phone.run(caps), laptop.run(caps)
    check({"$", "Space", "!", "t o", "T", "A\u2013Z"} <= set(writes), writes)
    check(not {"n b", "P", "x", "w", "d", ". ,"} & set(writes), f"keys of others: {writes}")
    equal(shows, ["F6", "\u2191 \u2193", "\u2190 \u2192", "B |", "D", "@", "Esc", "Esc"], "keys of a screen that only shows")
    for page in (phone, laptop):
        page.key("Escape")


def test_codes():
    """Codes of all lengths, read by another program; one that is too long is none."""
    with Stage(options=WEB_OPTIONS) as stage, Browser() as page, tempfile.TemporaryDirectory() as folder:
        page.open("https://" + stage.server.listen + "/")
        made = page.driver.execute_async_script("""const done = arguments[arguments.length - 1];
            import('/app/qr.js').then(({ qr }) => done([1, 17, 18, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 459].map((length) => {
                const text = Array.from({ length }, (_, i) => 'abcXYZ019-_.#/:'[(i * i + 7 * i + length) % 15]).join('');
                const rows = qr(text);
                return [text, rows && rows.map((row) => row.map(Number))];
            })));""")
        for text, rows in made[:-1]:
            path = os.path.join(folder, f"{len(text)}.pbm")
            size = 4 * (len(rows) + 8)
            with open(path, "w", encoding="ascii") as out:
                out.write(f"P1\n{size} {size}\n")
                for y in range(size):
                    cells = [rows[y // 4 - 4][x // 4 - 4] if 0 <= y // 4 - 4 < len(rows) and 0 <= x // 4 - 4 < len(rows) else 0 for x in range(size)]
                    out.write(" ".join(map(str, cells)) + "\n")
            read = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True).stdout
            equal(read.rstrip("\n"), text, f"a code of {len(text)} bytes")
        equal(made[-1][1], None, "a text that is too long")


def test_seats():
    """Moved, put out, and the clock handed over: each asks first, and the new link works."""
    with Stage(options=WEB_OPTIONS) as stage:
        with Browser() as robin, Browser() as sasha, Browser() as sam:
            links = robin.open_room(stage.server.link, "Robin", "Click-stream")
            sasha.sit(links[0], "Sasha", "candidate")
            people(robin)
            robin.press("interviewer")
            robin.until("return window.spar.app.links.length === 3", "one more link")
            sam.sit(robin.run("return window.spar.app.links[2].link"), "Sam", "interviewer")
            robin.until("return window.spar.app.state.seats.length === 3", "the second interviewer")
            drives(robin, sam)
            moves(robin, sasha)
            people(robin)
            change(robin, "Sam")
            robin.press("Put out")
            robin.until("return document.querySelector('.asking')?.innerText.includes('Put Sam out?')", "the question")
            robin.press("No")
            equal(robin.state("seats[2].hold"), 0, "the seat after a no")
            robin.press("Put out")
            robin.press("Yes")
            sam.until("return document.body.innerText.includes('put you out')", "why it ended")
            robin.until("return document.querySelector('.p-people')?.innerText.includes('put out')", "what became of the seat")
            equal((robin.errors(), sasha.errors()), ([], []), "errors in the consoles")


def change(page, name):
    page.until("const row = [...document.querySelectorAll('.who')].find((one) => one.innerText.includes(arguments[0])), open = row?.querySelector('button[aria-expanded=false]');"
               "open?.click(); return !!open", f"the seat of {name}", name)
    page.until("return !!document.querySelector('.seat')", "what can be done")


def drives(robin, sam):
    change(robin, "Sam")
    robin.pictures("seat-change", sizes=((1280, 800), (360, 740)))
    robin.press("Give the clock")
    robin.press("Yes")
    robin.until("return document.querySelector('.ctlk')?.innerText.includes('Sam drives the clock')", "who drives")
    sam.press("Start")
    sam.press("Yes")
    robin.running()
    robin.key("n")
    robin.key("P")
    robin.press("Yes")
    robin.until("return window.spar.app.state.driver === window.spar.app.state.seat && !document.querySelector('.ctlk')?.innerText.includes('drives')", "the clock taken over by its key")
    equal(robin.state("clock.phase"), 0, "the phase after a key of somebody who did not drive")


def moves(robin, sasha):
    people(robin)
    change(robin, "Sasha")
    robin.press("To a new link")
    robin.until("return document.querySelector('.asking')?.innerText.includes('cut off')", "the question says who is cut off")
    robin.press("Yes")
    sasha.until("return document.body.innerText.includes('moved to a new link')", "why it ended")
    robin.until("return window.spar.app.links.some((one) => one.seat === 1) && document.querySelector('.p-people')?.innerText.includes('moved to a link that waits')", "the seat waits")
    robin.until("const link = [...document.querySelectorAll('.link')].find((one) => one.innerText.includes('for the seat of Sasha'));"
                "link?.querySelectorAll('button')[1].click(); return !!link", "the seat's link")
    code = read_code(robin)
    equal(code, robin.run("return window.spar.app.links.find((one) => one.seat === 1).link"), "what the code says")
    robin.key("Escape")
    robin.until("return !document.querySelector('.code')", "the code closed")
    robin.pictures("seat-moved", sizes=((1280, 800), (360, 740)))
    sasha.open("about:blank")
    sasha.open(code)
    sasha.enter("Kim")
    robin.until("return window.spar.app.state.seats[1].hold === 0 && window.spar.app.state.seats[1].here && window.spar.app.state.seats[1].name === 'Kim'", "the seat taken by the new link")
    sasha.driver.refresh()
    sasha.run("localStorage.setItem('spar.name', 'Another')")
    sasha.driver.refresh()
    sasha.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
    sasha.press("Go into the room")
    sasha.until("return window.spar.app.state && window.spar.app.state.seats[1].session > 2", "the seat again")
    equal(sasha.state("seats[1].name"), "Kim", "a name that nobody has typed")


if __name__ == "__main__":
    need_browser()
    if not shutil.which("zbarimg"):
        print("no zbarimg (contrib/packages.txt)")
        sys.exit(77)
    main(globals())
