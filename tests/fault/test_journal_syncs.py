# SPDX-License-Identifier: ISC
"""Purpose: what the journal syncs: each commit of events with a write and a sync of its log before the next one, and
what older events move to rest by once a move; else commits under load cost more syncs than they are. And in which order:
the database is told where runs lie when they are synced, not before. That nothing confirmed is lost by it,
test_journal_power shows.
"""
import os
import struct
import subprocess
import sys
import tempfile

import disk
import test_journal_kill as kill

CONFIRMED = 9000  # runs of five events: some 10 MB, of which most moves to rest
FRAME_HEAD = 24   # bytes before each page of SQLite's log; in the second four of them, not 0: a commit ends
HEAD = 512        # bytes of a file of the log in front of it, before the first commit


def ends_commit(one):
    return one.call == "W" and one.path.endswith("-wal") and len(one.new) == FRAME_HEAD and struct.unpack_from(">I", one.new, 4)[0]


def is_batch(one):
    return one.call == "W" and "-commits." in one.path and one.offset >= HEAD and any(one.new)


def main():
    if os.environ.get("SPAR_SANITIZE"):
        sys.exit(77)  # the sanitizers' own libraries must come first
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "data"))
        path, trace = os.path.join(folder, "data/journal.db"), os.path.join(folder, "trace")
        with subprocess.Popen([kill.WRITER, path, "run"], stdout=subprocess.PIPE,
                              env=disk.environment(os.path.dirname(path), trace=trace)) as writer:
            for _ in range(CONFIRMED):
                assert writer.stdout.readline()
            writer.kill()
        calls = disk.calls(trace)
        batches = named = pieces = synced = 0
        waits = None   # the file of a batch that was written, and not synced yet
        fresh = False  # runs were written, and not synced yet
        for one in calls:
            if one.call == "S":
                named += one.path.endswith("-wal")
                synced += one.path.endswith("-events")
                fresh = fresh and not one.path.endswith("-events")
                waits = None if one.path == waits else waits
            elif is_batch(one):
                assert waits is None, f"a commit at {one.offset} behind one that was not synced"
                batches, waits = batches + 1, one.path
            elif one.call == "W" and one.path.endswith("-events"):
                pieces, fresh = pieces + 1, True
            elif ends_commit(one):
                assert not fresh, "the database is told of runs that are not synced"
        print(f"{batches} commits were synced one by one; {pieces} pieces of moves by {synced} syncs and {named} of the database's log")
        assert pieces >= 16 and (synced + named) * 5 < batches, (batches, pieces, synced, named)


if __name__ == "__main__":
    main()
