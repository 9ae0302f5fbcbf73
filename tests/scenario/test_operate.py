# SPDX-License-Identifier: ISC
"""Purpose: what an operator does with the journal, while the server runs and without it: a whole copy of one moment
that starts as a server, a look at every checksum that finds a flipped bit, and a room that is forgotten for good."""

import os
import re
import shutil
import socket
import sqlite3
import threading
import urllib.error
import urllib.request

from ports import own_port
from support import BIN, LIMIT, Stage, check, equal, main, run

SPARD = os.path.join(BIN, "spard")
SECRET = "a sentence that must be gone afterwards"


def spard(stage, *arguments, code=0, has=""):
    """One sentence, on standard output if it is good."""
    done = run([SPARD, *arguments, "--data", stage.server.data])
    said = done.stdout if code == 0 else done.stderr
    equal(done.returncode, code, f"exit code of spard {arguments}; it said {done.stderr!r} {done.stdout!r}")
    check(has in said, f"{has!r} is not in {said!r}")
    return said


def talk(host, text):
    host.do("talk.say", text=text)
    host.event(do="talk.say", text=text)


def test_backup_and_check():
    with Stage() as stage:
        host = stage.host()
        talk(host, "before")
        copy = stage.path("copy")
        spard(stage, "check", has="every checksum is right")
        spard(stage, "backup", copy, has="copied")
        equal(sorted(os.listdir(copy)), ["host.secret", "journal.db", "journal.db-events", "server.pem"], "the copy")
        equal([os.stat(os.path.join(copy, name)).st_mode & 0o77 for name in os.listdir(copy)], [0, 0, 0, 0], "for its owner")
        talk(host, "after")
        spard(stage, "backup", copy, code=1, has="empty")
        stage.server.stop()
        spard(stage, "check", has="every checksum is right")
        spard(stage, "backup", stage.path("later"), has="copied")
        # The copy starts as this server: the same key, the same rooms up to its moment.
        shutil.rmtree(stage.server.data)
        os.rename(copy, stage.server.data)
        stage.server.start()
        ben = stage.member(host.link("candidate"), "Ben")
        ben.wait_do("talk.say", text="before")
        spard(stage, "check", has="every checksum is right")


def test_backup_while_they_write():
    """What was confirmed before the copy began is in it, whatever is written meanwhile."""
    with Stage() as stage:
        host = stage.host()
        for number in range(30):
            host.do("talk.say", text=f"line {number}")
        host.event(do="talk.say", text="line 29")
        host.send(*({"do": "talk.say", "text": f"meanwhile {number}"} for number in range(100)))
        copy = stage.path("copy")
        spard(stage, "backup", copy)
        host.event(do="talk.say", text="meanwhile 99")
        host.end()
        stage.server.stop()
        shutil.rmtree(stage.server.data)
        os.rename(copy, stage.server.data)
        spard(stage, "check", has="every checksum is right")
        stage.server.start()
        ben = stage.member(host.link("candidate"), "Ben")
        ben.wait_do("talk.say", text="line 29")


def test_check_finds():
    with Stage() as stage:
        host = stage.host()
        stage.server.stop()
        journal = sqlite3.connect(os.path.join(stage.server.data, "journal.db"))
        with journal:
            journal.execute("UPDATE room SET head = head + 1 WHERE id = ?", (host.room,))
        journal.close()
        said = spard(stage, "check", code=1, has="Damaged: 1 of 1 logs")
        check(host.room in said, said)
        stage.server.start()
        spard(stage, "check", code=1, has=host.room)
        host.over(3, "damaged")


def planted(stage):
    """Files of the data folder that hold the sentence."""
    found = []
    for name in os.listdir(stage.server.data):
        path = os.path.join(stage.server.data, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                if SECRET.encode() in file.read():
                    found.append(name)
    return found


def test_forget():
    with Stage() as stage:
        host, other = stage.host(), stage.host("Kim")
        talk(host, SECRET)
        talk(other, "still here")
        check(planted(stage), "the sentence is in the data folder")
        spard(stage, "forget", "nosuchroom12", code=1, has="no room nosuchroom12")
        spard(stage, "forget", host.room, has="is forgotten")
        host.over(3, "removed from the server for good")
        equal(planted(stage), [], "files that hold the sentence")
        spard(stage, "check", has="every checksum is right")
        again = stage.batch(["join", host.link("candidate")], "Ben")
        again.over(3, "No room opens with this link")
        talk(other, "and goes on")
        robin = stage.path("Robin.pem")
        listed = stage.spar("sessions", stage.server.link, "--identity", robin, name="Robin", code=0)
        check(host.room not in listed.stdout, listed.stdout)
        stage.server.stop()
        moved = os.path.join(stage.server.data, "journal.db.moved")
        shutil.copy(os.path.join(stage.server.data, "journal.db"), moved)
        spard(stage, "forget", other.room, has="in no file of the data folder but journal.db.moved")
        os.unlink(moved)
        stage.server.start()
        spard(stage, "check", has="every checksum is right")


def test_metrics():
    """Counters and gauges in Prometheus' form, on this machine alone."""
    port, claim = own_port()
    with claim, Stage(options=["--metrics", f"127.0.0.1:{port}"]) as stage:
        host = stage.host()
        talk(host, "counted")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=LIMIT) as answer:
            text = answer.read().decode()
        values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        equal(values["spar_members"], "1", "people in rooms")
        check(int(values["spar_commands_total"]) >= 1, text)
        check(int(values["spar_journal_events_total"]) >= 3, text)
        equal(values['spar_journal_commit_seconds_bucket{le="+Inf"}'], values["spar_journal_commit_seconds_count"], text)
        for line in text.splitlines():
            check(re.match(r"# TYPE spar_\w+ (counter|gauge|histogram)$|spar_\w+(\{le=\"[^\"]+\"\})? [0-9.e+-]+$", line),
                  line)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/other", timeout=LIMIT).close()
            check(False, "another path is answered")
        except urllib.error.HTTPError as error:
            equal(error.code, 404, "another path")
        stage.server.stop()
        stage.server.start()
        host.event(do="talk.say")
    done = run([SPARD, "--metrics", "192.0.2.1:9447"])
    equal((done.returncode, "of this machine" in done.stderr), (2, True), done.stderr)


def test_copy_out_of_sight():
    """A server whose /tmp is its own says that it has copied, and whoever asked finds nothing."""
    with Stage(start=False) as stage, socket.socket(socket.AF_UNIX) as ear:
        os.makedirs(stage.server.data, exist_ok=True)
        ear.bind(os.path.join(stage.server.data, "control.sock"))
        ear.listen()

        def answer():
            with ear.accept()[0] as caller:
                caller.recv(4096)
                caller.sendall(b"ok All is copied.\n")

        server = threading.Thread(target=answer, daemon=True)
        server.start()
        spard(stage, "backup", stage.path("unseen"), code=1, has="below its data folder")
        server.join(LIMIT)


def test_words():
    with Stage(start=False) as stage:
        done = run([SPARD, "backup"])
        equal((done.returncode, "needs a folder" in done.stderr), (2, True), done.stderr)
        done = run([SPARD, "check", "--data", stage.path("nowhere")])
        equal((done.returncode, "no journal" in done.stderr), (1, True), done.stderr)


if __name__ == "__main__":
    main(globals())
