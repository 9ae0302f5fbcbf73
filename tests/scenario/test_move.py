# SPDX-License-Identifier: ISC
"""
Purpose: `spard move` brings a whole journal from a data folder into a database and back: killed at many moments and
asked again, every event is there byte for byte, every room has its number and its members, recordings that were
fetched before and after verify, and nothing is moved over what is there or away from under a server.
"""
import contextlib
import os
import random
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import threading

import postgres
from support import BIN, LIMIT, SANITIZED, SOURCE, Stage, check, equal, main, until

sys.path.insert(0, os.path.join(SOURCE, "tests/fault"))
os.environ.setdefault("SPAR_BIN", BIN)
import disk  # noqa: E402

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

KILLS = 10
MOVE_LOCK = 7447002  # that of server/journal/pg_parts.h
EVENTS = 12000  # beside what people have said, so that a kill meets each part of a move


def spard(*arguments, code=0):
    done = subprocess.run([os.path.join(BIN, "spard"), *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=2 * LIMIT, check=False)
    if code is not None:
        equal(done.returncode, code, f"exit code of spard {' '.join(arguments)}, which said {done.stderr!r}")
    return done


def in_file(path):
    """What a journal's file holds, at rest or fresh: rooms, events, members."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rooms = dict(db.execute("SELECT number, id FROM room"))
    events = {(at >> 32, at & 0xffffffff): bytes(body) for at, body in db.execute("SELECT at, body FROM event")}
    with open(path + "-events", "rb") as rest:
        for at, upto, place in db.execute("SELECT at, upto, place FROM run"):
            rest.seek(place)
            for pos in range(at & 0xffffffff, upto + 1):
                length, _sum = struct.unpack("<IQ", rest.read(12))
                events[at >> 32, pos] = rest.read(length)
    for body, in db.execute("SELECT body FROM fresh"):
        at = 0
        while at < len(body):
            room, pos, length = struct.unpack_from("<QII", body, at)
            events[room, pos] = bytes(body[at + 16:at + 16 + length])
            at += 16 + length
    members = {(bytes(key), room) for key, room in db.execute("SELECT key, room FROM member")}
    meta = dict(db.execute("SELECT name, value FROM meta WHERE name IN ('epoch', 'boot')"))
    db.close()
    return rooms, events, members, meta


def take_back(data):
    """Puts the files that a move has put away back in their place."""
    for end in ("", "-events"):
        os.rename(os.path.join(data, "journal.db.moved" + end), os.path.join(data, "journal.db" + end))


def in_database(database):
    def rows(statement):
        return [line.split("|") for line in database.ask(statement).splitlines()]
    events = {}
    for room, pos, count, body in rows("SELECT room, pos, count, encode(body, 'hex') FROM spar.event"):
        body, at = bytes.fromhex(body), 0
        for i in range(int(count)):
            length, = struct.unpack_from(">I", body, at)
            events[int(room), int(pos) + i] = body[at + 4:at + 4 + length]
            at += 4 + length
        equal(at, len(body) - 8, "what is behind the last event: its sum")
    return ({int(number): name for number, name in rows("SELECT number, id FROM spar.room")}, events,
            {(bytes.fromhex(key), int(room)) for key, room in rows("SELECT encode(key, 'hex'), room FROM spar.member")})


def same(got, wanted):
    for i, what in enumerate(("rooms", "events", "members")):
        check(len(wanted[i]) > 0, f"there are {what}")
        check(got[i] == wanted[i], f"{what} are the same: {len(got[i])}, {len(wanted[i])}")


def play(stage):
    """An interview with all that was said in it; a link to its room."""
    host = stage.host()
    candidate = stage.join(host.link("candidate"), "Kim")
    candidate.event(do="seat.join", role="candidate")
    host.do("clock.start")
    for i in range(30):
        host.do("talk.say", text=f"question {i} " + "x" * (i * 40))
        candidate.do("talk.say", text=f"answer {i}")
    host.event(do="talk.say", text="answer 29")
    candidate.event(do="talk.say", text="question 29 " + "x" * (29 * 40))
    host.end()
    candidate.end()
    return host.link("coach")


def fetch(stage, link, name):
    """The recording as the interviewer has it, verified."""
    path = stage.path(name)
    stage.spar("fetch", link, "--identity", stage.path("Robin.pem"), "--out", path, code=0)
    stage.spar("verify", path, code=0)


def fill(data):
    """Many events in 16 rooms, by the program of the tests of faults."""
    os.makedirs(data, mode=0o700)
    writer = subprocess.Popen([os.path.join(BIN, "journal_writer"), os.path.join(data, "journal.db"), "run"],
                              stdout=subprocess.PIPE, text=True)
    for _ in range(EVENTS // 5):
        check(writer.stdout.readline(), "a run that was confirmed")
    writer.kill()
    writer.wait()
    writer.stdout.close()


def killed(arguments, after):
    """Begins a move and kills it so many seconds later; whether it had come to its end before. One that was killed is
    still at the database until that has seen it, and another that comes at once is refused for it."""
    mover = subprocess.Popen([os.path.join(BIN, "spard"), *arguments], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return mover.wait(after) == 0
    except subprocess.TimeoutExpired:
        mover.kill()
        mover.wait()
        return False


def move(arguments):
    """Moves, killed at many moments first: the later, the further it was."""
    done, kills, after = False, 0, 0.02
    while not done and kills < KILLS:
        done = killed(arguments, after)
        kills += not done
        after *= random.uniform(1.2, 1.7)
    if not done:
        moved(arguments)
    print(f"({kills} kills)", end=" ", flush=True)


def moved(arguments):
    """Moves, once the database has seen that the one before was killed."""
    until(lambda: spard(*arguments, code=None).returncode == 0, "a move that comes to its end")


def refused(words, *arguments):
    done = spard(*arguments, code=None)
    check(done.returncode == 1 and words in done.stderr, f"{words!r} in what spard {arguments} says: {done.stderr!r}")


def test_there_and_back():
    with postgres.database() as database, Stage(start=False) as stage:
        data, back = stage.server.data, stage.path("back")
        fill(data)
        stage.server.start()
        link = play(stage)
        fetch(stage, link, "before.spar")
        refused("Another server uses the journal", "move", data, database.info)
        stage.server.stop()
        before = in_file(os.path.join(data, "journal.db"))
        move(["move", data, database.info])
        same(in_database(database), before)
        check(not os.path.exists(os.path.join(data, "journal.db")), "the file is put away")
        check(os.path.exists(os.path.join(data, "journal.db.moved")), "and kept")

        stage.server.options = ["--journal", database.info]
        stage.server.start()
        fetch(stage, link, "between.spar")
        again = play(stage)
        refused("servers run on that database", "move", database.info, back_folder(data, back))
        stage.server.stop()
        events = in_database(database)
        move(["move", database.info, back])
        after = in_file(os.path.join(back, "journal.db"))
        same(after, events)
        equal(after[3]["epoch"], before[3]["epoch"], "the epoch of the rooms' time")
        check(after[3]["boot"] > before[3]["boot"], "starts are counted on")
        check(not [name for name in os.listdir(back) if "moving" in name], "nothing is left of the way")

        refused("moved to a folder", "--journal", database.info, "--data", data, "--listen", "127.0.0.1:0")
        stage.server.options, stage.server.data = [], back
        stage.server.start()
        for one, name in ((link, "after.spar"), (again, "again.spar")):
            fetch(stage, one, name)
        play(stage)
        stage.server.stop()


def back_folder(data, back):
    """A folder with the server's secrets, for what comes back."""
    os.makedirs(back, mode=0o700)
    for name in ("host.secret", "server.pem"):
        shutil.copy(os.path.join(data, name), back)
    return back


def test_what_is_refused():
    with postgres.database() as database, Stage() as stage:
        data, other = stage.server.data, stage.path("other")
        play(stage)
        stage.server.stop()
        os.makedirs(other)
        refused("has no host.secret", "move", other, database.info)
        equal(spard("move", data, other, code=2).returncode, 2, "two folders")
        equal(spard("move", database.info, code=2).returncode, 2, "one argument")
        spard("move", data, database.info)
        take_back(data)
        done = spard("move", data, database.info)  # of the same state: as if killed before it was put away
        check("All is in the database" in done.stdout, done.stdout)
        take_back(data)
        stage.server.start()
        stage.host("Kim", "--keep", "nothing").end()
        stage.server.stop()
        with postgres.database() as third:
            said = spard("move", data, third.info).stdout
            check("To 1 of the rooms a host gave a time of their own" in said, said)
        take_back(data)
        refused("holds rooms already", "move", data, database.info)
        refused("is there already", "move", database.info, data)
        os.remove(os.path.join(data, "journal.db"))
        refused("with events of another journal", "move", database.info, data)
        with open(os.path.join(other, "host.secret"), "w", encoding="ascii") as file:
            file.write("A" * 22 + "\n")
        os.chmod(os.path.join(other, "host.secret"), 0o600)
        refused("host secret is another", "move", database.info, other)


def test_put_away_in_parts():
    """Whatever keeps one of the files from being put away, who asks again puts them all away."""
    with postgres.database() as database, Stage() as stage:
        data = stage.server.data
        play(stage)
        stage.server.stop()
        for end in (".moved-events", ".moved"):
            os.makedirs(os.path.join(data, "journal.db" + end))
            refused("could not be renamed", "move", data, database.info)
            check(os.path.exists(os.path.join(data, "journal.db")), "who asks again finds it")
            os.rmdir(os.path.join(data, "journal.db" + end))
        spard("move", data, database.info)
        check(not [name for name in os.listdir(data) if name.startswith("journal.db-")], "nothing is left")
        take_back(data)
        same(in_file(os.path.join(data, "journal.db")), in_database(database))


def killed_at(name, data, *arguments):
    """Kills a move before the so-manieth name that it gives; whether it gave so many."""
    done = subprocess.run([os.path.join(BIN, "spard"), *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
                          check=False, env=disk.environment(data, f"rename {name} 0"))
    return done.returncode != 0


def left_of(data, *, out):
    """Files of the journal but for those that it has now, and its mark, which stays."""
    return [name for name in os.listdir(data) if name.startswith("journal.db") and name != "journal.db.lock"
            and (not name.startswith("journal.db.moved") if out else "moving" in name)]


def test_killed_at_each_name():
    """And behind the last, when only its own end is missing: who asks again, and again, hears that all is there."""
    with postgres.database() as database, Stage() as stage:
        play(stage)
        stage.server.stop()
        data = stage.server.data
        before = in_file(os.path.join(shutil.copytree(data, stage.path("read")), "journal.db"))
        for name in range(1, 10):
            own = shutil.copytree(data, stage.path(f"out{name}"))
            with contextlib.suppress(subprocess.CalledProcessError):
                database.ask("DROP SCHEMA spar CASCADE")
            was_killed = killed_at(name, own, "move", own, database.info)
            for _ in range(2):
                until(lambda own=own: spard("move", own, database.info, code=None).stdout.startswith("spard: All is in the database;"),
                      "a move that was done")
            same(in_database(database), before)
            same(in_file(os.path.join(own, "journal.db.moved")), before)
            equal(left_of(own, out=True), [], "files that were not put away")
            if not was_killed:
                break
        check(name > 2, "it gave some names")
        for name in range(1, 10):
            own = back_folder(data, stage.path(f"back{name}"))
            database.ask("DELETE FROM spar.meta WHERE name = 'moved'")
            was_killed = killed_at(name, own, "move", database.info, own)
            until(lambda own=own: spard("move", database.info, own, code=None).returncode == 0, "a move that was done")
            check("spard: All is in " in spard("move", database.info, own).stdout, "who asks again hears that all is there")
            same(in_file(os.path.join(own, "journal.db")), before)
            equal(left_of(own, out=False), [], "files of the way")
            if not was_killed:
                break
        check(name > 2, "it gave some names")
        stage.server.data = own
        stage.server.start()
        play(stage)


def test_an_unfinished_place():
    """No server starts on a part."""
    with postgres.database() as database, Stage(start=False) as stage:
        data = stage.server.data
        fill(data)
        stage.server.start()
        stage.server.stop()
        until(lambda: is_left_unfinished(database, data), "a move that is killed in the middle")
        refused("has not ended", "--journal", database.info, "--data", data, "--listen", "127.0.0.1:0")
        moved(["move", data, database.info])


class Lingering:
    """A way to the database on which it does not notice that a program has ended: the connection stays until `close`."""

    GOODBYE = b"X\0\0\0\4"

    def __init__(self, database):
        self.target, self.ends = ("127.0.0.1", database.port), []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.info = database.info.replace(f":{database.port}/", f":{self.door.getsockname()[1]}/")
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.door.accept()
                far = socket.create_connection(self.target)
                self.ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, here, there):
        with contextlib.suppress(OSError):
            while data := here.recv(65536):
                there.sendall(data.removesuffix(self.GOODBYE))

    def close(self):
        for one in (self.door, *self.ends):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def test_a_server_comes_right_behind():
    """A move gives its place up before it ends: though its connection is still there, a server starts."""
    with postgres.database() as database, Stage() as stage, contextlib.closing(Lingering(database)) as way:
        link = play(stage)
        stage.server.stop()
        spard("move", stage.server.data, way.info)
        check(database.ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                           "AND pid <> pg_backend_pid()") != "0", "the connection is still there")
        stage.server.options = ["--journal", database.info]
        stage.server.start()
        fetch(stage, link, "behind.spar")


def test_no_server_starts_meanwhile():
    with postgres.database() as database, Stage(options=["--journal", database.info]) as stage:
        stage.server.stop()
        psql = [f"{postgres.programs()}/psql", "-XAtq", database.info]
        with subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as mover:
            mover.stdin.write(f"SELECT 'held' FROM pg_advisory_lock({MOVE_LOCK});\n")
            mover.stdin.flush()
            equal(mover.stdout.readline().strip(), "held", "the lock")
            refused("is being moved", "--journal", database.info, "--data", stage.server.data, "--listen", "127.0.0.1:0")


def is_left_unfinished(database, data):
    """Kills a move once its mark is there. One that has come to its end by then is undone."""
    with subprocess.Popen([os.path.join(BIN, "spard"), "move", data, database.info], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as mover:
        until(lambda: mover.poll() is not None or database.ask("SELECT to_regclass('spar.meta') IS NOT NULL") == "t",
              "the mark")
        mover.kill()
    if os.path.exists(os.path.join(data, "journal.db")):
        return database.ask("SELECT count(*) FROM spar.meta WHERE name = 'moving'") == "1"
    take_back(data)
    database.ask("DROP SCHEMA spar CASCADE")
    return False


if __name__ == "__main__":
    main(globals())
