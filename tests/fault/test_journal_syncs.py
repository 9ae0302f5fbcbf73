# SPDX-License-Identifier: ISC
"""Purpose: what the journal syncs: each commit of events before anything of it is confirmed, and none of the slices by
which older events move to rest, which are sure with the next commit's sync; else each commit under load costs two. That
nothing confirmed is lost by it, test_journal_power shows.
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


def ends_commit(one):
    return one.call == "W" and one.path.endswith("-wal") and len(one.new) == FRAME_HEAD and struct.unpack_from(">I", one.new, 4)[0]


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
        synced = unsynced = 0
        waits = False  # a commit has been written, and no sync has come yet
        for one in disk.calls(trace):
            if one.call == "S" and one.path.endswith("-wal"):
                synced += waits
                waits = False
            elif ends_commit(one):
                unsynced += waits
                waits = True
        print(f"{synced} commits were synced, {unsynced} with the one behind them")
        assert synced > unsynced >= 16, (synced, unsynced)


if __name__ == "__main__":
    main()
