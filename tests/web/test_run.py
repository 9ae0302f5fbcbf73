# SPDX-License-Identifier: ISC
"""Purpose: contrib/run --browser prints a link that opens the interviewer in a browser, needs no terminal, and ends
with its server."""

import os
import shutil
import signal
import subprocess
import tempfile

from browser import Browser, need_browser
from support import BIN, LIMIT, SOURCE, check, equal, main, until


def ended(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_run():
    need_browser()
    folder = tempfile.mkdtemp(prefix="spar-run-")
    try:
        run = subprocess.Popen([os.path.join(SOURCE, "contrib", "run"), "--built", BIN, "--browser", "--data", folder, "--listen", "127.0.0.1:0"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "XDG_DATA_HOME": os.path.join(folder, "home")}, start_new_session=True)
        link = run.stdout.readline().strip()
        check(link.startswith("https://127.0.0.1:") and "/host#host." in link, f"the link: {link!r}")
        with open(os.path.join(folder, "run.server"), encoding="ascii") as file:
            server = int(file.read().split()[0])
        with Browser() as page:
            page.open_room(link, "Robin", "Click-stream")
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=LIMIT)
        check("Browsers show a warning" in said and "Open this link" in said, said)
        check("The server has stopped" in said, said)
        until(lambda: ended(server), "the end of the server")
        equal(os.path.exists(os.path.join(folder, "run.server")), False, "what was noted of the server")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main(globals())
