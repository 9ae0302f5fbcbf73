# SPDX-License-Identifier: ISC
"""
Purpose: what somebody who runs spard meets: flags and files that are wrong, two servers on one folder or port,
stopping, reloading certificates, and a log that holds no secret and nothing that people wrote.
"""
import os
import re
import signal
import socket
import sqlite3
import subprocess

from support import BIN, LIMIT, Stage, check, equal, main, run, spar_client, until

SPARD = os.path.join(BIN, "spard")


def complains(*arguments, code, has):
    """One sentence on standard error, and this exit code."""
    done = run([SPARD, *arguments])
    said = done.stderr.strip().splitlines()
    equal((done.returncode, done.stdout), (code, ""), f"spard {arguments}, which said {done.stderr!r}")
    check(said[-1].startswith("spard: ") and has in said[-1] and said[-1].endswith("."), f"the sentence: {said!r}")


def test_flags():
    for arguments, has in ((["--bogus"], "--bogus"), (["--listen"], "--listen"), (["--listen", "nowhere"], "nowhere"),
                           (["--listen", "127.0.0.1:65536"], "65536"), (["--workers", "0"], "--workers"),
                           (["--clock-rate", "3601"], "3600"), (["--cert", "x"], "key"), (["word"], "word"),
                           (["--log-level", "loud"], "loud"), (["--config", "/nonexistent"], "/nonexistent")):
        complains(*arguments, code=2, has=has)
    for flag, has in (("--help", "--listen"), ("--version", "spard ")):
        done = run([SPARD, flag])
        equal(done.returncode, 0, flag)
        check(has in done.stdout and not done.stderr, f"{flag} prints {done.stdout!r}")


