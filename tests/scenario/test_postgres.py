# SPDX-License-Identifier: ISC
"""
Purpose: the journal over PostgreSQL keeps what every journal promises, and moves keep it too: the suites of
tests/unit/test_journal_promises.c and test_journal_chores.c over a real database.
"""
import os
import subprocess
import sys

import postgres

if os.environ.get('SPAR_SANITIZE') or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

with postgres.database() as database:
    codes = []
    for name in ('promises', 'chores'):
        program = os.path.join(os.environ['SPAR_BUILD'], f'tests/unit/test_journal_{name}')
        done = subprocess.run([program], env={**os.environ, 'SPAR_TEST_POSTGRES': database.info}, check=False)
        codes.append(done.returncode)
    sys.exit(max(codes, key=abs))
