# SPDX-License-Identifier: ISC
"""
Three PostgreSQL under Patroni, with an etcd each beside them, as contrib/patroni.md sets them up: Patroni makes the
first, copies the others from it, and promotes the synchronous standby when the primary is lost.

The settings are those of contrib/patroni.yml, with the names and folders of a test put in.
"""
import contextlib
import os
import shutil
import signal
import subprocess

import postgres
from ports import own_port
from support import SOURCE, until

MEMBERS = ("db1", "db2", "db3")


def programs():
    """Whether all that is needed is installed."""
    return postgres.programs() and all(shutil.which(name) for name in ("patroni", "etcd"))


def descendants(pid):
    children = subprocess.run(["pgrep", "-P", str(pid)], check=False, capture_output=True, text=True).stdout.split()
    return [pid] + [one for child in children for one in descendants(int(child))]


class Member:
    """A machine: an etcd, a Patroni and the PostgreSQL that it runs."""

    def __init__(self, place, name):
        self.name, self.folder = name, os.path.join(place, name)
        self.ports, self.claims = {}, []
        for what in ("postgres", "rest", "client", "peer"):
            self.ports[what], claim = own_port()
            self.claims.append(claim)
        self.etcd = self.patroni = self.postmaster = None
        os.makedirs(self.folder)

    def write(self, members):
        """The recipe's file, as of this member."""
        with open(os.path.join(SOURCE, "contrib", "patroni.yml"), encoding="utf-8") as file:
            text = file.read()
        places = {f"{member.name}:{port}": f"127.0.0.1:{member.ports[what]}" for member in members
                  for what, port in (("postgres", 5432), ("rest", 8008), ("client", 2379))}
        places.update({"name: db1": f"name: {self.name}", "/var/lib/postgresql/spar": f"{self.folder}/data",
                       "/usr/lib/postgresql/15/bin": postgres.programs(), "10.0.0.0/24": "127.0.0.1/32",
                       "max_connections: 100": 'max_connections: 100\n        fsync: "off"'})
        if self is not members[0]:  # its own lines name it alone
            for what, port in (("postgres", 5432), ("rest", 8008)):
                places[f"listen: db1:{port}"] = f"listen: 127.0.0.1:{self.ports[what]}"
                places[f"connect_address: db1:{port}"] = f"connect_address: 127.0.0.1:{self.ports[what]}"
        for old in sorted(places, key=len, reverse=True):
            text = text.replace(old, places[old])
        with open(f"{self.folder}/patroni.yml", "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.chmod(f"{self.folder}/patroni.yml", 0o600)

    def start_etcd(self, members):
        peers = ",".join(f"{member.name}=http://127.0.0.1:{member.ports['peer']}" for member in members)
        client, peer = (f"http://127.0.0.1:{self.ports[what]}" for what in ("client", "peer"))
        self.etcd = postgres.run(
            ["etcd", "--name", self.name, "--data-dir", f"{self.folder}/etcd", "--initial-cluster", peers,
             "--initial-advertise-peer-urls", peer, "--listen-peer-urls", peer, "--listen-client-urls", client,
             "--advertise-client-urls", client, "--unsafe-no-fsync"], **self.log("etcd"))

    def log(self, name):
        return {"stdout": subprocess.DEVNULL, "stderr": open(f"{self.folder}/{name}.log", "ab")}

    def start(self):
        self.patroni = postgres.run(["patroni", f"{self.folder}/patroni.yml"], **self.log("patroni"))

    def note(self):
        """Its postmaster, which outlives a Patroni that is killed."""
        with contextlib.suppress(OSError, ValueError):
            with open(f"{self.folder}/data/postmaster.pid", encoding="ascii") as file:
                self.postmaster = int(file.readline())

    def family(self, etcd):
        self.note()
        roots = [self.patroni.pid, self.postmaster] + [self.etcd.pid] * etcd
        return [pid for root in roots if root for pid in descendants(root)]

    def send(self, number, etcd):
        for pid in self.family(etcd):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self, etcd=True):
        """The machine loses its power."""
        if self.patroni is not None:
            self.send(signal.SIGKILL, etcd)
            self.patroni.wait()
            if etcd:
                self.etcd.wait()

    def tell(self):
        with open(f"{self.folder}/patroni.log", encoding="utf-8") as file:
            return "".join(file.readlines()[-15:])


class Cluster:
    def __init__(self, place):
        self.members = [Member(place, name) for name in MEMBERS]
        hosts = ",".join(f"127.0.0.1:{member.ports['postgres']}" for member in self.members)
        self.info = f"postgresql://spar:secret@{hosts}/postgres?target_session_attrs=read-write"

    def make(self):
        for member in self.members:
            member.write(self.members)
            postgres.own(member.folder)
            member.start_etcd(self.members)
        for member in self.members:
            member.start()
        self.await_sync()
        return self

    def ask(self, member, statement):
        """What psql prints, "" where it cannot ask."""
        return subprocess.run(
            [f"{postgres.programs()}/psql", "-XAtq", "-c", statement,
             f"postgresql://spar:secret@127.0.0.1:{member.ports['postgres']}/postgres?connect_timeout=2"],
            check=False, capture_output=True, text=True).stdout.strip()

    def primary(self):
        """Who can be written to, or None."""
        return next((member for member in self.members if self.ask(member, "SELECT pg_is_in_recovery()") == "f"), None)

    def is_whole(self):
        """Both others follow, and one of them is waited for. Who tries to and cannot is no follower yet."""
        primary = self.primary()
        states = self.ask(primary, "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming' "
                                   "ORDER BY 1").split() if primary else []
        return len(states) == 2 and "sync" in states

    def await_sync(self):
        try:
            until(self.is_whole, "three databases, one waited for", limit=120)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n" + "\n".join(member.tell() for member in self.members)) from failure

    def end(self):
        for member in self.members:
            if member.patroni is not None:
                member.send(signal.SIGCONT, True)
                member.kill()


@contextlib.contextmanager
def cluster():
    with postgres.folder() as place:
        postgres.own(place)
        made = Cluster(place)
        try:
            yield made.make()
        finally:
            made.end()
