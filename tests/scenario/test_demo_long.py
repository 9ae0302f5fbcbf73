# SPDX-License-Identifier: ISC
"""
Purpose: contrib/run --demo as a person would start it, with no terminal: a whole interview over TLS, then the
scorecard, the recording and how to replay it; and the recording is whole. A long form: it builds, and 45 minutes
of room time take 45 seconds.
"""
import os
import re
import subprocess

from support import BIN, SANITIZED, SOURCE, check, equal, main, run

REPORT_MAX = 400 * 1024  # with the board at each minute


def test_demo():
    done = subprocess.run([os.path.join(SOURCE, "contrib", "run"), "--demo"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=900)
    equal(done.returncode, 0, f"exit code of the demo, which said {done.stderr[-2000:]!r}")
    recording = re.search(r"^Recording: (.*)$", done.stdout, re.M).group(1)
    equal(re.search(r"^Replay it: \S+/spar replay (.*)$", done.stdout, re.M).group(1), recording, "what to replay")
    equal(run([os.path.join(BIN, "spar"), "verify", recording]).returncode, 0, "exit code of spar verify")
    report = run([os.path.join(BIN, "spar"), "report", recording, "--format", "html"])
    equal(report.returncode, 0, "exit code of spar report")
    check("Kafka" in report.stdout, "the report lacks the board")
    check(len(report.stdout.encode()) < REPORT_MAX, f"the report takes {len(report.stdout.encode())} bytes")
    for words in ("Clarify", "Scope", "Design", "Defend", "Operate", "Volume and velocity", "prompted", "raised"):
        check(words in done.stdout, f"the scorecard lacks {words!r}: {done.stdout[-3000:]}")
    for phase in ("Clarify", "Scope", "Design", "Defend", "Operate", "Debrief"):
        check(phase in done.stderr, f"the progress lacks {phase!r}")
    check("refused" not in done.stderr, "a command was refused")


if __name__ == "__main__":
    if SANITIZED:
        raise SystemExit(77)  # it builds its own release; once is enough
    main(globals())
