# SPDX-License-Identifier: ISC
"""
Purpose: `spar pair` and `spar cohort` against the real server: two people meet and turn the roles, a partner does
not come, time runs out, the server dies in between, a link is withdrawn; and what the cohort's coach is told.
"""
import json
import os
import time

from report_sums import adds_up
from support import (BIN, LIMIT, SOURCE, Batch, Stage, check, equal, main, never_comes, once, run, spar_client,
                     until)

# However slow the machine is, nobody is taken for missing: an hour on the fast clock.
FAST = ["--clock-rate", "60", "--appear-within", "3600"]


def queue(person, **fields):
    """The first line about the queue that has these fields."""
    return person.find(lambda line: all(line["queue"].get(key) == value for key, value in fields.items())
                       if "queue" in line else False, f"a queue {fields}")["queue"]


def matched(person, number=0):
    """The person's match of that number."""
    def all_matches(_=None):
        return [line["matched"] for line in person.lines if "matched" in line]
    person.find(lambda _: len(all_matches()) > number, f"match {number}")
    return all_matches()[number]


def joined(person, room):
    return person.find(lambda line: line.get("joined", {}).get("room") == room, f"room {room}")["joined"]


def meet(one, other):
    """Both are in the same room; returns it."""
    room = matched(one)["room"]
    equal(matched(other)["room"], room, "the room of the other")
    equal({joined(one, room)["role"], joined(other, room)["role"]}, {"interviewer", "candidate"}, "the roles")
    return room


def half(interviewer, candidate):
    """A short half, as both see it. Waits are of this half's events alone."""
    interviewer.send({"do": "clock.start"}, {"do": "clock.finish"})
    candidate.send({"wait": "stage", "stage": "finished"}, {"digest": True})


def test_a_member_moves_to_another_machine():
    """On the new machine, which has been in no room, the own commands find the past interviews, and so does progress."""
    with Stage(workers=2, options=FAST) as stage:
        _, students, _ = stage.cohort()
        sasha = stage.pair(students, "Sasha", "--role", "candidate")
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        room = meet(robin, sasha)
        half(robin, sasha)
        robin.send({"wait": "sync"}, {"do": "debrief.open"}, {"wait": "sync"}, {"do": "room.close"}, {"wait": "sync"}, {"end": True})
        sasha.find(lambda line: line.get("event", {}).get("do") == "room.close", "the end")
        key = ("--identity", stage.path("Sasha.pem"))
        link = json.loads(stage.spar("cohort", "move", "--cohort", students, "--json", *key, name="Sasha", code=0).stdout)["link"]
        stage.spar("cohort", "evening", "--cohort", link, name="New", code=0)  # any command enters by it
        listed = [json.loads(line) for line in stage.spar("sessions", "--json", name="New", code=0).stdout.splitlines()]
        equal([(row["room"], row["role"]) for row in listed], [(room, "candidate")], "the rooms on the new machine")
        stage.spar("fetch", room, name="New", code=0)  # what is listed has an id that suffices
        stage.spar("cohort", "move", "--cohort", link, "--json", name="New", code=0)
        again = json.loads(stage.spar("cohort", "move", "--cohort", link, "--json", name="New", code=0).stdout)["link"]
        stage.spar("cohort", "evening", "--cohort", again, name="Newer", code=0)
        shown = json.loads(stage.spar("progress", "--fetch", "--format", "json", name="Newer", code=0).stdout)
        equal([one["room"] for one in shown["sessions"]], [room], "the interviews of progress, with nothing listed before")
        saved = stage.path("all")
        stage.spar("mine", "--all", saved, name="Newer", code=0)
        check(os.path.exists(os.path.join(saved, room + ".spar")), "the room among all that the key is part of")


