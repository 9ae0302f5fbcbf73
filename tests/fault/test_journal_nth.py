# SPDX-License-Identifier: ISC
"""Purpose: the n-th write, sync, truncation and opening fails, for every n of a fixed script of appends and a second
start. What was confirmed is there afterwards, nothing that failed is confirmed, the store goes on by itself in the same
process, and after a failed write or sync nothing is confirmed before the database was opened anew; a disk that is full
heals without that.
"""
import errno
import os
import subprocess
import sys
import tempfile

import disk

WRITER = os.path.join(disk.BIN, "journal_writer")
LINES = [(0, 200), (1, 9000), (0, 200), (1, 200)]  # of each of the two starts
SENTENCES = ("cannot be used", "no room left", "cannot be opened", "cannot be made", "cannot be read")


def append_all(path, fail, trace, heads):
    """One start: the outcomes, or None if it was refused with a sentence."""
    with subprocess.Popen([WRITER, path, "ask"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=disk.environment(os.path.dirname(path), fail, trace)) as writer:
        outcomes = []
        for room, size in LINES:
            try:
                writer.stdin.write(f"{room} {heads.get(room, 0)} {size}\n")
                writer.stdin.flush()
            except BrokenPipeError:
                break
            line = writer.stdout.readline()
            if not line:
                break
            outcome, head = line.split()
            assert int(head) >= heads.get(room, 0), (fail, room, line, heads)
            if outcome == "committed":
                assert int(head) == heads.get(room, 0) + 1, (fail, line)
            heads[room] = int(head) if outcome != "failed" else heads.get(room, 0)
            outcomes.append(outcome)
        said = writer.communicate()[1]
    if not outcomes:
        assert writer.returncode == 1 and any(one in said for one in SENTENCES), (fail, writer.returncode, said)
        assert said.count("\n") == 1, said
        return None
    assert writer.returncode == 0, (fail, writer.returncode, said)
    return outcomes


def dump(path):
    out = subprocess.run([WRITER, path, "dump"], capture_output=True, text=True)
    assert out.returncode == 0, (out.returncode, out.stderr)
    heads = {}
    for line in out.stdout.splitlines():
        room, pos, _, judged = line.split()
        assert judged == "good" and int(pos) == heads.get(int(room[4:]), 0) + 1, line
        heads[int(room[4:])] = int(pos)
    return heads


def opened_anew(trace, path, call):
    """Behind the failed call the database is opened before anything more is written to a log and synced."""
    logs = (path + "-wal", path + "-commits.0", path + "-commits.1", path + "-events")
    after = disk.calls(trace)
    at = next((i for i, one in enumerate(after) if one.call == call and one.path in logs), None)
    if at is None:
        return None
    wrote = False
    for one in after[at + 1:]:
        if one.call == "O" and one.path == path:
            return True
        wrote = wrote or (one.call == "W" and one.path in logs)
        if wrote and one.call == "S" and one.path in logs:
            return False
    return True


def run(fail, error, call):
    with tempfile.TemporaryDirectory() as folder:
        path, trace = os.path.join(folder, "data/journal.db"), os.path.join(folder, "trace")
        os.mkdir(os.path.dirname(path))
        heads = {}
        first = append_all(path, fail, trace, heads)
        anew = opened_anew(trace, path, call) if call in "ws" else None
        assert error == errno.ENOSPC or anew is not False, f"confirmed after {fail} without opening anew"
        second = append_all(path, None, None, heads)
        assert second is not None and second.count("failed") == 0, (fail, second)
        kept = dump(path)
        for room, head in heads.items():
            assert head == kept.get(room, 0), (fail, heads, kept)
        if first is None:
            return "refused"
        assert first.count("failed") <= 1 or first[-1] != "failed", (fail, first)
        assert first.count("failed") <= 2, (fail, first)
        return "failed" if "failed" in first else "unharmed"


def count(call):
    """How many of those calls the script makes at its first start."""
    with tempfile.TemporaryDirectory() as folder:
        path, trace = os.path.join(folder, "data/journal.db"), os.path.join(folder, "trace")
        os.mkdir(os.path.dirname(path))
        append_all(path, None, trace, {})
        return sum(one.call == call.upper() for one in disk.calls(trace))


def main():
    if os.environ.get("SPAR_SANITIZE"):
        sys.exit(77)  # the sanitizers' own libraries must come first
    for call, letter, errors in (("pwrite", "w", (errno.EIO, errno.ENOSPC)), ("sync", "s", (errno.EIO,)),
                                 ("truncate", "t", (errno.EIO,)), ("open", "o", (errno.EIO, errno.EMFILE))):
        number = count(letter)
        for error in errors:
            told = {"refused": 0, "failed": 0, "unharmed": 0}
            for n in range(1, number + 1):
                told[run(f"{call} {n} {error}", error, letter)] += 1
            print(f"each of {number} calls of {call}, {errno.errorcode[error]}: {told}", flush=True)
            assert number > 0


if __name__ == "__main__":
    main()
