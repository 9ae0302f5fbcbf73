# SPDX-License-Identifier: ISC
"""Purpose: what a group does together, in the page: its next evening set, said yes to, put into a calendar and called
off; a prompt of its own; and all its recordings, saved and summed up."""

import base64
import io
import json
import os
import zipfile

from browser import SOURCE, Browser, WEB_OPTIONS, need_browser
from support import Stage, check, equal, main
from test_group import fill, give_file, no_errors, press, says, shot, submit

SAVED = "window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return 'blob:x' }"


def saved(page, which):
    """The bytes of a file that the page gave to its person."""
    page.until("return window.saved.length > arguments[0]", "the file", which)
    return base64.b64decode(page.driver.execute_async_script("""const done = arguments[arguments.length - 1];
        window.saved[arguments[0]].arrayBuffer().then((bytes) => done(btoa(String.fromCharCode(...new Uint8Array(bytes)))))""", which))


def in_zone(name, does):
    """What somebody at a terminal there gets."""
    before = os.environ["TZ"]
    os.environ["TZ"] = name
    try:
        return does()
    finally:
        os.environ["TZ"] = before


def letter(page, key):
    page.run("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true}))", key)


def test_evening():
    with Stage(options=WEB_OPTIONS) as stage, Browser() as coach, Browser() as student:
        _, students, coaches = stage.cohort("Thursdays, \u00e9t\u00e9")
        coach.zone("Europe/Berlin")
        student.zone("Asia/Kathmandu")
        coach.open(coaches)
        coach.enter("Cora")
        press(coach, "Links and members")
        says(coach, "No evening is set.")
        says(coach, "Times in CE")
        fill(coach, "#g-when", "2001-01-01T19:00")
        submit(coach, "#g-when")
        says(coach, "Choose a moment to come.")
        fill(coach, "#g-when", "2096-12-03T19:00")
        fill(coach, "#g-length", "90")
        fill(coach, "#g-about", "Pipelines; <b>late</b> events, and cost")
        student.open(students)
        student.enter("Sasha")
        student.until("return document.querySelector('.g-place') !== null", "the queue")
        submit(coach, "#g-when")
        for page in (coach, student):
            says(page, "<b>late</b> events")
            says(page, "December 3, 2096")
        check("07:00 PM" in coach.text() and "11:45 PM +0545" in student.text(), "each in their own zone")
        equal(student.text().count("+0545"), 1, "how often the zone is named")
        check(coach.text().count(" CET") + coach.text().count(" CEST") in (1, 2), "the zone, and that of the evening if it is another then")
        says(student, "You have not said whether you come.")
        letter(student, "e")
        says(coach, "1 comes: Sasha")
        says(student, "An odd number")
        shot(coach, "evening-coach")
        shot(student, "evening-student")
        student.run(SAVED)
        press(student, "For the calendar")
        lines = saved(student, 0).decode().split("\r\n")
        check(all(len(line.encode()) <= 75 for line in lines), f"a line is too long: {lines}")
        whole = "\n".join(lines).replace("\n ", "")
        check("SUMMARY:Mock interviews: Thursdays\\, \u00e9t\u00e9" in whole and "DESCRIPTION:Pipelines\\; <b>late</b> events\\, and cost" in whole, whole)
        path = stage.path("evening.ics")
        stage.spar("cohort", "evening", "--cohort", coaches, "--ics", path, name="Kim", code=0)
        with open(path, encoding="utf-8", newline="") as file:
            terminal = [line for line in file.read().split("\r\n") if not line.startswith("DTSTAMP")]
        equal([line for line in lines if not line.startswith("DTSTAMP")], terminal, "the calendar's file, as the terminal writes it")
        press(student, "I do not come")
        says(coach, "0 come")
        press(coach, "Call it off")
        press(coach, "Yes")
        says(coach, "No evening is set.")
        student.until("return document.querySelector('.g-next') === null", "the evening gone")
        no_errors(coach)
        no_errors(student)


def test_own_prompt():
    with Stage(options=WEB_OPTIONS) as stage, Browser() as coach:
        _, _, coaches = stage.cohort("Prompts")
        source = os.path.join(SOURCE, "contrib", "packs", "click-stream.yaml")
        with open(source, encoding="utf-8") as file:
            own = file.read().replace("id: click-stream", "id: our-own", 1)
        for name in os.listdir(os.path.dirname(source)):
            with open(os.path.join(os.path.dirname(source), name), "rb") as file, open(stage.path(name), "wb") as copy:
                copy.write(file.read())
        with open(stage.path("our-own.yaml"), "w", encoding="utf-8") as file:
            file.write(own)
        stage.spar("pack", "build", stage.path("our-own.yaml"), "--out", stage.path(""), code=0)
        with open(stage.path("our-own.pack"), "rb") as file:
            pack = file.read()
        coach.open(coaches)
        coach.enter("Cora")
        press(coach, "Links and members")
        coach.until("return !!document.querySelector('#g-offer')", "where it is given")
        give_file(coach, "#g-offer", f"new Blob([Uint8Array.from({json.dumps(list(pack))})])")
        says(coach, "The cohort has it now:")
        says(coach, "our-own")
        give_file(coach, "#g-offer", "new Blob(['no pack'])")
        coach.until("return document.querySelector('.g-note')?.innerText", "what is wrong with a file that is no pack")
        no_errors(coach)


def test_all_recordings():
    with Stage(options=WEB_OPTIONS) as stage, Browser() as coach:
        _, students, coaches = stage.cohort("Sums")
        coach.zone("Asia/Kathmandu")
        rooms = []
        for number in range(2):
            host = stage.batch(["host", "--cohort", students], f"Robin{number}")
            candidate = stage.batch(["join", host.link("candidate")], f"Sasha{number}")
            host.event(do="seat.join", role="candidate")
            for do in ("clock.start", "clock.finish", "room.close"):
                host.do(do)
                host.event(do=do)
            rooms.append(host.link("candidate").rsplit("/", 1)[1].split("#")[0])
            host.end()
            candidate.end()
        coach.open(coaches)
        coach.enter("Cora")
        press(coach, "Sessions")
        coach.run(SAVED)
        press(coach, "Save all recordings")
        with zipfile.ZipFile(io.BytesIO(saved(coach, 0))) as archive:
            equal(archive.testzip(), None, "a file of the archive that is damaged")
            equal(sorted(archive.namelist()), sorted(f"{room}.spar" for room in rooms), "its files")
            for name in archive.namelist():
                with open(stage.path(name), "wb") as file:
                    file.write(archive.read(name))
        os.makedirs(stage.path("all"))
        stage.spar("cohort", "export", stage.path("all"), "--cohort", coaches, name="Kim", code=0)
        shot(coach, "sessions-all")
        for which, (button, form) in enumerate((("Report of all", "html"), ("as CSV", "csv")), 1):
            press(coach, button)
            terminal = in_zone("Asia/Kathmandu", lambda: stage.spar("cohort", "report", stage.path("all"), "--format", form, "--cohort", coaches, name="Kim", code=0).stdout)
            equal(saved(coach, which).decode().replace("\r\n", "\n"), terminal, f"the report as {form}")
        no_errors(coach)


if __name__ == "__main__":
    need_browser()
    main({name: value for name, value in globals().items() if name in ("test_evening", "test_own_prompt", "test_all_recordings")})
