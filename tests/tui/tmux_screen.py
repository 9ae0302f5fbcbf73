# SPDX-License-Identifier: ISC
"""Purpose: a terminal of tmux on a socket of its own, whose screen is polled with a limit, never slept for."""
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SPAR_SOURCE"], "tests", "scenario"))
from ports import own_port  # noqa: E402

LIMIT = float(os.environ.get("SPAR_TUI_LIMIT", "60"))


class Terminals:
    """A tmux server of this test alone; each terminal in it is a session."""

    def __init__(self):
        # The path of a socket has at most 107 bytes; a temporary folder may lie deeper.
        short = len(os.fsencode(tempfile.gettempdir())) < 80
        self.folder = tempfile.TemporaryDirectory(prefix="spar-tui-", dir=None if short else "/tmp")
        self.socket = os.path.join(self.folder.name, "tmux")
        self.settings = os.path.join(self.folder.name, "settings")
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write("set -g remain-on-exit on\n")

    def tmux(self, *words, check=True):
        done = subprocess.run(["tmux", "-u", "-f", self.settings, "-S", self.socket, *words],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        text = done.stdout.decode("utf-8", "replace")
        if check and done.returncode != 0:
            raise AssertionError("tmux %s: %s" % (" ".join(words), text))
        return text

    def open(self, name, width, height, command, environment):
        words = ["new-session", "-d", "-s", name, "-x", str(width), "-y", str(height)]
        for key, value in environment.items():
            words += ["-e", "%s=%s" % (key, value)]
        # tmux may lose a status, so the shell writes it down; Ctrl-C is the program's, not the
        # shell's.
        status = os.path.join(self.folder.name, "status-" + name)
        self.tmux(*words, "trap : INT; %s; echo $? >'%s'" % (command, status))
        return Terminal(self, name, status)

    def close(self):
        if os.path.exists(self.settings):
            self.tmux("kill-server", check=False)
            self.folder.cleanup()


class Terminal:
    def __init__(self, terminals, name, status):
        self.terminals = terminals
        self.name = name
        self.status = status

    def screen(self, *options):
        return self.terminals.tmux("capture-pane", "-p", *options, "-t", self.name)

    def keys(self, *keys):
        self.terminals.tmux("send-keys", "-t", self.name, *keys)

    def text(self, text):
        self.terminals.tmux("send-keys", "-t", self.name, "-l", text)

    def click(self, column, row, button=0):
        """A press and release of a button (64, 65: the wheel) as xterm reports it; from 1."""
        for end in "Mm":
            report = "\x1b[<%d;%d;%d%s" % (button, column, row, end)
            self.terminals.tmux("send-keys", "-t", self.name, "-H", *["%02x" % ord(c) for c in report])

    def row_of(self, pattern):
        """Waits for a line that matches; the row, from 1, of the first."""
        found = self.until(pattern)
        return found.string.count("\n", 0, found.start()) + 1

    def place_of(self, pattern):
        """The column and row, from 1, of the last character of the first match; for narrow characters before it."""
        found = self.until(pattern)
        return found.end() - found.string.rfind("\n", 0, found.end()) - 1, self.row_of(pattern)

    def resize(self, width, height):
        self.terminals.tmux("resize-window", "-t", self.name, "-x", str(width), "-y", str(height))

    def ending(self):
        """"" while the program runs; then its exit status."""
        try:
            with open(self.status, encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    def until_whole(self, pattern):
        """As `until`, with lines that were too long for the screen put together again."""
        return self.until(pattern, options=["-J"])

    def sure(self, key, pattern):
        """Presses a key that confirms until the screen matches: so soon after the one before it may count as held."""
        for _ in range(int(LIMIT)):
            self.keys(key)
            try:
                return self.until(pattern, limit=1)
            except AssertionError:
                pass
        return self.until(pattern, limit=1)

    def until(self, pattern, options=(), limit=LIMIT):
        """Waits until the screen matches; gives the match."""
        end = time.monotonic() + limit
        while True:
            screen = self.screen(*options)
            found = re.search(pattern, screen, re.MULTILINE)
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError("%s never showed %s; it shows:\n%s" % (self.name, pattern, screen))
            time.sleep(0.02)

    def until_gone(self, pattern):
        """Waits until the screen does not match any more."""
        end = time.monotonic() + LIMIT
        while re.search(pattern, self.screen(), re.MULTILINE):
            if time.monotonic() > end:
                raise AssertionError("%s still shows %s:\n%s" % (self.name, pattern, self.screen()))
            time.sleep(0.02)

    def until_ended(self):
        """Waits until the program has ended, however; gives its exit status."""
        end = time.monotonic() + LIMIT
        while not self.ending():
            if time.monotonic() > end:
                raise AssertionError("%s did not end; it shows:\n%s" % (self.name, self.screen()))
            time.sleep(0.02)
        return self.ending()

    def until_over(self):
        """Waits until the program has ended, and in good order."""
        if self.until_ended() != "0":
            raise AssertionError("%s ended with %s; it shows:\n%s" % (self.name, self.ending(), self.screen()))


class Server:
    """spard on a port of the loopback that it keeps when it is started again."""

    def __init__(self, binaries, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="spar-tui-data-")
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.program = os.path.join(binaries, "spard")
        self.options = options
        port, self.claim = own_port()
        self.listen = "127.0.0.1:%d" % port
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "--listen", self.listen, "--data", os.path.join(self.folder.name, "data"),
             *self.options],
            stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        found = re.search(r"https://\S+", line)
        if not found:
            self.close()
            raise AssertionError("spard said %r instead of its link" % line)
        self.link = found.group(0)
        self.listen = re.match(r"https://([^/]+)/", self.link).group(1)

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(LIMIT)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def restart(self):
        """The same server again, at the same address."""
        self.start()

    def close(self):
        code = self.stop() if self.process.poll() is None else self.process.returncode
        self.log.close()
        self.claim.close()
        self.folder.cleanup()
        return code
