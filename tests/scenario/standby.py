# SPDX-License-Identifier: ISC
"""
A primary and its synchronous standby, each a PostgreSQL of postgres.py: made, killed, frozen, promoted.

No commit of the primary is confirmed before the standby holds it. Who is promoted has no standby itself, as where an
operator has lost one machine and goes on with the other.
"""
import contextlib
import os
import shutil
import subprocess
import time

import postgres
from support import until

NAME = 'standby'


class Pair:
    def __init__(self, place):
        self.primary = postgres.Postgres(place, 'primary')
        self.standby = postgres.Postgres(place, 'standby')
        hosts = f'127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}'
        self.info = f'postgresql://spar@{hosts}/postgres?target_session_attrs=read-write'

    def make(self):
        """The standby is a copy of the running primary; then the primary is told to wait for it."""
        self.primary.make().start().await_ready()
        self._follow()
        return self

    def _follow(self):
        self._copy()
        self.standby.start()
        self.primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
        self.primary.ask('SELECT pg_reload_conf()')
        self.await_sync()

    def source(self):
        """Where the standby reaches the primary."""
        return self.primary.info

    def renew(self):
        """What was lost becomes the standby of what was promoted, as contrib/primary-and-standby.md says."""
        self.primary, self.standby = self.standby, self.primary
        shutil.rmtree(self.standby.data)
        self._follow()

    def _copy(self):
        done = postgres.run([f'{postgres.programs()}/pg_basebackup', '-D', self.standby.data, '-d',
                             self.source(), '-X', 'stream', '-c', 'fast', '-R', '--no-sync'],
                            stderr=subprocess.PIPE)
        _, error = done.communicate()
        if done.returncode != 0:
            raise RuntimeError(error.decode())
        with open(f'{self.standby.data}/postgresql.conf', 'a', encoding='ascii') as file:
            file.write(f"port = {self.standby.port}\ncluster_name = '{NAME}'\n"
                       "wal_retrieve_retry_interval = '100ms'\n")  # 5 s, and a promotion may wait so long
        self.standby.owned()

    def await_sync(self):
        until(lambda: self.primary.ask("SELECT sync_state FROM pg_stat_replication "
                                       f"WHERE application_name = '{NAME}'") == 'sync', 'a synchronous standby')
        until(lambda: self.primary.ask('SHOW synchronous_standby_names') == NAME, 'the primary to wait for it')

    def waiting(self):
        """The processes of the primary that have committed and wait for the standby."""
        return self.primary.ask("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'").split()

    def stuck(self):
        """Those of a spard that do, or that stand behind a row of one that does."""
        return self.primary.ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'spard' "
                                "AND wait_event IN ('SyncRep', 'transactionid')").split()

    def promote(self):
        """The standby becomes the primary. Returns the seconds that it took."""
        began = time.monotonic()
        done = postgres.run([f'{postgres.programs()}/pg_ctl', 'promote', '-w', '-D', self.standby.data],
                            stdout=subprocess.DEVNULL)
        if done.wait() != 0:
            raise RuntimeError(open(f'{self.standby.data}/log', encoding='utf-8').read())
        return time.monotonic() - began

    def end(self):
        for server in (self.primary, self.standby):
            if server.process is not None and server.process.poll() is None:
                server.freeze(stop=False)
            server.kill()


@contextlib.contextmanager
def pair(kind=Pair):
    with postgres.folder() as place:
        postgres.own(place)
        made = kind(place)
        try:
            yield made.make()
        finally:
            made.end()
