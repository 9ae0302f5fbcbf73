# SPDX-License-Identifier: ISC
"""Purpose: another microphone while one speaks: the same connection goes on with it."""

from browser import WEB_OPTIONS, need_browser
from speaker import Speaker, speak_both_ways
from support import Stage, check, equal, main
from test_voice_line import OWN_PC, both_on


def test_other_microphone():
    need_browser()
    with Stage(options=WEB_OPTIONS) as stage, Speaker(440) as host, Speaker(1000) as candidate:
        both_on(host, candidate, stage.server.link)
        seat = host.seat()
        candidate.run(OWN_PC, seat)
        candidate.press("Devices")
        sends = "return window.spar.app.voice.others.get(arguments[0]).sender.track.getSettings().deviceId"
        before, track = candidate.run(sends, seat), "return window.spar.app.voice.others.get(arguments[0]).sender.track"
        candidate.run("window.old = (() => { %s })()" % track.replace("arguments[0]", str(seat)))
        chosen = candidate.until("""const list = document.querySelector('.dev select');
            const other = list && [...list.options].find((one) => one.value && one.value !== arguments[0]);
            if (!other) return null;
            list.value = other.value; list.dispatchEvent(new Event('change')); return other.value;""", "another microphone", before)
        check(chosen != before, "it is another one")
        equal(candidate.run("return document.querySelector('.dev select').options[0].value"), "", "the system's own has no id")
        candidate.until(sends.replace("return ", "return arguments[1] === "), "that it sends from that one", seat, chosen)
        equal(candidate.run("return window.old.readyState"), "ended", "the first one is let go of")
        equal(candidate.run(OWN_PC, seat), True, "the connection is the same")
        equal(candidate.run("return window.spar.app.voice.others.get(arguments[0]).pc.connectionState", seat), "connected", "and stands")
        sent = candidate.stats(seat)["out"]
        candidate.until_true(lambda: candidate.stats(seat)["out"] > sent, "bytes from the new one", [sent])
        speak_both_ways(host, candidate)
        for page in (host, candidate):
            equal(page.errors(), [], "errors on the console")


if __name__ == "__main__":
    main(globals())
