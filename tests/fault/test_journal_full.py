# SPDX-License-Identifier: ISC
"""Purpose: a disk without room. Appends fail and say so, what was confirmed stays readable, nothing that
failed is confirmed later, and appending goes on once there is room: in the same process and after a restart.

Two ways: a limit on the size of the process's files, lowered and raised under it; and, where the system lets an
unprivileged user mount one, a file system of 8 MiB that really fills up.
"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

WRITER = os.path.join(os.environ["SPAR_BIN"], "journal_writer")


class Writer:
    """A journal_writer that is asked append by append."""

    def __init__(self, path):
        self.heads = {}
        self.process = subprocess.Popen([WRITER, path, "ask"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def append(self, room, size=3000):
        line = f"{room} {self.heads.get(room, 0)} {size}\n"
        self.process.stdin.write(line)
        self.process.stdin.flush()
        outcome, head = self.process.stdout.readline().split()
        assert int(head) >= self.heads.get(room, 0), (room, head, self.heads)
        if outcome == "committed":
            assert int(head) == self.heads.get(room, 0) + 1
        if outcome != "failed":
            self.heads[room] = int(head)
        return outcome

    def append_until(self, wanted, limit=2000):
        for count in range(limit):
            if self.append(count % 4) == wanted:
                return count
        raise AssertionError(f"no append was {wanted} in {limit}")

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0, self.process.returncode


def dump(path):
    heads = {}
    out = subprocess.run([WRITER, path, "dump"], stdout=subprocess.PIPE, check=True, text=True)
    for line in out.stdout.splitlines():
        room, pos, _, judged = line.split()
        number = int(room[4:])
        assert judged == "good", line
        assert int(pos) == heads.get(number, 0) + 1, line
        heads[number] = int(pos)
    return heads


def check_kept(path, writer):
    """All that was confirmed is there; at most the last failed append of a room may be there beyond it."""
    heads = dump(path)
    for room, head in writer.heads.items():
        assert head <= heads.get(room, 0) <= head + 1, (room, head, heads)


def file_limit(path):
    writer = Writer(path)
    before = resource.prlimit(writer.process.pid, resource.RLIMIT_FSIZE)
    for turn in range(5):
        for room in range(4):
            assert writer.append(room) in ("committed", "conflict")
        sizes = [os.path.getsize(path + end) for end in ("", "-wal") if os.path.exists(path + end)]
        limit = max(sizes) + 20000 * turn
        resource.prlimit(writer.process.pid, resource.RLIMIT_FSIZE, (limit, before[1]))
        # Opening anew after a failure may empty the write-ahead log and so win some room.
        writer.append_until("failed")
        writer.append_until("failed")
        resource.prlimit(writer.process.pid, resource.RLIMIT_FSIZE, before)
        writer.append_until("committed", 10)
    writer.close()
    check_kept(path, writer)
    return sum(writer.heads.values())


def full_file_system(folder):
    """Runs inside a mount namespace of its own, over a small tmpfs at `folder`."""
    path = os.path.join(folder, "journal.db")
    ballasts = [os.path.join(folder, name) for name in ("ballast-1", "ballast-2")]
    # The second is twice what the logs hold by then: opening carries that over into the database,
    # by way of SQLite's own log.
    for ballast, size in zip(ballasts, (200000, 5200000)):
        with open(ballast, "wb") as file:
            file.write(bytes(size))
    writer = Writer(path)
    writer.append_until("failed")
    assert writer.append(1) == "failed"
    os.unlink(ballasts[0])
    writer.append_until("committed", 10)
    writer.append_until("failed")
    writer.close()
    refused = subprocess.run([WRITER, path, "dump"], capture_output=True, text=True)
    if refused.returncode != 0:
        assert "free some space" in refused.stderr, refused.stderr
    os.unlink(ballasts[1])
    check_kept(path, writer)
    print(f"a full file system: {sum(writer.heads.values())} events kept")


def main():
    if len(sys.argv) == 2:
        full_file_system(sys.argv[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        kept = file_limit(os.path.join(folder, "journal.db"))
        print(f"a limit on files: {kept} events kept")
        own = ["unshare", "--user", "--map-root-user", "--mount"]
        mount = f"mount -t tmpfs -o size=8m none {folder}"
        if not shutil.which("unshare") or subprocess.run(own + ["sh", "-c", mount],
                                                         stderr=subprocess.DEVNULL).returncode:
            print("no file system of our own can be mounted here: that part is left out")
            return
        subprocess.run(own + ["sh", "-c", f'{mount} && exec "$@"', "sh", sys.executable, "-B", __file__, folder],
                       check=True)


if __name__ == "__main__":
    sys.exit(main())
