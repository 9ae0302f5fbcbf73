"""Purpose: a terminal of tmux on a socket of its own, whose screen is polled with a limit, never slept for."""
import os
import re
import subprocess
import tempfile
import time

LIMIT = float(os.environ.get("SPAR_TUI_LIMIT", "40"))


class Terminals:
    """A tmux server of this test alone; each terminal in it is a session."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="spar-tui-")
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
        # tmux may lose a status, so the shell writes it down; Ctrl-C is the program's, not the shell's.
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

    def screen(self):
        return self.terminals.tmux("capture-pane", "-p", "-t", self.name)

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
        """The row, from 1, of the first line that matches."""
        for row, line in enumerate(self.screen().split("\n"), 1):
            if re.search(pattern, line):
                return row
        raise AssertionError("%s does not show %s" % (self.name, pattern))

    def resize(self, width, height):
        self.terminals.tmux("resize-window", "-t", self.name, "-x", str(width), "-y", str(height))

    def ending(self):
        """"" while the program runs; then its exit status."""
        try:
            with open(self.status, encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return ""

    def until(self, pattern, what=None):
        """Waits until the screen matches; gives the match."""
        end = time.monotonic() + LIMIT
        while True:
            screen = self.screen()
            found = re.search(pattern, screen, re.MULTILINE)
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError("%s never showed %s; it shows:\n%s" % (self.name, what or pattern, screen))
            time.sleep(0.02)

    def until_gone(self, pattern):
        """Waits until the screen does not match any more."""
        end = time.monotonic() + LIMIT
        while re.search(pattern, self.screen(), re.MULTILINE):
            if time.monotonic() > end:
                raise AssertionError("%s still shows %s:\n%s" % (self.name, pattern, self.screen()))
            time.sleep(0.02)

    def until_over(self):
        """Waits until the program has ended, and in good order."""
        end = time.monotonic() + LIMIT
        while not self.ending():
            if time.monotonic() > end:
                raise AssertionError("%s did not end; it shows:\n%s" % (self.name, self.screen()))
            time.sleep(0.02)
        if self.ending() != "0":
            raise AssertionError("%s ended with %s; it shows:\n%s" % (self.name, self.ending(), self.screen()))


class Server:
    """spard on a free port of the loopback."""

    def __init__(self, binaries, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="spar-tui-data-")
        self.log = open(os.path.join(self.folder.name, "log"), "w+b")
        self.program = os.path.join(binaries, "spard")
        self.options = options
        self.start("127.0.0.1:0")

    def start(self, listen):
        self.process = subprocess.Popen(
            [self.program, "--listen", listen, "--data", os.path.join(self.folder.name, "data"),
             *self.options],
            stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        found = re.search(r"https://\S+", line)
        if not found:
            self.close()
            raise AssertionError("spard said %r instead of its link" % line)
        self.link = found.group(0)

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(LIMIT)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def restart(self):
        """The same server again, at the same address."""
        self.start(re.match(r"https://([^/]+)/", self.link).group(1))

    def close(self):
        code = self.stop() if self.process.poll() is None else self.process.returncode
        self.log.close()
        self.folder.cleanup()
        return code
