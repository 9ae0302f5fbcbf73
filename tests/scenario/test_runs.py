# SPDX-License-Identifier: ISC
"""Purpose: the file of runs beside the journal, where rooms rest: a server is not started without it or with another,
and says so by its name, as do the operator's commands; under a running server nothing is confirmed until it is back;
who is forgotten is not in it; it is in a copy; and a bit of it that is wrong stops one room alone."""

import os
import shutil

from support import BIN, Stage, check, equal, main, run, until
from test_folder_faults import refused, said
from test_forget import key_of, planted, talk

SPARD = os.path.join(BIN, "spard")
RUNS = "journal.db-events"


def spard(data, *arguments, code=0, has=()):
    """One sentence, on standard output if it is good."""
    done = run([SPARD, *arguments, "--data", data])
    told = done.stdout if code == 0 else done.stderr
    equal(done.returncode, code, f"exit code of spard {arguments}; it said {done.stderr!r} {done.stdout!r}")
    for word in has:
        check(word in told, f"{word!r} is not in {told!r}")
    return told


def runs_of(stage):
    return os.path.join(stage.server.data, RUNS)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def rest(stage):
    """What was written so far is at rest behind a start."""
    stage.server.stop()
    stage.server.start()
    check(os.path.getsize(runs_of(stage)) > 0, "the file of runs has something")


def cut(path):
    """A byte less than was used; zeros behind it may lie there for what comes."""
    os.truncate(path, len(read(path).rstrip(b"\0")) - 1)


def anothers(stage):
    """The file of a server of its own, on whose journal as much was said."""
    with Stage() as other:
        host = other.host()
        said(host, 6)
        other.server.stop()
        shutil.copy(runs_of(other), stage.path("another's"))
        other.server.start()
    return stage.path("another's")


def harms(stage):
    """Each way by which it is not what it was: its name, and what does it."""
    path = runs_of(stage)
    return (("removed", lambda: os.unlink(path)), ("emptied", lambda: os.truncate(path, 0)), ("cut", lambda: cut(path)),
            ("another's", lambda: shutil.copyfile(anothers(stage), path)))


def test_before_a_start():
    with Stage() as stage:
        host = stage.host()
        said(host, 6)
        rest(stage)
        stage.server.stop()
        good = stage.path("good")
        for name, harm in harms(stage):
            shutil.copy(runs_of(stage), good)
            harm()
            found = read(runs_of(stage)) if os.path.exists(runs_of(stage)) else None
            for _ in range(2):
                refused(stage.server.data, RUNS, "back")
            spard(stage.server.data, "check", code=1, has=(RUNS, "back"))
            spard(stage.server.data, "backup", stage.path("no-" + name), code=1, has=(RUNS,))
            spard(stage.server.data, "forget", host.room, code=1, has=(RUNS,))
            now = read(runs_of(stage)) if os.path.exists(runs_of(stage)) else None
            check(now == found, f"{name}: who is refused leaves the file as it is")
            shutil.copy(good, runs_of(stage))
            spard(stage.server.data, "check", has=("every checksum is right",))
        stage.server.start()
        ben = stage.member(host.link("candidate"), "Ben")
        ben.wait_do("talk.say", text="line 5")


def lost(host, number):
    host.do("talk.say", text="lost")
    until(lambda: len([one for one in host.refused() if one.get("why") == "storage"]) == number, "a refusal")


