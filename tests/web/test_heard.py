# SPDX-License-Identifier: ISC
"""Purpose: what comes while another pane is in front: counted on its tab, told to a screen reader, in the tab's title, and
with a sound for a whisper and an alarm, which a setting turns off; also while the page itself is in the back."""

from browser import WEB_OPTIONS, Browser, need_browser
from support import Stage, check, equal, main, until

TONES = """window.tones = 0;
const real = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones += 1; return real.call(this); };"""
COUNT = "return [...document.querySelectorAll('.tabs button')].find((one) => one.firstChild.data === arguments[0]).querySelector('.fresh')?.textContent"
TOLD = "return [...document.querySelectorAll('.room > [role=status]')].map((one) => one.textContent).join(' ')"


def counts(page, pane, count):
    page.until(COUNT + f" === {'undefined' if count is None else repr(count)}", f"{count} on {pane}", pane)


def alarm(host, page):
    """Until there is one more alarm than before."""
    before = page.run("return window.spar.app.clock.alarms.length")
    while page.run("return window.spar.app.clock.alarms.length") == before:
        n = page.state("n")
        host.do("clock.add", phase=0, ms=-60000)
        page.until("return window.spar.app.state.n > arguments[0]", "the minute less", n)


def test_panel():
    """A coach on a telephone, with the rubric in front."""
    with Stage(options=WEB_OPTIONS) as stage, Browser((390, 780)) as coach:
        host = stage.host("Robin")
        host.do("talk.say", text="said before anybody came")
        host.event(do="talk.say")
        coach.sit(host.link("coach"), "Cora", "coach")
        coach.run(TONES)
        host.do("clock.start")
        coach.until("return window.spar.app.state.stage === 'running' && !!document.querySelector('.p-rubric.front')", "the start")
        counts(coach, "Talk", None)
        equal(coach.run("return [document.title, window.tones]"), ["Spar", 0], "the title and the sounds before anything came")
        host.do("talk.whisper", text="Ask about cost")
        counts(coach, "Talk", "1 new")
        coach.until("return document.title === '(1) Spar' && window.tones === 1", "the title and one sound")
        coach.until(f"{TOLD}.includes('Talk: 1 new.')", "it is told")
        coach.pictures("unread", sizes=((360, 740), (1280, 800)))
        host.do("talk.say", text="Go on")
        counts(coach, "Talk", "2 new")
        coach.say("What I say myself is not new")
        coach.until("return window.spar.app.lines.some((line) => line.by === window.spar.app.state.seat)", "one's own line")
        counts(coach, "Talk", "2 new")
        equal(coach.run("return window.tones"), 1, "sounds: what is said to all makes none")
        coach.front("Talk")
        counts(coach, "Talk", None)
        coach.until("return document.title === 'Spar'", "the title")
        coach.until(f"{TOLD}.trim() === ''", "nothing more is told once all was in sight")
        host.do("talk.whisper", text="in sight at once")
        coach.until("return document.body.innerText.includes('in sight at once')", "it is in sight")
        equal(coach.run("return [document.title, window.tones]"), ["Spar", 1], "of what is in sight")
        coach.front("Rubric")
        alarm(host, coach)
        coach.until("return window.tones === 2", "an alarm sounds once")
        coach.front("People")
        coach.click("#bell:checked")
        host.do("talk.whisper", text="without a sound")
        counts(coach, "Talk", "1 new")
        equal(coach.run("return [document.title, window.tones]"), ["Spar", 2], "with the setting off")
        coach.driver.refresh()
        coach.enter("Cora")
        coach.until("return window.spar.app.state && !!document.querySelector('.tabs')", "the room again")
        coach.front("People")
        coach.until("return document.querySelector('#bell')?.checked === false", "the setting is kept")
        host.end()


def test_in_the_back():
    """The page lies behind another one: nothing of it counts as seen."""
    with Stage(options=WEB_OPTIONS) as stage, Browser() as coach:
        host = stage.host("Robin")
        coach.sit(host.link("coach"), "Cora", "coach")
        host.do("clock.start")
        coach.until("return window.spar.app.state.stage === 'running' && !!document.querySelector('.p-talk')", "the start")
        link = coach.run("return location.origin")
        coach.driver.switch_to.new_window("tab")

        def title():
            pages = coach.driver.execute_cdp_cmd("Target.getTargets", {})["targetInfos"]
            return next(one["title"] for one in pages if one["url"].startswith(link))

        host.do("talk.whisper", text="you are away")
        until(lambda: title() == "(1) Spar", "the whisper in the title")
        for _ in range(5):  # a phase of five minutes is then over
            host.do("clock.add", phase=0, ms=-60000)
        until(lambda: title() in ("(2) Spar", "(3) Spar"), "an alarm in the title")
        coach.driver.switch_to.window(coach.driver.window_handles[0])
        coach.until("return document.title === 'Spar'", "all of it is in sight now")
        host.end()


def test_candidate():
    """A fact that is shown while the prompt is in front; a whisper is not for the candidate."""
    with Stage(options=WEB_OPTIONS) as stage, Browser((390, 780)) as candidate:
        host = stage.host("Robin")
        candidate.sit(host.link("candidate"), "Sasha", "candidate")
        host.do("clock.start")
        candidate.until("return window.spar.app.state.stage === 'running' && !!document.querySelector('.p-brief.front')", "the start")
        host.do("talk.whisper", text="not for you")
        host.do("fact.reveal", fact="peak-rate")
        counts(candidate, "What you know", "1 new")
        counts(candidate, "Talk", None)
        candidate.until(f"{TOLD}.includes('What you know: 1 new.')", "it is told")
        candidate.front("What you know")
        counts(candidate, "What you know", None)
        host.end()


if __name__ == "__main__":
    need_browser()
    main(globals())
