# SPDX-License-Identifier: ISC
"""Purpose: whoever is killed at any moment of what touches several files, and asks again, reaches the end, or hears one
true sentence: the first start of a data folder, a copy of it, forgetting somebody, and the client's key and settings.
Nothing that was begun is left beside the files, and half a copy is never taken for a journal.
"""
import base64
import bisect
import os
import shutil
import subprocess
import sys
import tempfile

BIN = os.environ["SPAR_BIN"]
FILES = os.path.join(os.environ["SPAR_SOURCE"], "tests/unit/files")
SPAR, SPARD, KILL_AT = (os.path.join(BIN, name) for name in ("spar", "spard", "kill_at"))
KILLED, LIMIT, LOG_BYTES, MOMENTS_MAX = 137, 60, 1024 * 1024, 256
WHOLE = "4 logs with 17 events: every checksum is right"
ANN = base64.urlsafe_b64encode(b"ann".ljust(32, b"\0")).decode().rstrip("=")
SAID = b"what was said there and then"


def run(*command, at=None, environment=None):
    """Exit status and what was said; at: it is killed before that moment."""
    whole = command if at is None else (KILL_AT, str(at), *command)
    done = subprocess.run(whole, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False,
                          env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout + done.stderr


def each_moment(operation, begun=lambda n, folder: True):
    """Calls operation(n, folder) for each n, in a folder of its own, until it says that it was not killed; from the
    first n on at which it had begun."""
    def apart(function, n):
        with tempfile.TemporaryDirectory() as folder:
            return function(n, folder)

    first = n = 1 + bisect.bisect_left(range(1, MOMENTS_MAX), True, key=lambda n: apart(begun, n))
    while apart(operation, n):
        n += 1
    assert n - first > 3, "it was never killed"
    return n - first


def files(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names)


def start(data, at=None):
    """A server until it tells its link, or ends; what it printed, its sentence, and how it ended."""
    command = [SPARD, "--listen", "127.0.0.1:0", "--workers", "1", "--data", data]
    with subprocess.Popen(command if at is None else [KILL_AT, str(at), *command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        if line and at is None:
            server.terminate()
        elif line:
            server.kill()  # and with the one that looks at it the server
        said = server.communicate(timeout=LIMIT)[1]
    return line, [one for one in said.splitlines() if one.startswith("spard: ")], server.returncode


def old_folder(folder):
    """A data folder with four logs that an older server left, and keys."""
    data = os.path.join(folder, "data")
    os.mkdir(data)
    for end, least in (("", 0), (".lock", 0), ("-commits.0", LOG_BYTES)):
        with open(os.path.join(FILES, "journal_v4.db" + end), "rb") as file, open(os.path.join(data, "journal.db" + end), "wb") as to:
            to.write(file.read().ljust(least, b"\0"))
    assert start(data)[0]
    return data


def client(*command):
    """One command of the client that makes files; its end, and they, are as if it had not been killed."""
    def operation(n, folder):
        homes = {name: os.path.join(folder, name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        first = run(SPAR, *command, at=n, environment=homes)
        again = run(SPAR, *command, environment=homes)
        assert again[0] == 0, (command, n, first, again)
        made = [name for name in files(folder) if not name.endswith(("/key.pem", "/settings"))]
        assert made == [], (command, n, made)
        return first[0] == KILLED
    return each_moment(operation)


def first_start():
    seen = []

    def operation(n, folder):
        data = os.path.join(folder, "data")
        line, _, _ = start(data, at=n)
        looks = [(name, os.stat(os.path.join(data, name)).st_size) for name in files(data)]
        if looks in seen[-1:]:
            return not line  # as it was a moment before
        seen.append(looks)
        again = start(data)
        assert "host link" in again[0], (n, again)
        assert not line or line == again[0] or line.split("/host#")[1] == again[0].split("/host#")[1], (n, line, again)
        made = [name for name in files(data) if not name.startswith("journal.db")]
        assert made == ["host.secret", "server.pem"], (n, made)
        return not line
    return each_moment(operation)


def backup(old):
    """Killed, it leaves nothing that is taken for a journal but is not all of it."""
    refused = []

    def begin(n, folder):
        shutil.copytree(old, os.path.join(folder, "data"))
        return run(SPARD, "backup", os.path.join(folder, "copy"), "--data", os.path.join(folder, "data"), at=n)[0] == KILLED

    def begun(n, folder):
        begin(n, folder)
        return os.path.exists(os.path.join(folder, "copy/host.secret"))

    def operation(n, folder):
        data, copy = os.path.join(folder, "data"), os.path.join(folder, "copy")
        killed = begin(n, folder)
        code, said = run(SPARD, "check", "--data", copy)
        assert WHOLE in said or code == 1 and "is no journal" in said, (n, said)
        assert code == 0 or "not finished" in start(copy)[1][0], (n, "a server starts on half a copy")
        code, said = run(SPARD, "backup", copy, "--data", data)
        if code != 0 and not refused:
            refused.append(said)
            code, said = run(SPARD, "backup", os.path.join(folder, "other"), "--data", data)
        assert code == 0 or said.replace(copy, "") == refused[0].replace(refused[0].split()[1], ""), (n, said)
        return killed

    moments = each_moment(operation, begun)
    assert "name a folder that is empty" in refused[0], refused
    return moments


def forget(old):
    """Killed and asked again, nothing of what was said is in a file, and the operator is told that."""
    def both(n, folder):
        data = os.path.join(folder, "data")
        shutil.copytree(old, data)
        return run(SPARD, "forget", ANN, "--data", data, at=n), run(SPARD, "forget", ANN, "--data", data)

    def operation(n, folder):
        first, (code, said) = both(n, folder)
        assert "are forgotten" in said if code == 0 else "forgotten already" in said, (n, code, said)
        assert said.count("\n") == 1, (n, said)
        for name in files(os.path.join(folder, "data")):
            with open(os.path.join(folder, "data", name), "rb") as file:
                assert SAID not in file.read(), (n, name)
        return first[0] == KILLED

    return each_moment(operation, lambda n, folder: "3 rooms" not in both(n, folder)[1][1])


def main():
    if os.environ.get("SPAR_SANITIZE"):
        sys.exit(77)  # they follow their own threads
    if run(SPAR, "--version", at=1)[0] != KILLED:
        print("this system lets no program look at another's calls (ptrace)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as place:
        old = old_folder(place)
        for what, moments in (("settings", lambda: client("config", "name", "Robin")), ("a key", lambda: client("mine")),
                              ("a first start", first_start), ("a copy", lambda: backup(old)), ("forgetting", lambda: forget(old))):
            print(f"{what}: asked again after each of {moments()} moments", flush=True)


if __name__ == "__main__":
    main()
