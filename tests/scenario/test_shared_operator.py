# SPDX-License-Identifier: ISC
"""
Purpose: what an operator asks of a journal in a database: every checksum is read, a person and a room are forgotten
where one server alone runs on it, and what the database does by its own means is said in a sentence.
"""
import os
import shutil
import subprocess
import sys
import threading

import postgres
from support import SANITIZED, Server, Stage, check, equal, main, run, until

if SANITIZED or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

from test_forget import GONE, SPARD, STAYS, key_of, plays, spard, talk  # noqa: E402
from test_nodes import Nodes  # noqa: E402


def rows_with(database, sentence):
    """How many runs hold it, as whoever reads the tables is shown them."""
    return int(database.ask("SELECT count(*) FROM spar.event WHERE position("
                            f"convert_to('{sentence}', 'UTF8') in body) > 0".replace("Ben's", "Ben''s")))


def test_check():
    with postgres.database() as database, Stage(options=["--journal", database.info]) as stage:
        host = stage.host()
        talk(host, "sound")
        spard(stage, "check", has="every checksum is right")
        talk(host, "to be damaged")
        database.ask("UPDATE spar.event SET body = set_byte(body, length(body) - 12, 1) "
                     "WHERE pos = (SELECT max(pos) FROM spar.event)")
        said = spard(stage, "check", code=1, has="Damaged: 1 of 1 logs")
        check(host.room in said, f"the room is named: {said}")
        spard(stage, "backup", stage.path("copy"), code=1, has="pg_basebackup")
        stage.server.stop()
        spard(stage, "check", "--journal", database.info, code=1, has="asked by one of its servers")


def differs(folder, journal, *options, has, env=None):
    """A start that is refused with one sentence."""
    done = run([SPARD, "--listen", "127.0.0.1:0", "--data", folder, "--journal", journal, *options], env=env)
    said = [line for line in done.stderr.splitlines() if line.startswith("spard: ")]
    equal((done.returncode, len(said), done.stdout), (1, 1, ""), f"how it ends; it said {done.stderr!r}")
    check(has in said[0] and said[0].endswith("."), said[0])


def test_who_differs():
    """A link must open the same room at each server, and time go on alike there: who has another host secret, key or clock
    says which, and does not start. So does who may not be trusted with the way to the database."""
    with postgres.database() as database, Stage(options=["--journal", database.info]) as stage:
        host, second = stage.host(), Server(stage.path("second"))
        other = second.data
        talk(host, "before")
        os.makedirs(other)
        differs(other, database.info, has="its host secret is another; copy the others' file host.secret.")
        shutil.copy(os.path.join(stage.server.data, "host.secret"), other)
        differs(other, database.info, has="its key is another; copy the others' file server.pem")
        shutil.copy(os.path.join(stage.server.data, "server.pem"), other)
        differs(other, database.info, "--clock-rate", "60", has="its --clock-rate is another")
        remote = database.info + ("&" if "?" in database.info else "?") + "host=db.example"
        differs(other, remote, has="add sslmode=verify-full")
        differs(other, "postgresql:///spar", has="add sslmode=verify-full", env={**os.environ, "PGHOST": "127.0.0.2,db.example"})
        file = stage.path("journal")
        with open(file, "w", encoding="utf-8") as out:
            out.write(database.info + "\n")
        os.chmod(file, 0o640)
        differs(other, file, has="Others can read")
        os.chmod(file, 0o600)
        second.options = ["--journal", file]
        second.start()
        until(lambda: spard(stage, "nodes").count(" live") == 2, "the second in the list")
        talk(host, "after")
        second.stop()
        second.claim.close()


def test_forget_a_person():
    with postgres.database() as database, Stage(options=["--journal", database.info], workers=2) as stage:
        ours, others, ben, coach, waits, _ = plays(stage)
        for sentence in GONE[:3]:
            check(rows_with(database, sentence) > 0, f"{sentence!r} is there before")
        key = key_of(stage, "Ben")
        spard(stage, "forget", "x" * 40, code=1, has="neither a room's id")
        spard(stage, "forget", key_of(stage, "Nobody"), code=1, has="No log has that key")
        said = spard(stage, "forget", key, has="1 rooms are forgotten, and what the key was in 2 others")
        check("VACUUM FULL" in said, said)
        for sentence in GONE:
            equal(rows_with(database, sentence), 0, f"rows that hold {sentence!r}")
        check(rows_with(database, STAYS) > 0, "what others said is there")
        for one in (ours, ben, coach, waits):
            one.over(3, "removed from the server for good")
        talk(others, "and goes on")
        kim = stage.spar("fetch", others.room, "--identity", stage.path("Kim.pem"), "--out", stage.path("kim.spar"),
                         name="Kim", code=0)
        check("signed" in kim.stdout, kim.stdout)
        spard(stage, "check", has="every checksum is right")
        again = stage.join(ours.link("candidate"), "Somebody")
        again.over(3, "No room opens with this link")
        equal(database.ask(f"SELECT count(*) FROM spar.room WHERE id = '{ours.room}'"), "1", "its id is given to no other")
        spard(stage, "forget", key, code=1, has="No log has that key")
        stage.server.stop()
        stage.server.start()
        talk(others, "after a start")


