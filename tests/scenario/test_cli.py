# SPDX-License-Identifier: ISC
"""
Purpose: every subcommand of `spar` used wrongly: one sentence that says what to do, and the exit code of the
manual page. And --help of each, and what a line of batch mode that is wrong is answered with.
"""
import json
import os
import socket

from support import BIN, Stage, check, equal, main, run, spar_client, until

COMMANDS = ("host", "join", "coach", "sessions", "fetch", "replay", "report", "board", "remark", "progress", "verify", "pack")
NOBODY = "https://127.0.0.1:{port}/abcdefghijkl#coach." + "A" * 22 + "." + "A" * 43

WRONG = [
    (["frobnicate"], 2, "frobnicate"),
    (["host"], 2, "host link"),
    (["host", "nonsense"], 2, "https://"),
    (["host", NOBODY.format(port=9)], 2, "spar join"),
    (["host", "--minutes", "1,2"], 2, "host link"),
    (["join"], 2, "LINK"),
    (["join", "nonsense"], 2, "https://"),
    (["join", "http://x/y"], 2, "https://"),
    (["join", NOBODY.format(port=9)[:-5]], 2, "link"),
    (["join", "a", "b"], 2, "b"),
    (["join", "--frob"], 2, "--frob"),
    (["join", "--name"], 2, "--name"),
    (["sessions", "nonsense"], 2, "https://"),
    (["fetch"], 2, "LINK"),
    (["fetch", "nonsense"], 2, "nonsense"),
    (["replay"], 2, "FILE"),
    (["replay", "/nonexistent"], 1, "/nonexistent"),
    (["report"], 2, "FILE"),
    (["report", "/nonexistent"], 1, "/nonexistent"),
    (["report", "frob"], 1, "spar sessions"),
    (["report", "x", "--format", "pdf"], 2, "pdf"),
    (["board"], 2, "FILE"),
    (["board", "/nonexistent"], 1, "/nonexistent"),
    (["board", "x", "--format", "png"], 2, "png"),
    (["board", "x", "--at", "soon"], 2, "23:00"),
    (["remark"], 2, "FILE"),
    (["remark", "/nonexistent"], 1, "/nonexistent"),
    (["progress", "x"], 2, "x"),
    (["progress", "--format", "md"], 2, "md"),
    (["progress", "--role", "host"], 2, "host"),
    (["verify"], 2, "FILE"),
    (["verify", "/nonexistent"], 1, "/nonexistent"),
    (["verify", "/etc/hostname"], 1, "not a recording"),
    (["pack"], 2, "check"),
    (["pack", "frob"], 2, "frob"),
    (["pack", "show"], 2, "show"),
    (["pack", "check", "/nonexistent"], 1, "/nonexistent"),
    (["pack", "show", "nonexistent"], 2, "nonexistent"),
]


def test_wrong_usage():
    with Stage(start=False) as stage:
        for arguments, code, has in WRONG:
            done = stage.spar(*arguments)
            what = f"spar {' '.join(arguments)}, which said {done.stderr!r}"
            equal(done.returncode, code, what)
            said = done.stdout + done.stderr
            check(has in said and said.count("\n") == 1, f"one sentence about {has}: {what}")
            equal(done.stdout == "", arguments[:2] != ["pack", "check"], f"only faults in packs go to stdout: {what}")


def test_help():
    with Stage(start=False) as stage:
        check("Usage: spar" in stage.spar("--help", code=0).stdout, "--help")
        check(stage.spar("--version", code=0).stdout.startswith("spar "), "--version")
        for command in COMMANDS:
            if command == "coach":
                continue
            text = stage.spar(command, "--help", code=0).stdout
            check(text.startswith(f"Usage: spar {command}"), f"help of {command}: {text!r}")
            equal(stage.spar("help", command, code=0).stdout, text, f"spar help {command}")
            check(text.isascii(), f"help that any terminal can show: {text!r}")


def test_a_link_broken_over_lines():
    """On standard input, too, where the lines behind it are a batch."""
    with Stage() as stage:
        link = stage.host().link("candidate")
        for broken in (link, link.replace("#", "\n#"), link.replace("#candidate.", "#candidate.\r\n> "), f"{link[:-20]}\n{link[-20:-5]}\n{link[-5:]}"):
            done = stage.spar("join", "-", "--batch", name="Ben", code=0, text_in=broken + '\n{"wait":"sync"}\n{"end":true}\n')
            check('"joined"' in done.stdout, f"the seat by {broken!r}: {done.stdout!r}")
        done = stage.spar("join", "-", "--batch", name="Ben", code=2, text_in=link[:-5] + '\n\n{"end":true}\n')
        check("part of the link was lost" in done.stderr, f"one that is not whole: {done.stderr!r}")


