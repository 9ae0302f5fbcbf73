# SPDX-License-Identifier: ISC
"""
Purpose: contrib/run with programs that are built already: however its client ends, it ends too, blocks no later run and
leaves a terminal that can be typed into; and it says who can use the links.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile

from run_screen import Terminal
from support import BIN, LIMIT, SOURCE, Batch, check, equal, main, until

RUN = f"{SOURCE}/contrib/run --built {BIN}"
HOST = f"{RUN} --name Robin --listen 127.0.0.1:0"


@contextlib.contextmanager
def terminals():
    """open(name, command) gives a terminal; open.folder is where its server keeps everything."""
    folder, opened, people = tempfile.mkdtemp(prefix="spar-run-"), [], []

    def open_one(name, command):
        opened.append(Terminal(folder, name, command))
        return opened[-1]

    def batch(command, name):
        people.append(Batch([*command, "--batch", "--name", name, "--identity", os.path.join(folder, name + ".pem")],
                            {**os.environ, "XDG_DATA_HOME": os.path.join(folder, name)}))
        return people[-1]

    open_one.folder, open_one.batch = os.path.join(folder, "data", "spar-server"), batch
    try:
        yield open_one
    finally:
        for one in people:
            one.kill()
        with contextlib.suppress(OSError):
            os.kill(server_of(open_one), signal.SIGKILL)
        for one in opened:
            one.close()
        shutil.rmtree(folder, ignore_errors=True)


def server_of(opened):
    with open(os.path.join(opened.folder, "run.server"), encoding="utf-8") as file:
        return int(file.read().split()[0])


def client_of(opened, home=None):
    """The process of the spar that contrib/run has started: a child of a shell with this home for its data."""
    home = home or os.path.dirname(opened.folder)
    for pid in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace") as file:
                ours = f"XDG_DATA_HOME={home}\0" in file.read()
            if name == "spar" and ours:
                return int(pid)
    raise AssertionError("no client runs")


def coach_link(terminal):
    """It takes two lines, and may be looked at while it is written."""
    def whole():
        found = re.search(r"(https://\S+#coach\.\S+)\n(\S+)", terminal.text())
        link = "".join(found.groups()) if found else ""
        return re.search(r"#coach\.[\w-]{22}\.[\w-]{43}$", link) and link
    return until(whole, "the coach's link")


def nothing_left(opened):
    equal(sorted(name for name in os.listdir(opened.folder) if name.startswith("run.")),
          ["run.address", "run.lock", "run.users"], "what is left of the run")


def test_ctrl_c_while_others_stay():
    with terminals() as opened:
        first = opened("one", HOST)
        first.wait("#coach.")
        coach = opened.batch(["join", coach_link(first)], "Kim")
        coach.event(do="seat.join", role="coach")
        pid = server_of(opened)
        os.kill(client_of(opened), signal.SIGTERM)
        first.wait("1 still connected")
        first.run("send-keys", "C-c")
        first.wait("The server has stopped")
        first.ended()
        until(lambda: not os.path.exists(f"/proc/{pid}"), "the end of the server")
        nothing_left(opened)
        again = opened("two", HOST)
        again.wait("#coach.")
        again.leave("The server has stopped")


STRUCK = """#!/bin/bash
# Each flock is struck by a Ctrl-C once before it is done.
mark={folder}/struck$(echo "$*" | tr -d ' ')
[ -e "$mark" ] || {{ touch "$mark"; kill -INT $$; }}
exec {flock} "$@"
"""


def test_ctrl_c_strikes_a_lock():
    with terminals() as opened:
        folder = os.path.dirname(os.path.dirname(opened.folder))
        wrapper = os.path.join(folder, "bin", "flock")
        os.makedirs(os.path.dirname(wrapper))
        with open(wrapper, "w", encoding="ascii") as file:
            file.write(STRUCK.format(folder=folder, flock=shutil.which("flock")))
        os.chmod(wrapper, 0o755)
        first = opened("one", f"PATH={os.path.dirname(wrapper)}:$PATH {HOST}")
        first.wait("#coach.")
        first.leave("The server has stopped")
        first.ended()
        check(len([name for name in os.listdir(folder) if name.startswith("struck")]) == 4, "all four were struck")
        nothing_left(opened)


def test_ctrl_c_with_a_browser():
    """The documented end of --browser; while somebody is in a room the same key once more."""
    with terminals() as opened:
        first = opened("one", f"{RUN} --browser --listen 127.0.0.1:0")
        first.wait("#host.")
        first.run("send-keys", "C-c")
        first.wait("The server has stopped")
        first.ended()
        nothing_left(opened)
        second = opened("two", f"{RUN} --browser --listen 127.0.0.1:0")
        second.wait("#host.")
        with open(os.path.join(opened.folder, "run.server"), encoding="utf-8") as file:
            host = opened.batch(["host", "--link", re.search(r"https:\S+", file.read()).group(), "--pack", "click-stream"], "Robin")
        host.event(do="seat.join", role="interviewer")
        second.run("send-keys", "C-c")
        second.wait("1 still connected")
        second.run("send-keys", "C-c")
        second.wait("The server has stopped")
        second.ended()
        nothing_left(opened)


def terminal_is_right(shell):
    """`stty -a` was printed last by the shell, which waits for a line."""
    text = shell.wait("over")
    check(re.search(r" icanon\b", text) and re.search(r" echo\b", text), f"a terminal that takes lines: {text}")
    for what, value in (("alternate_on", "0"), ("mouse_any_flag", "0"), ("cursor_flag", "1"), ("keypad_cursor_flag", "0")):
        equal(shell.run("display", "-p", f"#{{{what}}}").strip(), value, what)
    return text


def test_killed_client():
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP):
        with terminals() as opened:
            shell = opened("one", f"{HOST}; stty -a; echo over; read line")
            shell.wait("#coach.")
            os.kill(client_of(opened), number)
            shell.wait("The server has stopped")
            text = terminal_is_right(shell)
            equal("The client was killed" in text, number == signal.SIGKILL, f"what is said after {number}: {text}")
            check("contrib/run --join" in text, f"what to do next: {text}")
            nothing_left(opened)


def test_killed_client_of_a_link():
    """--join with a link starts no server and stops none; the terminal is put right as well."""
    with terminals() as opened:
        first = opened("one", HOST)
        first.wait("#coach.")
        link = coach_link(first)
        home = os.path.join(os.path.dirname(opened.folder), "coach")
        for number in (signal.SIGKILL, signal.SIGTERM):
            shell = opened(f"coach-{int(number)}", f"env XDG_DATA_HOME={home} {RUN} --join '{link}' --name Kim; "
                                                   "stty -a; echo over; read line")
            shell.wait("Kim, coach")
            os.kill(client_of(opened, home), number)
            terminal_is_right(shell)
        first.leave("The server has stopped")
        first.ended()
        nothing_left(opened)


def test_killed_before_it_told():
    """Killed while its server starts, or before it has noted the links: the next run uses that server if it lives, notes
    its links for `spar host`, and stops it."""
    for command in ("await_link", "remember_server", "reach"):
        with terminals() as opened:
            home = os.path.dirname(os.path.dirname(opened.folder))
            trap = os.path.join(home, "trap")
            with open(trap, "w", encoding="utf-8") as file:
                file.write(f"set -T; trap '[[ $BASH_COMMAND != {command}* ]] || kill -KILL $$' DEBUG\n")
            opened("one", f"env BASH_ENV={trap} {RUN} --browser --listen 127.0.0.1:0").ended()
            again = opened("two", f"{RUN} --browser --listen 127.0.0.1:0")
            link = until(lambda: re.search(r"https:\S+#host", again.text()), "the link").group()
            # The terminal's end may have ended a server that was just being started.
            check(command == "await_link" or "Using the server that already runs" in again.text(), again.text())
            with open(os.path.join(os.path.dirname(opened.folder), "spar/host.link"), encoding="utf-8") as file:
                check(file.read().startswith(link), f"what spar host finds after {command}")
            again.run("send-keys", "C-c")
            again.wait("The server has stopped")
            again.ended()
            nothing_left(opened)
            equal([name for name in os.listdir(opened.folder) if name.startswith("first-line")], [], "pipes")


def test_closed_window():
    """The terminal goes away under it: it ends with its client, and the next run goes on as ever."""
    with terminals() as opened:
        first = opened("one", HOST)
        first.wait("#coach.")
        pid = server_of(opened)
        first.close()
        until(lambda: not os.path.exists(f"/proc/{pid}"), "the end of the server")
        until(lambda: not os.path.exists(os.path.join(opened.folder, "run.server")), "nothing left of the run")
        again = opened("two", HOST)
        again.wait("#coach.")
        again.leave("The server has stopped")
        again.ended()
        nothing_left(opened)


def test_join_beside_a_running_one():
    """The same key in the same room: the seat goes over to the second, and both come to an end."""
    with terminals() as opened:
        first = opened("one", HOST)
        first.wait("#coach.")
        room = until(lambda: re.search(r"/(\w{12})#coach\.", first.text()), "the room's id").group(1)
        second = opened("two", f"{RUN} --join {room}")
        second.wait(f"room {room}")
        first.wait("taken over")
        first.run("send-keys", "q")
        first.wait("contrib/run: The server")
        first.ended()
        second.leave("The server has stopped")
        second.ended()
        nothing_left(opened)


def test_who_can_use_the_links():
    for public, words in (("127.0.0.1", "Only this machine"), ("192.168.1.7", "Only machines in the same network"),
                          ("172.20.1.7", "Only machines in the same network"), ("172.40.1.7", "unless a firewall closes port"),
                          ("spar.example.org", "if spar.example.org leads to this machine"), ("[fd00::1]", "in the same network")):
        with terminals() as opened:
            programs = os.path.join(os.path.dirname(opened.folder), "programs")
            os.makedirs(programs)
            os.symlink(f"{BIN}/spard", f"{programs}/spard")
            with open(f"{programs}/spar", "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\n")  # this one leaves at once, wherever the link leads
            os.chmod(f"{programs}/spar", 0o755)
            shell = opened("one", f"{SOURCE}/contrib/run --built {programs} --listen 127.0.0.1:0 --public {public}; read line")
            text = shell.wait("The server has stopped")
            check(words in text, f"{public}: {text}")


def test_nothing_built():
    done = subprocess.run([f"{SOURCE}/contrib/run", "--built", "/nonexistent"], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=LIMIT, check=False)
    equal(done.returncode, 1, "exit code")
    check("no spar" in done.stderr, f"what is missing: {done.stderr!r}")


if __name__ == "__main__":
    main(globals())
