# SPDX-License-Identifier: ISC
"""Purpose: no barriers: every view under axe in light and dark, wide and narrow; an interview by the keyboard alone;
what a screen reader is told by itself; reduced motion; 200 % zoom; nothing wider than the screen."""

import os
import re
import sys

import axe
from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main

SQUEEZED = """return [...document.querySelectorAll('.g-page > .pane > .body')].filter((one) => one.scrollHeight > one.clientHeight + 1)
    .map((one) => one.parentElement.innerText.slice(0, 30))"""
THIN = """return [...document.querySelectorAll('span, p, b, button, label, small')].filter((one) => { const box = one.getBoundingClientRect();
    return one.checkVisibility() && one.textContent.trim().length > 4 && box.width > 2 && box.width < 40 && box.height > 70; }).map((one) => one.textContent.slice(0, 40))"""
BROKEN = """const range = document.createRange(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const word = node.data.trim();
        if (!/^\\p{L}{3,14}$/u.test(word) || !node.parentElement.checkVisibility() || node.parentElement.closest('.vh, svg')) continue;
        range.selectNodeContents(node);
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(word);
    }
    return found"""
CUT = """const brush = document.createElement('canvas').getContext('2d'); return [...document.querySelectorAll('select')].filter((one) => one.checkVisibility()).map((one) => {
        const style = getComputedStyle(one); brush.font = style.font;
        const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
        return [one.selectedOptions[0]?.text || '', Math.round(brush.measureText(one.selectedOptions[0]?.text || '').width - room)]; })
    .filter(([text, over]) => text.length < 16 && over > 0)"""
PLACES = """const brush = document.createElement('canvas').getContext('2d'); return [...document.querySelectorAll('.writer .in')].filter((one) => one.checkVisibility()).filter((one) => {
    const style = getComputedStyle(one); brush.font = style.font;
    return brush.measureText(one.placeholder).width > one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1; }).map((one) => one.placeholder)"""
HANGS = """const dock = document.querySelector('.dock'), tabs = document.querySelector('.tabs'); if (!dock || !dock.checkVisibility()) return 0;
    const below = tabs && tabs.checkVisibility() ? tabs.getBoundingClientRect().top : innerHeight;
    return Math.abs(Math.round(below - dock.getBoundingClientRect().bottom))"""
BEYOND = """return [...document.querySelectorAll('.btools')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText)"""
NARROW, WIDE, ZOOMED = (360, 740), (1280, 800), (640, 400)


def fits(page, name):
    """At all sizes: nothing sticks out to the right; and what can be pressed with a thumb is large enough."""
    for width, height in (NARROW, ZOOMED, (768, 1024), WIDE, (2560, 1300)):
        page.resize(width, height)
        wide = page.run("return document.documentElement.scrollWidth - innerWidth")
        check(wide <= 0, f"{name} at {width} px is {wide} px too wide")
        equal(page.run(SQUEEZED), [], f"cards of {name} at {width} px that are squeezed until they scroll, on a page that scrolls itself")
    page.resize(*NARROW)
    small = page.run("""return [...document.querySelectorAll('button, a.btn, select, input:not([type=radio]):not([type=range]):not([type=checkbox]) , label.opt, label.row:has([type=checkbox])')].filter(
        (node) => node.checkVisibility() && !node.closest('.skip') && !node.classList.contains('mom')).map(
        (node) => [node.textContent.trim().slice(0, 30) || node.id || node.type, node.getBoundingClientRect().height]).filter(([, high]) => high < 43)""")
    equal(small, [], f"targets of less than 44 px on {name}")
    equal(page.run(THIN), [], f"words in a column of letters on {name}")
    equal(page.run(BROKEN), [], f"words that are broken in two on {name}")
    equal(page.run(CUT), [], f"chosen words that are cut on {name}, and by how many px")
    equal(page.run(PLACES), [], f"what a line is for, cut on {name}")
    equal(page.run(BEYOND), [], f"tools that are out of sight on {name}")
    check(page.run(HANGS) <= 1, f"the dock of {name} hangs above what it should stand on")
    covered = page.run("""return [...document.querySelectorAll('.tabs button')].filter((node) => { const box = node.getBoundingClientRect();
        const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); return box.right < innerWidth && !node.contains(at); })
        .map((node) => node.textContent)""")
    equal(covered, [], f"tabs that something covers on {name}")