def test_nobody_there():
    # Bound and never listened to, so that nobody else can be there either.
    with Stage(start=False) as stage, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        for arguments in (["join", "--batch"], ["sessions"], ["fetch"]):
            done = stage.spar(arguments[0], NOBODY.format(port=port), *arguments[1:], code=5)
            check(f"127.0.0.1:{port}" in done.stderr, f"where: {done.stderr!r}")
            check("that the server runs" in done.stderr, f"what to do next: {done.stderr!r}")


def test_refused_links():
    with Stage() as stage:
        host = stage.host()
        link = host.link("coach")
        stage.member(link, "Kim")
        done = stage.spar("join", link, "--batch", name="Eve", code=3)
        check("link of your own" in done.stderr, f"a used link: {done.stderr!r}")
        secret = spar_client.parse_link(link).secret
        done = stage.spar("join", link.replace(secret, "A" * 22), "--batch", name="Eve", code=3)
        check("new link" in done.stderr, f"a wrong secret: {done.stderr!r}")
        done = stage.spar("fetch", link, "--out", stage.path("x.spar"), name="Eve", code=3)
        check(not os.path.exists(stage.path("x.spar")), "a refused fetch leaves no file")
        done = stage.spar("host", stage.server.link.replace(spar_client.parse_link(stage.server.link).secret, "A" * 22),
                          "--batch", name="Eve", code=3)
        check("host link" in done.stderr, f"hosting is closed: {done.stderr!r}")


def test_second_seat_on_one_machine():
    """A link for another role never pushes out the seat that this machine's key has; --identity gives a second."""
    with Stage() as stage:
        host = stage.host()
        coach, candidate = host.link("coach"), host.link("candidate")
        stage.spar("join", coach, "--batch", name="Kim", code=0)
        for _ in range(2):
            done = stage.spar("join", candidate, "--batch", name="Kim", code=2)
            check("you are the coach" in done.stderr and "--identity" in done.stderr and done.stderr.count("\n") == 1
                  and f"spar join {host.room}" in done.stderr, f"the way out: {done.stderr!r}")
            stage.spar("join", candidate, "--batch", "--identity", stage.path("second.pem"), name="Kim", code=0)
        host.event(do="seat.join", role="candidate")
        stage.spar("join", host.room, "--batch", name="Kim", code=0)
        equal({(e["seat"], e["role"]) for e in host.events() if e.get("do") == "seat.join"},
              {(0, "interviewer"), (1, "coach"), (2, "candidate")}, "seats taken")
        done = stage.spar("join", "abcdefghijkl", "--batch", name="Kim", code=2)
        check("spar sessions" in done.stderr, f"an unknown room: {done.stderr!r}")


def test_rooms_of_two_keys():
    """Both seats of one machine come back by the room's id, each with its key."""
    with Stage() as stage:
        host = stage.host()
        second = stage.path("second.pem")
        stage.spar("join", host.link("coach"), "--batch", name="Kim", code=0)
        stage.spar("join", host.link("candidate"), "--batch", "--identity", second, name="Kim", code=0)
        for arguments, role in (([], "coach"), (["--identity", second], "candidate")):
            stage.spar("join", host.room, "--batch", *arguments, name="Kim", code=0)
            done = stage.spar("fetch", host.room, "--out", stage.path("x.spar"), *arguments, name="Kim", code=0)
            check(f"the {role}'s view" in done.stdout, f"the recording with {arguments}: {done.stdout!r}")
        for seat in (1, 2):
            until(lambda seat=seat: len([e for e in host.events() if (e.get("do"), e.get("seat")) == ("seat.join", seat)]) == 2,
                  f"seat {seat} taken twice")
        done = stage.spar("join", host.room, "--batch", "--identity", stage.path("third.pem"), name="Kim", code=2)
        check("Another key" in done.stderr and "--identity" in done.stderr, f"a third key: {done.stderr!r}")
        done = stage.spar("join", host.link("candidate"), "--batch", name="Kim", code=2)
        check("you are the coach" in done.stderr, f"the first key's seat: {done.stderr!r}")


