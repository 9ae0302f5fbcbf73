# SPDX-License-Identifier: ISC
"""
Purpose: commands whose output nobody takes: a full disk, a closed descriptor. Each says so and fails; quietly, if it is a
reader that has gone. None goes on unseen in a room, a queue or on the wall.
"""
import os
import resource
import shutil
import signal
import subprocess

from support import BIN, LIMIT, Stage, check, equal, main

SPAR = os.path.join(BIN, "spar")
SENTENCE = "could not be written"


def failed(stage, name, arguments, quiet=False, **given):
    """Runs a command whose output cannot be written, and checks that it says so in one line, or nothing (quiet)."""
    done = subprocess.run([SPAR, *arguments], env=stage.environment(name), stderr=subprocess.PIPE, text=True,
                          timeout=LIMIT, **{"stdin": subprocess.DEVNULL, **given})
    equal((done.returncode, done.stderr.count("\n")), (1, 0 if quiet else 1), f"the end of spar {arguments[0]}: {done.stderr!r}")
    check(quiet or SENTENCE in done.stderr, f"what spar {arguments[0]} says: {done.stderr!r}")


def without_reader(stage, name, arguments, **given):
    """Its reader has gone, as that of `| head`: it ends with the same status, and without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    failed(stage, name, arguments, quiet=True, stdout=writer, **given)
    os.close(writer)


def test_one_answer():
    with Stage() as stage:
        host = stage.host("Robin")
        key = ["--identity", stage.path("Robin.pem")]
        recording = stage.path("r.spar")
        stage.spar("fetch", host.room, *key, "--out", recording, code=0)
        stage.cohort(coach="Robin")
        for arguments in (["verify", recording], ["report", recording], ["sessions", *key], ["pack", "list"],
                          ["cohort", "list", "--json"], ["--version"], ["--help"], ["join", "--help"]):
            with open("/dev/full", "w") as full:
                failed(stage, "Robin", arguments, stdout=full)
            failed(stage, "Robin", arguments, preexec_fn=lambda: os.close(1))
            without_reader(stage, "Robin", arguments)
        without_reader(stage, "Robin", ["replay", recording, "--print"])
        saved = stage.path("closed.spar")
        failed(stage, "Robin", ["fetch", host.room, *key, "--out", saved], preexec_fn=lambda: os.close(1))
        stage.spar("verify", saved, code=0)  # nothing of the output is in it


def test_nobody_reads_on():
    """With its input still open, each ends once its first line could not be written; so its seat is given up."""
    with Stage() as stage:
        host = stage.host("Robin")
        _, students, coaches = stage.cohort()
        waiting = ["pair", students, "--batch", "--name", "Gone", "--identity", stage.path("Gone.pem")]
        joined = ["join", host.link("candidate"), "--batch", "--name", "Gone", "--identity", stage.path("Gone.pem")]
        watching = ["coach", coaches, host.link("coach"), "--batch", "--identity", stage.path("Kim.pem")]
        for arguments in (waiting, joined, watching):
            silent, kept_open = os.pipe()
            without_reader(stage, "Gone", arguments, stdin=silent)
            for end in (silent, kept_open):
                os.close(end)
        host.event(do="seat.join", role="candidate")
        host.event(do="seat.gone")
        partner = stage.pair(students, "Ada")
        partner.find(lambda line: line.get("queue", {}).get("count") == 1, "a queue with nobody else")


def test_disk_without_room():
    """What cannot be saved is said with advice that fits the command, and fails."""
    with Stage() as stage:
        host = stage.host("Robin")
        host.end()
        shutil.copy(stage.path("Robin.pem"), os.path.join(stage.path("Robin"), "spar", "key.pem"))
        # No file may grow: as a full disk, for whatever process asks.
        def full():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        key = ["--identity", stage.path("Robin.pem")]
        for arguments, advice in ((["fetch", host.room, *key], "choose another with --out"),
                                  (["report", host.room], "spar fetch ROOM --out FILE"),
                                  (["replay", host.room, "--print"], "spar fetch ROOM --out FILE")):
            done = subprocess.run([SPAR, *arguments], env=stage.environment("Robin"), stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT, preexec_fn=full)
            equal(done.returncode, 1, f"exit code of spar {arguments[0]}: {done.stderr!r}")
            check("cannot be written" in done.stderr and advice in done.stderr, f"spar {arguments[0]} says {done.stderr!r}")


if __name__ == "__main__":
    main(globals())
