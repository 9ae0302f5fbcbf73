# SPDX-License-Identifier: ISC
"""
Purpose: contrib/run in a terminal: a screen with links that another machine can use, quickly the second time on the
same server, which the last one to leave stops once nobody is in a room, and which starts again for a room that it
keeps. A long form: it builds.
"""
import os
import re
import shutil
import subprocess
import tempfile
import time

from run_screen import Terminal
from support import SANITIZED, SOURCE, check, equal, main, until
from test_run import coach_link


def test_run():
    folder = tempfile.mkdtemp(prefix="spar-run-")
    terminals = []
    try:
        command = f"{SOURCE}/contrib/run --name Robin --listen 127.0.0.1:0"
        terminals.append(Terminal(folder, "one", command))
        terminals[0].wait("#coach.", 900)
        first = terminals[0].text()
        address = re.search(r"https://(127\.0\.0\.1:\d+)/\w{12}#candidate\.", first).group(1)
        started = time.monotonic()
        terminals.append(Terminal(folder, "two", command))
        terminals[1].wait(f"https://{address}/")
        print(f"(the second start took {time.monotonic() - started:.1f} s)", end=" ")
        with open(os.path.join(folder, "data", "spar-server", "run.server"), encoding="utf-8") as file:
            pid = int(file.read().split()[0])
        coach = coach_link(terminals[0])
        terminals.append(Terminal(folder, "three", f"env XDG_DATA_HOME={folder}/other {SOURCE}/contrib/run --join '{coach}'"
                                                   " --name Kim; read line"))
        terminals[2].wait("Kim, coach")
        terminals[0].wait("Kim")
        check("goes on" in terminals[1].leave(), "the server goes on for the first one")
        os.kill(pid, 0)
        # The coach is still in the room: the server stays for as long.
        terminals[0].leave("1 still connected, so the server stays")
        os.kill(pid, 0)
        terminals[2].wait("Robin (away)")
        terminals[2].leave("You have left room")
        left = terminals[0].wait("The server has stopped")
        until(lambda: not os.path.exists(f"/proc/{pid}"), "the end of the server")
        equal(sorted(n for n in os.listdir(os.path.join(folder, "data", "spar-server")) if n.startswith("run.")),
              ["run.address", "run.lock", "run.users"], "what is left of the run")
        back = re.search(r"contrib/run --join (\w{12})", left).group(1)
        terminals.append(Terminal(folder, "four", f"{SOURCE}/contrib/run --join {back}"))
        terminals[3].wait(f"room {back}")
        with open(os.path.join(folder, "data", "spar-server", "run.server"), encoding="utf-8") as file:
            check(f":{address.rpartition(':')[2]}/" in file.read(), "the same port as before")
        check("has stopped" in terminals[3].leave("The server has"), "stops again")
    finally:
        for terminal in terminals:
            terminal.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_needs_terminal():
    done = subprocess.run([f"{SOURCE}/contrib/run", "--data", "/nonexistent/x"], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True)
    equal(done.returncode, 1, "exit code without a terminal")
    check("--demo" in done.stderr, f"says what to do: {done.stderr!r}")


if __name__ == "__main__":
    if SANITIZED:
        raise SystemExit(77)
    main(globals())
