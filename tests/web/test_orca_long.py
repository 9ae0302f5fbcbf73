# SPDX-License-Identifier: ISC
"""Purpose: the page with a screen reader: under Orca one opens a room, marks, talks and comes to the debrief by keys
alone, and what Orca says is read in its log. Skips (77) where Orca and what it needs are not installed (orca
at-spi2-core xvfb xauth dbus openbox xdotool)."""

import fcntl
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
from support import LIMIT, SANITIZED, Stage, check, equal, main, until

NEEDED = ("orca", "xvfb-run", "xauth", "dbus-run-session", "openbox", "xdotool", "gsettings", "gdbus", "pgrep")
BUS = "/usr/libexec/at-spi-bus-launcher"
ASK_BUS = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method", "org.a11y.Bus.GetAddress"]
KEYS = {"\n": "Return", "\t": "Tab", "\x1b": "Escape"}
SPOKEN = re.compile(r"SPEECH OUTPUT: '(.*?)'(?:\s*\[?\{|$)", re.MULTILINE)
SCREEN = "-screen 0 1280x1024x24 -r"  # without the repeating of keys: a slow machine held an l for three
PATIENCE = 120  # seconds: Orca asks the page about everything it says, and is slow where much else runs
# To load all that Orca is made of: beside twenty others it was seen to need more than two minutes.
START = 300
# There is no device to speak to: Orca notes what it says and goes on.
NO_VOICE = 'raise ImportError("no voice in this test")\n'
# Orca kills itself (SIGKILL, nothing in its log) when a step of its start takes ten seconds, as
# it was seen to where much else ran.
NO_HASTE = "import orca.settings\norca.settings.timeoutTime = 0\n"


class Reader:
    """Orca and what it stands on, in a session that is ours alone."""

    def __init__(self, folder):
        self.folder, self.log = folder, os.path.join(folder, "orca.log")
        self.read, self.heard = 0, []
        self.children = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                         for command in ([BUS, "--launch-immediately", "--a11y=1", "--screen-reader=1"], ["openbox"])]
        for schema, key in (("interface", "toolkit-accessibility"), ("a11y.applications", "screen-reader-enabled")):
            subprocess.run(["gsettings", "set", "org.gnome.desktop." + schema, key, "true"], check=False, timeout=LIMIT, capture_output=True)
        until(lambda: subprocess.run(ASK_BUS, check=False, timeout=LIMIT, capture_output=True).returncode == 0, "the bus of accessibility")
        voiceless = {**os.environ, "PYTHONPATH": os.path.join(folder, "python"), "PYTHONFAULTHANDLER": "1"}
        self.words = os.path.join(folder, "orca.stderr")
        with open(self.words, "wb") as stderr:
            self.children.append(subprocess.Popen(["orca", "--debug", "--debug-file=" + self.log], env=voiceless, stdin=subprocess.DEVNULL,
                                                  stdout=stderr, stderr=stderr))

    def said(self, start=0):
        """All that was spoken from that line on; what was read of the log before is not read again."""
        try:
            with open(self.log, "rb") as file:
                file.seek(self.read)
                news = file.read()
        except OSError:
            return []
        whole = news[:news.rfind(b"\n") + 1]
        self.read += len(whole)
        self.heard += SPOKEN.findall(whole.decode("utf-8", "replace"))
        return self.heard[start:]

    def says(self, words, start=0, patience=PATIENCE):
        """Waits until that was spoken."""
        until(lambda: any(words in one for one in self.said(start)), f"Orca to say {words!r}", patience)

    def last(self):
        """The ends of its log and of what it wrote to stderr, as far as it came to write them; where it stands at the end
        of that, since it is ended by a signal to which Python writes its stacks."""
        orca = self.children[-1]
        ends = {"exit status": orca.poll()}
        if orca.poll() is None:
            orca.send_signal(signal.SIGABRT)
            try:
                orca.wait(10)
            except subprocess.TimeoutExpired:
                ends["and"] = "it did not end by SIGABRT"
        for path in (self.log, self.words):
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    ends[os.path.basename(path)] = file.readlines()[-30:]
            except OSError:
                ends[os.path.basename(path)] = "nothing"
        return ends

    def told(self):
        """All that it wrote to stderr."""
        with open(self.words, encoding="utf-8", errors="replace") as file:
            return file.read()

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


