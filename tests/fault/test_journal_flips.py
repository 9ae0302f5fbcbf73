# SPDX-License-Identifier: ISC
"""Purpose: one bit of the data folder flipped, again and again, each time in a fresh copy of it: at rest and with the
write-ahead log that a killed server leaves. Whatever the bit was, either the start or the reading finds it, or every
room is read as it was: nobody is ever served something else as the whole. The bits are the same each time unless
SPAR_SEED says otherwise.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

WRITER = os.path.join(os.environ["SPAR_BIN"], "journal_writer")
FRAME = 24 + 4096  # bytes of the log
FLIPS = 50 if os.environ.get("SPAR_SANITIZE") else 700  # of each kind of folder


def make(path, confirmed):
    """A journal whose writer was killed after so many confirmed runs, so that it has a log."""
    with subprocess.Popen([WRITER, path, "run"], stdout=subprocess.PIPE) as writer:
        for number, _ in enumerate(writer.stdout, 1):
            if number == confirmed:
                writer.send_signal(signal.SIGKILL)
                break
        writer.stdout.read()


def dump(path):
    """What is read: the exit code, and the lines."""
    done = subprocess.run([WRITER, path, "dump"], capture_output=True, text=True)
    assert done.returncode in (0, 1), (done.returncode, done.stderr)
    return done.returncode, done.stdout


def judge(before, after):
    """found: the start was refused, or a room; same: nothing changed; else what is served is wrong."""
    code, text = after
    if code != 0 or "damaged" in text or "unreadable" in text:
        served = [line for line in text.splitlines() if line.endswith(("good", "bad"))]
        assert set(served) <= set(before), "something else is served beside what was found"
        return "found"
    return "same" if text.splitlines() == before else "wrong"


def flip(path, bit):
    with open(path, "r+b") as file:
        file.seek(bit // 8)
        byte = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes([byte ^ 1 << bit % 8]))


def run(folder, names, before, chance):
    counts = {"found": 0, "same": 0, "wrong": 0}
    sizes = [os.path.getsize(os.path.join(folder, name)) for name in names]
    with tempfile.TemporaryDirectory() as place:
        for turn in range(FLIPS):
            for name in os.listdir(place):
                os.unlink(os.path.join(place, name))
            for name in names:
                shutil.copy(os.path.join(folder, name), place)
            which = chance.choices(range(len(names)), sizes)[0]
            # What is wrong with the last frame looks to SQLite like a commit that was never ended.
            last = sizes[which] - FRAME if names[which].endswith("-wal") and turn % 10 == 0 else 0
            bit = chance.randrange(last * 8, sizes[which] * 8)
            flip(os.path.join(place, names[which]), bit)
            judged = judge(before, dump(os.path.join(place, "journal.db")))
            counts[judged] += 1
            assert judged != "wrong", f"bit {bit} of {names[which]} changes what is served"
    return counts


def main():
    chance = random.Random(int(os.environ.get("SPAR_SEED", 1)))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal.db")
        make(path, 300)
        with tempfile.TemporaryDirectory() as place:
            for name in os.listdir(folder):
                shutil.copy(os.path.join(folder, name), place)
            before = dump(os.path.join(place, "journal.db"))[1].splitlines()
        print("with a log:", run(folder, ["journal.db", "journal.db-wal", "journal.db.lock"], before, chance))
        dump(path)  # carries the log over
        print("fresh:", run(folder, ["journal.db", "journal.db.lock"], before, chance))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal.db")
        make(path, 1600)  # so many that most of them are moved to where rooms rest
        before = dump(path)[1].splitlines()
        print("at rest:", run(folder, ["journal.db", "journal.db.lock"], before, chance))


if __name__ == "__main__":
    sys.exit(main())
