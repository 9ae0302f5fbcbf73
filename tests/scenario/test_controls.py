# SPDX-License-Identifier: ISC
"""
Purpose: whatever others name themselves, say, title or call a file, nothing that a program of ours prints acts upon
a terminal. Every control, escape, bidi and zero-width character goes through every field that a person fills in and
through every command; what is looked at are the bytes that come out. And no link stands in a command's arguments.
"""
import json
import os
import subprocess

from support import BIN, LIMIT, SOURCE, Stage, check, equal, main, run, spar_client

# All but NUL, which no field takes, and the line's end.
CONTROLS = [chr(c) for c in range(1, 0x20) if c != 0x0A] + [chr(c) for c in range(0x7F, 0xA0)]
OTHERS = [chr(c) for first, last in ((0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F),
                                     (0xFE00, 0xFE0F), (0xE0020, 0xE007F)) for c in range(first, last + 1)]
OTHERS += ["\u00ad", "\u061c", "\u3164", "\ufeff"]
BAD = set(CONTROLS) | set(OTHERS)
PARTS = ["".join(CONTROLS), "".join(OTHERS[:40]), "\033[2J\033]0;owned\007\033[31m", "".join(OTHERS[40:])]


def nasty(word, room=None):
    """Texts with every bad character between them, each no longer than `room` bytes."""
    texts = []
    for part in PARTS:
        text = word
        for c in part:
            if room and len((text + c).encode()) > room - 2:
                texts.append(text + "z")
                text = word
            text += c
        texts.append(text + "z")
    return texts


def harmless(data, what):
    text = data.decode("utf-8")
    found = sorted({hex(ord(c)) for c in text if c in BAD})
    check(not found, f"{what} printed {found}: {text[:600]!r}")
    return text


def spar(stage, *arguments, name="Robin", data=None, more=None):
    """Runs a command; the bytes of its output and of its complaints are harmless."""
    words = [a if isinstance(a, bytes) else a.encode() for a in arguments]
    done = subprocess.run([os.path.join(BIN, "spar").encode(), *words], input=data or b"", timeout=LIMIT,
                          env={**stage.environment(name), "XDG_CONFIG_HOME": stage.path("config"), **(more or {})},
                          capture_output=True)
    what = f"spar {b' '.join(words)!r}"
    harmless(done.stdout, what)
    harmless(done.stderr, what)
    return done


def yaml_text(text):
    return '"' + "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def nasty_packs(folder):
    """Prompts whose texts hold it all; those of them that are sound."""
    os.mkdir(folder)
    with open(os.path.join(SOURCE, "contrib/packs/click-stream.yaml"), encoding="utf-8") as file:
        pack = file.read()
    with open(os.path.join(SOURCE, "contrib/packs/five-phase.yaml"), encoding="utf-8") as file:
        framework = file.read()
    with open(os.path.join(folder, "five-phase.yaml"), "w", encoding="utf-8") as file:
        file.write(framework)
    for i, text in enumerate(nasty("Stream ", 60)):
        changed = pack.replace("title: Click-stream for dashboards and daily reports", f"title: {yaml_text(text)}")
        changed = changed.replace("asked: when asked about event volume", f"asked: {yaml_text(text)}")
        changed = changed.replace("text: 50,000 events a second at peak.", f"text: {yaml_text(text)}")
        check(changed.count("\\U000000") or changed.count("\\U000"), "the pack holds the texts")
        with open(os.path.join(folder, f"n{i}.yaml"), "w", encoding="utf-8") as file:
            file.write(changed.replace("id: click-stream", f"id: n{i}"))


def test_packs():
    with Stage(start=False) as stage:
        folder = stage.path("packs")
        nasty_packs(folder)
        more = {"SPAR_PACKS": folder}
        equal(spar(stage, "pack", "list", more=more).returncode, 0, "pack list")
        for name in sorted(os.listdir(folder)):
            spar(stage, "pack", "check", os.path.join(folder, name), more=more)
            if name.startswith("n"):
                shown = spar(stage, "pack", "show", name[:-5], more=more)
                check(b"Stream" in shown.stdout or shown.returncode, f"{name}: {shown.stdout[:200]!r}")
        bad = os.path.join(stage.path("packs"), "x" + "".join(CONTROLS) + "\u202e.yaml")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("spar: prompt/1\nid: \"\\x1b[31m\"\ncolour\\x9b: red\ntitle: [\n")
        for command in (("pack", "check"), ("pack", "show"), ("verify",), ("report",), ("replay",), ("fetch",),
                        ("remark",), ("report", "--format"), ("join",), ("frob",)):
            check(spar(stage, *command, bad, more=more).returncode, f"{command} of no such thing")
        for text in nasty("w", 200):
            for command in (("join", text), ("pair", text), ("coach", text), ("cohort", text), (text,),
                            ("host", "--plan", text), ("host", "--cohort", text), ("progress", "--role", text),
                            ("pack", text), ("cohort", "new", text), ("sessions", text), ("host", "--" + text)):
                check(spar(stage, *command).returncode, f"{command!r} is no use")


def play(stage, folder):
    """A short interview in which everybody types what they should not. Its room."""
    host = stage.host("Robin", "--pack", os.path.join(folder, "n2.yaml"))
    texts = nasty("say ")
    names = nasty("Kim", 60)
    coach = stage.member(host.link("coach"), names[0])
    person = stage.member(host.link("candidate"), names[1])
    for text in texts:
        for one in (coach, person):
            one.command("talk.say", text=text)
            one.command("note.mine", text=text)
            one.command("note.all", text=text)
        coach.command("talk.whisper", text=text)
    for text in texts:
        host.do("talk.say", text=text)
        host.do("note.panel", text=text)
    for act in ("clock.start", "clock.finish", "debrief.open"):
        host.do(act)
    host.send({"wait": "sync"}, {"end": True})
    host.end()
    return host