def test_forget_a_room():
    with postgres.database() as database, Nodes(database) as nodes:
        host = nodes.host()
        talk(host, "to be forgotten")
        spard(nodes, "check", has="every checksum is right")
        spard(nodes, "forget", host.room, code=1, has="stop all but this one")
        nodes.other.stop()
        spard(nodes, "forget", "a" * 12, code=1, has="no room")
        spard(nodes, "forget", host.room, has="is forgotten")
        host.over(3, "removed from the server for good")
        equal(database.ask("SELECT count(*) FROM spar.event"), "0", "events")
        equal(database.ask("SELECT count(*) FROM spar.member"), "0", "members")
        equal(database.ask("SELECT count(*) FROM spar.room"), "1", "rooms")
        nodes.other.start()
        again = nodes.host("Alex")
        talk(again, "another room")


def waits_for_tables(database):
    """Whether somebody has waited for the lock of the tables for longer than an answer may take."""
    return database.ask("SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' "
                        "AND NOT granted AND clock_timestamp() - query_start > interval '2.5 s'") == "1"


def test_tables_made_slowly():
    """Another server makes the tables meanwhile, and takes longer than any answer may later."""
    with postgres.database() as database:
        psql = [f"{postgres.programs()}/psql", "-XAtq", database.info]
        with subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other, \
                Stage(options=["--journal", database.info], start=False) as stage:
            other.stdin.write("SELECT 'held' FROM pg_advisory_lock(7447001);\n")
            other.stdin.flush()
            equal(other.stdout.readline().strip(), "held", "the lock")
            comes = threading.Thread(target=stage.server.start)
            comes.start()
            until(lambda: waits_for_tables(database), "a server that waits for the tables")
            other.stdin.close()
            comes.join()
            talk(stage.host(), "once they are made")


def prune(stage, folder):
    done = run([SPARD, "prune", "--older", "1h", "--exported", folder, "--data", stage.server.data])
    return done.returncode, done.stdout + done.stderr


def played(stage, name):
    """A room that is left, and its recording in a folder of its own."""
    host = stage.host(name)
    talk(host, f"what {name} said")
    link = host.link("coach")
    host.end()
    folder = stage.path("of" + name)
    os.mkdir(folder)
    stage.spar("fetch", link, "--identity", stage.path(name + ".pem"), "--out", f"{folder}/{host.room}.spar", name=name,
               code=0)
    return host.room, folder


def test_prune():
    """An hour of the rooms' time is a second here. What has no recording in the folder stays."""
    with postgres.database() as database, Stage(options=["--journal", database.info, "--clock-rate", "3600"]) as stage:
        first, folder = played(stage, "Robin")
        second, other = played(stage, "Alex")
        stage.cohort()
        equal(prune(stage, stage.path("nowhere"))[0], 1, "the exit code without a folder")
        said = []
        until(lambda: said.append(prune(stage, folder)) or second in said[-1][1], "the second room to be old, and named")
        equal(said[-1][0], 1, "the exit code where something is kept")
        equal(sum("1 rooms are removed" in words for _, words in said), 1, "how often a room is removed")
        check(not any(first in words for _, words in said), "the first is never kept for want of a recording")
        equal(rows_with(database, "what Robin said"), 0, "rows of the first")
        check(rows_with(database, "what Alex said") > 0, "the second stays")
        database.ask("SELECT setval(pg_get_serial_sequence('spar.room', 'number'), 250000)")
        played(stage, "Kim")  # in another partition
        said = [prune(stage, other)]
        check("1 rooms are removed, and 0 empty" in said[0][1], f"the cohort is in its partition: {said}")
        equal(rows_with(database, "what Alex said"), 0, "rows of the second")
        database.ask("DELETE FROM spar.event WHERE room < 250000")
        check("1 empty partitions" in prune(stage, other)[1], "an empty one is dropped")
        equal(database.ask("SELECT to_regclass('spar.event_0') IS NULL, to_regclass('spar.event_2') IS NULL"), "t|f",
              "what is dropped")
        talk(stage.host("Zoe"), "goes on")


if __name__ == "__main__":
    main(globals())
