# SPDX-License-Identifier: ISC
"""Purpose: contrib/coturn.conf with coturn itself: two pages that speak by the relay alone, by the operator's word and by
one person's; and a pass that has ended, one that was forged and one without a secret get nobody a relay."""

import base64
import hashlib
import hmac
import os
import shutil
import socket
import subprocess
import sys
import time

from browser import SOURCE, WEB_OPTIONS, need_browser
from ports import own_port
from speaker import Speaker, speak_both_ways
from support import Stage, check, equal, main, until

SECRET = "a secret for this test alone"
# How many relayed addresses a pass gets within some seconds; and what the relay says against it.
ASK = """const [uri, username, credential] = arguments, done = arguments[arguments.length - 1];
    const pc = new RTCPeerConnection({ iceServers: [{ urls: uri, username, credential }], iceTransportPolicy: 'relay' });
    let found = 0, said = 0;
    pc.onicecandidate = ({ candidate }) => { if (candidate && candidate.candidate) found += 1; };
    pc.onicecandidateerror = ({ errorCode }) => { said = errorCode; };
    pc.onicegatheringstatechange = () => { if (pc.iceGatheringState === 'complete') { pc.close(); done([found, said]); } };
    pc.createDataChannel('x'); pc.setLocalDescription();"""


def need_relay():
    if not shutil.which("turnserver"):
        print("no coturn")
        sys.exit(77)


class Relay:
    """coturn with our settings, in which only names, ports, the secret and that it is all one machine differ."""

    def __init__(self, folder):
        port, claim = own_port()
        claim.close()  # it holds the port by UDP, which the relay is to have
        self.uri = f"turn:127.0.0.1:{port}"
        with open(os.path.join(SOURCE, "contrib", "coturn.conf"), encoding="utf-8") as file:
            text = file.read()
        for old, new in (("static-auth-secret=SECRET", f"static-auth-secret={SECRET}"), ("listening-port=3478", f"listening-port={port}"),
                         ("denied-peer-ip=127.0.0.0-127.255.255.255\n", "allow-loopback-peers\nallowed-peer-ip=127.0.0.1\n")):
            check(old in text, f"{old} stands in coturn.conf")
            text = text.replace(old, new)
        config = os.path.join(folder, "coturn.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(text)
        self.process = subprocess.Popen(["turnserver", "-c", config, "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--userdb",
                                         os.path.join(folder, "turn.db"), "--pidfile", os.path.join(folder, "turn.pid")],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = port

    def __enter__(self):
        def is_there():
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                check(self.process.poll() is None, "coturn goes on")
                return False
        until(is_there, "the relay")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def options(stage, uri, *more):
    path = os.path.join(stage.folder, "turn-secret")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SECRET + "\n")
    stage.server.options += ["--turn", uri, "--turn-secret", path, *more]
    stage.server.start()


def by_relay(one, other):
    speak_both_ways(one, other)
    for here, there in ((one, other), (other, one)):
        until(lambda: here.stats(there.seat())["local"], "the way that was chosen")
        kinds = here.stats(there.seat())
        check("relay" in (kinds["local"], kinds["remote"]), f"they speak by the relay: {kinds}")


def test_relay_only():
    need_browser()
    need_relay()
    with Stage(start=False) as stage, Relay(stage.folder) as relay, Speaker(440) as host, Speaker(1000) as candidate:
        stage.server.options += WEB_OPTIONS
        options(stage, relay.uri, "--relay-only")
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        for page in (host, candidate):
            page.go_on()
        by_relay(host, candidate)
        kinds = host.stats(candidate.seat())
        equal((kinds["local"], kinds["remote"]), ("relay", "relay"), "by the operator's word both")
        host.press("Devices")
        host.until("return document.querySelector('.dev input[type=checkbox]')?.disabled", "that it is not the person's to choose")
        check_passes(stage, host, relay.uri)


def check_passes(stage, page, uri):
    """A good pass gets an address; an old one, a forged one and none at all do not (401)."""
    def passed(until_s, secret):
        user = f"{until_s}:0123456789abcdef"
        return user, base64.b64encode(hmac.new(secret.encode(), user.encode(), hashlib.sha1).digest()).decode()

    now = int(time.time())
    for what, (user, word), good in (("good", passed(now + 600, SECRET), True), ("expired", passed(now - 600, SECRET), False),
                                     ("forged", passed(now + 600, "another secret"), False)):
        found, said = page.driver.execute_async_script(ASK, uri, user, word)
        equal(found > 0, good, f"whether a pass that is {what} gets an address")
        check(good or said == 401, f"a pass that is {what} is refused: {said}")


def test_one_hides():
    """Who ticks it is reached by the relay alone, by somebody who does not."""
    need_browser()
    need_relay()
    with Stage(start=False) as stage, Relay(stage.folder) as relay, Speaker(440) as host, Speaker(1000) as candidate:
        stage.server.options += WEB_OPTIONS
        options(stage, relay.uri)
        links = host.open_room(stage.server.link, "Robin", "Click-stream")
        candidate.sit(links[0], "Sasha", "candidate")
        host.go_on()
        candidate.try_voice()
        candidate.tick_relay()
        candidate.press("Go on voice")
        by_relay(host, candidate)
        equal(candidate.stats(host.seat())["local"], "relay", "what the host learns of the candidate")
        # The relay goes: who has another way takes it as soon as both may.
        candidate.press("Devices")
        candidate.tick_relay()
        candidate.until("return window.spar.app.voice.relay === false", "that it is taken back")
        speak_both_ways(host, candidate)


main(globals())
