# SPDX-License-Identifier: ISC
"""
Purpose: the first thing that must work: a server with four workers, a room hosted over TLS, three clients that
join it on different workers, commands that reach who may know of them, resuming, kill -9 and a clean stop.
"""

import hashlib
import signal
import ssl
import sys

from spar_peer import Ended, Server, dense, pack_bodies


def check(good, what):
    if not good:
        raise AssertionError(what)


def seat_three(server):
    public, panel = pack_bodies()
    host = server.connect("ada")
    links = host.host(server.secret, public, panel, name="Ada")
    room = links["room"]
    first = host.join(room, links["interviewer"], "Ada")
    candidate, coach = server.connect("ben"), server.connect("cy")
    second = candidate.join(room, links["candidate"], "Ben")
    third = coach.join(room, links["coach"], "Cy")
    check((first["seat"], second["seat"], third["seat"]) == (0, 1, 2), "seats in order of coming")
    return room, links, host, candidate, coach


def test_room(server):
    room, links, host, candidate, coach = seat_three(server)
    check(host.pin().hex() and len(server.pin) == 43, "a pin")
    host.done(room, "clock.start")
    host.done(room, "mark.set", item="clarify-0", mark=2)
    coach.done(room, "note.panel", text="calm")
    host.done(room, "fact.reveal", fact="fact-0")
    candidate.done(room, "talk.say", text="Shall I begin?")
    for peer in (host, coach):
        peer.event(room=room, do="talk.say")
    check([e["text"] for e in candidate.events(room) if e["do"] == "fact.reveal"] == ["Fact 0."], "fact's text")
    panel_only = [e for e in candidate.events(room) if e["do"] in ("mark.set", "note.panel", "room.brief")]
    check(panel_only == [], "the candidate saw what only the panel may: %r" % panel_only)
    for peer in (host, coach, candidate):
        events = peer.events(room)
        check(events[0]["n"] == 1 and dense(events), "numbers without a gap")
        check(not any("key" in e or "invite" in e for e in events), "no secret leaves the server")
    check(all("id" not in e for e in coach.events(room) if e["by"] != 2), "ids only for the author")
    return room, links, host, candidate, coach


def test_resume(server, room, candidate, host):
    last = candidate.events(room)[-1]["n"]
    candidate.reset()
    host.event(room=room, do="seat.gone", seat=1)
    host.done(room, "talk.say", text="Are you there?")
    again = server.connect("ben")
    joined = again.join(room, name="Ben", after=last)
    check(joined["session"] == 2 and not joined.get("reset"), "the seat is kept")
    again.event(room=room, do="seat.join", seat=1)
    check(again.events(room)[0]["n"] == last + 1 and dense(again.events(room)), "exactly what was missed")
    again.send(m="command", room=room, id=joined["last_id"], do="talk.say", text="Shall I begin?")
    check(again.take("kept")["id"] == joined["last_id"], "a command sent again is kept once")
    return again


def test_takeover(server, room, old):
    new = server.connect("ben")
    new.join(room, name="Ben")
    last = old.ended()
    check(last["m"] == "bye" and last["why"] == "replaced", "the older connection hears why: %r" % last)
    return new


def test_refusals(server, room, links, host):
    stranger = server.connect("eve")
    for secret, why in ((links["candidate"], "link-used"), ("A" * 22, "no-such-room")):
        stranger.send(m="join", room=room, secret=secret, name="Eve", after=0, shown=0)
        check(stranger.take("refused")["why"] == why, why)
    public, panel = pack_bodies()
    stranger.send(m="host", secret="A" * 22, name="Eve", pack=public, panel=panel, mode=0, id=7)
    refused = stranger.take("refused")
    check(refused["why"] == "hosting-closed" and refused["id"] == 7, "hosting needs the secret")
    stranger.send(m="host", secret=server.secret, name="Eve", pack=b"\x80", panel=panel, mode=0, id=8)
    check(stranger.take("refused")["why"] == "bad-pack", "a pack is checked")
    stranger.send(m="command", room=room, id=1, do="talk.say", text="hi")
    check(stranger.take("refused")["why"] == "not-a-member", "no seat, no command")
    stranger.send(m="what-is-this")
    check(stranger.take("error")["why"] == "unknown-message", "unknown message")
    stranger.send(m="join", room=room, secret="x", name="Eve")
    check(stranger.take("error")["why"] == "bad-message", "not a secret")
    stranger.send(m="join", room=5)
    check(stranger.take("error")["why"] == "bad-message", "bad message")
    stranger.send(m="fetch", room=room, id=9)
    check(stranger.take("refused")["why"] == "not-a-member", "no seat, no recording")
    host.do(room, "mark.set", item="clarify-0")
    refused = host.take("refused")
    check(refused["why"] == "bad-field" and refused["id"] == host.ids[room], "a command lacks a field")
    host.do(room, "no.such")
    check(host.take("refused")["why"] == "unknown-action", "unknown action")
    stranger.send_raw(b"\0\0\0\1\xc1")
    check(stranger.ended()["why"] == "bad-frame", "bad frame")


