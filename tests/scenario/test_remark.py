# SPDX-License-Identifier: ISC
"""
Purpose: a recording is marked anew in batch mode and compared with what was marked live; the re-marking is a
recording of its own that verify, replay and report take, and work on it goes on where it was left.
"""
import json
import os

from report_sums import adds_up
from support import Stage, check, equal, main


def played(stage):
    """An interview with two live marks, fetched: its room."""
    host = stage.host("Robin")
    host.do("clock.start")
    host.do("mark.set", item="clarify-volume", mark="raised")
    host.do("mark.set", item="clarify-latency", mark="prompted")
    host.do("note.panel", text="Volume was raised at once.")
    host.event(do="note.panel")
    host.do("clock.finish")
    host.do("debrief.open")
    host.event(do="debrief.open")
    host.end()
    stage.spar("fetch", host.room, "--identity", stage.path("Robin.pem"), code=0)
    return host.room


def lines(*steps):
    return "".join(json.dumps(step) + "\n" for step in steps)


def mark(item, word, at=0):
    return {"do": "mark.set", "item": item, "mark": word, "at": at}


def compared(done):
    return json.loads(done.stdout)["compared"]


def test_marked_anew():
    with Stage() as stage:
        room = played(stage)
        first = stage.spar("remark", room, "--batch", "--name", "Mara", code=0,
                           text_in=lines(mark("clarify-volume", "raised"), mark("clarify-latency", "raised")))
        whole = compared(first)["agreement"]
        equal((whole["same"], whole["counted"], whole["percent"]), (1, 2, 50), "agreement")
        again = stage.spar("remark", room, "--batch", "--name", "Mara", code=0,
                           text_in=lines(mark("clarify-latency", "prompted"), {"end": True}))
        whole = compared(again)["agreement"]
        equal((whole["same"], whole["counted"], whole["kinder"]), (2, 2, 0), "agreement after going on")
        path = first.stderr.split("Saved as ")[1].split(";")[0]
        check(os.path.exists(path) and path.endswith(room + ".remark.spar"), path)
        said = stage.spar("verify", path, code=0).stdout
        check("a re-marking of room %s by Mara" % room in said and "your own key" in said, said)
        check("here, just as it was marked" in said, said)
        verdict = json.loads(stage.spar("verify", path, "--json", code=0).stdout)
        equal((verdict["whole"], verdict["signed"], verdict["key"], verdict["by"]), (True, True, "own", "Mara"),
              "verify --json")
        shown = stage.spar("replay", path, "--print", code=0).stdout
        check("Mara" in shown and "Volume was raised at once" not in shown, shown)
        report = json.loads(stage.spar("report", path, "--format", "json", code=0).stdout)
        adds_up(report)
        equal((report["summary"]["raised"], report["summary"]["prompted"]), (1, 1), "report of the re-marking")
        text = stage.spar("remark", path, "--compare", code=0).stdout
        check("100 %  2 of 2, the same on all" in text, text)
        shown = stage.spar("report", path, code=0).stdout
        check(shown.endswith(text) and "Comparison ─" in shown, "the report of a re-marking ends with the comparison")
        named = json.loads(stage.spar("report", path, "--format", "json", code=0).stdout)["note"]
        check("'spar remark %s --compare'" % path in named, named)
        elsewhere = stage.spar("report", path, name="Sasha", code=0).stdout.replace("\n", " ")
        check("Comparison" not in elsewhere and "--compare' compares" in elsewhere, elsewhere)
        second = stage.path("second.spar")
        stage.spar("remark", room, "--batch", "--name", "Noah", "--out", second, code=0,
                   text_in=lines(mark("clarify-volume", "raised"), mark("clarify-latency", "raised")))
        both = compared(stage.spar("remark", "--compare", "--json", path, second, code=0))
        equal((both["other"], both["by"], both["agreement"]["percent"]), ("Mara", "Noah", 50), "two markers")
        check("note" not in both, both)
        check(stage.spar("remark", "--compare", path, room, code=0).stdout == text, "either order compares")
        check("no re-marking" in stage.spar("remark", "--compare", room, room, code=2).stderr, "a room is no re-marking")
        one = json.loads(stage.spar("remark", path, "--calibrate", "--json", code=0).stdout)["calibration"]
        check("kappa" not in one and one["agreement"]["counted"] == 2, one)
        two = json.loads(stage.spar("remark", path, second, "--calibrate", "--json", code=0).stdout)["calibration"]
        check(two["agreement"]["counted"] == 4 and 0 < two["kappa"] < 1, two)
        check("kappa 0." in stage.spar("remark", path, second, "--calibrate", code=0).stdout, "kappa of two recordings")
        check("no re-marking" in stage.spar("remark", path, room, "--calibrate", code=2).stderr, "a room is no re-marking")
        stage.spar("remark", path, second, code=2)
        other = stage.spar("verify", path, name="Sasha", code=0).stdout
        check("not yours" in other and "not here" in other, other)


