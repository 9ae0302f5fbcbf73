# SPDX-License-Identifier: ISC
"""Purpose: voice between two pages: tones heard both ways, the meter, mute, holding to speak, who listens; a line that
is cut, a page that is loaded anew, a server that is started again, and what is said where something is wrong."""

from browser import WEB_OPTIONS, need_browser
from speaker import Speaker, speak_both_ways
from support import Stage, check, equal, main

TAB = "return [...document.querySelectorAll('.vb .lv i')].map((one) => Number((one.style.transform.match(/[\\d.]+/) || [0])[0]))"


def test_interview():
    """The click-stream interview by voice, from the door to the debrief."""
    need_browser()
    with Stage(workers=2, options=WEB_OPTIONS) as stage, Speaker(440) as host, Speaker(1000) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        equal(host.run("return window.spar.app.voice"), None, "nothing is on before it is pressed")
        host.try_voice()
        host.until(f"return ({TAB.replace('return ', '')}).some((level) => level > 0.1)", "the meter before speaking")
        equal(candidate.run("return window.spar.app.voices"), {}, "nobody hears who only tries")
        host.pictures("voice-trying")
        host.press("Go on voice")
        candidate.until("return document.body.innerText.includes('on voice')", "that the host is on voice")
        candidate.go_on()
        speak_both_ways(host, candidate)
        host.until("return document.querySelectorAll('.who2 .loud').length === 2", "who speaks, of both")
        host.sure("Start")
        for page in (host, candidate):
            page.running()
        host.pictures("voice-on")
        # Muted: silence, and everybody sees who listens.
        candidate.press("Mute")
        host.until("return document.querySelector('.who2').innerText.includes('listens')", "who listens")
        host.hears_nothing(candidate.seat())
        candidate.run("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: ' ', bubbles: true, cancelable: true}))")
        host.hears(candidate, "the tone while the key is held")
        candidate.run("document.body.dispatchEvent(new KeyboardEvent('keyup', {key: ' ', bubbles: true}))")
        host.hears_nothing(candidate.seat())
        candidate.press("Unmute")
        speak_both_ways(host, candidate)
        host.key("N", "y")
        host.until("return window.spar.app.state.stage === 'finished'", "the finish")
        candidate.key("$")
        host.until("return !window.spar.app.voice.others.size && document.querySelector('.vb').innerText.includes('Nobody else')", "that the other has hung up")
        for page in (host, candidate):
            equal(page.errors(), [], "errors on the console")


def test_keys():
    """The list names the keys of voice, and each of them does what it says."""
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Speaker(440) as host:
        host.open_room(stage.server.link, "Robin", "Click-stream")
        host.key("?")
        for name in ("$", "Space"):
            host.until("return [...document.querySelectorAll('.help kbd')].some((one) => one.innerText === arguments[0])", f"{name} in the list", name)
        host.pictures("voice-keys", sizes=((1280, 800),))
        host.key("Escape")
        for phase in ("trying", "on", "off", "trying", "on"):
            host.key("$")
            host.until("return window.spar.app.voice && window.spar.app.voice.phase === arguments[0]", phase, phase)
        host.press("Mute")
        host.key(" ")
        equal(host.run("return window.spar.app.voice.muted"), False, "heard while the key is held")
        host.run("document.body.dispatchEvent(new KeyboardEvent('keyup', {key: ' ', bubbles: true}))")
        equal(host.run("return window.spar.app.voice.muted"), True, "muted again")
        equal(host.errors(), [], "errors on the console")


def test_comes_back():
    need_browser()
    with Stage(workers=2, options=WEB_OPTIONS) as stage, Speaker(440) as host, Speaker(1000) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        for page in (host, candidate):
            page.go_on()
        speak_both_ways(host, candidate)
        # The server is away: both go on hearing each other, and say who they are once it is back.
        tag, before = candidate.tag(), host.run("return window.spar.app.voice.others.get(arguments[0]).pc", candidate.seat())
        stage.server.kill()
        for page in (host, candidate):
            page.until("return window.spar.app.pill.word === 'off' && document.querySelector('.vb').innerText.includes('away')", "that the server is away")
        speak_both_ways(host, candidate)
        stage.server.start()
        for page in (host, candidate):
            page.until("return window.spar.app.pill.word === 'live'", "the server again")
        host.until("return window.spar.app.voices[window.spar.app.state.room][arguments[0]].on", "that the candidate is on voice", candidate.seat())
        equal(candidate.tag(), tag, "it is the same voice")
        speak_both_ways(host, candidate)
        check(before is not None, "the connection")
        # The way between them breaks: another one is found.
        for page in (host, candidate):
            page.run("for (const other of window.spar.app.voice.others.values()) { other.pc.restartIce(); } window.dispatchEvent(new Event('online'))")
        speak_both_ways(host, candidate)
        # Loaded anew: on voice again by itself, and muted if it was.
        candidate.driver.refresh()
        candidate.enter("Sasha")
        candidate.until("return window.spar.app.voice && window.spar.app.voice.phase === 'on'", "voice again by itself")
        host.until("return (window.spar.app.voice.others.get(arguments[0]) || {}).state === 'there'", "the candidate again", candidate.seat())
        check(candidate.tag() != tag, "another time of being on voice")
        # Closed while speaking: the other is told, and text goes on.
        candidate.driver.get("about:blank")
        host.until("return window.spar.app.voice.others.size === 0", "that the page is closed")
        host.say("Are you there?")
        host.until("return document.body.innerText.includes('Are you there?')", "text goes on")


def test_words():
    """Each thing that can be wrong with a microphone has words of its own, and one listens all the same."""
    need_browser()
    cases = [("NotFoundError", "", "No microphone was found"), ("NotAllowedError", "Permission denied", "refused the microphone"),
             ("NotAllowedError", "Permission denied by system", "system does not give"), ("NotReadableError", "", "Another program holds")]
    with Stage(options=WEB_OPTIONS) as stage, Speaker(440) as host, Speaker(700) as candidate:
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        candidate.run("""navigator.permissions.query = () => Promise.resolve({ state: 'denied' });
            navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException(window.why[1], window.why[0]));""")
        host.go_on()
        for name, message, words in cases:
            candidate.run("window.why = [arguments[0], arguments[1]]", name, message)
            candidate.press("Voice" if name == "NotFoundError" else "Try again")
            candidate.until("return document.querySelector('.vb [role=alert]') && document.querySelector('.vb [role=alert]').innerText.includes(arguments[0])", words, words)
        candidate.pictures("voice-no-microphone")
        candidate.press("Listen only")
        candidate.until("return window.spar.app.voice.phase === 'on'", "listening")
        candidate.hears(host)
        host.until("return document.querySelector('.who2').innerText.includes('listens')", "who listens")
        # By a relay alone, where there is none: said, and nobody is reached.
        candidate.press("Devices")
        candidate.tick_relay()
        candidate.press("Hang up")
        candidate.press("Voice")
        candidate.press("Listen only")
        candidate.until("return document.querySelector('.vb').innerText.includes('no relay')", "that there is no relay")
        equal(candidate.errors(), [], "errors on the console")


main(globals())