def test_doors(server):
    check(server.connect(None, hello=False) is not None, "TLS without a certificate")
    nameless = server.connect(None, hello=False)
    nameless.send(m="hello", v=1, app="test")
    check(nameless.ended()["why"] == "no-key", "no certificate")
    early = server.connect("eve", hello=False)
    early.send(m="ping", t=1, shown=0)
    check(early.ended()["why"] == "hello-first", "hello first")
    newer = server.connect("eve", hello=False)
    newer.send(m="hello", v=99, app="test")
    check(newer.take("welcome")["v"] == 2, "a newer client is answered in our version")
    large = server.connect("eve")
    large.send_raw(b"\0\1\0\1")
    check(large.ended()["why"] == "bad-frame", "a frame over the bound is refused by its header")
    stranger = server.connect("eve", hello=False, alpn=None)  # taken for a browser's
    stranger.send_raw(b"\0\0\0\5hello\r\n")
    check(stranger.socket.recv(12) == b"HTTP/1.1 400", "no ALPN: frames are no requests")
    try:
        server.connect("eve", hello=False, alpn="h2")
        check(False, "another protocol was taken")
    except (ssl.SSLError, ConnectionError, Ended):
        pass
    ping = server.connect("eve")
    ping.send(m="ping", t=5, shown=0)
    check(ping.take("pong")["t"] == 5, "pong")


def test_sessions_and_fetch(peer, room):
    peer.send(m="sessions", id=3)
    end = peer.take("end", id=3)
    sessions = [m for m in peer.seen if m["m"] == "session"]
    check(end["count"] == 1 and [s["room"] for s in sessions] == [room], "one past room")
    peer.send(m="fetch", room=room, id=4)
    end = peer.take("end", id=4)
    records = [m for m in peer.seen if m["m"] == "record"]
    chain = bytes(32)
    for record in records:
        check(record["chain"] == chain, "each record carries the chain of all before it")
        chain = hashlib.sha256(chain + record["event"]).digest()
    check(end["count"] == len(records) and end["chain"] == chain, "the chain's end")
    check(end["sign"] and end["key"], "signed")


def main():
    server = Server(workers=4)
    with server:
        room, links, host, candidate, coach = test_room(server)
        candidate = test_resume(server, room, candidate, host)
        candidate = test_takeover(server, room, candidate)
        test_refusals(server, room, links, host)
        test_doors(server)
        test_sessions_and_fetch(candidate, room)
        before = len(host.events(room))
        server.kill()
        server.start()
        late = server.connect("ada")
        joined = late.join(room, name="Ada")
        late.event(n=joined["n"])
        check(late.events(room)[:before] == host.events(room)[:before], "kill -9 took something away")
        late.event(room=room, do="seat.gone", seat=2)
        late.done(room, "clock.finish")
        late.done(room, "debrief.open")
        ben = server.connect("ben")
        joined = ben.join(room, name="Ben")
        ben.event(n=joined["n"])
        check(dense(ben.events(room)), "dense after the debrief")
        check({"mark.set", "note.panel", "room.brief"} <= {e["do"] for e in ben.events(room)}, "debrief opens")
        server.signal(signal.SIGHUP)
        server.signal(signal.SIGUSR1)
        check(server.connect("ada").welcome["v"] == 2, "alive after SIGHUP")
        server.signal(signal.SIGTERM)
        check(ben.ended()["why"] == "stopping", "told of the stop")
        check(server.wait() == 0, "a clean end: " + "".join(server.log[-20:]))
    log = "".join(server.log)
    for secret in (server.secret, links["candidate"], links["interviewer"], links["coach"]):
        check(secret not in log, "a secret in the log")
    print("smoke: all good")


if __name__ == "__main__":
    sys.exit(main())
