# SPDX-License-Identifier: ISC
"""
Purpose: voice on a real server with two workers: who is told, whom a signal reaches, the name of each refusal with
an honest pair beside it, passes for the relay, a restart; and that nothing of it is logged, stored or recorded.
"""
import base64
import hashlib
import hmac
import os
import time

from support import Stage, check, equal, main, spar_client

SIGNAL_MAX, BURST = 16384, 400
SECRET = "the relay's own secret"


def pair(stage):
    """An interviewer and a candidate of one room, on voice."""
    host = stage.host("Robin")
    people = [stage.member(host.link(role), name) for role, name in (("candidate", "Sasha"), ("coach", "Kim"))]
    for tag, one in enumerate(people, 1):
        one.await_message("ways", id=one.voice(tag=tag))
    for one, other in (people, people[::-1]):
        one.await_message("voiced", seat=other.seat, on=True)
    return host, people


def refused(member, id_):
    return member.await_message("refused", id=id_)["why"]


def passes(one, other, data):
    one.signal(other.seat, data)
    equal(other.await_message("signalled")["data"], data, "what the other hears")


def test_refusals():
    with Stage(workers=2) as stage:
        host, (one, other) = pair(stage)
        elsewhere = stage.member(stage.host("Alex").link("candidate"), "Pat")
        # Each next to a signal of the honest pair, which arrives.
        passes(one, other, b"s" * SIGNAL_MAX)
        equal(refused(one, one.signal(other.seat, b"s" * (SIGNAL_MAX + 1))), "signal-size", "one byte too many")
        equal(refused(one, one.signal(other.seat, b"")), "signal-size", "an empty signal")
        equal(refused(one, one.signal(one.seat, b"x")), "signal-self", "to oneself")
        equal(refused(one, one.signal(0, b"x")), "seat-silent", "to who is not on voice")
        equal(refused(one, one.signal(9, b"x")), "no-such-seat", "to an empty seat")
        equal(refused(elsewhere, elsewhere.signal(0, b"x")), "not-on-voice", "before voice is on")
        elsewhere.link = elsewhere.link._replace(room=host.room)
        equal(refused(elsewhere, elsewhere.signal(other.seat, b"x")), "not-a-member", "into another room")
        equal(refused(elsewhere, elsewhere.voice()), "not-a-member", "voice in another room")
        passes(other, one, b"still here")
        one.await_message("ways", id=one.voice(on=False))
        equal(other.await_message("voiced", on=None, seat=one.seat).get("lost"), None, "hung up, not cut off")
        equal(refused(other, other.signal(one.seat, b"x")), "seat-silent", "to who has hung up")


def test_flood():
    """Who floods is told to wait; their commands and the other's signals are not held up by it."""
    with Stage(workers=2) as stage:
        _, (one, other) = pair(stage)
        ids = [one.signal(other.seat, b"f" * 1024) for _ in range(BURST)]  # two tokens each
        answer = one.await_message("refused")
        equal(answer["why"], "too-fast", "why a flood is refused")
        check(answer["wait"] > 0 and answer["id"] in ids[BURST // 2:], "how long to wait, and which was too much")
        passes(other, one, b"of who does not flood")
        one.command("talk.say", text="Text goes on.")
        other.wait_do("talk.say", text="Text goes on.")


def test_nothing_is_kept():
    with Stage(workers=2, options=["--log-level", "debug"]) as stage:
        host, (one, other) = pair(stage)
        marker = os.urandom(16).hex().encode()
        passes(one, other, marker)
        check(refused(one, one.signal(one.seat, marker)), "a refused one")
        count = len(one.events)
        events, _ = spar_client.fetch(host.link("candidate"), stage.key("Sasha"))
        check(not any(marker in event for event in events), "nothing of it on record")
        equal(len(events), count, "nor who was on voice")
        stage.server.stop()
        check(marker.decode() not in stage.server.text(), "nothing of it in the log")
        for folder, _, files in os.walk(stage.server.data):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    check(marker not in file.read(), f"nothing of it in {name}")
        stage.server.start()


def test_passes():
    """What a seat is given for the relay, as the relay will compute it; nobody without a seat gets one."""
    with Stage() as stage:
        path = os.path.join(stage.folder, "secret")
        with open(path, "w") as file:
            file.write(SECRET + "\n")
        stage.server.stop()
        stage.server.options += ["--turn", "turn:turn.example:3478", "--turn", "turns:turn.example?transport=tcp",
                                 "--turn-secret", path, "--relay-only"]
        stage.server.start()
        host = stage.host("Robin")
        one = stage.member(host.link("candidate"), "Sasha")
        ways = one.await_message("ways", id=one.voice())
        equal(ways["uris"].split("\n"), ["turn:turn.example:3478", "turns:turn.example?transport=tcp"], "the relays")
        equal(ways["relay"], True, "by the relay alone")
        until, name = ways["user"].split(":")
        check(0 < int(until) - time.time() <= ways["seconds"] == 7200, "it ends")
        check(host.room not in name and "Sasha" not in name, "it names nobody")
        made = hmac.new(SECRET.encode(), ways["user"].encode(), hashlib.sha1).digest()
        equal(ways["pass"], base64.b64encode(made).decode(), "the password")
        stranger = stage.connection(host.link("coach"), "Kim")
        stranger.send("voice", room=host.room, id=5, on=True)
        try:
            stranger.expect("ways")
            check(False, "a pass for nobody")
        except spar_client.Refused as error:
            equal(error.why, "not-a-member", "without a seat")


def test_restart():
    """The server knows of no voice after a restart; each says so again, and the others hear of it."""
    with Stage(workers=2) as stage:
        _, (one, other) = pair(stage)
        stage.server.kill()
        stage.server.start()
        for tag, member in enumerate((one, other), 1):
            member.come_back()
            member.await_message("ways", id=member.voice(tag=tag))
        one.await_message("voiced", seat=other.seat, on=True, tag=2)
        passes(one, other, b"again")
        other.close()
        equal(one.await_message("voiced", seat=other.seat, on=None).get("lost"), True, "cut off")


main(globals())