def test_a_room():
    with Stage() as stage:
        folder = stage.path("packs")
        nasty_packs(folder)
        host = play(stage, folder)
        room = host.room
        key = ("--identity", stage.path("Robin.pem"))
        saved = stage.path("\033[31m\u202esaved.spar")
        for command in (("sessions",), ("sessions", "--json"), ("fetch", room, "--out", saved), ("fetch", room)):
            equal(spar(stage, *command, *key).returncode, 0, f"{command}")
        for command in (("verify", saved), ("report", saved), ("report", saved, "--format", "md"),
                        ("report", saved, "--format", "html"), ("report", saved, "--format", "json"),
                        ("replay", saved, "--print"), ("progress",), ("progress", "--format", "json"),
                        ("progress", "--format", "html")):
            done = spar(stage, *command)
            check(done.returncode in (0, 2), f"{command}: {done.stderr!r}")
        for line in nasty("x"):
            steps = json.dumps({"do": "talk.say", "text": line, line: 1}) + "\n"
            spar(stage, "join", room, *key, "--batch", data=steps.encode())
            spar(stage, "join", room, *key, "--batch", data=(line + "\n").encode())
            spar(stage, "remark", saved, "--batch", data=(line + "\n").encode())
            spar(stage, "config", "name", line)
            for command in (("config",), ("config", "name")):
                spar(stage, *command)
            spar(stage, "coach", host.link("coach"), "--batch", "--name", line, "--identity", stage.path("Wall.pem"),
                 data=steps.encode() + b'{"end":true}\n')
        spar(stage, "remark", saved, "--batch", "--name", nasty("Mo", 60)[2],
             data=b'{"do":"mark.set","item":"clarify-volume","mark":"raised","at":0}\n')
        spar(stage, "remark", saved, "--compare")
        harmless(stage.server.text().encode(), "the server's log")


def test_the_server():
    """What it says of paths, settings and people, on standard error and in its log."""
    with Stage(start=False) as stage:
        for text in nasty("d", 200):
            settings = stage.path("settings.yaml")
            with open(settings, "w", encoding="utf-8") as file:
                file.write(f"{yaml_text(text)}: {yaml_text(text)}\n")
            for options in (("--data", "/dev/null/" + text), ("--listen", text), ("--config", text), ("--" + text,),
                            ("--config", settings), ("--cert", text, "--key", text)):
                done = subprocess.run([os.path.join(BIN, "spard"), *options], capture_output=True, timeout=LIMIT)
                check(done.returncode, f"spard {options!r} starts")
                harmless(done.stdout + done.stderr, f"spard {options!r}")


def test_a_cohort():
    with Stage() as stage:
        for i, name in enumerate(nasty("An evening ", 60)):
            made = spar(stage, "cohort", "new", name, "--link", stage.server.link)
            equal(made.returncode, 0, f"cohort {i}")
            for command in (("list",), ("members",), ("rooms",), ("sessions",), ("link", "students")):
                equal(spar(stage, "cohort", *command).returncode, 0, f"cohort {command}")
                spar(stage, "cohort", *command, "--json")


def shown_arguments(process):
    with open(f"/proc/{process.pid}/cmdline", "rb") as file:
        return file.read()


def test_links_are_hidden():
    with Stage() as stage:
        host = stage.host("Robin")
        check(b"#host" not in shown_arguments(host.process), f"{shown_arguments(host.process)}")
        secret = spar_client.parse_link(host.link("coach")).secret.encode()
        given = stage.join(host.link("coach"), "Kim")
        given.event(do="seat.join", role="coach")
        check(secret not in shown_arguments(given.process), f"{shown_arguments(given.process)}")
        given.end()
        read = stage.batch(["join", "-"], "Ben")
        read.process.stdin.write(host.link("candidate") + "\n")
        read.send({"do": "talk.say", "text": "the next line is mine"})
        read.event(do="talk.say", text="the next line is mine")
        read.end()
        done = run([os.path.join(BIN, "spar"), "join", "--batch", "--identity", stage.path("Kim.pem")],
                   env={**stage.environment("Kim"), "SPAR_LINK": host.link("coach")})
        equal(done.returncode, 0, f"join by $SPAR_LINK, which said {done.stderr!r}")
        check('"joined"' in done.stdout, done.stdout)
        done = run([os.path.join(BIN, "spar"), "join", "-"], env=stage.environment("Kim"))
        equal(done.returncode, 2, "no line on standard input")
        check("empty" in done.stderr, done.stderr)


def test_modes_of_reports():
    with Stage(start=False) as stage:
        for mask in (0, 0o022, 0o077):
            path = stage.path(f"page{mask}.html")
            done = subprocess.run([os.path.join(BIN, "spar"), "progress", "--format", "html", "--out", path],
                                  env=stage.environment("Robin"), preexec_fn=lambda m=mask: os.umask(m),
                                  capture_output=True, timeout=LIMIT)
            equal(done.returncode, 0, f"progress, which said {done.stderr!r}")
            equal(os.stat(path).st_mode & 0o777, 0o644 & ~mask, f"the mode under the umask {mask:o}")


if __name__ == "__main__":
    main(globals())
