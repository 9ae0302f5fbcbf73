# SPDX-License-Identifier: ISC
"""
Purpose: members of one room on four workers: everybody agrees on the log, each command counts once, and
the last word wins on every screen, with the real client and the Python client side by side.
"""
from support import Stage, check, dense, equal, main, once, spar_client, until

ITEMS = ["clarify-volume", "clarify-latency", "clarify-ends", "clarify-schema", "scope-core", "design-sketch"]


def crowd(stage, host, count):
    """More of the panel than there are workers, so that some share one and most do not."""
    panel = []
    for i in range(count):
        host.send({"invite": "interviewer"})
        until(lambda i=i: sum("link" in line for line in host.lines) > 2 + i, "one more link")
        link = [line["link"]["link"] for line in host.lines if "link" in line][-1]
        panel.append(stage.member(link, f"Panel {i}"))
    return panel


def test_many_hands_on_one_sheet():
    with Stage(workers=4) as stage:
        host = stage.host()
        candidate = stage.join(host.link("candidate"), "Sasha")
        panel = crowd(stage, host, 6) + [stage.member(host.link("coach"), "Kim")]
        host.do("clock.start")
        for member in panel:
            member.wait_do("clock.start")
        # All at once, against each other: nobody waits for an answer before the next command.
        sent = 0
        for turn in range(20):
            for i, member in enumerate(panel):
                member.command("mark.set", item=ITEMS[(turn + i) % len(ITEMS)], mark=(turn + i // 2) % 3)
                sent += 1
            host.do("mark.set", item=ITEMS[turn % len(ITEMS)], mark=(turn + 1) % 3)
        refusals = [refusal for member in panel for refusal in member.settle()]
        check(all(refusal["why"] == "no-change" for refusal in refusals), f"only repeats are refused: {refusals}")
        # Everybody has their own last event, and so somebody has the last of all.
        last = max([host.digest()["n"], *(member.events[-1]["n"] for member in panel)])
        for member in panel:
            member.wait_for(lambda event: event["n"] == last)
            dense(member.events)
            once(member.events)
        refused = len(refusals) + len(host.refused())
        marks = [event for event in panel[0].events if event["do"] == "mark.set"]
        equal(len(marks), sent + 20 - refused, "each command became one event or one refusal")
        sheets = {str(sorted(member.marks().items())) for member in panel}
        equal(len(sheets), 1, "how many different sheets the panel sees")
        strip = [[{k: v for k, v in e.items() if k != "id"} for e in member.events] for member in panel]
        check(all(events == strip[0] for events in strip), "the panel sees one and the same log")
        for number, member in enumerate(panel):
            mine = [e["id"] for e in member.events if e["by"] == member.seat and "id" in e]
            equal(mine, sorted(mine), f"member {number}'s commands keep their order")
        for batch in (candidate, host):
            batch.end()


def test_states_agree():
    """The real clients' digests agree for one role, after interleaved writes from two of the panel."""
    with Stage(workers=4) as stage:
        host = stage.host()
        host.send({"invite": "interviewer"})
        until(lambda: sum("link" in line for line in host.lines) > 2, "one more link")
        second = stage.join([line["link"]["link"] for line in host.lines if "link" in line][-1], "Alex")
        second.event(do="seat.join", seat=1)
        host.do("clock.start")
        second.event(do="clock.start")
        for i in range(30):
            host.do("note.panel", text=f"host {i}")
            second.do("note.panel", text=f"second {i}")
        host.digest(), second.digest()
        total = max(event["n"] for event in host.events() + second.events())
        for batch in (host, second):
            batch.find(lambda line: line.get("event", {}).get("n") == total, "the last event")
        first, other = host.digest(), second.digest()
        equal(first["n"], other["n"], "how far both are")
        check(len(first["sha256"]) == 64, "a digest")
        notes = [[e["text"] for e in b.events() if e["do"] == "note.panel"] for b in (host, second)]
        equal(notes[0], notes[1], "the order of the notes")
        equal(len(notes[0]), 60, "the number of notes")


def test_same_key_again():
    """A second connection of the same key, most likely on another worker, takes the seat over."""
    with Stage(workers=4) as stage:
        host = stage.host()
        first = stage.member(host.link("coach"), "Kim")
        second = stage.member(host.link("coach"), "Kim")
        equal(second.seat, first.seat, "the seat")
        try:
            while True:
                first.connection.receive()
        except spar_client.Bye as bye:
            equal(bye.why, "replaced", "why the first one was cut off")
        second.command("talk.say", text="here")
        equal(second.settle(), [], "refusals")


if __name__ == "__main__":
    main(globals())
