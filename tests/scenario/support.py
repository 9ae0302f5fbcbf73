# SPDX-License-Identifier: ISC
"""
Purpose: what the scenario tests share: the real server, the real `spar` in batch mode, members that are
the Python client of contrib/python-client, and one place that ends everything that was started.

Nothing sleeps: what is awaited is polled or waited for, with LIMIT seconds as the bound, so that a slow
machine (or a sanitized build) only takes longer. Used as

    with Stage(workers=4) as stage:
        host = stage.host("Robin")
        coach = stage.member(host.link("coach"), "Kim")
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

os.environ["TZ"] = "UTC"  # what is printed has the zone of whoever reads it
SOURCE = os.environ.get("SPAR_SOURCE") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("SPAR_BIN") or os.path.join(SOURCE, "build/release/bin")
sys.path.insert(0, os.path.join(SOURCE, "contrib", "python-client"))

import spar_client  # noqa: E402
from ports import own_port  # noqa: E402

SANITIZED = bool(os.environ.get("SPAR_SANITIZE"))
LIMIT = 60


def check(good, what):
    if not good:
        raise AssertionError(what)


def equal(got, wanted, what):
    check(got == wanted, f"{what}: {got!r} instead of {wanted!r}")


def until(condition, what, limit=LIMIT):
    """Polls until the condition holds and returns its value."""
    end = time.monotonic() + limit
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, f"waited {limit} s in vain for {what}")
        pause.wait(0.01)


def matches(event, fields):
    return all(event.get(key) == value for key, value in fields.items())


class Server:
    """A spard on a port of loopback that it keeps when it is started again on the same folder."""

    program = "spard"

    def __init__(self, folder, workers=1, options=()):
        self.data, self.workers, self.options = os.path.join(folder, "server"), workers, list(options)
        self.log, self.process = [], None
        port, self.claim = own_port()
        self.listen = f"127.0.0.1:{port}"

    def start(self):
        self.process = subprocess.Popen(
            [os.path.join(BIN, self.program), "--listen", self.listen, "--data", self.data, "--workers",
             str(self.workers), *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        self.reader = threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True)
        self.reader.start()
        line = self.process.stdout.readline().strip()
        found = re.fullmatch(r"spard: host link (https://([^/]+)/host#host\.[\w-]{22}\.[\w-]{43})", line)
        if not found:
            self.kill()
            raise AssertionError(f"no host link but {line!r}; log: {self.text()}")
        self.link, self.listen = found.groups()
        return self

    def _read(self, stream):
        for line in stream:
            self.log.append(line)

    def text(self):
        return "".join(self.log)

    def await_log(self, pattern):
        """Waits for a line of the log that has this, a regular expression. It comes through a pipe, behind what clients
        are told."""
        until(lambda: re.search(pattern, self.text()), f"{pattern!r} in the log")

    def _end(self):
        code = self.process.wait(LIMIT)
        self.reader.join(LIMIT)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def kill(self):
        """As a power cut of the process: nothing is said, nothing is flushed."""
        self.process.kill()
        return self._end()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        equal(self._end(), 0, "exit code of spard after SIGTERM; its log ends\n" + "".join(self.log[-30:]))

    def alive(self):
        return self.process is not None and self.process.poll() is None


class Batch:
    """A `spar host` or `spar join` in batch mode. `lines` holds everything that it has printed, as dicts."""

    def __init__(self, arguments, environment):
        self.lines, self.errors, self.changed = [], "", threading.Condition()
        self.came = []  # when each line did, of the monotonic clock
        self.process = subprocess.Popen([os.path.join(BIN, "spar"), *arguments], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, errors="replace")
        self.threads = [threading.Thread(target=self._read_out, daemon=True),
                        threading.Thread(target=self._read_errors, daemon=True)]
        for thread in self.threads:
            thread.start()

    def _read_out(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(json.loads(line))
                self.came.append(time.monotonic())
                self.changed.notify_all()
        with self.changed:
            self.lines.append({"over": True})
            self.changed.notify_all()

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors += line

    def find(self, condition, what="a line", limit=LIMIT, start=0):
        """The first line printed from index `start` on, past or to come, for which the condition holds."""
        end, seen = time.monotonic() + limit, start
        with self.changed:
            while True:
                for line in self.lines[seen:]:
                    if condition(line):
                        return line
                seen = len(self.lines)
                check("over" not in (self.lines[-1] if self.lines else {}),
                      f"spar ended without {what}; it said {self.errors!r}")
                check(self.changed.wait(end - time.monotonic()) or len(self.lines) > seen,
                      f"waited {limit} s in vain for {what}")

    def event(self, limit=LIMIT, **fields):
        return self.find(lambda line: matches(line.get("event", {}), fields) and "event" in line,
                         f"an event {fields}", limit)["event"]

    def link(self, role):
        return self.find(lambda line: line.get("link", {}).get("role") == role, f"the {role}'s link")["link"]["link"]

    def events(self):
        with self.changed:
            return [line["event"] for line in self.lines if "event" in line]

    def refused(self):
        with self.changed:
            return [line["refused"] for line in self.lines if "refused" in line]

    def over(self, code, words=""):
        """Waits for the end that the client comes to by itself; checks its status and that it said these words."""
        equal(self.process.wait(LIMIT), code, "exit code of spar")
        for thread in self.threads:
            thread.join(LIMIT)
        check(words in self.errors, f"{words!r} is not in what spar said: {self.errors!r}")

    def send(self, *steps):
        for step in steps:
            self.process.stdin.write(json.dumps(step) + "\n")
        self.process.stdin.flush()

    def do(self, action, **fields):
        self.send({"do": action, **fields})

    def digest(self):
        """The hash of the state that this client has folded, and the n that it is of."""
        with self.changed:
            before = sum("digest" in line for line in self.lines)
        self.send({"wait": "sync"}, {"digest": True})
        self.find(lambda _: sum("digest" in line for line in self.lines) > before, "a digest")
        with self.changed:
            return [line["digest"] for line in self.lines if "digest" in line][before]

    def end(self, code=0, limit=LIMIT):
        """Closes the input, and checks how the client ends."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        got = self.process.wait(limit)
        for thread in self.threads:
            thread.join(limit)
        equal(got, code, f"exit code of spar, which said {self.errors!r}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LIMIT)
        for thread in self.threads:
            thread.join(LIMIT)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass


class Stage:
    """A temporary folder, a server in it and everybody on it. Leaving it ends all of them."""

    def __init__(self, workers=1, options=(), start=True):
        self.folder = tempfile.mkdtemp(prefix="spar-scenario-")
        self.server = Server(self.folder, workers, options)
        self.everybody, self.start = [], start

    def __enter__(self):
        if self.start:
            try:
                self.server.start()
            except BaseException:
                shutil.rmtree(self.folder, ignore_errors=True)
                raise
        return self

    def __exit__(self, kind, value, trace):
        for one in self.everybody:
            one.close() if isinstance(one, (spar_client.Member, spar_client.Connection)) else one.kill()
        try:
            if self.server.alive():
                self.server.stop() if kind is None else self.server.kill()
        finally:
            self.server.claim.close()
            if kind is not None:
                sys.stderr.write("".join(self.server.log[-30:]))
            shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def environment(self, name):
        """A person of that name on a machine of their own."""
        return {**os.environ, "XDG_DATA_HOME": self.path(name), "XDG_CONFIG_HOME": self.path(name + ".config"), "SPAR_NAME": name,
                "LC_ALL": "C.UTF-8"}

    def key(self, name):
        return spar_client.make_key(self.path(name + ".pem"))

    def batch(self, arguments, name):
        batch = Batch([*arguments, "--batch", "--name", name, "--identity", self.path(name + ".pem")],
                      self.environment(name))
        self.everybody.append(batch)
        return batch

    def host(self, name="Robin", *options):
        host = self.batch(["host", self.server.link, *options], name)
        host.room = spar_client.parse_link(host.link("candidate")).room
        host.event(do="seat.join", role="interviewer")
        return host

    def join(self, link, name):
        return self.batch(["join", link], name)

    def pair(self, link, name, *options):
        """Somebody who waits for a partner."""
        return self.batch(["pair", link, *options], name)

    def cohort(self, name="An evening", coach="Kim"):
        """A new cohort: its id and the links for students and for coaches."""
        made = json.loads(self.spar("cohort", "new", name, "--link", self.server.link, "--json", name=coach,
                                    code=0).stdout)
        return made["cohort"], made["students"], made["coaches"]

    def member(self, link, name):
        member = spar_client.Member(link, self.key(name), name, timeout=LIMIT)
        self.everybody.append(member)
        return member.connect()

    def connection(self, link, name="Somebody", key=True, hello=True):
        """A bare connection."""
        connection = spar_client.Connection(spar_client.parse_link(link), self.key(name) if key else None,
                                            LIMIT)
        self.everybody.append(connection)
        if hello:
            connection.welcome = connection.hello()
        return connection

    def others_of(self, link):
        """The servers that the one of this link names beside itself; None while it takes nobody in."""
        try:
            connection = self.connection(link)
        except (spar_client.Bye, OSError):
            return None
        connection.close()
        return connection.welcome.get("nodes", "")

    def spar(self, *arguments, name="Robin", code=None, text_in=None):
        """Runs a subcommand to its end, with what it reads."""
        given = {"stdin": None, "input": text_in} if text_in is not None else {}
        done = run([os.path.join(BIN, "spar"), *arguments], env=self.environment(name), **given)
        if code is not None:
            equal(done.returncode, code, f"exit code of spar {' '.join(arguments)}; it said {done.stderr!r}")
        return done


def run(command, limit=LIMIT, **options):
    given = {"stdin": subprocess.DEVNULL, **options}
    if given["stdin"] is None:
        del given["stdin"]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="replace", timeout=limit, **given)


def never_comes(connection, cohort, link, name):
    """Somebody who waits for a partner in the cohort and never goes to the room."""
    connection.send("enter", id=1, cohort=cohort, secret=spar_client.parse_link(link).secret, name=name)
    packs = (1 << (len(connection.expect("entered")["packs"]) // 32)) - 1
    connection.send("pair", id=2, cohort=cohort, role=0, level=0, minutes=0, packs=packs, wait=3600000)


def dense(events):
    """Checks that a member's events are numbered 1, 2, 3 ..."""
    equal([event["n"] for event in events], list(range(1, len(events) + 1)), "the numbers of the events")


def once(events):
    """Checks that no command became two events; of one's own events, which alone carry an id."""
    ids = [(event["by"], event["id"]) for event in events if event.get("id")]
    equal(len(ids), len(set(ids)), "how many commands became an event")


def main(tests):
    """Runs the test functions of a script in their order; the first failure ends it."""
    wanted = sys.argv[1:]
    for name, test in list(tests.items()):
        if name.startswith("test_") and callable(test) and (not wanted or name in wanted):
            started = time.monotonic()
            print(name, end=" ", flush=True)
            test()
            print(f"{time.monotonic() - started:.1f} s", flush=True)
