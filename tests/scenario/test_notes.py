# SPDX-License-Identifier: ISC
"""
Purpose: own notes are changed and struck, on record: the panel knows at once, the candidate with the debrief and
nothing before, a recording has every version and a report the last one; a server that is started again knows it too.
"""
import json
import os

from support import Stage, check, equal, main


def test_changed_and_struck():
    with Stage() as stage:
        host = stage.host()
        ben = stage.join(host.link("candidate"), "Ben")
        coach = stage.member(host.link("coach"), "Cleo")
        host.do("note.panel", text="wrong person")
        host.do("note.panel", text="late on\nvolume")
        host.do("note.panel.set", line=1, text="early on\nvolume")
        host.do("note.panel.set", line=0)
        host.do("note.all", text="Five minutes left")
        coach.wait_do("note.all")
        equal(coach.notes(), [(0, "note.panel", None), (0, "note.panel", "early on\nvolume"), (0, "note.all", "Five minutes left")],
              "what the coach has of them")
        ben.event(do="note.all")
        stage.server.kill()
        stage.server.start()
        host.do("note.all.set", line=0, text="Four minutes left")
        ben.event(do="note.all.set")
        equal([e["do"] for e in ben.events() if "panel" in e["do"]], [], "what the candidate knows before the debrief")
        host.do("note.panel.set", line=2, text="x")
        equal(host.find(lambda line: "refused" in line, "the refusal")["refused"]["why"], "no-such-note", "no such note")
        for do in ("clock.start", "clock.finish", "debrief.open"):
            host.do(do)
        ben.event(do="debrief.open")
        ben.event(do="note.panel.set", line=0)
        host.end()
        ben.end()
        look_back(stage, host.room)


def look_back(stage, room):
    file = stage.path(os.path.join("Robin", "here.spar"))
    stage.spar("fetch", room, "--identity", stage.path("Robin.pem"), "--out", file, name="Robin", code=0)
    lines = json.loads(stage.spar("report", file, "--format", "json", name="Robin", code=0).stdout)["lines"]
    equal([(one["text"], one.get("changes"), one.get("struck")) for one in lines],
          [("", 1, True), ("early on\nvolume", 1, False), ("Four minutes left", 1, False)], "the report's lines")
    printed = stage.spar("replay", file, "--print", name="Robin", code=0).stdout
    for words in ("panel note: wrong person", "strikes panel note 1", "changes panel note 2: early on", "note: Five minutes left"):
        check(words in printed, f"{words!r} in {printed}")


if __name__ == "__main__":
    main(globals())