def test_under_a_server():
    with Stage() as stage:
        host = stage.host()
        said(host, 6)
        rest(stage)
        talk(host, "after a start")
        path, aside, refusals = runs_of(stage), stage.path("aside"), 0
        for name, harm in harms(stage):
            with open(path, "rb") as file:
                good = file.read()
            if name in ("removed", "another's"):
                os.rename(path, aside)
                shutil.copy(aside, path)
            harm()
            lost(host, refusals + 1)
            lost(host, refusals + 2)
            refusals += 2
            if name in ("removed", "another's"):
                os.replace(aside, path)
            else:
                with open(path, "r+b") as file:
                    file.write(good)
            talk(host, f"kept after it was {name}")
            until(lambda: stage.server.text().count("journal.stores") == refusals // 2, "the end of it in the log")
            told = [line for line in stage.server.text().splitlines() if " error journal.trouble " in line]
            equal((len(told), RUNS in told[-1]), (refusals // 2, True), f"what the operator is told: {told}")
        check(not [one for one in host.events() if one.get("text") == "lost"], "nothing of it is confirmed")
        stage.server.kill()
        stage.server.start()
        spard(stage.server.data, "check", has=("every checksum is right",))
        ben = stage.member(host.link("candidate"), "Ben")
        ben.wait_do("talk.say", text="kept after it was another's")
        check(not [one for one in ben.events if one.get("text") == "lost"], "nor later")


def test_a_copy_has_its_own():
    with Stage() as stage:
        host, copy = stage.host(), stage.path("copy")
        said(host, 30)
        rest(stage)
        said(host, 5)
        host.send(*({"do": "talk.say", "text": f"meanwhile {number}"} for number in range(100)))
        spard(stage.server.data, "backup", copy, has=("copied",))
        host.event(do="talk.say", text="meanwhile 99")
        equal(sorted(os.listdir(copy)), ["host.secret", "journal.db", RUNS, "server.pem"], "the copy")
        equal([os.stat(os.path.join(copy, name)).st_mode & 0o77 for name in os.listdir(copy)], [0] * 4, "for its owner")
        check(planted(copy, "line 29"), "what rests is in the copy")
        spard(copy, "check", has=("every checksum is right",))
        stage.server.stop()
        spard(stage.server.data, "backup", stage.path("later"), has=("copied",))
        spard(stage.path("later"), "check", has=("every checksum is right",))
        shutil.rmtree(stage.server.data)
        os.rename(copy, stage.server.data)
        stage.server.start()
        ben = stage.member(host.link("candidate"), "Ben")
        ben.wait_do("talk.say", text="line 29")
        ben.command("talk.say", text="and goes on")
        ben.wait_do("talk.say", text="and goes on")
        spard(stage.server.data, "check", has=("every checksum is right",))


def plants(stage):
    """Ben is the candidate of one room and coaches another, a third is Kim's alone; all of it rests, and some is fresh."""
    ours, others, third = stage.host("Robin"), stage.host("Kim"), stage.host("Zoe")
    ben = stage.join(ours.link("candidate"), "Ben")
    talk(ben, "planted by the candidate Ben")
    coach = stage.batch(["join", others.link("coach")], "Ben")
    coach.do("talk.say", text="planted by the coach Ben")
    others.event(do="talk.say", text="planted by the coach Ben")
    talk(others, "what Kim said stays")
    talk(third, "another room stays")
    rest(stage)
    check(RUNS in planted(stage.server.data, "planted by"), "it rests in the file of runs")
    coach.do("talk.say", text="planted lately")
    others.event(do="talk.say", text="planted lately")
    talk(others, "and Kim goes on")
    return ours, others, third


def none_is_left(stage, *sentences, stays=("what Kim said stays", "another room stays")):
    for sentence in sentences:
        equal(planted(stage.server.data, sentence), [], f"files that hold {sentence!r}")
    for sentence in stays:
        check(planted(stage.server.data, sentence), f"{sentence!r} is there")
    spard(stage.server.data, "check", has=("every checksum is right",))


def reads(stage, link, name, *texts):
    """Who comes later is served these lines and no others."""
    late = stage.member(link, name)
    late.wait_do("talk.say", text=texts[-1])
    equal([one["text"] for one in late.events if one["do"] == "talk.say"], list(texts), "what was said")


def test_a_room_forgotten():
    with Stage() as stage:
        ours, others, third = plants(stage)
        spard(stage.server.data, "forget", ours.room, has=("is forgotten",))
        none_is_left(stage, "planted by the candidate")
        stage.server.stop()
        spard(stage.server.data, "forget", third.room, has=("is forgotten",))
        none_is_left(stage, "planted by the candidate", "another room stays", stays=("what Kim said stays",))
        stage.server.start()
        none_is_left(stage, "planted by the candidate", "another room stays", stays=("what Kim said stays",))
        reads(stage, others.link("candidate"), "Ada", "planted by the coach Ben", "what Kim said stays", "planted lately",
              "and Kim goes on")


def test_a_key_forgotten():
    for running in (True, False):
        with Stage() as stage:
            _, others, third = plants(stage)
            key = key_of(stage, "Ben")
            if not running:
                stage.server.kill()
            spard(stage.server.data, "forget", key, has=("1 rooms are forgotten, and what the key was in 1 others",))
            none_is_left(stage, "planted")
            if running:
                stage.server.stop()
            stage.server.start()
            none_is_left(stage, "planted")
            reads(stage, others.link("candidate"), "Ada", "forgotten", "what Kim said stays", "forgotten", "and Kim goes on")
            reads(stage, third.link("candidate"), "Ida", "another room stays")


def test_kept_no_longer():
    """What is older than the operator keeps goes by itself, out of the file of runs too."""
    # Ten seconds: shorter, and it goes before a slow machine is back from the start in between.
    with Stage(options=["--keep", "10h", "--clock-rate", "3600"]) as stage:
        host = stage.host()
        talk(host, "planted by who is kept no longer")
        rest(stage)
        host.over(3, "removed from the server for good")
        until(lambda: not planted(stage.server.data, "planted by"), "the bytes to be gone")
        spard(stage.server.data, "check", has=("every checksum is right",))


def flip(path, words):
    data = bytearray(read(path))
    at = data.find(words)
    check(at >= 0, f"{words!r} is in {path}")
    data[at + len(words) // 2] ^= 4
    with open(path, "r+b") as file:
        file.write(data)


def test_a_flipped_bit():
    with Stage() as stage:
        host, other = stage.host(), stage.host("Kim")
        said(host, 3)
        rest(stage)
        talk(host, "the line that a bit is flipped in")
        talk(other, "another room")
        stage.server.stop()
        flip(runs_of(stage), b"the line that a bit is flipped in")
        told = spard(stage.server.data, "check", code=1, has=("Damaged: 1 of 2 logs", host.room, "is good up to event"))
        check(other.room not in told, told)
        stage.server.start()
        spard(stage.server.data, "check", code=1, has=(host.room,))
        host.over(3, "damaged")
        late = stage.join(host.link("candidate"), "Ben")
        late.over(3, "damaged")
        talk(other, "and goes on")
        ada = stage.member(other.link("candidate"), "Ada")
        ada.wait_do("talk.say", text="and goes on")
        stage.server.await_log(r"log\.damaged")
        logged = [line for line in stage.server.text().splitlines() if "log.damaged" in line]
        check(all(host.room in line for line in logged), logged)


if __name__ == "__main__":
    main(globals())
