# SPDX-License-Identifier: ISC
"""
Purpose: Firefox for tests of the page. Debian has no geckodriver, so this speaks to Firefox's own remote protocol:
messages of JSON with their length before them, over a connection to this machine alone.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile

from support import LIMIT, check, until

SCRIPT_S = 2 * LIMIT  # that a script in the page may take
ANSWER_S = SCRIPT_S + LIMIT  # that any answer may take: a script's own limit speaks first
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PREFS = {"marionette.port": None, "app.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
         "browser.shell.checkDefaultBrowser": False, "network.captive-portal-service.enabled": False,
         "network.connectivity-service.enabled": False, "browser.aboutwelcome.enabled": False,
         "toolkit.telemetry.enabled": False, "remote.prefs.recommended": True}


class ScriptFailed(AssertionError):
    """A script in the page did."""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Firefox:
    """One person's Firefox, headless, with a profile of its own; takes a certificate that nobody signed."""

    def __init__(self, size=(1280, 800), prefs=()):
        self.profile, self.port, self.id = tempfile.mkdtemp(prefix="spar-firefox."), free_port(), 0
        with open(os.path.join(self.profile, "user.js"), "w", encoding="utf-8") as file:
            for name, value in {**PREFS, **dict(prefs), "marionette.port": self.port}.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        # The tests' XDG_CONFIG_HOME is no folder; Firefox waits for ever where it cannot make one.
        environment = {**os.environ, "HOME": self.profile, "XDG_CONFIG_HOME": os.path.join(self.profile, "config"),
                       "MOZ_HEADLESS_WIDTH": str(size[0]), "MOZ_HEADLESS_HEIGHT": str(size[1])}
        with open(os.path.join(self.profile, "log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", self.profile],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        self.socket = until(self.connect, "Firefox's remote protocol", 60)
        self.buffer = b""
        self.read()  # who it is
        self.send("WebDriver:NewSession", {"acceptInsecureCerts": True})
        self.send("WebDriver:SetTimeouts", {"script": 1000 * SCRIPT_S})

    def connect(self):
        check(self.process.poll() is None, "Firefox ended")
        try:
            return socket.create_connection(("127.0.0.1", self.port), ANSWER_S)
        except OSError:
            return None

    def read(self):
        while b":" not in self.buffer:
            self.more()
        length, _, rest = self.buffer.partition(b":")
        while len(rest) < int(length):
            self.more()
            length, _, rest = self.buffer.partition(b":")
        self.buffer = rest[int(length):]
        return json.loads(rest[:int(length)])

    def more(self):
        got = self.socket.recv(65536)
        check(got, "Firefox closed its remote protocol")
        self.buffer += got

    def send(self, command, parameters):
        self.id += 1
        text = json.dumps([0, self.id, command, parameters])
        self.socket.sendall(f"{len(text.encode())}:{text}".encode())
        _, _, error, result = self.read()
        if error is not None:
            raise (ScriptFailed if error["error"] == "javascript error" else AssertionError)(f"{command}: {error}")
        return result

    def open(self, link):
        self.send("WebDriver:Navigate", {"url": link})
        return self

    def run(self, script, *arguments):
        return self.send("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)}).get("value")

    def text(self):
        return self.run("return document.body.innerText")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
