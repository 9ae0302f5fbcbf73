# SPDX-License-Identifier: ISC
"""
Purpose: every list, report and evening shows its moments in the zone of whoever reads it (TZ), which is named once; what
programs read is the same in every zone.
"""
import datetime
import json
import os
import zoneinfo

from support import BIN, Batch, Stage, check, equal, main, run

# A day apart, so that they never have the same date; and one that is half an hour off.
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata")


def said(stage, zone, *arguments):
    done = run([os.path.join(BIN, "spar"), *arguments], env={**stage.environment("Robin"), "TZ": zone})
    equal(done.returncode, 0, f"exit code of spar {arguments}, which said {done.stderr!r}")
    return done.stdout


def test_lists():
    with Stage() as stage:
        stage.cohort(coach="Robin")
        host = Batch(["host", "--cohort", "An evening", "--batch"], stage.environment("Robin"))
        stage.everybody.append(host)
        host.send({"do": "clock.start"}, {"wait": "sync"})
        host.event(do="clock.start")
        host.send({"do": "clock.finish"}, {"wait": "sync"})
        host.event(do="clock.finish")
        room = json.loads(said(stage, "UTC", "cohort", "sessions", "--json").splitlines()[0])["room"]
        host.end()
        sessions = json.loads(said(stage, "UTC", "sessions", "--json").splitlines()[0])
        opened = datetime.datetime.fromtimestamp(sessions["opened"] / 1000, datetime.timezone.utc)
        said(stage, "UTC", "fetch", room)
        for zone in ZONES:
            local = opened.astimezone(zoneinfo.ZoneInfo(zone))
            minute, name = local.strftime("%Y-%m-%d %H:%M"), local.tzname()
            for arguments in (["sessions"], ["cohort", "sessions"], ["cohort", "rooms"], ["cohort", "members"],
                              ["report", room], ["report", room, "--format", "md"], ["report", room, "--format", "html"]):
                text = said(stage, zone, *arguments)
                equal(text.count(name), 1, f"how often spar {arguments} names {name}: {text[:600]}")
                if arguments[0] == "sessions" or arguments[1] in ("sessions", "rooms"):
                    check(minute in text, f"{minute} in {text}")
                check(local.strftime("%Y-%m-%d") in text, f"the day {local} in {text[:600]}")
            text = said(stage, zone, "progress", "--role", "interviewer")
            check(local.strftime("%Y-%m-%d") in text, f"progress: {text}")
            equal(json.loads(said(stage, zone, "sessions", "--json").splitlines()[0]), sessions, "what programs read")
        said(stage, ZONES[0], "cohort", "evening", "2030-01-01 18:00", "60")
        check("2029-12-31 17:00" in said(stage, ZONES[1], "cohort", "evening"), "an evening set in one zone, read in another")


if __name__ == "__main__":
    main(globals())
