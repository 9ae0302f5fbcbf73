# SPDX-License-Identifier: ISC
"""A PostgreSQL of a test's own: on loopback, in a folder of its own, gone with the test.

initdb takes seconds, so it is done once for a build, as a folder that each test copies. The database
refuses to run as root; then it runs as the user postgres, whom its Debian package makes. What is
tested is what the servers do, not the disk, so it does not sync.
"""
import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

from ports import own_port

# Shared memory lies in the own folder, and is removed with it, as the server is killed.
SETTINGS = """
listen_addresses = '127.0.0.1'
fsync = off
max_connections = 60
shared_buffers = 16MB
wal_level = replica
logging_collector = off
unix_socket_directories = ''
dynamic_shared_memory_type = mmap
"""


def programs():
    """The folder of initdb and postgres, or None."""
    for version in range(20, 12, -1):
        folder = f'/usr/lib/postgresql/{version}/bin'
        if os.path.exists(f'{folder}/initdb'):
            return folder
    return None


def user():
    """The user that it runs as, or None if that is this one."""
    return pwd.getpwnam('postgres') if os.getuid() == 0 else None


def run(command, **more):
    owner = user()
    if owner is not None:
        more.update(user=owner.pw_uid, group=owner.pw_gid, extra_groups=[])
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd='/', **more)


def own(folder):
    owner = user()
    if owner is not None:
        for path, folders, files in os.walk(folder):
            for name in ['.'] + folders + files:
                os.chown(os.path.join(path, name), owner.pw_uid, owner.pw_gid)


@contextlib.contextmanager
def folder():
    """One that the database's user can reach, whatever stands above the build."""
    path = tempfile.mkdtemp(prefix='spar-postgres-')
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def template():
    """A data folder as initdb makes it, made once for a build."""
    kept = os.path.join(os.environ['SPAR_BUILD'], 'postgres-template')
    with open(kept + '.lock', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(kept):
            with folder() as made:
                own(made)
                data = os.path.join(made, 'data')
                done = run([f'{programs()}/initdb', '-D', data, '-U', 'spar', '-A', 'trust',
                            '-E', 'UTF8', '--no-locale', '--no-sync'],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                _, error = done.communicate()
                if done.returncode != 0:
                    raise RuntimeError(error.decode())
                shutil.copytree(data, kept + '.new')
                os.rename(kept + '.new', kept)
    return kept


def send(pid, what):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)


def is_alive(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as file:
            return file.read().rsplit(')', 1)[1].split()[0] not in 'XZ'
    except (FileNotFoundError, ProcessLookupError):
        return False


class Postgres:
    """One server; `info` connects to it."""

    def __init__(self, place, name='primary'):
        self.port, self.holder = own_port()
        self.data = os.path.join(place, name)
        self.process = None
        self.info = f'postgresql://spar@127.0.0.1:{self.port}/postgres'

    def make(self, settings=''):
        shutil.copytree(template(), self.data)
        with open(f'{self.data}/postgresql.conf', 'a', encoding='ascii') as file:
            file.write(SETTINGS + settings + f'port = {self.port}\n')
        self.owned()
        return self

    def owned(self):
        os.chmod(self.data, 0o700)
        own(self.data)

    def start(self):
        self.process = run([f'{programs()}/postgres', '-D', self.data],
                           stdout=subprocess.DEVNULL, stderr=open(f'{self.data}/log', 'ab'))
        return self

    def await_ready(self):
        """Polls until it takes a connection."""
        while subprocess.run([f'{programs()}/pg_isready', '-q', '-h', '127.0.0.1', '-p',
                              str(self.port)], check=False).returncode != 0:
            if self.process.poll() is not None:
                raise RuntimeError(open(f'{self.data}/log', encoding='utf-8').read())
        return self

    def ask(self, statement):
        """What psql prints of it, without ornament."""
        return subprocess.run([f'{programs()}/psql', '-XAtq', '-c', statement, self.info],
                              check=True, capture_output=True, text=True).stdout.strip()

    def kill(self):
        """As a power cut: the postmaster and all its children at once. None is left that holds its shared memory."""
        if self.process is None or self.process.poll() is not None:
            return
        send(self.process.pid, signal.SIGSTOP)  # it makes no more children while they are counted
        family = self.family()
        for pid in family:
            send(pid, signal.SIGKILL)
        self.process.wait()
        while any(is_alive(pid) for pid in family):
            pass

    def freeze(self, stop=True):
        send(self.process.pid, signal.SIGSTOP)
        for pid in self.family():
            send(pid, signal.SIGSTOP if stop else signal.SIGCONT)

    def family(self):
        children = subprocess.run(['pgrep', '-P', str(self.process.pid)], check=False,
                                  capture_output=True, text=True).stdout.split()
        return [self.process.pid] + [int(child) for child in children]


@contextlib.contextmanager
def database(settings=''):
    with folder() as place:
        own(place)
        server = Postgres(place).make(settings).start()
        try:
            yield server.await_ready()
        finally:
            server.kill()