def test_recording_by_room():
    """replay, report and verify by a room's id; what is missing is fetched first."""
    with Stage() as stage:
        host = stage.host()
        stage.spar("join", host.link("coach"), "--batch", name="Kim", code=0)
        done = stage.spar("report", host.room, name="Kim", code=0)
        check("Scorecard" in done.stdout and "fetching it" in done.stderr, f"fetched: {done.stderr!r}")
        done = stage.spar("replay", host.room, "--print", name="Kim", code=0)
        check(done.stderr == "" and "Kim" in done.stdout, f"found: {done.stderr!r}")
        done = stage.spar("verify", host.room, name="Kim", code=0)
        check("the coach's view" in done.stdout, f"whose view: {done.stdout!r}")
        done = stage.spar("report", "abcdefghijkl", name="Kim", code=1)
        check("spar fetch LINK" in done.stderr, f"an unknown room: {done.stderr!r}")


def test_ascii_where_nothing_else_can_be_shown():
    """What goes to a terminal without UTF-8 is ASCII; a file, and what programs read, is UTF-8 all the same."""
    with Stage() as stage:
        host = stage.host("Jörg")
        key = ["--identity", stage.path("Jörg.pem")]
        recording = stage.path("r.spar")
        stage.spar("fetch", host.room, *key, "--out", recording, name="Jörg", code=0)

        def said(*arguments):
            done = run([os.path.join(BIN, "spar"), *arguments], env={**stage.environment("Jörg"), "LC_ALL": "C"},
                       encoding="utf-8")
            equal(done.returncode, 0, f"exit code of {arguments}: {done.stderr!r}")
            return done.stdout

        for arguments in (["report", recording], ["report", recording, "--format", "md"], ["board", recording], ["replay", recording, "--print"], ["progress"]):
            text = said(*arguments)
            check(text.isascii() and text.strip(), f"{arguments}: {text!r}")
        check("J?rg" in said("report", recording), "a name")
        for form in ("html", "json"):
            check("Jörg" in said("report", recording, "--format", form), f"the report as {form}")
        for form in ("text", "md"):
            said("report", recording, "--format", form, "--out", stage.path("r.txt"))
            with open(stage.path("r.txt"), encoding="utf-8") as file:
                check("Jörg" in file.read(), f"a report in a file, as {form}")


def test_settings():
    """A name and other defaults of one's own; what is given on the command line or by the environment outranks them."""
    with Stage() as stage:
        settings = stage.path("settings")

        def spar(*arguments, code=0, **variables):
            environment = {**stage.environment("Kim"), "XDG_CONFIG_HOME": settings, **variables}
            done = run([os.path.join(BIN, "spar"), *arguments], env={k: v for k, v in environment.items() if v is not None})
            equal(done.returncode, code, f"exit code of {arguments}: {done.stderr!r}")
            return done

        host = stage.host()
        for key, value in (("name", "Kim Possible"), ("pair.level", "staff"), ("host.plan", "spare"), ("host.pack", "iot-telemetry"),
                           ("pair.extra", "25%"), ("bell", "off")):
            spar("config", key, value)
        equal(spar("config", "name").stdout, "Kim Possible\n", "one setting")
        check("pair.level    staff" in spar("config").stdout, "all settings")
        for key, value in (("name", "a\x1b[2Jb"), ("name", ""), ("pair.level", "king"), ("pair.minutes", "x"), ("pair.wait", "-1"),
                           ("pair.role", "boss"), ("pair.extra", "much"), ("bell", "loud"), ("host.pack", "no-such"), ("host.plan", "A B"), ("colour", "red"), ("name", "x" * 300)):
            said = spar("config", key, value, code=2).stderr
            check(said.startswith("spar: ") and "\x1b" not in said, f"{key} {value!r}: {said!r}")

        def joined(name, *options, **variables):
            spar("join", host.link("coach"), "--batch", *options, **variables)
            host.event(do="seat.join", role="coach", name=name)

        joined("Kim Possible", SPAR_NAME=None)
        joined("From Environment", SPAR_NAME="From Environment")
        joined("Given", "--name", "Given")
        opened = spar("host", stage.server.link, "--batch", SPAR_NAME=None).stdout
        room = json.loads(next(line for line in opened.splitlines() if '"room.open"' in line))["event"]
        check(room["plan"] == "spare" or room["plan"] == 2, f"the plan of one's own: {room}")
        spar("config", "--unset", "name")
        spar("config", "name", code=1)
        with open(os.path.join(settings, "spar", "settings"), "a", encoding="utf-8") as file:
            file.write("nonsense\npair.level: king\n")
        check("settings:6:" in spar("config").stderr, "a faulty line")
        with open(os.path.join(settings, "spar", "settings"), "a", encoding="utf-8") as file:
            file.write("bell: loud\n")
        said = spar("config")
        check("bell is left out" in said.stderr and "loud" not in said.stdout, f"a value that is none: {said.stderr!r}")
        check("king" in spar("pair", stage.server.link, "--batch", code=2).stderr, "the queue asks for what the settings say")


