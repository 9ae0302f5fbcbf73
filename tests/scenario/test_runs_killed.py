# SPDX-License-Identifier: ISC
"""Purpose: a server that is killed before each write and truncation in turn while it moves what is fresh to the
file of runs, or removes a room from it: after the next start each line is there once, nothing that a move left lies
behind them, and a removal is done wholly, or not yet at all."""

import os
import shutil
import sys

from support import BIN, SANITIZED, SOURCE, Stage, check, equal, main, run
from test_forget import planted

sys.path.insert(0, os.path.join(SOURCE, "tests/fault"))
os.environ.setdefault("SPAR_BIN", BIN)
import disk  # noqa: E402

SPARD = os.path.join(BIN, "spard")
RUNS = "journal.db-events"
CALLS = {"W": "pwrite", "T": "truncate"}  # before a sync it is as behind the write that was before it
SOME = 40
KILLED = -9


def lines(name):
    return [f"what {name} says in line {number:02}" for number in range(12)]


def speak(host, texts):
    for text in texts:
        host.do("talk.say", text=text)
        host.event(do="talk.say", text=text)


def copy_tree(folder, to):
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*.sock"))


def folder_left(stage):
    """Half of each room rests, half is fresh, and the server is dead. Returns the rooms."""
    robin, kim = stage.host("Robin"), stage.host("Kim")
    speak(robin, lines("Robin")[:6])
    speak(kim, lines("Kim")[:6])
    stage.server.stop()
    stage.server.start()
    speak(robin, lines("Robin")[6:])
    speak(kim, lines("Kim")[6:])
    stage.server.kill()
    copy_tree(stage.server.data, stage.path("left"))
    return robin.room, kim.room


def spard(data, *arguments, fail=None, trace=None):
    return run([SPARD, *arguments, "--data", data], env=disk.environment(data, fail, trace))


def anew(stage, name):
    """Another copy of that folder."""
    data = stage.path("data")
    shutil.rmtree(data, ignore_errors=True)
    copy_tree(stage.path(name), data)
    return data


def runs(data):
    with open(os.path.join(data, RUNS), "rb") as file:
        return file.read()


def moments(stage, folder, *command):
    """The calls that the command makes, as DISK_FAIL names them. A file of commits is filled page by page: of such
    writes that follow on each other a few stand for all."""
    trace, found = stage.path("trace"), []
    done = spard(anew(stage, folder), *command, trace=trace)
    equal(done.returncode, 0, f"how spard {command} ends, which said {done.stderr!r}")
    counts = {"W": 0, "T": 0}
    before = None
    for one in disk.calls(trace):
        if one.call in counts:
            counts[one.call] += 1
            follows = before is not None and "-commits." in one.path and one.path == before.path and one.call == "W"
            if not follows or counts[one.call] % SOME == 0:
                found.append(f"{CALLS[one.call]} {counts[one.call]}")
            before = one
    os.unlink(trace)
    return found


def each_call(stage, folder, *command):
    """The command, killed before one call after the other: each folder as it lies there."""
    for moment in moments(stage, folder, *command):
        data = anew(stage, folder)
        equal(spard(data, *command, fail=f"{moment} 0").returncode, KILLED, f"how it ends before {moment}")
        yield moment, data


def checked(data, where):
    done = spard(data, "check")
    check(done.returncode == 0 and "every checksum is right" in done.stdout, f"killed before {where}: {done.stderr!r}")
    return done.stdout


def test_a_move():
    if SANITIZED:
        return  # the sanitizers' own libraries must come first
    with Stage() as stage:
        folder_left(stage)
        texts = [text.encode() for name in ("Robin", "Kim") for text in lines(name)]
        whole, left = None, 0
        for where, data in each_call(stage, "left", "check"):
            behind = any(text in runs(data) for text in texts[6:12])
            told = checked(data, where)
            whole = whole or told
            equal(told, whole, f"what is there if it is killed before {where}")
            found = runs(data)
            for text in texts:
                equal(found.count(text), 1, f"how often {text!r} is in the file of runs if it is killed before {where}")
            left += behind
        check(left > 0, "no kill left anything in the file of runs")


def is_gone(data, room, name, where):
    """Whether the room is removed: then none of its lines is in any file."""
    found = [text for text in lines(name) if planted(data, text)]
    check(found in ([], lines(name)), f"killed before {where}, {room} is there in part: {found}")
    return not found


def test_a_removal():
    if SANITIZED:
        return
    with Stage() as stage:
        robins, _ = folder_left(stage)
        rested = stage.path("rested")
        copy_tree(stage.path("left"), rested)
        checked(rested, "nothing")
        told = {True: 0, False: 0}
        for where, data in each_call(stage, "rested", "forget", robins):
            checked(data, where)
            gone = is_gone(data, robins, "Robin", where)
            told[gone] += 1
            for text in lines("Kim"):
                equal(runs(data).count(text.encode()), 1, f"how often {text!r} is there if it is killed before {where}")
            again = spard(data, "forget", robins)
            equal((again.returncode, gone), (0, gone), f"forgotten again, behind {where}; it said {again.stderr!r}")
            check(is_gone(data, robins, "Robin", where), f"{robins} is forgotten")
            checked(data, where)
        check(told[True] > 0 and told[False] > 0, f"kills before and behind the removal: {told}")


def test_a_removal_of_what_is_fresh():
    """What was never moved when the removal began."""
    if SANITIZED:
        return
    with Stage() as stage:
        robins, _ = folder_left(stage)
        for where, data in each_call(stage, "left", "forget", robins):
            checked(data, where)
            is_gone(data, robins, "Robin", where)
            equal(spard(data, "forget", robins).returncode, 0, f"forgotten again, behind {where}")
            check(is_gone(data, robins, "Robin", where), f"{robins} is forgotten")
            for text in lines("Kim"):
                check(planted(data, text), f"{text!r} is there if it is killed before {where}")


if __name__ == "__main__":
    main(globals())
