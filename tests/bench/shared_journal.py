# SPDX-License-Identifier: ISC
"""
Purpose: what a journal in a database costs beside the embedded one, and beside the bare insert: a PostgreSQL that
syncs is made, bench_server runs on both by turns, and pgbench inserts arrays of rows of an event's size. Then
bench_nodes: three servers on that database beside one that is embedded, and full commits beside the bare insert of the
same rows.

    SPAR_BUILD=build/release python3 tests/bench/shared_journal.py [ROUNDS] [SECONDS]

from the source's folder, with the target bench built. The disk is the one of the temporary folder. Figures of one run
may be compared with each other, not with those of another machine.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scenario"))
os.environ.setdefault("SPAR_BUILD", os.path.abspath("build/release"))
os.environ.setdefault("SPAR_PACKS", os.path.abspath("contrib/packs"))
os.environ.setdefault("SPAR_BIN", os.path.join(os.environ["SPAR_BUILD"], "bin"))
import postgres  # noqa: E402

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
TICK = os.sysconf("SC_CLK_TCK")
EVENT_BYTES = 120  # a mark as it is stored, with its length

INSERT = """\\set room random(1, 1000000000)
INSERT INTO bare SELECT :room + i, :room, 1, decode(repeat('ab', {bytes}), 'hex')
 FROM generate_series(1, {events}) AS i ON CONFLICT DO NOTHING RETURNING room;
"""


def cpu(database):
    """µs of processor of the database, with those of its processes that have ended."""
    ticks = 0
    for pid in database.family():
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK * 1e6


def bare(database, events, clients):
    """Commits of so many events, as fast as they go."""
    script = os.path.join(os.path.dirname(database.data), "insert.sql")
    with open(script, "w", encoding="ascii") as file:
        file.write(INSERT.format(bytes=EVENT_BYTES, events=events))
    os.chmod(script, 0o644)
    before = cpu(database)
    done = subprocess.run([f"{postgres.programs()}/pgbench", "-n", "-M", "prepared", "-c", str(clients), "-T", str(SECONDS), "-f",
                           script, "-h", "127.0.0.1", "-p", str(database.port), "-U", "spar", "postgres"],
                          capture_output=True, text=True, check=True)
    used = cpu(database) - before
    commits = int(re.search(r"actually processed: (\d+)", done.stdout).group(1))
    latency = float(re.search(r"latency average = ([\d.]+)", done.stdout).group(1))
    print(f"pgbench, {events} events a commit, {clients} clients: {commits * events / SECONDS:.0f} events/s, "
          f"{latency:.2f} ms a commit, database {used / commits / events:.0f} us an event", flush=True)


def grown(database, name, log_before):
    """What the tables of a round take: with rooms that were opened, each with its pack, and the marks in them."""
    def ask(statement):
        return int(subprocess.run([f"{postgres.programs()}/psql", "-XAtq", "-c", statement,
                                   database.info.replace("/postgres", f"/{name}")], check=True, capture_output=True,
                                  text=True).stdout)
    rooms, events = ask("SELECT count(*) FROM spar.room"), ask("SELECT sum(count) FROM spar.event")
    opening = ask("SELECT sum(length(body)) FROM spar.event WHERE pos = 1")
    table = ask("SELECT sum(pg_table_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'spar.event'::regclass")
    index = ask("SELECT sum(pg_indexes_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'spar.event'::regclass")
    log = ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") - log_before
    print(f"{rooms} rooms of {opening / rooms / 1024:.1f} KiB at their opening, {events} events in all: tables "
          f"{(table - opening) / events:.0f} bytes an event beside that, indices {index / events:.0f}, the database's log "
          f"{(log - opening) / events:.0f}", flush=True)


# What is vacuumed belongs to no one of the figures.
with postgres.database("fsync = on\nautovacuum = off\n") as made:
    made.ask("CREATE TABLE bare (room bigint, pos bigint, count integer, body bytea, PRIMARY KEY (room, pos))")
    for number in range(ROUNDS):
        made.ask(f"CREATE DATABASE round_{number}")
        before = int(made.ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"))
        info = made.info.replace("/postgres", f"/round_{number}")
        subprocess.run([os.path.join(os.environ["SPAR_BIN"], "bench_server"), "--journal", info,
                        str(made.process.pid)], check=False)  # a machine that is too busy for the load says so
        grown(made, f"round_{number}", before)
        for size in (1, 10, 100):
            bare(made, size, 1)
        made.ask(f"CREATE DATABASE nodes_{number}")
        subprocess.run([os.path.join(os.environ["SPAR_BIN"], "bench_nodes"), made.info.replace("/postgres", f"/nodes_{number}"),
                        str(made.process.pid), str(SECONDS)], check=False)