def test_a_members_name_stays():
    """Any command of a cohort without --name keeps the member's, also in a new room, whatever the login or a setting
    says, until another is asked for."""
    with Stage(workers=2, options=FAST) as stage:
        _, students, coaches = stage.cohort()
        login = {**stage.environment("login-name"), "SPAR_NAME": "", "USER": "login-name", "LOGNAME": "login-name"}

        def member(*arguments):
            done = run([os.path.join(BIN, "spar"), *arguments, "--identity", stage.path("own.pem")], env=login)
            equal(done.returncode, 0, f"{arguments}: {done.stderr!r}")

        def names():
            out = stage.spar("cohort", "members", "--cohort", coaches, "--json", name="Kim", code=0).stdout
            return {line["name"] for line in map(json.loads, out.splitlines()) if line.get("name") and "link" in line}

        member("cohort", "evening", "--cohort", students, "--name", "Evening")
        equal(names(), {"Kim", "Evening"}, "the members")
        stage.spar("config", "name", "Robin", name="login-name", code=0)
        member("cohort", "evening", "--cohort", students)
        equal(names(), {"Kim", "Evening"}, "after a command without --name")
        back = Batch(["pair", students, "--batch", "--identity", stage.path("own.pem")], login)
        stage.everybody.append(back)
        queue(back, place=1)
        robin = stage.pair(students, "Sasha")
        meet(back, robin)
        equal(matched(robin)["partner"], "Evening", "the partner's name")
        robin.event(do="seat.join", name="Evening")
        check(not [e for e in robin.events() if e.get("name") in ("login-name", "Robin")], "no other name in the room")
        equal(names(), {"Kim", "Evening", "Sasha"}, "after pairing without --name")
        member("cohort", "evening", "--cohort", students, "--name", "Alex")
        equal(names(), {"Kim", "Alex", "Sasha"}, "after another name was asked for")
        host = Batch(["host", "--cohort", students, "--pack", "click-stream", "--batch", "--identity",
                      stage.path("own.pem")], login)
        stage.everybody.append(host)
        host.event(do="seat.join", name="Alex")
        equal(names(), {"Kim", "Alex", "Sasha"}, "after hosting without --name")


def test_the_old_key_is_told():
    """Who goes on under another key, student or coach: the old one's screen ends with the reason, and its commands too."""
    with Stage(workers=2, options=FAST) as stage:
        _, students, coaches = stage.cohort()

        def moved(link, name, *key):
            out = stage.spar("cohort", "move", "--cohort", link, "--json", *key, name=name, code=0).stdout
            given = json.loads(out.splitlines()[-1])
            equal(given["link"], given["text"], "the link under both of its names")
            return given["link"]

        robin = stage.pair(students, "Robin")
        queue(robin, place=1)
        again = stage.pair(moved(students, "Robin", "--identity", stage.path("Robin.pem")), "Robin-again")
        robin.over(3, "moved to another key")
        queue(again, place=1)
        wall = stage.batch(["coach", coaches], "Lee")
        until(lambda: "Lee" in stage.spar("cohort", "members", "--cohort", coaches, name="Kim", code=0).stdout, "the coach")
        link = moved(coaches, "Lee", "--identity", stage.path("Lee.pem"))
        new = stage.spar("cohort", "members", "--cohort", link, "--identity", stage.path("Lee-2.pem"), name="Lee", code=0)
        check("Lee" in new.stdout, f"what the coach's new key sees: {new.stdout!r}")
        until(lambda: "moved to another key" in wall.errors, "what the coach's wall says")
        old = stage.spar("cohort", "members", "--cohort", coaches, "--identity", stage.path("Lee.pem"), name="Lee", code=3)
        check("moved to another key" in old.stderr, f"what the old key is told: {old.stderr!r}")


def test_two_meet_and_turn():
    with Stage(workers=4, options=FAST) as stage:
        cohort, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--role", "interviewer", "--level", "senior")
        equal(queue(robin, place=1)["names"], "Robin", "who waits")
        sasha = stage.pair(students, "Sasha", "--level", "senior")
        first = meet(robin, sasha)
        equal(matched(robin)["partner"], "Sasha", "Robin's partner")
        equal(matched(sasha)["role"], "candidate", "Sasha's role")
        title = matched(robin)["title"]
        half(robin, sasha)
        robin.send({"do": "hand.set", "on": True})
        sasha.event(do="hand.set", on=True)
        sasha.send({"do": "room.swap"})
        robin.send({"wait": "event", "do": "turn.ask"}, {"do": "room.swap"})  # agrees
        second = sasha.event(do="room.swap")["next"]
        check(second != first, "another room")
        equal(joined(robin, second)["role"], "candidate", "Robin's role in the second half")
        equal(joined(sasha, second)["role"], "interviewer", "Sasha's role in the second half")
        opened = sasha.find(lambda line: line.get("event", {}).get("prev") == first, "the second half's opening")
        equal(opened["event"]["cohort"], cohort, "the second half's cohort")
        half(sasha, robin)
        robin.find(lambda line: "digest" in line, "the end of the second half")
        for person in (robin, sasha):
            person.send({"end": True})
            person.end()
            equal(person.refused(), [], "refusals")
            order = [line["joined"]["room"] for line in person.lines if "joined" in line]
            equal(order, [first, second], "the rooms, one after the other")
        sessions = [json.loads(line) for line in stage.spar(
            "cohort", "sessions", "--json", name="Kim", code=0).stdout.splitlines()]
        equal({row["room"] for row in sessions}, {first, second}, "the cohort's rooms")
        titles = {row["room"]: row["title"] for row in sessions}
        equal(titles[first], title, "the first prompt")
        check(titles[second] != title, f"the second half has another prompt than {title!r}")
        export(stage, {first, second})
        check_both_halves(stage, first, second)
        check_cohort_report(stage, {first, second})


