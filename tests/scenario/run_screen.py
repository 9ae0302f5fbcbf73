# SPDX-License-Identifier: ISC
"""Purpose: contrib/run in a terminal of tmux, whose screen is polled with a limit."""
import os
import subprocess

from support import LIMIT, until


class Terminal:
    """A tmux of its own with one screen in it."""

    def __init__(self, folder, name, command):
        self.base = ["tmux", "-S", os.path.join(folder, name), "-f", "/dev/null"]
        environment = {**os.environ, "XDG_DATA_HOME": os.path.join(folder, "data"), "LC_ALL": "C.UTF-8"}
        subprocess.run([*self.base, "new-session", "-d", "-x", "100", "-y", "40", command], check=True, env=environment)
        self.run("set", "-g", "remain-on-exit", "on")

    def run(self, *arguments):
        return subprocess.run([*self.base, *arguments], capture_output=True, text=True).stdout

    def text(self):
        return self.run("capture-pane", "-p", "-J")

    def wait(self, words, limit=LIMIT):
        try:
            return until(lambda: words in self.text() and self.text(), repr(words), limit)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen shows\n{self.text()}") from None

    def leave(self, then="contrib/run: The server"):
        self.run("send-keys", "q")
        self.wait("y yes")
        self.run("send-keys", "y")
        return self.wait(then)

    def close(self):
        self.run("kill-server")

    def ended(self):
        """Waits until the command is over."""
        try:
            until(lambda: self.run("display", "-p", "#{pane_dead}").strip() == "1", "the end of contrib/run")
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen shows\n{self.text()}") from None
