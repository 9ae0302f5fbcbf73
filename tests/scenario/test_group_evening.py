# SPDX-License-Identifier: ISC
"""
Purpose: a coach sets the group's next evening; every member sees it in their own zone, says whether they come, and may take
it to a calendar; who said so and has not come is missing; nobody but a coach sets it.
"""
import json
import os
import time

from support import Stage, check, equal, main


def words(ms, zone):
    os.environ["TZ"] = zone
    time.tzset()
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(ms / 1000))


def evening(stage, name, *arguments, code=0, zone="UTC"):
    os.environ["TZ"] = zone
    return stage.spar("cohort", "evening", *arguments, name=name, code=code)


def told(stage, name, *arguments):
    return json.loads(evening(stage, name, *arguments, "--json").stdout)


def test_an_evening():
    with Stage(workers=2) as stage:
        stage.cohort()
        students = json.loads(stage.spar("cohort", "link", "--role", "students", "--json", name="Kim", code=0).stdout)["text"]
        for name in ("Robin", "Sasha"):  # entered once, it is known by its name
            evening(stage, name, "--cohort", students)
        check("No evening is set" in evening(stage, "Robin").stdout, "none")
        check("nothing for a calendar" in evening(stage, "Robin", "--ics", stage.path("none.ics"), code=1).stderr, "none")
        check("No evening is set" in evening(stage, "Robin", "yes", code=1).stderr, "none to say yes to")
        start = (int(time.time()) // 60 + 24 * 60) * 60000
        typed = words(start, "Asia/Tokyo")
        said = evening(stage, "Kim", typed, "90", "Bring a prompt; Ünïts, too", zone="Asia/Tokyo").stdout
        check(typed + " JST, for 90 minutes" in said and "set by Kim" in said, said)
        # The same moment, in the zone of whoever reads it.
        seen = evening(stage, "Robin", zone="America/New_York").stdout
        check(words(start, "America/New_York") in seen and "Bring a prompt" in seen, seen)
        check("You have not said whether you come" in seen, seen)
        check("You come." in evening(stage, "Robin", "yes").stdout, "yes")
        evening(stage, "Robin", "yes")  # twice is once
        check("odd number" in evening(stage, "Robin").stdout, "one alone")
        equal(told(stage, "Sasha", "yes")["coming"], 2, "both come")
        check("odd number" not in evening(stage, "Sasha").stdout, "two")
        equal(told(stage, "Sasha", "no")["names"], "Robin", "who comes now")
        # Only a coach sets it, and only to come.
        refused = evening(stage, "Robin", typed, "90", "--cohort", students, code=3)
        check("Only a coach" in refused.stderr, refused.stderr)
        for wrong in (("2020-01-01 19:00",), ("tomorrow",), ("2099-01-01",), (typed, "241"), (typed, "0"), (typed, "x"),
                      (typed, "90", "x" * 201)):
            evening(stage, "Kim", *wrong, code=2, zone="Asia/Tokyo")
        # Kept over a kill; another line keeps what was said, another moment does not.
        stage.server.kill()
        stage.server.start()
        evening(stage, "Kim", typed, "120", "x" * 200, zone="Asia/Tokyo")
        equal(told(stage, "Robin")["mine"], "yes", "what was said of this evening")
        later = words(start + 3600000, "UTC")
        evening(stage, "Kim", later)
        equal((told(stage, "Robin")["mine"], told(stage, "Robin")["start"]), ("unsaid", start + 3600000), "of another one")
        evening(stage, "Kim", "off")
        check("No evening is set" in evening(stage, "Robin").stdout, "called off")


def test_calendar():
    with Stage() as stage:
        made = json.loads(stage.spar("cohort", "new", "Data, and; more \\ of it", "--link", stage.server.link, "--json", name="Kim",
                                     code=0).stdout)
        start = (int(time.time()) // 60 + 60) * 60000
        text = "Zwölf Ünïts, 日本; " + "long " * 25
        evening(stage, "Kim", words(start, "Europe/Berlin"), "75", text.strip(), "--ics", stage.path("a.ics"), zone="Europe/Berlin")
        with open(stage.path("a.ics"), "rb") as file:
            raw = file.read()
        lines = raw.split(b"\r\n")
        equal(lines[-1], b"", "the last line has its end")
        check(b"\n" not in raw.replace(b"\r\n", b""), "line ends")
        equal([line for line in lines if len(line) > 75], [], "lines over 75 bytes")
        for line in lines:
            line.decode()  # no character is cut
        plain = dict(line.split(":", 1) for line in raw.replace(b"\r\n ", b"").decode().split("\r\n") if line)
        utc = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(start // 1000))
        end = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(start // 1000 + 75 * 60))
        equal((plain["DTSTART"], plain["DTEND"]), (utc, end), "in UTC")
        equal(plain["SUMMARY"], "Mock interviews: Data\\, and\\; more \\\\ of it", "escaped")
        equal(plain["DESCRIPTION"], text.strip().replace(",", "\\,").replace(";", "\\;"), "the line about it")
        check(made["cohort"] in plain["UID"] and plain["VERSION"] == "2.0" and "DTSTAMP" in plain, plain)


if __name__ == "__main__":
    main(globals())
