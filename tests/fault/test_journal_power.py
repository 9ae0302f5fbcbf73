# SPDX-License-Identifier: ISC
"""Purpose: the power fails in the midst of commits, again and again over one journal: only what was synced is sure, and
of what came later any part is there, torn or in any order. Whatever was confirmed is there afterwards, byte for byte,
and of no run of events is there only a part. And a journal of the last version, whose taking over is killed at every
write in turn or loses its power there, is whole.
"""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

import disk
import test_journal_kill as kill

ROUNDS = int(os.environ.get("SPAR_ROUNDS", 40))
NEWEST = 5  # version of the journal
OTHER_BOOT = b"0" * 36  # of the machine: what journal.db.lock holds then
OLD = os.path.join(os.environ["SPAR_SOURCE"], "tests/unit/files/journal_v2.db")


def run_and_kill(path, count, trace):
    """The confirmed positions of a writer that is killed after `count` of them."""
    confirmed = {}
    with subprocess.Popen([kill.WRITER, path, "run"], stdout=subprocess.PIPE,
                          env=disk.environment(os.path.dirname(path), trace=trace)) as writer:
        for number, line in enumerate(writer.stdout, 1):
            if number == count:
                writer.send_signal(signal.SIGKILL)
            if not line.endswith(b"\n"):
                break
            room, pos = line.split()
            confirmed[room] = max(confirmed.get(room, 0), int(pos))
    assert writer.returncode == -signal.SIGKILL, writer.returncode
    return confirmed


def lose_power(path, trace, chance):
    lost = disk.power_fails(trace, chance)
    with open(path + ".lock", "r+b") as file:
        file.write(OTHER_BOOT)
    return lost


def commits(seed):
    chance, lost = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "data"))
        path, trace = os.path.join(folder, "data/journal.db"), os.path.join(folder, "trace")
        heads = {}
        for turn in range(ROUNDS):
            before = heads
            confirmed = run_and_kill(path, chance.randrange(1, 1500 if turn % 8 == 0 else 100), trace)
            lost += lose_power(path, trace, chance)
            os.unlink(trace)
            heads = kill.dump(path)
            assert all(pos % kill.RUN == 0 for pos in heads.values()), (seed, turn, heads)
            for room, pos in {**before, **confirmed}.items():
                assert heads.get(room, 0) >= pos, (seed, turn, room, pos, heads.get(room))
        print(f"{ROUNDS} power cuts, {sum(heads.values())} events kept, {lost} writes were not synced; seed {seed}")
        assert lost > 0


def events(path, version):
    """What an old journal holds, as the rows of version 2."""
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT at, body FROM event ORDER BY at").fetchall()
        rooms = db.execute("SELECT number, id FROM room ORDER BY number").fetchall()
        assert db.execute("PRAGMA user_version").fetchone()[0] == version, path
    return rows, rooms


def make_old(path, version):
    shutil.copy(OLD, path)
    os.chmod(path, 0o600)
    if version == 1:
        with sqlite3.connect(path) as db:
            db.executescript("""ALTER TABLE event RENAME TO new_event;
                CREATE TABLE event (room INTEGER NOT NULL, pos INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (room, pos))
                WITHOUT ROWID; INSERT INTO event SELECT at >> 32, at & 4294967295, body FROM new_event;
                DROP TABLE new_event; PRAGMA user_version = 1;""")
        db.close()


def take_over(path, fail, trace):
    return subprocess.run([kill.WRITER, path, "dump"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=disk.environment(os.path.dirname(path), fail, trace)).returncode


def taken_over(version, seed):
    chance, wanted = random.Random(seed), events(OLD, 2)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "data"))
        path, trace = os.path.join(folder, "data/journal.db"), os.path.join(folder, "trace")
        n, ended = 0, False
        while not ended:
            n += 1
            for name in os.listdir(os.path.join(folder, "data")):
                os.unlink(os.path.join(folder, "data", name))
            make_old(path, version)
            ended = take_over(path, f"pwrite {n} 0", trace) == 0
            if n % 2 and not ended:
                lose_power(path, trace, chance)
            os.unlink(trace)
            assert take_over(path, None, None) == 0, (version, n)
            assert events(path, NEWEST) == wanted, (version, n)
        print(f"version {version}: killed at each of {n - 1} writes, every other time without power; {len(wanted[0])} events")
        assert n > 3


def main():
    if os.environ.get("SPAR_SANITIZE"):
        sys.exit(77)  # the sanitizers' own libraries must come first
    seed = int(os.environ.get("SPAR_SEED", 1))
    commits(seed)
    taken_over(1, seed)
    taken_over(2, seed)


if __name__ == "__main__":
    main()
