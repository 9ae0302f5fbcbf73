# SPDX-License-Identifier: ISC
"""Purpose: ten thousand kills of a journal's writer, and a thousand power cuts. All events of a journal are read after
each kill, so a new one is begun after a while, with a seed of its own.
"""
import os

import test_journal_kill

KILLS = int(os.environ.get("SPAR_ROUNDS_LONG", "10000"))
A_JOURNAL = 250  # kills
SEED = int(os.environ.get("SPAR_SEED", 2))

for number in range((KILLS + A_JOURNAL - 1) // A_JOURNAL):
    test_journal_kill.main(SEED + number, min(A_JOURNAL, KILLS - number * A_JOURNAL))
if not os.environ.get("SPAR_SANITIZE"):
    import test_journal_power
    test_journal_power.ROUNDS = 100
    for number in range(KILLS // 10 // test_journal_power.ROUNDS):
        test_journal_power.commits(SEED + number)
