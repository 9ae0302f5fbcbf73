# SPDX-License-Identifier: ISC
"""Purpose: the page with a screen reader: under Orca one opens a room, marks, talks and comes to the debrief by keys
alone, and what Orca says is read in its log. Skips (77) where Orca and what it needs are not installed (orca
at-spi2-core xvfb xauth dbus speech-dispatcher openbox xdotool)."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import browser
from browser import WEB_OPTIONS, Browser, need_browser
from support import LIMIT, SANITIZED, Stage, check, main, until

NEEDED = ("orca", "xvfb-run", "xauth", "dbus-run-session", "openbox", "xdotool", "speech-dispatcher", "gsettings", "gdbus")
BUS = "/usr/libexec/at-spi-bus-launcher"
ASK_BUS = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress"]
KEYS = {"\n": "Return", "\t": "Tab", "\x1b": "Escape"}
# A voice that says nothing, to a device that there is not: without sound Orca would wait for ever.
VOICE = ('LogLevel 1\nLogDir "default"\nAudioOutputMethod "libao"\nAddModule "dummy" "sd_dummy" ""\nDefaultModule dummy\n'
         'DefaultLanguage "en"\n')


class Reader:
    """Orca and what it stands on, in a session that is ours alone."""

    def __init__(self, folder):
        self.folder, self.log = folder, os.path.join(folder, "orca.log")
        self.children = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                         for command in ([BUS, "--launch-immediately", "--a11y=1", "--screen-reader=1"], ["openbox"])]
        for schema, key in (("interface", "toolkit-accessibility"), ("a11y.applications", "screen-reader-enabled")):
            subprocess.run(["gsettings", "set", "org.gnome.desktop." + schema, key, "true"], check=False, timeout=LIMIT, capture_output=True)
        until(lambda: subprocess.run(ASK_BUS, check=False, timeout=LIMIT, capture_output=True).returncode == 0, "the bus of accessibility")
        self.children.append(subprocess.Popen(["orca", "--replace", "--debug", "--debug-file=" + self.log], stdin=subprocess.DEVNULL,
                                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def said(self, start=0):
        """All that was spoken from that line on."""
        try:
            with open(self.log, encoding="utf-8", errors="replace") as file:
                return re.findall(r"SPEECH OUTPUT: '(.*?)'(?:\{|$)", file.read())[start:]
        except OSError:
            return []

    def says(self, words, start=0):
        """Waits until that was spoken."""
        until(lambda: any(words in one for one in self.said(start)), f"Orca to say {words!r}")

    def press(self, keys, words=None):
        """Types, as a hand would, and waits for what is said of it."""
        start = len(self.said())
        for key in keys:
            subprocess.run(["xdotool", *(["key", KEYS[key]] if key in KEYS else ["type", key])], check=True, timeout=LIMIT)
        if words:
            self.says(words, start)

    def end(self):
        for child in reversed(self.children):
            child.terminate()
        for child in self.children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        try:
            with open(os.path.join(os.environ["XDG_RUNTIME_DIR"], "speech-dispatcher", "pid", "speech-dispatcher.pid"), encoding="ascii") as file:
                os.kill(int(file.read()), signal.SIGTERM)
        except (OSError, ValueError):
            pass


def interview(reader):
    browser.FLAGS = (*(flag for flag in browser.FLAGS if flag != "--headless"), "--force-renderer-accessibility")
    with Stage(options=WEB_OPTIONS) as stage, Browser((1280, 900)) as page:
        page.open(stage.server.link)
        reader.says("Your name entry")
        reader.press("Robin\n")
        page.until("return document.querySelectorAll('option').length >= 7", "the shelf")
        page.press("Open the room")
        page.until("return window.spar.app.state && !!document.querySelector('.clock')", "the room")
        reader.press("n", "Start the interview?")
        reader.press("y", "Clarify, ")
        page.until("return !!document.querySelector('.p-rubric.front')", "the rubric")
        reader.press("a", "Kept: Volume and velocity, raised")
        reader.press("t", "Say something to everybody entry")
        reader.press("Hello there\n", "Robin Hello there")
        candidate = stage.join(page.run("return window.spar.app.links[0].link"), "Sasha")
        candidate.event(do="clock.start")
        candidate.do("talk.say", text="I would ask for the volume")
        reader.says("Sasha I would ask for the volume")
        reader.press("\x1bN", "Finish the interview?")
        reader.press("y")
        page.until("return document.querySelector('.ctlk').textContent.includes('Open the debrief')", "the finish")
        reader.press("n", "Open the debrief?")
        reader.press("y")
        page.until("return !!document.querySelector('.sheets')", "the debrief")
        page.run("document.querySelector('.sheets').closest('.body').focus()")
        reader.says("Sheets")
        candidate.end()


def inside():
    folder = os.environ["SPAR_ORCA"]
    reader = Reader(folder)
    try:
        reader.says("Screen reader on")
        interview(reader)
    except AssertionError as error:
        with open(reader.log, encoding="utf-8", errors="replace") as file:
            last = file.readlines()[-5:]
        raise AssertionError(f"{error}; Orca said {reader.said()[-30:]}, and noted {last}") from error
    finally:
        reader.end()


def test_orca():
    need_browser()
    missing = [one for one in NEEDED if not shutil.which(one)] + ([] if os.path.exists(BUS) else [BUS])
    if SANITIZED or missing:
        print(f"no screen reader here: {', '.join(missing)} not installed")
        sys.exit(77)
    folder = tempfile.mkdtemp(prefix="spar-orca-")
    try:
        for name in ("run", "home/.config/speech-dispatcher"):
            os.makedirs(os.path.join(folder, name), 0o700)
        with open(os.path.join(folder, "home/.config/speech-dispatcher/speechd.conf"), "w", encoding="ascii") as file:
            file.write(VOICE)
        with open(os.path.join(folder, "home", ".libao"), "w", encoding="ascii") as file:
            file.write("default_driver=null\n")
        environment = {**os.environ, "SPAR_ORCA": folder, "HOME": os.path.join(folder, "home"), "XDG_RUNTIME_DIR": os.path.join(folder, "run"),
                       "XDG_CONFIG_HOME": os.path.join(folder, "home", ".config"), "ACCESSIBILITY_ENABLED": "1", "NO_AT_BRIDGE": "0"}
        began = time.monotonic()
        done = subprocess.run(["xvfb-run", "-a", "dbus-run-session", "--", sys.executable, "-B", __file__], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=400, check=False)
        check(done.returncode == 0, (done.stdout + done.stderr)[-3000:])
        print(f"{time.monotonic() - began:.0f} s with Orca")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if "SPAR_ORCA" in os.environ:
    inside()
else:
    main(globals())