class Views:
    """Every view looked at: by axe, and at each size; with SPAR_SHOTS a person can look too."""

    def __init__(self, code):
        self.code, self.found = code, []

    def look(self, page, name):
        fits(page, name)
        for size in (NARROW, WIDE):
            page.resize(*size)
            if self.code:
                self.found += [f"{name} at {size[0]} px, {one}" for one in axe.findings(page, self.code)]
        page.resize(0, 0)
        page.pictures("view-" + re.sub(r"\W+", "-", name.lower()))


def reported(views, host, path):
    """The report as its file is opened, by somebody who has nothing else."""
    host.run("window.saved = []; URL.createObjectURL = (blob) => { window.saved.push(blob); return 'blob:x' }")
    host.press("Save the report")
    host.until("return window.saved.length === 1", "the report")
    with open(path, "w", encoding="utf-8") as file:
        file.write(host.driver.execute_async_script("window.saved[0].text().then(arguments[0])"))
    with Browser(WIDE) as reader:
        reader.open("file://" + path)
        reader.until("return document.body.innerText.includes('Sasha')", "the report in a browser")
        views.look(reader, "the report")


def test_views():
    need_browser()
    code, why = axe.source()
    views = Views(code)
    with Stage(options=WEB_OPTIONS) as stage, Browser(WIDE) as host, Browser(WIDE) as candidate:
        host.open("https://" + stage.server.listen + "/abcdefghijkl#candidate.short")
        host.until("return document.body.innerText.includes('not whole')", "a link without its end")
        views.look(host, "a link that is not whole")
        host.open(stage.server.link)
        host.until("return !!document.querySelector('input[autocomplete=name]')", "the door")
        views.look(host, "the door")
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        views.look(host, "the room before the start")
        views.look(candidate, "the candidate before the start")
        host.sure("Start")
        for page in (host, candidate):
            page.running()
        for kind in ("note.panel", "talk.say"):
            host.run("const who = document.querySelector('.writer select'); who.value = arguments[0]; who.dispatchEvent(new Event('change'))", kind)
            fits(host, "the room, " + kind)
        host.resize(0, 0)
        host.key("c", "E")
        host.key("w")
        host.say("Let the silence work")
        host.front("Facts")
        host.key("a", "a", "c")
        candidate.until("return window.spar.app.state.reveals.length === 1", "a fact")
        candidate.key("!")
        for pane in ("Rubric", "Facts", "Flags", "People", "Prepare", "Board", "Worksheet"):
            host.front(pane)
            views.look(host, "the interviewer, " + pane)
        for pane in ("Prompt", "What you know", "People", "Board", "Worksheet"):
            candidate.front(pane)
            views.look(candidate, "the candidate, " + pane)
        host.key("?")
        views.look(host, "the keys")
        host.key("Escape", "N")
        views.look(host, "a question")
        host.press("Yes")
        host.until("return window.spar.app.state.stage === 'finished'", "the finish")
        views.look(host, "the finish")
        host.sure("Open the debrief")
        for page in (host, candidate):
            page.until("return window.spar.app.state.stage === 'debrief' && !!document.querySelector('.sheets')", "the debrief")
        views.look(host, "the debrief")
        for pane in ("Points", "Verdict"):
            host.front(pane)
            views.look(host, "the debrief, " + pane)
        reported(views, host, stage.path("report.html"))
        candidate.front("Rating")
        views.look(candidate, "the rating")
        host.press("Replay")
        host.until("return !!window.spar.app.replay && !!document.querySelector('.reel')", "the replay")
        views.look(host, "the replay")
        stage.server.kill()
        candidate.until("return document.body.innerText.includes('again in')", "cut off")
        views.look(candidate, "cut off")
        stage.server.start()
    for one in views.found:
        sys.stdout.write(one + "\n")
    equal(len(views.found), 0, "what axe finds")
    if not code:
        sys.stdout.write(f"without axe: {why}\n")


# ---- by the keyboard alone ----