def check_both_halves(stage, first, second):
    """The report of either half shows both; so it does for whoever lacks the other one, once it is fetched."""
    for room in (first, second):
        stage.spar("fetch", room, "--identity", stage.path("Sasha.pem"), name="Sasha", code=0)
    for asked, number in ((first, 1), (second, 2)):
        report = json.loads(stage.spar("report", asked, "--format", "json", name="Sasha", code=0).stdout)
        adds_up(report)
        equal((report["room"], report["half"]), (asked, number), "the half")
        equal({report["other_room"], report["room"]}, {first, second}, "the rooms of the halves")
        other = report["other_half"]
        equal((other["room"], other["half"]), (report["other_room"], 3 - number), "the other half")
        roles = {person["name"]: person["role"] for person in report["seats"]}
        turned = {person["name"]: person["role"] for person in other["seats"]}
        equal((roles["Robin"], roles["Sasha"]), (turned["Sasha"], turned["Robin"]), "the roles")
    text = stage.spar("report", second, name="Sasha", code=0).stdout
    check(text.index("FIRST HALF") < text.index(first) < text.index("SECOND HALF"), "the order of the halves")
    alone = stage.spar("report", os.path.join(stage.path("export"), first + ".spar"), name="Stranger", code=0)
    check("This is the first half." in alone.stdout and f"'spar fetch {second}'" in alone.stdout.replace("\n", " "),
          f"a half alone: {alone.stdout[:900]!r}")


def check_cohort_report(stage, rooms):
    fetched = json.loads(stage.spar("cohort", "report", "--format", "json", name="Kim", code=0).stdout)
    equal({session["room"] for session in fetched["sessions"]}, rooms, "the rooms of the report")
    equal({person["name"] for person in fetched["people"]}, {"Robin", "Sasha"}, "the people of the report")
    exported = json.loads(stage.spar("cohort", "report", stage.path("export"), "--json", name="Kim", code=0).stdout)
    equal(exported, fetched, "the report of the exported folder")
    stage.spar("cohort", "report", "--format", "pdf", name="Kim", code=2)
    stage.spar("cohort", "report", stage.path("nowhere"), name="Kim", code=1)
    check_progress(stage)


def check_progress(stage):
    mine = json.loads(stage.spar("progress", "--format", "json", name="Robin", code=0).stdout)
    equal(len(mine["sessions"]), 0, "Robin's interviews before any is fetched")
    check(len(mine["missing"]) == 1 and "is not fetched yet" in mine["missing"][0], f"not fetched: {mine['missing']}")
    room = mine["missing"][0].split()[1]
    stage.spar("fetch", room, "--identity", stage.path("Robin.pem"), name="Robin", code=0)
    mine = json.loads(stage.spar("progress", "--format", "json", name="Robin", code=0).stdout)
    equal([session["room"] for session in mine["sessions"]], [room], "Robin's interviews as candidate")
    equal(mine["missing"], [f"The panel's sheet of room {mine['sessions'][0]['room']}: its recording is from before "
                            f"the debrief; 'spar fetch {mine['sessions'][0]['room']}' gets a new one."], "what is missing")


def export(stage, rooms):
    folder = stage.path("export")
    lines = stage.spar("cohort", "export", folder, "--json", name="Kim", code=0).stdout.splitlines()
    equal({json.loads(line)["room"] for line in lines}, rooms, "the exported rooms")
    for line in lines:
        stage.spar("verify", json.loads(line)["file"], name="Kim", code=0)