def test_recording_of_version_1():
    """A file that an older Spar fetched and its server signed."""
    old = os.path.join(os.path.dirname(__file__), "files", "recording_v1.spar")
    with Stage(start=False) as stage:
        done = stage.spar("verify", old, "--json", code=0)
        equal({**json.loads(done.stdout), "key": None},
              {"whole": True, "signed": True, "key": None, "room": "pp6sh5za70gl", "role": "interviewer", "events": 5}, "version 1")
        check("Recorded as version 1." in stage.spar("replay", old, "--print", code=0).stdout, "it replays")


def test_copied_prompt():
    """A prompt that was copied to write one's own finds the framework that comes with Spar."""
    packs = os.path.join(os.path.dirname(__file__), "..", "..", "contrib", "packs")
    with open(os.path.join(packs, "click-stream.yaml"), encoding="utf-8") as file:
        text = file.read()
    with Stage(start=False) as stage:
        for framework, code in (("five-phase.yaml", 0), ("no-such.yaml", 1), ("./five-phase.yaml", 1)):
            path = stage.path("my-prompt.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace("framework: five-phase.yaml", "framework: " + framework))
            done = stage.spar("pack", "check", path, code=code)
            check(code == 0 or "is not there" in done.stdout, f"{framework}: {done.stdout!r}")


def test_wrong_lines():
    for line, has in (("{", "JSON"), ("[]", "object"), ('{"do":"fly"}', "fly"), ('{"do":"talk.say"}', "text"),
                      ('{"wait":"x"}', "wait"), ('{"do":"mark.set","item":"a","mark":"maybe"}', "mark"),
                      ('{"do":"talk.say","text":"x","colour":1}', "colour"), ('{"do":"room.open"}', "room.open"),
                      ('{"at":-1,"end":true}', "at")):
        with Stage() as stage:
            host = stage.host()
            host.process.stdin.write(line + "\n")
            host.process.stdin.flush()
            host.process.wait(60)
            host.end(code=host.process.returncode)
            check(host.process.returncode in (1, 2), f"exit code {host.process.returncode} for {line}")
            check("line 1" in host.errors and has in host.errors, f"what is wrong with {line}: {host.errors!r}")


def test_private_folder():
    """The key of a client is made at first use and is its owner's alone."""
    with Stage() as stage:
        stage.host()
        equal(os.stat(stage.path("Robin.pem")).st_mode & 0o777, 0o600, "rights on the key")


def test_other_locales():
    """A comma for the decimal point changes neither what is read nor what is written."""
    with Stage() as stage:
        made = stage.path("locales")
        os.mkdir(made)
        done = run(["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(made, "de_DE.UTF-8")])
        if not os.path.isdir(os.path.join(made, "de_DE.UTF-8")):
            print("no locales to be made here:", done.stderr.strip()[:80])
            return
        german = {**stage.environment("Robin"), "LOCPATH": made, "LC_ALL": "de_DE.UTF-8"}
        host = run([os.path.join(BIN, "spar"), "host", stage.server.link, "--minutes", "5,3.5,15,12,9.5", "--batch",
                    "--identity", stage.key("Robin")], env=german)
        equal(host.returncode, 0, f"--minutes with a German locale, which said {host.stderr!r}")
        opened = [json.loads(line) for line in host.stdout.splitlines()]
        plan = [line["event"]["budgets"] for line in opened if line.get("event", {}).get("do") == "clock.plan"]
        check(not plan or plan == [[5, 3.5, 15, 12, 9.5]], f"the plan {plan}")


if __name__ == "__main__":
    main(globals())
