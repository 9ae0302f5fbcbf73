# SPDX-License-Identifier: ISC
"""Purpose: ten thousand kills of a journal's writer, and a thousand power cuts."""
import os

os.environ.setdefault("SPAR_SEED", "2")
os.environ["SPAR_ROUNDS"] = os.environ.get("SPAR_ROUNDS_LONG", "10000")
import test_journal_kill  # noqa: E402

test_journal_kill.main()
if not os.environ.get("SPAR_SANITIZE"):
    import test_journal_power
    test_journal_power.ROUNDS = test_journal_kill.ROUNDS // 10
    test_journal_power.commits(int(os.environ["SPAR_SEED"]))