def test_more_time():
    """Whoever is given more time asks for it in the queue; both are told, and the room has it before the start."""
    with Stage(workers=2, options=FAST) as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--role", "interviewer", "--extra", "25%")
        queue(robin, place=1)
        sasha = stage.pair(students, "Sasha", "--role", "candidate", "--extra", "50")
        room = meet(robin, sasha)
        for person in (robin, sasha):
            equal(matched(person)["extra"], 50, "what both are told: the larger")
            opened = person.find(lambda line: line.get("event", {}).get("do") == "room.open", "the opening")["event"]
            equal(opened["extra"], 50, f"the room {room}")
    with Stage(workers=2, options=FAST) as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        queue(robin, place=1)
        robin.send({"pair": {"extra": 25}})
        sasha = stage.pair(students, "Sasha", "--role", "candidate")
        meet(robin, sasha)
        equal(matched(sasha)["extra"], 25, "asked for while waiting")
        for wrong in ("101", "x", "-1", "25x"):
            check("percent" in stage.spar("pair", students, "--extra", wrong, code=2).stderr, wrong)


def test_both_come_at_once():
    """Several pairs, all at once: everybody has one partner, and nobody oneself."""
    with Stage(workers=4, options=FAST) as stage:
        _, students, _ = stage.cohort()
        people = {name: stage.pair(students, name) for name in ("A", "B", "C", "D", "E", "F")}
        rooms = {}
        for name, person in people.items():
            match = matched(person)
            joined(person, match["room"])
            check(match["partner"] != name, f"{name} is paired with {match['partner']}")
            rooms.setdefault(match["room"], set()).add(name)
        equal(sorted(len(names) for names in rooms.values()), [2, 2, 2], "people per room")
        for person in people.values():
            person.send({"end": True})
            person.end()
            once(person.events())


def was_missed(person):
    return any(line.get("queue", {}).get("why") == "missed" for line in list(person.lines))


def has_joined(person, room):
    return any(line.get("joined", {}).get("room") == room for line in list(person.lines))


def test_partner_missing():
    """A machine on which even those who come at once come too late is given more time."""
    for seconds in (2, 10, 60):
        with Stage(workers=2, options=["--appear-within", str(seconds)]) as stage:
            if partner_missing(stage):
                return
    raise AssertionError("whoever came at once was taken for missing")


def partner_missing(stage):
    cohort, students, _ = stage.cohort()
    robin = stage.pair(students, "Robin", "--minutes", "any")
    queue(robin, place=1)
    never_comes(stage.connection(students, "Nobody"), cohort, students, "Nobody")
    first = matched(robin)["room"]
    freed = robin.find(lambda line: line.get("queue", {}).get("why") in ("missed", "partner-missing"),
                       "the end of the match", limit=2 * LIMIT)["queue"]
    if freed["why"] == "missed":
        return False
    joined(robin, first)
    equal(freed["place"], 1, "the place after the partner did not come")
    sasha = stage.pair(students, "Sasha", "--minutes", "any")
    second = matched(sasha)["room"]
    check(second != first, "another room")
    equal(matched(robin, 1)["room"], second, "Robin's second room")
    until(lambda: was_missed(robin) or was_missed(sasha) or (has_joined(robin, second) and has_joined(sasha, second)),
          "both in the second room")
    if was_missed(robin) or was_missed(sasha):
        return False
    for person in (robin, sasha):
        person.send({"end": True})
        person.end()
    return True


def test_nobody_comes():
    with Stage(options=["--clock-rate", "600"]) as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--wait", "1")
        robin.over(1, "Nobody who fits came")
        equal(queue(robin, place=0)["why"], "expired", "why the queue was left")


def test_other_wants():
    with Stage() as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        sasha = stage.pair(students, "Sasha", "--role", "interviewer")
        queue(robin, count=2)
        sasha.send({"pair": {"role": "candidate", "packs": ["click-stream"]}})
        meet(robin, sasha)
        check("lick" in matched(robin)["title"], f"the prompt that was asked for: {matched(robin)['title']}")
        sasha.send({"pair": {"role": "coach"}})
        sasha.over(2, "interviewer, candidate or either")
        robin.send({"end": True})
        robin.end()


def fits(person, what):
    return person.find(lambda line: line.get("queue", {}).get("fits") == what, f"fits {what}")["queue"]


