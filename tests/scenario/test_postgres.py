# SPDX-License-Identifier: ISC
"""
Purpose: the journal over PostgreSQL keeps what every journal promises: the suite of
tests/unit/test_journal_promises.c over a real database.
"""
import os
import subprocess
import sys

import postgres

if os.environ.get('SPAR_SANITIZE') or postgres.programs() is None:
    sys.exit(77)  # databases are run on the release build alone

with postgres.database() as database:
    program = os.path.join(os.environ['SPAR_BUILD'], 'tests/unit/test_journal_promises')
    done = subprocess.run([program], env={**os.environ, 'SPAR_TEST_POSTGRES': database.info}, check=False)
    sys.exit(done.returncode)