def real(page, *keys):
    """Keys as the browser itself gets them."""
    from selenium.webdriver import ActionChains
    for one in keys:
        ActionChains(page.driver).send_keys(one).perform()


def goes_to(page, pane):
    """The pane is in front, and the focus is in it, on what a screen reader calls by its name."""
    page.until("return document.querySelector('.pane.front h2').textContent === arguments[0] && document.activeElement.parentElement.classList.contains('front')"
               " && document.activeElement.getAttribute('aria-label') === arguments[0]", f"the pane {pane}, with the focus", pane)


def test_keyboard():
    need_browser()
    from selenium.webdriver.common.keys import Keys
    with Stage(options=WEB_OPTIONS) as stage, Browser(WIDE) as host:
        host.open(stage.server.link)
        host.until("return document.activeElement.autocomplete === 'name'", "the name has the focus")
        real(host, "Robin", Keys.ENTER)
        host.until("return document.querySelectorAll('option').length >= 7 && !!document.querySelector('.door .go:not([disabled])')", "the shelf")
        for _ in range(12):
            if host.run("return document.activeElement.textContent") == "Open the room":
                break
            real(host, Keys.TAB)
        real(host, Keys.ENTER)
        host.until("return window.spar.app.state && window.spar.app.state.stage === 'lobby' && !!document.querySelector('.clock')", "the room")
        real(host, "n")
        host.until("return !!document.querySelector('.asking')", "it asks")
        real(host, "y")
        host.until("return window.spar.app.state.stage === 'running' && !!document.querySelector('.p-rubric.front')", "the start")
        real(host, "a", "C")
        host.until("return window.spar.app.state.shown.filter(([mark]) => mark > 0).length === 2", "marks by letters")
        real(host, "t", "I am talking, and n is a letter here", Keys.ENTER, Keys.ESCAPE)
        host.until("return window.spar.app.lines.length === 1", "talk")
        equal(host.state("clock.phase"), 0, "letters that are typed move nothing")
        for pane in ("Prepare", "Board", "Worksheet", "Facts"):
            real(host, Keys.F6)
            goes_to(host, pane)
        real(host, "x")
        goes_to(host, "Flags")
        real(host, "@")
        goes_to(host, "People")
        host.front("Facts")
        real(host, "a", Keys.ENTER)
        host.until("return window.spar.app.state.reveals.length === 1", "a fact by letter and Enter")
        real(host, Keys.DOWN, Keys.DOWN)
        host.until("return document.activeElement.className === 't'", "the arrows go from line to line")
        before = host.run("return document.activeElement.textContent")
        host.until("return document.activeElement.textContent === arguments[0]", "the focus stays while the page redraws", before)
        real(host, "N", "y")
        host.until("return document.querySelector('.ctlk').textContent.includes('Open the debrief')", "the finish")
        real(host, "n", Keys.ENTER)
        host.until("return document.querySelector('.ctlk').textContent.includes('Close the room')", "the debrief")
        real(host, "D")
        goes_to(host, "Sheets")
        host.run("document.body.focus(); window.seen = new Set()")
        for _ in range(60):
            real(host, Keys.TAB)
            host.run("window.seen.add(document.activeElement.name || document.activeElement.textContent.slice(0, 20))")
        seen = host.run("return [...window.seen]")
        for wanted in ("To the work", "Replay", "recommend", "level", "score0", "Hand it in"):
            check(any(one.startswith(wanted) for one in seen), f"Tab comes to {wanted}: {seen}")
        real(host, "n", "y")
        host.until("return window.spar.app.state.stage === 'closed'", "the room closed")


# ---- what is told by itself ----

LIVE = """return [...document.querySelectorAll('[role=status], [role=alert], [role=log]')].map((node) => [node.getAttribute('role'), node.textContent])"""


def named(page):
    """What an assistive program has of the page: each name with its role, by the node's number. The lines that a text is
    broken into are the layout's."""
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return {one["nodeId"]: (one["role"]["value"], one["name"]["value"]) for one in nodes if not one["ignored"] and one.get("name", {}).get("value") and one["role"]["value"] != "InlineTextBox"}


DIGITS = "return [...document.querySelectorAll('.digits, .g-left')].map((one) => one.innerText).join()"
PAUSED_FOR = "return document.querySelector('.words').innerText"


