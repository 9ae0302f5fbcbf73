# SPDX-License-Identifier: ISC
"""Purpose: one bit of the data folder flipped, again and again, each time in a fresh copy of it: at rest and with the
logs that a killed server leaves. Whatever the bit was, either the start or the reading finds it, or every
room is read as it was: nobody is ever served something else as the whole. The bits are the same each time unless
SPAR_SEED says otherwise.
"""
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

WRITER = os.path.join(os.environ["SPAR_BIN"], "journal_writer")
FRAME = 24 + 4096  # bytes of SQLite's log
HEAD, BATCH = 512, 24  # bytes of the log in front of it, and of a commit there, before what they hold
FLIPS = 50 if os.environ.get("SPAR_SANITIZE") else 700  # of each kind of folder


def make(path, confirmed):
    """A journal whose writer was killed after so many confirmed runs, so that it has logs: the last position of each
    room that was confirmed."""
    heads = {}
    with subprocess.Popen([WRITER, path, "run"], stdout=subprocess.PIPE, text=True) as writer:
        for number, line in enumerate(writer.stdout, 1):
            if number == confirmed:
                writer.send_signal(signal.SIGKILL)
            if line.endswith("\n"):
                room, pos = line.split()
                heads[room] = max(heads.get(room, 0), int(pos))
    return heads


def dump(path):
    """What is read: the exit code, and the lines."""
    done = subprocess.run([WRITER, path, "dump"], capture_output=True, text=True)
    assert done.returncode in (0, 1), (done.returncode, done.stderr)
    return done.returncode, done.stdout


def judge(before, heads, after):
    """found: the start was refused, or a room; same: nothing changed but that what nobody was told of may be gone; else
    what is served is wrong."""
    code, text = after
    if code != 0 or "damaged" in text or "unreadable" in text:
        served = [line for line in text.splitlines() if line.endswith(("good", "bad"))]
        assert set(served) <= set(before), "something else is served beside what was found"
        return "found"
    told = [line for line in before if int(line.split()[1]) <= heads.get(line.split()[0], 0)]
    lines = text.splitlines()
    return "same" if set(told) <= set(lines) <= set(before) and len(lines) == len(set(lines)) else "wrong"


def flip(path, bit):
    with open(path, "r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def batches(path):
    """Where each commit of a file of the log begins, and where the last one ends."""
    with open(path, "rb") as file:
        data = file.read()
    found = [HEAD]
    while found[-1] + BATCH <= len(data):
        size, _, sequence = struct.unpack_from("<IIQ", data, found[-1])
        if sequence == 0 or found[-1] + BATCH + size > len(data):
            break
        found.append(found[-1] + (BATCH + size + 7) // 8 * 8)
    return found


def extent(path):
    """How much of a file is looked at, and where what was written last begins."""
    if "-commits." in path:
        found = batches(path)
        return found[-1], found[-2] if len(found) > 1 else 0
    size = os.path.getsize(path)
    return size, size - FRAME if path.endswith("-wal") else 0


def run(folder, names, before, heads, chance):
    counts = {"found": 0, "same": 0, "wrong": 0}
    extents = [extent(os.path.join(folder, name)) for name in names]
    with tempfile.TemporaryDirectory() as place:
        for turn in range(FLIPS):
            for name in os.listdir(place):
                os.unlink(os.path.join(place, name))
            for name in names:
                shutil.copy(os.path.join(folder, name), place)
            which = chance.choices(range(len(names)), [size for size, _ in extents])[0]
            size, last = extents[which]
            # What is wrong with the last commit looks like one that was never ended.
            bit = chance.randrange(last * 8 if turn % 10 == 0 else 0, size * 8)
            flip(os.path.join(place, names[which]), bit)
            judged = judge(before, heads, dump(os.path.join(place, "journal.db")))
            counts[judged] += 1
            assert judged != "wrong", f"bit {bit} of {names[which]} changes what is served"
    return counts


def main():
    chance = random.Random(int(os.environ.get("SPAR_SEED", 1)))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal.db")
        heads = make(path, 300)
        with tempfile.TemporaryDirectory() as place:
            for name in os.listdir(folder):
                shutil.copy(os.path.join(folder, name), place)
            before = dump(os.path.join(place, "journal.db"))[1].splitlines()
        print("with logs:", run(folder, sorted(os.listdir(folder)), before, heads, chance))
        dump(path)  # carries the logs over
        print("closed:", run(folder, sorted(os.listdir(folder)), before, heads, chance))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal.db")
        heads = make(path, 1600)  # so many that most of them are moved to where rooms rest
        before = dump(path)[1].splitlines()
        print("at rest:", run(folder, sorted(os.listdir(folder)), before, heads, chance))


if __name__ == "__main__":
    sys.exit(main())
