# SPDX-License-Identifier: ISC
"""Purpose: kill -9 in the midst of commits, again and again over one journal: whatever was confirmed is there
afterwards, byte for byte, every room's log is dense, and of no run of events is there only a part. The moment of
the kill is a number of confirmed runs, so it falls anywhere between two commits or inside one. The numbers are the
same each time unless SPAR_SEED says otherwise. Most are small, for the sake of a disk that syncs slowly.
"""
import os
import random
import signal
import subprocess
import sys
import tempfile

WRITER = os.path.join(os.environ["SPAR_BIN"], "journal_writer")
ROUNDS = int(os.environ.get("SPAR_ROUNDS", 60 if os.environ.get("SPAR_SANITIZE") else 300))
SHORT, LONG = 60, 1500  # at most so many confirmed runs
RUN = 5  # journal_writer ends a run at each position that this divides


def run_and_kill(path, count):
    """The confirmed positions (room -> highest) of a writer that is killed after `count` of them."""
    confirmed = {}
    with subprocess.Popen([WRITER, path, "run"], stdout=subprocess.PIPE) as writer:
        for number, line in enumerate(writer.stdout, 1):
            if number == count:
                writer.send_signal(signal.SIGKILL)
            if not line.endswith(b"\n"):
                break  # the kill cut this line: it was not said
            room, pos = line.split()
            confirmed[room] = max(confirmed.get(room, 0), int(pos))
        # Lines that were in the pipe when the kill came were said too: the loop read them all.
    assert writer.returncode == -signal.SIGKILL, writer.returncode
    return confirmed


def dump(path):
    """Room -> last position, with every log checked for density and bytes."""
    heads = {}
    out = subprocess.run([WRITER, path, "dump"], stdout=subprocess.PIPE, check=True).stdout
    for line in out.splitlines():
        room, pos, _, judged = line.split()
        assert judged == b"good", line
        assert int(pos) == heads.get(room, 0) + 1, (line, heads.get(room, 0))
        heads[room] = int(pos)
    return heads


def main(seed=int(os.environ.get("SPAR_SEED", 1)), rounds=ROUNDS):
    chance = random.Random(seed)
    beyond = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "journal.db")
        heads = {}
        for turn in range(rounds):
            before = heads
            confirmed = run_and_kill(path, chance.randrange(1, LONG if turn % 20 == 0 else SHORT))
            heads = dump(path)
            assert all(pos % RUN == 0 for pos in heads.values()), (seed, turn, heads)
            for room, pos in confirmed.items():
                assert heads.get(room, 0) >= pos, (seed, turn, room, pos, heads.get(room))
                assert pos > before.get(room, 0), (seed, turn, room, pos)
            beyond += sum(heads[room] - confirmed.get(room, before.get(room, 0)) for room in heads)
        print(f"{rounds} kills, {sum(heads.values())} events kept, "
              f"{beyond} of them never confirmed; seed {seed}", flush=True)
        assert sum(heads.values()) > 0


if __name__ == "__main__":
    sys.exit(main())