def still(page, what, ticks=DIGITS):
    """While what ticks goes on by two seconds, nothing of what is read out changes: a screen reader asks the page about
    each change, and drops others where there are many. A minute that is over changes a few; it is looked at again."""
    for _ in range(3):
        before, begin = named(page), page.run(ticks)
        for _ in range(2):
            was = page.run(ticks)
            page.until(ticks + " !== arguments[0]", "a second by the clock", was)
        after = named(page)
        check(page.run(ticks) != begin, "the clock that is seen")
        changed = [(before.get(one), after.get(one)) for one in {**before, **after} if before.get(one) != after.get(one)]
        if not changed:
            return
    raise AssertionError(f"names that change while the clock ticks on {what}: {changed}")


def test_still():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser(WIDE) as host, Browser(NARROW) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        host.sure("Start")
        for page in (host, candidate):
            page.running()
        for page in (host, candidate):
            page.until("return window.spar.app.link.pings > 8", "the quick pings, whose round trips are told in the list of people")
        for pane in ("Rubric", "People", "Board"):
            host.front(pane)
            still(host, "the interviewer's page, " + pane)
        for pane in ("Prompt", "Board"):
            candidate.front(pane)
            still(candidate, "the candidate's page, " + pane)
        candidate.press("Think unseen")
        host.until("return document.body.innerText.includes('thinks unseen')", "that the candidate thinks unseen")
        still(host, "the interviewer's page while the candidate thinks unseen")
        still(candidate, "the page of who thinks unseen")
        host.key("p")
        candidate.until("return window.spar.app.state.stage === 'paused' && document.querySelector('.words').innerText.includes('paused for')", "the pause")
        still(candidate, "the candidate's page while it is paused", PAUSED_FOR)


def test_told():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Browser(WIDE) as host, Browser(NARROW) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        host.sure("Start")
        host.until("return document.querySelector('.clock > [role=status]').textContent.startsWith('Clarify, ')", "the phase is told")
        roles = [role for role, _ in host.run(LIVE)]
        check("log" in roles and "alert" in roles and "status" in roles, roles)
        for _ in range(4):
            host.press("−1")
        host.until("return document.querySelector('.clock > [role=status]').textContent.includes('one minute left')", "a minute is told")
        host.run("window.told = []; const region = document.querySelector('.dock [role=status]');"
                 "new MutationObserver(() => window.told.push(region.textContent)).observe(region, {childList: true, subtree: true, characterData: true})")
        host.key("c")
        host.until("return document.querySelector('.p-rubric .is2') && window.told.some((one) => one.startsWith('Kept: '))", "a mark kept")
        told = [one for one in host.run("return window.told") if one]
        equal([one.partition(":")[0] for one in told], ["Kept"], "what is told of one mark")
        candidate.say("A line that is told")
        host.until("return document.querySelector('[role=log]').textContent.includes('A line that is told')", "talk in the log")
        host.front("Facts")
        host.key("a", "a")
        candidate.front("What you know")
        candidate.until("return document.querySelector('.p-known [role=status]').textContent.includes('50,000')", "a fact is told")
        host.media(prefers_reduced_motion="reduce")
        equal(host.run("return getComputedStyle(document.documentElement).getPropertyValue('--quick').trim()"), "0ms", "motion")
        host.front("Rubric")
        equal(host.run("return [...document.querySelectorAll('.p-rubric .item')].every((row) => /raised|prompted|not yet|enough/.test(row.textContent))"),
              True, "each line says its mark in words")
        host.resize(*NARROW)
        under = host.run("return [...document.querySelectorAll('.p-rubric .item .t')].every((row) => row.children[1].getBoundingClientRect().top >= row.children[0].getBoundingClientRect().bottom - 2)")
        host.key("x")
        host.until("const tab = document.querySelector('.tabs [aria-pressed=true]'), box = tab.getBoundingClientRect();"
                   "return tab.firstChild.data === 'Flags' && box.left >= 0 && box.right <= innerWidth", "the chosen tab in sight, though a key has chosen it")
        check(under, "on a telephone a line's mark stands under its title, where no word of it is broken")


if __name__ == "__main__":
    main(globals())
