# SPDX-License-Identifier: ISC
"""Purpose: a browser with a microphone that speaks one tone, and what another hears of it; for tests of voice."""

import math
import os
import struct
import tempfile
import wave

from browser import Browser
from support import check

RATE = 48000
# No question, no device, no network but this machine's own.
FLAGS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
         "--autoplay-policy=no-user-gesture-required", "--disable-features=WebRtcHideLocalIpsWithMdns")
# A steady tone is what the suppression of noise takes for noise.
PLAIN = """const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media);
    media.getUserMedia = ({ audio }) => ask({ audio: { ...audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });"""
# The loudest frequency of what comes from a seat, and how many dB it is over the others.
PEAK = """const other = window.spar.app.voice.others.get(arguments[0]);
    if (!other || !other.stream) return null;
    const context = window.ear ||= new AudioContext();
    context.resume();
    const ears = window.ears ||= new Map();
    if (!ears.has(other.stream)) {
        const analyser = context.createAnalyser(); analyser.fftSize = 8192;
        context.createMediaStreamSource(other.stream).connect(analyser); ears.set(other.stream, analyser);
    }
    const analyser = ears.get(other.stream), bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let best = 0; bins.forEach((one, i) => { if (one > bins[best]) best = i; });
    const middle = [...bins].sort((a, b) => a - b)[bins.length >> 1];
    return [best * context.sampleRate / analyser.fftSize, bins[best] - middle, bins[best]];"""
STATS = """const other = window.spar.app.voice.others.get(arguments[0]);
    if (!other) return null;
    return other.pc.getStats().then((stats) => {
        const all = [...stats.values()], rtp = (type) => all.find((one) => one.type === type && one.kind === 'audio') || {};
        const pair = all.find((one) => one.type === 'candidate-pair' && one.state === 'succeeded' && one.nominated) || {};
        const kind = (id) => (all.find((one) => one.id === id) || {}).candidateType;
        return { in: rtp('inbound-rtp').bytesReceived || 0, out: rtp('outbound-rtp').bytesSent || 0, got: rtp('inbound-rtp').packetsReceived || 0, lost: rtp('inbound-rtp').packetsLost || 0,
            local: kind(pair.localCandidateId), remote: kind(pair.remoteCandidateId) }; });"""


def tone_file(hertz):
    """A second of a tone, which the browser plays again and again; whole periods, so that it does not click."""
    handle, path = tempfile.mkstemp(prefix="spar-tone.", suffix=".wav")
    os.close(handle)
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(2 * math.pi * hertz * i / RATE))) for i in range(RATE)))
    return path


class Speaker(Browser):
    """One person's browser, whose microphone gives a tone of so many Hz."""

    def __init__(self, hertz, flags=(), **more):
        self.hertz, self.tone = hertz, tone_file(hertz)
        super().__init__(flags=(*FLAGS, f"--use-file-for-fake-audio-capture={self.tone}", *flags), **more)

    def __exit__(self, *about):
        super().__exit__(*about)
        os.unlink(self.tone)

    def try_voice(self):
        """Opens the strip, with the microphone for its person alone."""
        self.run(PLAIN)
        self.press("Voice")
        self.until("return window.spar.app.voice && window.spar.app.voice.phase === 'trying'", "the microphone on trial")

    def go_on(self):
        self.try_voice()
        self.press("Go on voice")
        self.until("return window.spar.app.voice.phase === 'on'", "being on voice")

    def tick_relay(self):
        """By the relay alone, or no longer."""
        self.until("const box = document.querySelector('.dev input[type=checkbox]'); if (box) box.click(); return !!box", "the choice")

    def seat(self):
        return self.state("seat")

    def tag(self):
        return self.run("return window.spar.app.voice.tag")

    def state_of(self, seat):
        return self.run("const other = window.spar.app.voice && window.spar.app.voice.others.get(arguments[0]); return other && other.state", seat)

    def stats(self, seat):
        return self.run(STATS, seat)

    def hears(self, other, what="the tone"):
        """Waits until the other one's tone, and no other, is the loudest that comes from there."""
        seat, wanted = other.seat(), other.hertz
        heard = []

        def is_it():
            found = self.run(PEAK, seat)
            heard[:] = [found]
            return found and abs(found[0] - wanted) < 25 and found[1] > 20

        self.until_true(is_it, f"{what} of {wanted} Hz from seat {seat}", heard)

    def hears_nothing(self, seat):
        """Waits until what comes from a seat is silence."""
        heard = []

        def is_silent():
            found = self.run(PEAK, seat)
            heard[:] = [found]
            return found and (found[2] is None or found[2] < -80)

        self.until_true(is_silent, f"silence from seat {seat}", heard)

    def until_true(self, condition, what, about):
        from support import until
        try:
            return until(condition, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; last {about}; the page says {self.text()[:600]!r}") from error


def speak_both_ways(one, other):
    """Each hears the other's tone; bytes go both ways, and none of them is lost on this machine."""
    for here, there in ((one, other), (other, one)):
        here.hears(there)
        stats = here.stats(there.seat())
        check(stats["in"] > 0 and stats["out"] > 0, f"bytes both ways: {stats}")
        check(stats["lost"] == 0, f"nothing is lost: {stats}")
