# SPDX-License-Identifier: ISC
"""Purpose: what the journal syncs: each commit of events with a write and a sync of its log before the next one, and
none of the slices by which older events move to rest, which are sure with the end of the move; else commits under load
cost more syncs than they are. That nothing confirmed is lost by it, test_journal_power shows.
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
        batches = synced = slices = 0
        waits = None   # the file of a batch that was written, and not synced yet
        behind = False  # a slice was written, and not synced yet
        for one in calls:
            if one.call == "S":
                synced += one.path.endswith("-wal")
                behind = behind and not one.path.endswith("-wal")
                waits = None if one.path == waits else waits
            elif is_batch(one):
                assert waits is None, f"a commit at {one.offset} behind one that was not synced"
                batches, waits = batches + 1, one.path
            elif ends_commit(one):
                slices += behind
                behind = True
        print(f"{batches} commits were synced one by one; {slices} slices of moves were not, beside {synced} syncs there")
        assert slices >= 16 and synced * 5 < batches, (batches, slices, synced)


if __name__ == "__main__":
    main()
