# SPDX-License-Identifier: ISC
"""Makes the files of this folder with a build of 15b8752: rooms of rules 1, as all were until then.

    SPAR_SOURCE=WORKTREE SPAR_BIN=WORKTREE/build/release/bin make.py OUT

Two rooms are left in the server's data folder: `middle`, in mid-interview, and `ended`, through its debrief and closed.
A third is fetched in each of its stages. What that build made of the recordings is kept beside them.
"""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.environ["SPAR_SOURCE"], "tests", "scenario"))
from support import Stage  # noqa: E402

OUT = sys.argv[1]
PEOPLE = ("Robin", "Sasha", "Kim")
# Whose recording is kept of each stage: the candidate's view changes most.
WHO = {"running": ("Robin", "Sasha"), "closed": PEOPLE,
       **dict.fromkeys(("lobby", "paused", "finished", "debrief"), ("Sasha",))}


def people(stage, *options):
    host = stage.host("Robin", "--pack", "click-stream", "--plan", "standard", *options)
    candidate = stage.join(host.link("candidate"), "Sasha")
    host.event(do="seat.join", role="candidate")
    coach = stage.join(host.link("coach"), "Kim")
    host.event(do="seat.join", role="coach")
    return host, candidate, coach


def say(one, others, do, **fields):
    one.do(do, **fields)
    for other in (one, *others):
        other.event(do=do, **{k: v for k, v in fields.items() if k == "text"})


def before_start(host, candidate, coach):
    say(candidate, (host, coach), "talk.say", text="Hello.")
    say(host, (coach,), "note.panel", text="Second try.")


def middle(host, candidate, coach):
    say(host, (candidate, coach), "clock.start")
    say(host, (candidate, coach), "fact.reveal", fact="peak-rate")
    say(host, (coach,), "mark.set", item="clarify-volume", mark="raised")
    say(coach, (host,), "mark.set", item="clarify-latency", mark="prompted")
    say(coach, (), "seal.set", item="clarify-volume", mark="prompted")
    say(candidate, (), "self.set", item="clarify-volume", mark="raised")
    say(candidate, (), "note.mine", text="Ask about retention.")
    say(coach, (host,), "talk.whisper", text="Let them think.")
    say(host, (coach,), "flag.set", flag="happy-path", on=True)
    say(host, (candidate, coach), "clock.jump", phase="design")
    say(candidate, (host, coach), "hand.set", on=True)


def last_part(host, candidate, coach):
    say(host, (candidate, coach), "curveball.throw", curveball="ten-x")
    say(host, (candidate, coach), "clock.add", phase="design", ms=120000)
    say(host, (candidate, coach), "clock.resume")
    say(host, (candidate, coach), "note.all", text="Break after this.")
    say(host, (candidate, coach), "clock.finish")


def fetch(stage, coach_link, stages, name):
    for person in WHO[name]:
        file = os.path.join(OUT, "recordings", f"{name}-{person.lower()}.spar")
        stage.spar("fetch", coach_link, "--identity", stage.path(person + ".pem"), "--out", file, name=person, code=0)
        stages.append(os.path.basename(file)[:-5])


def main():
    made, stages = {}, []
    os.makedirs(os.path.join(OUT, "recordings"))
    os.makedirs(os.path.join(OUT, "keys"))
    with Stage() as stage:
        for name in ("middle", "ended", "staged"):
            three = people(stage)
            link = three[0].link("coach")
            made[name] = three[0].room
            look = (lambda what: fetch(stage, link, stages, what)) if name == "staged" else (lambda what: None)
            before_start(*three)
            look("lobby")
            middle(*three)
            look("running")
            if name == "middle":
                for one in three:
                    one.end()
                continue
            say(three[0], three[1:], "clock.pause")
            look("paused")
            last_part(*three)
            look("finished")
            say(three[0], three[1:], "debrief.open")
            look("debrief")
            say(three[0], three[1:], "room.close")
            look("closed")
            for one in three:
                one.end()
        stage.server.stop()
        shutil.copytree(stage.server.data, os.path.join(OUT, "server"))
        for person in PEOPLE:
            shutil.copy(stage.path(person + ".pem"), os.path.join(OUT, "keys"))
        for one in stages:
            file = os.path.join(OUT, "recordings", one)
            for suffix, arguments in (("json", ["report", file + ".spar", "--format", "json"]),
                                      ("txt", ["replay", file + ".spar", "--print"])):
                with open(f"{file}.{suffix}", "w", encoding="utf-8") as out:
                    out.write(stage.spar(*arguments, code=0).stdout)
    with open(os.path.join(OUT, "rooms.json"), "w", encoding="utf-8") as out:
        json.dump(made, out, indent=1)
        out.write("\n")


main()
