# SPDX-License-Identifier: ISC
"""Purpose: a room in which nothing happens costs no wake-up: no worker's thread runs while an hour of room time goes by,
with somebody connected who says nothing, and with rooms that everybody has left."""

import glob
import os
import time

from support import Stage, check, main, until

RATE = 3600  # an hour of room time is a second
WORKERS = 2
WAKES_MAX = 2  # something may have been under way


def threads(process):
    """What the system says of each thread: of main's and the journal's first, then of the workers'."""
    found = []
    for task in sorted(glob.glob(f"/proc/{process.pid}/task/*"), key=lambda path: int(os.path.basename(path))):
        with open(os.path.join(task, "status"), encoding="ascii") as status:
            found.append(dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line))
    return found


def wakes(process):
    """How often each worker has slept so far."""
    return [int(one["voluntary_ctxt_switches"]) for one in threads(process)[2:]]


def quiet(process):
    """Whether no worker woke up since the last look a moment ago, nor wants to: on a busy machine a thread may wait for
    its turn as long as that, and others have something for it."""
    before = wakes(process)
    end = time.monotonic() + 0.3
    until(lambda: time.monotonic() > end, "a moment")
    asleep = all(one["State"].startswith("S") for one in threads(process))
    return before if asleep and before == wakes(process) and len(before) == WORKERS else None


def test_idle_rooms_cost_nothing():
    with Stage(options=["--clock-rate", str(RATE)], workers=WORKERS) as stage:
        host = stage.host()
        left = [stage.host(f"Kim {number}") for number in range(3)]
        silent = stage.member(host.link("coach"), "Silent")
        for one in [host, *left]:
            one.kill()
        silent.wait_do("seat.gone")
        before = until(lambda: quiet(stage.server.process), "the workers to be quiet")
        end = time.monotonic() + 3600 / RATE
        until(lambda: time.monotonic() > end, "an hour of room time")
        after = wakes(stage.server.process)
        check(all(b - a <= WAKES_MAX for a, b in zip(before, after)), f"wake-ups in an idle hour: {before} {after}")


if __name__ == "__main__":
    main(globals())