def test_what_would_fit():
    """Each who waits sees what the others ask for and what would make one fit; sent back, it does."""
    with Stage(workers=2) as stage:
        _, students, _ = stage.cohort()
        start = int(time.time() // 60 + 120) * 60000
        typed = time.strftime("%Y-%m-%d %H:%M", time.localtime(start / 1000))
        stage.spar("cohort", "evening", typed, "90", "Bring a prompt", name="Kim", code=0)
        robin = stage.pair(students, "Robin, R.", "--role", "interviewer", "--level", "staff", "--pack", "click-stream")
        planned = robin.find(lambda line: "evening" in line, "the group's evening")["evening"]
        equal((planned["start"], planned["minutes"], planned["text"], planned["mine"], planned["coming"]),
              (start, 90, "Bring a prompt", "unsaid", 0), "the evening")
        equal(queue(robin, place=1)["fits"], None, "what makes somebody alone fit")
        sasha = stage.pair(students, "Sasha", "--role", "candidate", "--minutes", "60")
        seen = fits(sasha, {"more": 1, "pair": {"minutes": 45}})
        equal(seen["waiting"], [{"name": "Robin,R.", "role": "interviewer", "level": "staff", "minutes": 45},
                                {"name": "Sasha", "role": "candidate", "level": "any", "minutes": 60}], "what each asks for")
        fits(robin, {"more": 1, "pair": {"minutes": 60}})
        sasha.send({"pair": {"minutes": "any", "packs": ["cdc-replication"]}})
        fits(sasha, {"more": 1, "pair": {"packs": "any"}})
        sasha.send({"pair": {"role": "interviewer", "packs": "any"}})
        fits(sasha, {"more": 1, "pair": {"role": "either"}})
        stage.spar("cohort", "evening", "off", name="Kim", code=0)
        robin.find(lambda line: line.get("evening", {}).get("start") == 0, "the evening called off")
        sasha.send({"pair": {"role": "either"}})
        meet(robin, sasha)
        for person in (robin, sasha):
            person.send({"end": True})
            person.end()


def test_any_prompt_means_later_ones():
    """Who takes any prompt is paired over one that the cohort had not when they began to wait."""
    with Stage() as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        queue(robin, place=1)
        own = stage.path("own.yaml")
        with open(os.path.join(SOURCE, "contrib/packs/shop-sales.yaml")) as file:
            text = file.read()
        with open(own, "w") as file:
            file.write(text.replace("id: shop-sales", "id: shop-sales-own", 1))
        sasha = stage.pair(students, "Sasha", "--role", "candidate", "--pack", own)
        meet(robin, sasha)
        for person in (robin, sasha):
            person.send({"end": True})
            person.end()


def test_leaving_the_queue():
    with Stage() as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin")
        queue(robin, place=1)
        robin.send({"unpair": True})
        equal(queue(robin, place=0)["why"], "left", "why it was left")
        robin.send({"pair": {}})
        until(lambda: sum(line.get("queue", {}).get("place") == 1 for line in robin.lines) > 1, "a place again")
        robin.send({"end": True})
        robin.end()


def test_server_dies():
    """The place is kept over a killed server, and those who wait are paired once all are back."""
    with Stage(workers=4) as stage:
        _, students, _ = stage.cohort()
        robin = stage.pair(students, "Robin", "--role", "interviewer")
        queue(robin, place=1)
        kim = stage.pair(students, "Ash", "--role", "interviewer")
        queue(kim, place=2)
        queue(robin, count=2)  # the last that Robin hears before the kill
        heard = sum("queue" in line for line in robin.lines)
        stage.server.kill()
        stage.server.start()
        # Who is not back yet counts as gone, and somebody behind them comes first.
        until(lambda: sum("queue" in line for line in robin.lines) > heard, "Robin's place after the restart")
        sasha = stage.pair(students, "Sasha", "--role", "candidate")
        meet(robin, sasha)
        for person in (robin, sasha, kim):
            person.send({"end": True})
            person.end()


CUT_OFF = "cuts off at once 1 member:\n  Robin\n"


def test_withdrawn():
    with Stage(workers=2) as stage:
        _, students, coaches = stage.cohort()
        robin = stage.pair(students, "Robin")
        queue(robin, place=1)
        entries = [json.loads(line) for line in
                   stage.spar("cohort", "members", "--json", name="Kim", code=0).stdout.splitlines()]
        link = next(row["link"] for row in entries if row["kind"] == "link" and row["role"] == "student")
        check(any(row["kind"] == "waiting" and row["name"] == "Robin" for row in entries), f"who waits: {entries}")
        # It says first who would be cut off, and does nothing without a yes.
        asked = stage.spar("cohort", "withdraw", str(link), name="Kim", code=2)
        check(CUT_OFF in asked.stdout and "--yes" in asked.stderr, asked)
        done = stage.spar("cohort", "withdraw", str(link), "--yes", name="Kim", code=0)
        check(CUT_OFF in done.stdout and "is withdrawn" in done.stdout, done.stdout)
        again = stage.spar("cohort", "withdraw", str(link), "--yes", name="Kim", code=1)
        check("withdrawn already" in again.stderr, again.stderr)
        robin.over(3, "withdrawn")
        late = stage.spar("pair", students, "--batch", name="Late", code=3)
        check("withdrawn" in late.stderr, late.stderr)
        fresh = json.loads(stage.spar("cohort", "link", "--role", "students", "--json", name="Kim", code=0).stdout)
        again = stage.pair(fresh["text"], "Robin")
        queue(again, place=1)
        again.send({"end": True})
        again.end()
        # A student is no coach.
        refused = stage.spar("cohort", "members", "--cohort", fresh["text"], name="Late", code=3)
        check("Only a coach" in refused.stderr, refused.stderr)
        stage.spar("cohort", "members", "--cohort", coaches, name="Second", code=0)


def test_one_key_twice():
    """One key is one person: the newer process has the place, the older says why it has not, nobody meets oneself."""
    with Stage(workers=4) as stage:
        _, students, _ = stage.cohort()
        older = stage.pair(students, "Robin", "--role", "interviewer")
        queue(older, place=1)
        newer = stage.pair(students, "Robin", "--role", "candidate")
        older.over(3, "taken over by a newer connection")
        equal(queue(newer, place=1)["count"], 1, "how many wait")
        sasha = stage.pair(students, "Sasha", "--role", "interviewer")
        meet(newer, sasha)
        for person in (newer, sasha):
            person.send({"end": True})
            person.end()


def test_host_in_cohort():
    with Stage() as stage:
        _, students, _ = stage.cohort()
        empty = stage.spar("cohort", "export", stage.path("nothing"), name="Kim", code=0).stdout
        check("nothing to save" in empty, empty)
        host = stage.batch(["host", "--cohort", students], "Robin")
        host.link("candidate")
        room = host.find(lambda line: "joined" in line, "the room")["joined"]["room"]

        def rooms():
            listed = stage.spar("cohort", "rooms", "--json", name="Kim", code=0).stdout
            return [json.loads(line)["room"] for line in listed.splitlines()]
        until(lambda: rooms() == [room], "the open room of the cohort, which is listed once somebody is there")
        host.end()


def test_common_lobby():
    with Stage() as stage:
        robin = stage.pair(stage.server.link, "Robin")
        sasha = stage.pair(stage.server.link, "Sasha")
        meet(robin, sasha)
        for person in (robin, sasha):
            person.end()


def test_wrong_links():
    """One clear sentence each; nothing is revealed of what there is."""
    with Stage() as stage:
        cohort, students, coaches = stage.cohort()
        host = stage.host()
        for arguments, code, sentence in (
                (("pair", host.link("candidate"), "--batch"), 2, "'spar join LINK'"),
                (("join", students), 2, "'spar pair LINK'"),
                (("join", coaches), 2, "'spar coach LINK'"),
                (("host", students), 2, "'spar host --cohort LINK'"),
                (("fetch", students), 2, "names no room"),
                (("pair", students.replace(cohort, "a" * 12), "--batch"), 3, "No cohort opens with this link"),
                (("pair", students.replace("students.", "students.AAAAAAAAAAAAAAAAAAAAAA.").replace(
                    "." + spar_client.parse_link(students).secret, ""), "--batch"), 3, "No cohort opens with this link"),
                (("pair", "No such name"), 2, "knows no cohort"),
                (("cohort", "members", "--cohort", host.link("coach")), 2, "'spar join LINK'"),
                (("cohort", "new", "x" * 65, "--link", stage.server.link), 2, "1 to 64 bytes"),
                (("cohort", "withdraw", "64"), 2, "Give the number of the link"),
                (("pair", students, "--role", "coach"), 2, "interviewer, candidate or either"),
                (("pair", students, "--level", "junior"), 2, "mid, senior, staff or any"),
                (("pair", students, "--minutes", "241"), 2, "1 to 240"),
                (("pair", students, "--pack", "nothing"), 2, "There is no pack")):
            done = stage.spar(*arguments, name="Stranger", code=code)
            check(sentence in done.stderr, f"{arguments}: {done.stderr!r}")


if __name__ == "__main__":
    main(globals())
