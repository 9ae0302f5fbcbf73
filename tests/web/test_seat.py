# SPDX-License-Identifier: ISC
"""Purpose: what a seat does in the terminal, done in the page: preparing, plans, hands, notes of every kind, flags, what
is suggested, a coach's sealed sheet, the candidate's own sheet, and verdicts that open together with their evidence."""

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main

LETTERS = "acefghijklmrsuvyz"


def notes_and_hands(host, candidate, coach):
    candidate.key("!")
    coach.until("return document.body.innerText.includes('Sasha has a hand up')", "the hand on the coach's page")
    coach.key("!")
    candidate.until("return window.spar.app.state.seats.every((seat) => !seat.hand)", "the hand lowered by the coach")
    host.key("o")
    host.until("return document.querySelector('.writer select').value === 'note.mine'", "whose the note is")
    host.run("document.getElementById('line').dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab', bubbles: true, cancelable: true}))")
    host.until("return document.querySelector('.writer select').value === 'note.panel'", "Tab chooses for whom")
    host.say("for the panel")
    coach.until("return document.body.innerText.includes('for the panel')", "the note on the coach's page")
    host.key("o")
    host.say("for myself")
    host.until("return window.spar.app.lines.some((line) => line.text === 'for myself')", "one's own note")
    host.key("t")
    host.say("for all")
    for page in (candidate, coach):
        page.until("return window.spar.app.lines.some((line) => line.text === 'for all')", "what was said to all")
        equal(page.run("return window.spar.app.lines.some((line) => line.text === 'for myself')"), False, "another's note")
    equal(candidate.run("return window.spar.app.lines.length"), 1, "lines that the candidate has")


def suggestions_and_flags(host, coach):
    host.click(".look .btn:last-child")
    host.key("ArrowRight")
    host.until("return document.querySelector('.p-rubric .look').innerText.includes('Design')", "another phase in view")
    host.key("a")
    host.until("return window.spar.app.clock.suggested.length === 1", "a suggestion: Design before three questions")
    check("before three questions" in host.text(), "it says why")
    host.key(".")
    host.until("return window.spar.app.state.flags.some((flag) => flag.on) && window.spar.app.clock.suggested.length === 0",
               "the suggestion taken becomes a flag")
    host.key("x")
    host.until("return !!document.querySelector('.p-flags.front .flagged')", "the flags in front")
    which = host.run("return [...document.querySelectorAll('.p-flags .item')].findIndex((row) => row.closest('.flagged'))")
    host.key(LETTERS[which])
    host.until("return window.spar.app.state.flags.every((flag) => !flag.on)", "the flag withdrawn by its letter")
    host.front("Rubric")
    coach.front("Rubric")
    for _ in range(2):  # to the phase that the interviewer looks at
        coach.click(".p-rubric .look .btn:last-child")
    coach.until("return document.querySelector('.p-rubric .look').innerText.includes('Design')", "the same phase in the coach's view")
    check("of yours" not in host.run("return window.spar.app.notice"), "nothing is said of one's own changes")
    coach.click(".p-rubric .t")
    host.until("return document.body.innerText.includes('Cleo changed a mark of yours: Sketch')", "who overwrites a mark is shown")
    for mark in (0, 2):  # and back to what it was
        host.click(".p-rubric .t")
        host.until("return window.spar.app.state.sheets.some((sheet) => sheet.marks.some(([is, by, , n]) => n && !by && is === arguments[0]))", "the own mark again", mark)
    coach.key("d")
    coach.until("return window.spar.app.state.sealed && document.body.innerText.includes('My sealed sheet')", "the sealed sheet")
    coach.key("a")
    coach.until("return window.spar.app.state.sheets.some((sheet) => sheet.owner === window.spar.app.state.seat)", "a sealed mark")
    equal(host.state("sheets.length"), 1, "sheets that the interviewer sees")


