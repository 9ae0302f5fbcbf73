# SPDX-License-Identifier: ISC
"""
Purpose: a finish that was a slip is taken back: everybody is told, the clock goes on without the time between, the
candidate's sheet waits for the next finish; once it has opened the finish stands.
"""
import json
import os

from support import Stage, check, equal, main

RATE = 20  # ms of room time in one real ms: a sheet opens after a second and a half


def test_taken_back():
    with Stage() as stage:
        host = stage.host()
        ben = stage.join(host.link("candidate"), "Ben")
        host.do("clock.start")
        host.do("clock.finish")
        ben.event(do="clock.finish")
        host.do("clock.unfinish")
        equal(ben.event(do="clock.unfinish")["by"], 0, "who took it back")
        host.do("clock.jump", phase="design")
        ben.event(do="clock.jump")
        # A server that is started again knows it too.
        stage.server.kill()
        stage.server.start()
        host.do("clock.finish")
        host.do("debrief.open")
        ben.event(do="debrief.open")
        equal([e for e in ben.events() if e["do"] == "sheet.open"], [], "no sheet between")
        host.do("clock.unfinish")
        refused = host.find(lambda line: "refused" in line, "the refusal")["refused"]
        equal(refused["why"], "too-late", "in the debrief")
        check("finish stands" in refused["text"], refused["text"])
        host.end()
        ben.end()
        look_back(stage, host.room)


def look_back(stage, room):
    file = stage.path(os.path.join("Robin", "here.spar"))
    stage.spar("fetch", room, "--identity", stage.path("Robin.pem"), "--out", file, name="Robin", code=0)
    report = json.loads(stage.spar("report", file, "--format", "json", name="Robin", code=0).stdout)
    moves = [(move["do"], move.get("ms")) for move in report["moves"]]
    back = [ms for do, ms in moves if do == "clock.unfinish"]
    equal(len(back), 1, f"the finish that was taken back is in the report: {moves}")
    spent = sum(stretch["to"] - stretch["from"] for stretch in report["stretches"])
    ends = [move["at"] for move in report["moves"] if move["do"] in ("clock.start", "clock.finish")]
    equal(spent, ends[-1] - ends[0] - back[0], "the time between does not count")
    text = stage.spar("report", file, name="Robin", code=0).stdout
    check("the finish is taken back" in text, text)
    check("takes the finish back" in stage.spar("replay", file, "--print", name="Robin", code=0).stdout, "the printed recording")


def test_too_late_by_itself():
    """The sheet that opens by itself counts from the last finish, and ends the way back."""
    with Stage(options=("--clock-rate", str(RATE))) as stage:
        host = stage.host()
        ben = stage.join(host.link("candidate"), "Ben")
        for do in ("clock.start", "clock.finish", "clock.unfinish", "clock.finish"):
            host.do(do)
        opened = ben.event(do="sheet.open")
        finished = [e["at"] for e in ben.events() if e["do"] == "clock.finish"]
        check(opened["at"] - finished[-1] >= 30000, f"{opened['at'] - finished[-1]} ms after the last finish")
        host.do("clock.unfinish")
        equal(host.find(lambda line: "refused" in line, "the refusal")["refused"]["why"], "too-late", "after the sheet")


if __name__ == "__main__":
    main(globals())