def test_three_sheets():
    """Panel, candidate and a coach's sealed sheet: nobody sees the sealed one before the debrief; then it adds up."""
    with Stage() as stage:
        host = stage.host("Robin")
        candidate = stage.join(host.link("candidate"), "Sasha")
        coach = stage.join(host.link("coach"), "Kim")
        host.event(do="seat.join", name="Kim")
        host.do("clock.start")
        for person, do, words in ((host, "mark.set", ("raised", "prompted", "raised", "raised")),
                                  (coach, "seal.set", ("raised", "prompted", "prompted", "raised")),
                                  (candidate, "self.set", ("raised", "raised", "not yet", "raised"))):
            person.event(do="clock.start")
            if person is candidate:
                host.do("clock.finish")
                host.do("sheet.open")
                candidate.event(do="room.titles")
            for item, word in zip(("volume", "latency", "ends", "schema"), words):
                if word != "not yet":
                    person.do(do, item="clarify-" + item, mark=word)
            person.event(do=do, item="clarify-schema")
        host.event(do="sheet.open")
        before = report_of(stage, host, "Robin")
        equal(before["agreements"], [], "what an interviewer knows before the debrief")
        check(all("sealed" not in item for item in before["items"]), "a sealed sheet shows before the debrief")
        host.do("debrief.open")
        for person in (host, candidate, coach):
            person.event(do="debrief.open")
        host.event(do="seal.set", item="clarify-schema")
        after = report_of(stage, host, "Robin")
        adds_up(after)
        found = {(pair["a"]["sheet"], pair["b"]["sheet"]): pair["agreement"]["percent"]
                 for pair in after["agreements"]}
        equal(found, {("panel", "self"): 50, ("panel", "sealed"): 75, ("self", "sealed"): 50}, "percent")
        for person in (host, candidate, coach):
            person.end()


def report_of(stage, host, name):
    stage.spar("fetch", host.room, "--identity", stage.path(name + ".pem"), name=name, code=0)
    return json.loads(stage.spar("report", host.room, "--format", "json", name=name, code=0).stdout)


def test_damaged():
    with Stage() as stage:
        room = played(stage)
        stage.spar("remark", room, "--batch", "--out", stage.path("anew.spar"), code=0,
                   text_in=lines(mark("clarify-volume", "raised")))
        data = bytearray(open(stage.path("anew.spar"), "rb").read())
        data[data.rindex(b"mark.set") + 3] ^= 1
        with open(stage.path("bad.spar"), "wb") as out:
            out.write(data)
        done = stage.spar("verify", stage.path("bad.spar"), code=4)
        check("last good event" in done.stderr, done.stderr)


def test_wrong():
    with Stage() as stage:
        room = played(stage)
        done = stage.spar("remark", room, "--batch", text_in="nonsense\n", code=2)
        check("line 1" in done.stderr, done.stderr)
        check(stage.spar("remark", room, "--batch", text_in="", code=0).stderr.startswith("spar: Nothing"), "nothing")
        done = stage.spar("remark", room, "--compare", code=2)
        check("no re-marking" in done.stderr, done.stderr)
        with open(stage.path("letter"), "w") as out:
            out.write("Dear Mara")
        done = stage.spar("remark", room, "--batch", "--out", stage.path("letter"), text_in="", code=1)
        check("is no re-marking" in done.stderr and open(stage.path("letter")).read() == "Dear Mara", done.stderr)


if __name__ == "__main__":
    main(globals())