def test_config_file():
    with Stage(start=False) as stage:
        path = stage.path("rather-long-" * 15 + "spard.yaml")  # it is named in full
        for text, place in (("listen: 127.0.0.1:0\nworkerz: 3\n", ":2:1: "), ("workers: 99999\n", ":1:10: "),
                            ("workers: [1", ":"), ("- a\n", ":1:"), ("data: {a: b}\n", ":1:"),
                            ("workers: 1\nworkers: 2\n", ":2:")):
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            complains("--config", path, code=2, has=path + place)
        with open(path, "w", encoding="utf-8") as out:
            out.write("workers: 3\nclock-rate: 7\npublic: spar.example:99\n")
        stage.server.options = ["--config", path]
        stage.server.workers = 2  # a flag outranks the file
        process = None
        try:
            process = subprocess.Popen([SPARD, "--config", path, "--listen", "127.0.0.1:0", "--workers", "2", "--data",
                                        stage.path("d")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            link = process.stdout.readline()
            check("https://spar.example:99/host#host." in link, f"the public name in {link!r}")
        finally:
            process.terminate()
            _, log = process.communicate(timeout=LIMIT)
        equal(process.returncode, 0, "exit code after SIGTERM")
        check("workers=2" in log, f"the flag outranks the file: {log!r}")


def test_port_and_folder_in_use():
    with Stage() as stage:
        complains("--listen", stage.server.listen, "--data", stage.path("other"), code=1, has=stage.server.listen)
        complains("--listen", "127.0.0.1:0", "--data", stage.server.data, code=1, has="server")
        stage.host()  # the first one is well


def test_unusable_folder():
    with Stage(start=False) as stage:
        with open(stage.path("file"), "w", encoding="utf-8") as out:
            out.write("not a folder")
        complains("--listen", "127.0.0.1:0", "--data", stage.path("file"), code=1, has="file")
        os.mkdir(stage.path("broken"))
        with open(stage.path("broken/journal.db"), "wb") as out:
            out.write(b"this is no database" * 500)
        complains("--listen", "127.0.0.1:0", "--data", stage.path("broken"), code=1, has="journal.db")
        with open(stage.path("broken/journal.db"), "rb") as kept:
            check(kept.read(19) == b"this is no database", "a foreign file was overwritten")


def certificate(folder, name):
    """A pair of PEM files, made with openssl as an operator would."""
    crt, key = os.path.join(folder, name + ".crt"), os.path.join(folder, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", "/CN=" + name, "-keyout", key, "-out", crt], check=True, capture_output=True)
    os.chmod(key, 0o600)
    return crt, key


def subject(stage):
    """Common name of the certificate that the server shows now."""
    done = subprocess.run(["openssl", "s_client", "-connect", stage.server.listen, "-alpn", "spar/1"], input=b"",
                          capture_output=True, timeout=LIMIT)
    return re.search(rb"subject=CN\s?=\s?(\w+)", done.stdout + done.stderr).group(1).decode()


def hang_up(stage, event):
    before = stage.server.text().count(event)
    stage.server.process.send_signal(signal.SIGHUP)
    until(lambda: stage.server.text().count(event) > before, f"{event} in the log")


def test_certificates():
    with Stage(start=False) as stage:
        crt, key = certificate(stage.folder, "first")
        stage.server.options = ["--cert", crt, "--key", key]
        stage.server.start()
        host = stage.host()
        equal(subject(stage), "first", "the certificate shown")
        # The same key with another certificate: the links stay good.
        subprocess.run(["openssl", "req", "-x509", "-key", key, "-days", "30", "-subj", "/CN=second", "-out", crt],
                       check=True, capture_output=True)
        hang_up(stage, "certificate.loaded")
        equal(subject(stage), "second", "the certificate after SIGHUP")
        with open(crt, "w", encoding="utf-8") as out:
            out.write("no certificate\n")
        hang_up(stage, "certificate.kept")
        equal(subject(stage), "second", "the certificate after a bad one")
        check(re.search(r"certificate\.kept why=.*first\.crt", stage.server.text()), "the log says why")
        stage.member(host.link("coach"), "Kim").wait_do("seat.join", name="Kim")
        host.do("talk.say", text="still here")
        host.event(do="talk.say")


def test_own_key_gone():
    """A running server never makes a new key: each link that it gave would be refused."""
    with Stage() as stage:
        host = stage.host()
        own = os.path.join(stage.server.data, "server.pem")
        os.rename(own, own + ".away")
        hang_up(stage, "certificate.kept")
        check(re.search(r"certificate\.kept why=.*server\.pem", stage.server.text()), "the log says which file")
        check(not os.path.exists(own), "no new key is made")
        stage.member(host.link("coach"), "Kim").wait_do("seat.join", name="Kim")
        os.rename(own + ".away", own)
        hang_up(stage, "certificate.loaded")
        stage.member(host.link("candidate"), "Ben").wait_do("seat.join", name="Ben")


def test_journal_gone():
    """A data folder whose parts do not belong together is not started on: no new journal under old links."""
    with Stage() as stage:
        host = stage.host()
        stage.server.stop()
        journal = os.path.join(stage.server.data, "journal.db")
        os.rename(journal, journal + ".away")
        complains("--listen", stage.server.listen, "--data", stage.server.data, code=1, has="journal.db is gone or empty")
        check(not os.path.exists(journal), "no new journal is made")
        with open(journal, "w", encoding="ascii"):
            pass
        complains("--listen", stage.server.listen, "--data", stage.server.data, code=1, has="journal.db is gone or empty")
        os.replace(journal + ".away", journal)
        stage.server.start()
        stage.member(host.link("candidate"), "Ben").wait_do("seat.join", name="Ben")


def test_damaged_room():
    """A flipped bit in what is stored of a room: that room is refused, the log says up to where it is good, others go on."""
    with Stage() as stage:
        host, other = stage.host(), stage.host()
        host.do("talk.say", text="sound")
        host.event(do="talk.say")
        stage.server.stop()
        journal = sqlite3.connect(os.path.join(stage.server.data, "journal.db"))
        with journal:
            journal.execute("UPDATE room SET head = head + 1 WHERE id = ?", (host.room,))
        journal.close()
        stage.server.start()
        other.do("talk.say", text="still here")
        other.event(do="talk.say")
        stage.join(host.link("candidate"), "Ben").over(3, "damaged")
        host.over(3, "spard check")
        stage.server.await_log(r"log\.damaged room=%s good=\d+" % host.room)


def test_log_of_the_journal_gone():
    """Its write-ahead log is removed under the running server: what was confirmed is there after a restart."""
    with Stage() as stage:
        host = stage.host()
        host.do("talk.say", text="before")
        host.event(do="talk.say", text="before")
        os.unlink(os.path.join(stage.server.data, "journal.db-wal"))
        host.do("talk.say", text="after")
        host.event(do="talk.say", text="after")
        stage.server.kill()
        stage.server.start()
        host.do("talk.say", text="again")
        host.event(do="talk.say", text="again")
        ben = stage.member(host.link("candidate"), "Ben")
        for text in ("before", "after", "again"):
            ben.wait_do("talk.say", text=text)


def test_host_secret_is_whole():
    """A secret that could not be written leaves no file behind that stops later starts."""
    with Stage() as stage:
        stage.server.stop()
        secret = os.path.join(stage.server.data, "host.secret")
        check(not os.path.exists(secret + ".new"), "nothing is left beside it")
        # What an older server left behind on a full disk.
        with open(secret, "w", encoding="ascii"):
            pass
        stage.server.start()
        stage.host()
        with open(secret, encoding="ascii") as file:
            equal([len(line) for line in file], [23, 12], "a secret, and what it is checked by")


def test_log_keeps_secrets():
    with Stage(options=["--log-level", "debug"]) as stage:
        host = stage.host()
        coach = stage.member(host.link("coach"), "Kim Nobody-Knows")
        coach.command("talk.say", text="a-private-remark\n2026 error forged=1\x1b[31m")
        coach.settle()
        wrong = stage.connection(host.link("coach"), "Eve")
        wrong.send("join", room=host.room, secret="A" * 22, name="Eve")
        wrong.send_bytes(b"\xff\xff\xff\xff")
        links = [stage.server.link, host.link("candidate"), host.link("coach")]
        coach.close()
        host.event(do="seat.gone")
        stage.server.stop()
        log = stage.server.text()
        for link in links:
            check(spar_client.parse_link(link).secret not in log, "a link's secret is in the log")
        for words in ("private-remark", "Nobody-Knows", "forged", "PRIVATE KEY", "A" * 22):
            check(words not in log, f"{words!r} is in the log")
        for line in log.splitlines():
            check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (error|warn|info|debug) [a-z_.]+( [a-z_]+=.*)?",
                               line), f"a log line of another form: {line!r}")


def test_journal_keeps_secrets():
    """On disk are hashes of secrets, and what is there is its owner's alone."""
    with Stage() as stage:
        host = stage.host()
        stage.member(host.link("coach"), "Kim")
        links = [host.link("candidate"), host.link("coach")]
        stage.server.stop()
        for name in os.listdir(stage.server.data):
            path = os.path.join(stage.server.data, name)
            with open(path, "rb") as file:
                data = file.read()
            for link in links:
                check(spar_client.parse_link(link).secret.encode() not in data, f"a secret is in {name}")
            if name.startswith(("host.secret", "server")):
                equal(os.stat(path).st_mode & 0o077, 0, f"rights of others on {name}")
        equal(os.stat(stage.server.data).st_mode & 0o077, 0, "rights of others on the folder")


def test_open_hosting():
    """Hosting needs the host link unless the operator says otherwise; a stop while a peer is half-way is clean."""
    with Stage(options=["--open-hosting"]) as stage:
        link = stage.server.link
        stage.server.link = link.replace(spar_client.parse_link(link).secret, "A" * 22)
        stage.host()
        half = socket.create_connection(stage.server.listen.split(":"), LIMIT)
        stage.server.stop()
        half.close()


if __name__ == "__main__":
    main(globals())
