# SPDX-License-Identifier: ISC
"""
Purpose: commands whose output nobody takes: a full disk, a closed descriptor. Each says so and fails. If it is a reader
that has gone, as after `| head`, every command ends as if all had been read: that it may have been is a matter of
microseconds. None goes on unseen in a room, a queue or on the wall.
"""
import os
import re
import resource
import shutil
import signal
import subprocess

from support import BIN, LIMIT, SOURCE, Stage, check, equal, main

SPAR = os.path.join(BIN, "spar")
SENTENCE = "could not be written"


def failed(stage, name, arguments, **given):
    """Runs a command whose output cannot be written, and checks that it says so in one line."""
    done = subprocess.run([SPAR, *arguments], env=stage.environment(name), stderr=subprocess.PIPE, text=True,
                          timeout=LIMIT, **{"stdin": subprocess.DEVNULL, **given})
    equal((done.returncode, done.stderr.count("\n")), (1, 1), f"the end of spar {arguments[0]}: {done.stderr!r}")
    check(SENTENCE in done.stderr, f"what spar {arguments[0]} says: {done.stderr!r}")


def without_reader(stage, name, arguments, **given):
    """Its reader has gone, as that of `| head`. Gives its exit status and what it said."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([SPAR, *arguments], env=stage.environment(name), stderr=subprocess.PIPE, text=True, stdout=writer,
                          timeout=LIMIT, **{"stdin": subprocess.DEVNULL, **given})
    os.close(writer)
    return done.returncode, done.stderr


def commands_of_spar():
    """The names in the client's table."""
    with open(os.path.join(SOURCE, "client/cmd/commands.def"), encoding="utf-8") as file:
        return set(re.findall(r"^COMMAND\((\w+),", file.read(), re.M))


def printing(stage, room, recording, host_link, coaches):
    """A call of every command that prints. A cohort's last: one of them ends a membership."""
    key = ["--identity", stage.path("Robin.pem")]
    damaged = stage.path("damaged.spar")
    with open(recording, "rb") as whole, open(damaged, "wb") as half:
        half.write(whole.read()[:-40])
    pack = os.path.join(SOURCE, "contrib/packs/click-stream.yaml")
    yield from (["--help"], ["--version"], ["help", "join"], ["sessions", *key], ["sessions", "--json", *key], ["mine", *key],
                ["mine", "--json", *key], ["mine", "--all", stage.path("all"), *key],
                ["fetch", room, *key, "--out", stage.path("again.spar")], ["replay", recording, "--print"],
                ["report", recording], ["report", recording, "--format", "json"], ["report", recording, "--format", "html"],
                ["board", recording], ["board", recording, "--format", "svg"], ["fetch", room, *key], ["progress"],
                ["progress", "--format", "json"], ["verify", recording], ["verify", damaged],
                ["verify", "--json", recording], ["remark", recording, "--batch", *key], ["remark", "--compare", os.path.join(stage.path("Robin"), "spar", "recordings", room + ".remark.spar")],
                ["move", room, "--link", host_link, *key], ["config"], ["config", "name"], ["config", "name", "Robin"], ["pack", "list"],
                ["pack", "show", "click-stream"], ["pack", "sheet", pack], ["pack", "check", pack],
                ["pack", "build", pack, "--out", stage.path("built.pack")])
    yield from (["join", room, "--batch", *key], ["host", host_link, "--batch", *key], ["coach", coaches, "--batch"])
    for words in (["new", "Another", "--link", host_link], ["list"], ["list", "--json"], ["members"], ["members", "--json"],
                  ["link", "--role", "students"], ["offer", pack], ["evening"], ["evening", "2030-01-01 18:00", "60"], ["reports"],
                  ["call"], ["call", "https://call.example/x"], ["rooms"], ["sessions"], ["sessions", "--json"],
                  ["export", stage.path("exported")], ["report", stage.path("exported")], ["move"], ["withdraw", "1", "--yes"]):
        yield ["cohort", *words]


def test_reader_gone():
    with Stage() as stage:
        host = stage.host("Robin")
        host.end()
        recording = stage.path("r.spar")
        stage.spar("fetch", host.room, "--identity", stage.path("Robin.pem"), "--out", recording, code=0)
        _, _, coaches = stage.cohort(coach="Robin")
        tried = set()
        for arguments in printing(stage, host.room, recording, stage.server.link, coaches):
            read = stage.spar(*arguments)
            check(read.returncode != 2 or arguments[0] == "join", f"spar {arguments} is a command line: {read.stderr!r}")
            got = without_reader(stage, "Robin", arguments)
            equal(got, (read.returncode, read.stderr), f"the end of spar {' '.join(arguments)} without a reader")
            tried.add(arguments[0])
        # Who pairs waits for a partner: test_nobody_reads_on.
        equal(commands_of_spar() - tried, {"pair"}, "commands that were not tried")


def test_full_device():
    """What is no file is written to, and never replaced by one."""
    with Stage() as stage:
        host = stage.host("Robin")
        host.end()
        key = ["--identity", stage.path("Robin.pem")]
        device = stage.path("device")
        os.symlink("/dev/full", device)
        done = stage.spar("fetch", host.room, "--out", device, *key, code=1)
        check("cannot be written" in done.stderr, f"what spar fetch says: {done.stderr!r}")
        check(os.path.islink(device), "the device is there, and no file in its place")


def test_full_disk():
    """A report that does not fit leaves what was there as it was, and nothing half written beside it."""
    def no_space():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

    with Stage() as stage:
        host = stage.host("Robin")
        host.end()
        recording = stage.path("r.spar")
        stage.spar("fetch", host.room, "--identity", stage.path("Robin.pem"), "--out", recording, code=0)
        folder = stage.path("reports")
        os.mkdir(folder)
        path = os.path.join(folder, "r.html")
        arguments = ["report", recording, "--format", "html", "--out", path]
        failed(stage, "Robin", arguments, preexec_fn=no_space)
        equal(os.listdir(folder), [], "what a report leaves that did not fit")
        stage.spar(*arguments, code=0)
        with open(path, encoding="utf-8") as file:
            whole = file.read()
        failed(stage, "Robin", arguments, preexec_fn=no_space)
        equal(os.listdir(folder), ["r.html"], "what is there after one that did not fit")
        with open(path, encoding="utf-8") as file:
            equal(file.read(), whole, "the report of before")
        equal(os.stat(path).st_mode & 0o777, 0o644 & ~current_umask(), "who may read a report")
        refetch = ["fetch", host.room, "--identity", stage.path("Robin.pem"), "--out", os.path.join(folder, "f.spar")]
        done = subprocess.run([SPAR, *refetch], env=stage.environment("Robin"), stderr=subprocess.PIPE, text=True,
                              timeout=LIMIT, preexec_fn=no_space)
        equal(done.returncode, 1, f"a fetch that does not fit: {done.stderr!r}")
        equal(os.listdir(folder), ["r.html"], "what a fetch leaves that did not fit")


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


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
            equal(without_reader(stage, "Gone", arguments, stdin=silent), (0, ""), f"the end of spar {arguments[0]}")
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