def own_sheet(host, candidate):
    host.key("N")
    host.press("Yes")
    host.until("return window.spar.app.state.stage === 'finished'", "the finish")
    host.pictures("finished")
    host.until("return document.querySelector('.ctlk').textContent.includes('Take it back')", "the finish drawn")
    host.key("b", "y")
    candidate.until("return ['running', 'paused'].includes(window.spar.app.state.stage)", "the finish taken back")
    host.until("return document.querySelector('.ctlk').textContent.includes('Scope')", "the clock's keys again")
    host.key("N", "y")
    host.until("return document.querySelector('.ctlk').textContent.includes('Open the own sheet')", "the finish again")
    host.key("p")
    candidate.until("return [...document.querySelectorAll('.tabs button')].some((one) => one.textContent === 'My sheet')", "the own sheet")
    candidate.front("My sheet")
    candidate.click(".p-rubric .t")
    candidate.pictures("own-sheet")
    host.front("People")
    host.until("return document.body.innerText.includes('own sheet: 1 of')", "how far the own sheet is")


def choose(page, name, value):
    page.click(f"input[name={name}][value='{value}']")


def verdicts(host, candidate, coach):
    host.sure("Open the debrief")
    for page in (host, candidate, coach):
        page.until("return window.spar.app.state.stage === 'debrief' && !!document.querySelector('.sheets')", "the debrief")
    host.until("return window.spar.app.state.sheets.length === 3", "sheets side by side")
    host.until("return document.querySelectorAll('.sheets .diff').length > 0", "lines that differ are shown")
    host.press("Hand it in")
    host.until("return document.body.innerText.includes('Say first what you recommend')", "what is missing")
    choose(host, "recommend", 2)
    choose(host, "level", 2)
    choose(host, "score1", 3)
    host.run("const { pack, state } = window.spar.app; const sheet = state.sheets.find(({ owner }) => owner > 200);"
             "const { competency } = pack.items.find((_, i) => sheet.marks[i][0] === 2);"
             "const at = pack.competencies.findIndex(({ id }) => id === competency);"
             "document.querySelectorAll('.comp')[at].querySelector('.btn').click()")
    host.until("return document.querySelectorAll('.comp .mom').length === 1", "evidence")
    host.press("Take what the marks propose")
    host.until("return [...document.querySelectorAll('.verdict textarea')].some((one) => one.value !== '')", "what the marks propose")
    host.pictures("verdict")
    host.sure("Hand it in")
    host.until("return window.spar.app.state.seats[window.spar.app.state.seat].given", "handed in")
    equal(candidate.state("verdicts.length"), 0, "verdicts of others before all are in")
    candidate.front("Rating")
    choose(candidate, "rating0", 4)
    candidate.pictures("rating")
    candidate.sure("Hand it in")
    choose(coach, "recommend", 1)
    choose(coach, "level", 1)
    coach.sure("Hand it in")
    for page in (host, candidate, coach):
        page.until("return window.spar.app.state.verdicts_open && document.querySelectorAll('.opened').length === 3", "all verdicts open")
    check("Yes, for Senior" in host.text() and "No, for Mid" in host.text() and "4 of 4" in host.text(), host.text())
    candidate.pictures("verdicts-open")
    at = candidate.run("return window.spar.app.state.verdicts.flatMap((one) => one.scores).find(([, at]) => at)[1]")
    candidate.click(".opened .mom")
    candidate.until("return window.spar.app.replay && window.spar.app.replay.at === arguments[0]", "the replay at the evidence", at)
    candidate.press("Back to the room")


def test_seat():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser() as host, Browser((390, 780)) as candidate, Browser() as coach:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        coach.sit(links[1], "Cleo", "coach")
        host.until("return ['in the order in which they are likely to be asked for', '50,000 events'].every((one) => document.body.innerText.includes(one))", "the preparing view")
        check("50,000 events" not in candidate.text(), "the candidate has none of it")
        host.key("2")
        host.until("return window.spar.app.state.plan === 1", "another plan")
        host.key("%")
        host.until("return window.spar.app.state.extra === 25", "more time")
        host.key("n")
        host.until("return document.body.innerText.includes('Start the interview?')", "it asks")
        host.key("Escape")
        equal(host.state("stage"), "lobby", "no means no")
        host.key("n", "y")
        for page in (host, candidate, coach):
            page.running()
        notes_and_hands(host, candidate, coach)
        suggestions_and_flags(host, coach)
        host.key("p")
        candidate.until("return document.body.innerText.includes('paused for')", "the pause on the candidate's page")
        host.key("p")
        for page in (host, candidate):
            page.running()
        own_sheet(host, candidate)
        verdicts(host, candidate, coach)
        for page in (host, candidate, coach):
            equal(page.errors(), [], "errors on the console")


main(globals())
