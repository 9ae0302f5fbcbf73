# SPDX-License-Identifier: ISC
"""Purpose: the disk of shim/disk.c for fault tests: what a program did to its files, and what is left of that when the
power fails and only what was synced is sure."""
import os
import struct
from collections import namedtuple

BIN = os.environ["SPAR_BIN"]
SHIM = os.path.join(BIN, "spar_disk.so")
HEAD = struct.Struct("=cIQQII")
SECTOR = 512

Call = namedtuple("Call", "call path offset size before new")


def environment(under, fail=None, trace=None):
    made = {**os.environ, "LD_PRELOAD": SHIM, "DISK_UNDER": under}
    if fail:
        made["DISK_FAIL"] = fail
    if trace:
        made["DISK_TRACE"] = trace
    return made


def calls(trace):
    """What was done, in order; a record that a kill cut off is left out."""
    with open(trace, "rb") as file:
        data = file.read()
    done, at, paths = [], 0, {}
    while at + HEAD.size <= len(data):
        call, file, offset, size, old, new = HEAD.unpack_from(data, at)
        at += HEAD.size
        if at + old + new > len(data):
            break
        before, bytes_new = data[at:at + old], data[at + old:at + old + new]
        at += old + new
        if call == b"O":
            paths[file] = bytes_new.decode()
        done.append(Call(call.decode(), paths.get(file, bytes_new.decode(errors="replace")), offset, size, before, bytes_new))
    return done


def _undo(file, one):
    file.seek(one.offset)
    file.write(one.before)
    file.truncate(one.size)


def _redo(file, one, chance):
    """Whole, torn between sectors, or not at all."""
    fate = chance.randrange(3)
    if one.call == "T":
        if fate:
            file.truncate(one.offset)
        return
    for start in range(0, len(one.new), SECTOR):
        if fate == 1 or (fate == 2 and chance.randrange(2)):
            file.seek(one.offset + start)
            file.write(one.new[start:start + SECTOR])


def power_fails(trace, chance):
    """Leaves of each file what was synced, and of what came later any part. A file once made stays."""
    unsynced = {}
    for one in calls(trace):
        if one.call == "S":
            unsynced[one.path] = []
        elif one.call in "WT":
            unsynced.setdefault(one.path, []).append(one)
    lost = 0
    for path, all_of_it in unsynced.items():
        if all_of_it and os.path.exists(path):
            lost += len(all_of_it)
            with open(path, "r+b") as file:
                for one in reversed(all_of_it):
                    _undo(file, one)
                for one in all_of_it:
                    _redo(file, one, chance)
    return lost
