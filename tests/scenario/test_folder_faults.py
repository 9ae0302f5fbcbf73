# SPDX-License-Identifier: ISC
"""Purpose: every fault of the data folder at a start is one sentence that says what to do next, and nothing is written
there: a folder that cannot be made or written to, another owner's, another program's, another server's, a newer
server's, one that is damaged, and a disk that fails."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from support import BIN, LIMIT, SANITIZED, SOURCE, Stage, check, equal, main, run, until

sys.path.insert(0, os.path.join(SOURCE, "tests/fault"))
os.environ.setdefault("SPAR_BIN", BIN)
import disk  # noqa: E402

FIRST_START_MAX = 2 * 1024 * 1024
SPARD = os.path.join(BIN, "spard")
NOBODY = 65534
OLD = os.path.join(SOURCE, "tests/unit/files/journal_v2.db")


def refused(data, *words, user=None, environment=None):
    """Starts on a folder: exit code 1 and one sentence with these words."""
    drop = {"user": user, "group": user, "extra_groups": []} if user is not None and os.geteuid() == 0 else {}
    done = subprocess.run([SPARD, "--listen", "127.0.0.1:0", "--data", data], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=LIMIT, check=False, env=environment, **drop)
    said = [line for line in done.stderr.splitlines() if line.startswith("spard: ")]
    equal((done.returncode, len(said), done.stdout), (1, 1, ""), f"how a start on {data} ends; it said {done.stderr!r}")
    for word in words:
        check(word in said[0], f"{word!r} is not in {said[0]!r}")
    check(said[0].endswith("."), said[0])


def folder_of(place, name, mode=0o700, owner=None):
    path = os.path.join(place, name)
    os.mkdir(path, mode)
    os.chmod(path, mode)
    if owner is not None and os.geteuid() == 0:
        os.chown(path, owner, owner)
    return path


def test_the_folder_itself():
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        refused(os.path.join(place, "not/there"), "Cannot make the data folder", "--data")
        file = os.path.join(place, "file")
        with open(file, "w", encoding="utf-8"):
            pass
        refused(file, file, "--data")
        refused(folder_of(place, "read-only", 0o500, NOBODY), "read-only", user=NOBODY)
        if os.geteuid() == 0:
            refused(folder_of(place, "root's", 0o700), "root's", user=NOBODY)


def test_the_journal_in_it():
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        newer = folder_of(place, "newer")
        shutil.copy(OLD, os.path.join(newer, "journal.db"))
        with sqlite3.connect(os.path.join(newer, "journal.db")) as journal:
            journal.execute("PRAGMA user_version = 99")
        journal.close()
        refused(newer, "version 99", "run the newer server")
        other = folder_of(place, "other")
        with sqlite3.connect(os.path.join(other, "journal.db")) as journal:
            journal.execute("CREATE TABLE photos (name TEXT)")
        journal.close()
        refused(other, "is not a journal of Spar", "another --data")
        junk = folder_of(place, "junk")
        with open(os.path.join(junk, "journal.db"), "wb") as file:
            file.write(b"no database at all\n" * 500)
        refused(junk, "journal.db cannot be used", "restore a copy")
        linked = folder_of(place, "linked")
        os.symlink("/dev/null", os.path.join(linked, "journal.db"))
        refused(linked, "journal.db cannot be opened", "check the data folder")
        if os.geteuid() == 0:
            owned = folder_of(place, "owned", 0o755, NOBODY)
            shutil.copy(OLD, os.path.join(owned, "journal.db"))
            os.chmod(os.path.join(owned, "journal.db"), 0o600)
            refused(owned, "journal.db cannot be opened", "check the data folder", user=NOBODY)


def test_another_server():
    with Stage() as stage:
        host = stage.host()
        refused(stage.server.data, "Another server uses the journal", "--data")
        host.do("talk.say", text="still here")
        host.event(do="talk.say", text="still here")


def test_a_disk_that_fails():
    """The first start, with the first sync failing; the next one is as if nothing had been, and writes little."""
    if SANITIZED:
        return  # the sanitizers' own libraries must come first
    with tempfile.TemporaryDirectory() as place:
        data = os.path.join(place, "data")
        shim = {**os.environ, "LD_PRELOAD": os.path.join(BIN, "spar_disk.so"), "DISK_UNDER": data}
        refused(data, "journal.db cannot be used", "check the disk", environment={**shim, "DISK_FAIL": "sync 1 5"})
        refused(data, "no room left", "free some space", environment={**shim, "DISK_FAIL": "pwrite 2 28"})
        trace = os.path.join(place, "trace")
        spard = subprocess.Popen([SPARD, "--listen", "127.0.0.1:0", "--data", data], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True, env={**shim, "DISK_TRACE": trace})
        check("host link" in spard.stdout.readline(), "a start afterwards")
        written = sum(len(one.new) for one in disk.calls(trace) if one.call == "W")
        check(0 < written <= FIRST_START_MAX, f"a first start writes {written} bytes before it listens")
        spard.terminate()
        spard.wait(LIMIT)
        spard.stdout.close()


def test_a_folder_that_goes():
    """Who writes is told by name; with the folder back in its place the room goes on."""
    with Stage() as stage:
        host = stage.host()
        aside = stage.path("aside")
        os.rename(stage.server.data, aside)
        host.do("talk.say", text="lost")
        until(lambda: [one for one in host.refused() if one.get("why") == "storage"], "a refusal")
        host.do("talk.say", text="lost, too")
        until(lambda: len([one for one in host.refused() if one.get("why") == "storage"]) == 2, "another")
        os.rename(aside, stage.server.data)
        host.do("talk.say", text="kept")
        host.event(do="talk.say", text="kept")
        until(lambda: "journal.stores" in stage.server.text(), "the end of it in the log")
        told = [line for line in stage.server.text().splitlines() if " error journal.trouble " in line]
        equal((len(told), "nothing is stored until it is back in its place" in told[0]), (1, True), f"what the operator is told: {told}")


def said(host, number):
    for text in (f"line {one}" for one in range(number)):
        host.do("talk.say", text=text)
        host.event(do="talk.say", text=text)


def test_a_log_that_goes():
    """Removed or cut while nobody writes, and then the server dies: what was confirmed is not there, and the next start
    says so instead of beginning without it. Whoever puts the log back has all."""
    for size in (None, 0, 5000):
        with Stage() as stage:
            host = stage.host()
            said(host, 6)
            log, aside = os.path.join(stage.server.data, "journal.db-wal"), stage.path("aside")
            shutil.copy(log, aside)
            if size is None:
                os.unlink(log)
            else:
                os.truncate(log, size)
            stage.server.kill()
            for _ in range(2):
                refused(stage.server.data, "events that it has kept", "put back its -wal file", "its .lock file")
            shutil.copy(aside, log)
            stage.server.start()
            ben = stage.member(host.link("candidate"), "Ben")
            ben.wait_do("talk.say", text="line 5")


def test_a_journal_that_is_cut():
    """Under the running server, by whatever it was: nothing more is confirmed, and who writes is told so."""
    for size in (0, 8192):
        with Stage() as stage:
            host = stage.host()
            said(host, 2)
            os.truncate(os.path.join(stage.server.data, "journal.db"), size)
            host.do("talk.say", text="lost")
            until(lambda: [one for one in host.refused() if one.get("why") == "storage"], "a refusal")
            check(not [one for one in host.events() if one.get("text") == "lost"], "it is not confirmed")


def test_a_damaged_secret():
    """A flipped bit would change the host link; a secret as older servers wrote it stays good, and is checked from then on."""
    with Stage() as stage:
        link, secret = stage.server.link, os.path.join(stage.server.data, "host.secret")
        stage.server.stop()
        with open(secret, "rb") as file:
            good = file.read()
        for bit in range(0, len(good) * 8, 11):
            with open(secret, "wb") as file:
                file.write(bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(good)))
            refused(stage.server.data, "host.secret does not hold a host secret, or is damaged", "put back a copy")
        for older in (good[:22], good[:23]):
            with open(secret, "wb") as file:
                file.write(older)
            stage.server.start()
            equal(stage.server.link.rsplit("#")[1], link.rsplit("#")[1], "the host link")
            stage.server.stop()
            with open(secret, "rb") as file:
                equal(file.read(), good, "the secret's file")
        stage.server.start()


def test_an_older_journal_put_there():
    """A copy may stand there instead of what a server left that died, and what was forgotten is not missed."""
    with Stage() as stage:
        host, other = stage.host(), stage.host("Kim")
        said(host, 3)
        copy = stage.path("copy")
        equal(run([SPARD, "backup", copy, "--data", stage.server.data]).returncode, 0, "a backup")
        said(host, 3)
        said(other, 3)
        stage.server.kill()
        for name in ("journal.db", "journal.db-wal"):
            os.unlink(os.path.join(stage.server.data, name))
        shutil.copy(os.path.join(copy, "journal.db"), stage.server.data)
        stage.server.start()
        ben = stage.member(host.link("candidate"), "Ben")
        ben.wait_do("talk.say", text="line 2")
        equal(run([SPARD, "forget", other.room, "--data", stage.server.data]).returncode, 0, "forgotten")
        stage.server.kill()
        stage.server.start()
        ben.wait_do("talk.say", text="line 2")


if __name__ == "__main__":
    main(globals())
