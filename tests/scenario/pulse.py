# SPDX-License-Identifier: ISC
"""
Purpose: what the machine itself takes. A process of its own does nothing but wake up EVERY_S later, ask the test's
process for an answer (which all bytes of people go through where it relays them) and put a byte on the disk. How
late each beat was is what a program that waits for a moment, a message or the disk loses there once. It knows
nothing of Spar, so Spar's own faults do not excuse themselves.
"""
import os
import subprocess
import sys
import threading
import time

EVERY_S = 0.05
NOTICED_S = 0.02
BEAT = "beat\n"


class Pulse:
    """Beats until it is closed; times are of the monotonic clock."""

    def __init__(self, path):
        self.beats, self.heard = [], 0  # (when it came, how late it was) of those that were; how many there were
        self.process = subprocess.Popen([sys.executable, "-B", os.path.abspath(__file__), path], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            if line != BEAT:
                self.beats.append(tuple(float(word) for word in line.split()))
                continue
            self.heard += 1
            try:
                self.process.stdin.write(BEAT)
                self.process.stdin.flush()
            except (OSError, ValueError):  # closed meanwhile
                return

    def worst(self, begin, end):
        """How late the latest beat was that was awaited somewhere between the two moments."""
        return max((late for came, late in list(self.beats) if came >= begin and came - late - EVERY_S <= end), default=0)

    def taken(self, began, end, wakes):
        """What the machine took between two moments of so many who had to wake up one after the other."""
        from support import until
        heard = self.heard
        until(lambda: self.heard > heard + 1, "the beat that was under way, and what is told of it")
        return wakes * self.worst(began, end)

    def spared(self, began, end, wakes):
        """How long it took between the two moments, but for that."""
        return end - began - self.taken(began, end, wakes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()
        try:
            self.process.stdin.close()
        except BrokenPipeError:  # an answer that it did not wait for
            pass


def beat(path):
    """Until the input ends. Told of are only beats that were noticeably late."""
    pause = threading.Event()
    with open(path, "wb") as file:
        while True:
            began = time.monotonic()
            pause.wait(EVERY_S)
            print(BEAT, end="", flush=True)
            if sys.stdin.readline() != BEAT:
                return
            file.write(b".")
            file.flush()
            os.fsync(file.fileno())
            came = time.monotonic()
            late = came - began - EVERY_S
            if late > NOTICED_S:
                print(came, late, flush=True)


if __name__ == "__main__":
    beat(sys.argv[1])