def once(said):
    """That it was kept is said no more than once (what moves the focus may drop it unsaid), and nothing of the clock that
    ticks is said by itself."""
    check(said.count("Kept") <= 1, f"Orca said more than once that it was kept: {said}")
    check(not any(re.fullmatch(r"\+?\d+:\d\d", one) for one in said), f"Orca read the ticking clock: {said}")


def interview(reader):
    browser.until = lambda condition, what: until(condition, what, PATIENCE)  # the page has Orca's questions to answer
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
        reader.press("y", "The interview is finished.")  # a key drops what Orca has not said yet, so all is heard first
        page.until("return document.querySelector('.ctlk').textContent.includes('Open the debrief')", "the finish")
        reader.press("n", "Open the debrief?")
        start = len(reader.said())
        reader.press("y", "The debrief is open.")
        page.until("return !!document.querySelector('.sheets')", "the debrief")
        page.run("document.querySelector('.sheets').closest('.body').focus()")
        reader.says("Sheets", start)
        once(reader.said(start))
        equal(reader.said().count("Kept: Volume and velocity, raised"), 1, "how often the mark was said to be kept")
        candidate.end()


def inside():
    folder = os.environ["SPAR_ORCA"]
    reader = Reader(folder)
    try:
        reader.says("Screen reader on", patience=START)
        interview(reader)
        print("Orca said:", *reader.said(), sep="\n  ")
        print("and to stderr:", reader.told() or "nothing")
    except AssertionError as error:
        last = reader.last()
        raise AssertionError(f"{error}; Orca said {reader.said()[-30:]}, and noted {last}") from error
    finally:
        reader.end()


def test_orca():
    need_browser()
    missing = [one for one in NEEDED if not shutil.which(one)] + ([] if os.path.exists(BUS) else [BUS])
    if SANITIZED or missing:
        print(f"no screen reader here: {', '.join(missing)} not installed")
        sys.exit(77)
    with open(os.path.join(tempfile.gettempdir(), f"spar-orca.{os.getuid()}"), "ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # a user may run one Orca: a second one does not start, or ends the first
        if subprocess.run(["pgrep", "-u", str(os.getuid()), "-x", "orca"], check=False, timeout=LIMIT, capture_output=True).returncode == 0:
            print("an Orca of this user is running, and would not stand another one beside it")
            sys.exit(77)
        with_orca()


def with_orca():
    folder = tempfile.mkdtemp(prefix="spar-orca-")
    try:
        for name in ("run", "home/.config", "home/.local/share/orca", "python"):
            os.makedirs(os.path.join(folder, name), 0o700)
        with open(os.path.join(folder, "home/.local/share/orca/orca-customizations.py"), "w", encoding="ascii") as file:
            file.write(NO_HASTE)
        with open(os.path.join(folder, "python", "speechd.py"), "w", encoding="ascii") as file:
            file.write(NO_VOICE)
        environment = {**os.environ, "SPAR_ORCA": folder, "HOME": os.path.join(folder, "home"), "XDG_RUNTIME_DIR": os.path.join(folder, "run"),
                       "XDG_CONFIG_HOME": os.path.join(folder, "home", ".config"), "XDG_DATA_HOME": os.path.join(folder, "home/.local/share"), "ACCESSIBILITY_ENABLED": "1", "NO_AT_BRIDGE": "0"}
        began = time.monotonic()
        done = subprocess.run(["xvfb-run", "-a", "-s", SCREEN, "dbus-run-session", "--", sys.executable, "-B", __file__], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=1100, check=False)
        check(done.returncode == 0, (done.stdout + done.stderr)[-6000:])
        print(done.stdout + f"{time.monotonic() - began:.0f} s with Orca")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if "SPAR_ORCA" in os.environ:
    inside()
else:
    main(globals())
