# SPDX-License-Identifier: ISC
"""
Purpose: what a browser says to the port, and what somebody else may throw at it: requests of any kind, slow, huge,
early, smuggled, by another name, from another page; WebSockets without a hello and by the hundred. A terminal
client in a room of its own never notices.
"""
import os
import socket
import struct

from support import SOURCE, Stage, check, equal, main, spar_client, until
from web_peer import BINARY, CLOSE, PING, PONG, Page, Raw


def address(stage):
    host, port = stage.server.listen.split(":")
    return host, int(port)


def ends(raw):
    """The connection ends without another word."""
    return raw.rest() == b""


class Honest:
    """A terminal client in a room, whose commands go through whatever happens beside it."""

    def __init__(self, stage):
        self.host, self.said = stage.host("Honest"), 0

    def lives(self):
        self.said += 1
        self.host.do("talk.say", text=f"still here {self.said}")
        self.host.event(do="talk.say", text=f"still here {self.said}")


def test_files_and_names():
    with Stage() as stage:
        honest = Honest(stage)
        raw = Raw(address(stage))
        status, headers, body = raw.get("/")
        equal(status, 200, "the page")
        check(b"<!doctype html>" in body and "default-src 'none'" in headers["content-security-policy"], "the page")
        check("set-cookie" not in headers, "no cookie")
        equal((headers["x-content-type-options"], headers["referrer-policy"]), ("nosniff", "no-referrer"), "headers")
        equal(raw.get("/host")[2], body, "the page of the host link")
        known, other = raw.get("/" + honest.host.room), raw.get("/zzzzzzzzzzzz")
        equal(known[2], other[2], "the page for a room that there is and one that there is not")
        equal({**known[1], "date": ""}, {**other[1], "date": ""}, "their headers")
        equal(raw.get("/", If_None_Match=headers["etag"])[0], 304, "the page again")
        equal(raw.get("/app/core.wasm", method="HEAD")[1]["content-type"], "application/wasm", "the core's type")
        equal(raw.get("/", If_None_Match="*")[0], 304, "the page, whatever it is")
        equal(raw.get("/app/nothing.js")[0], 404, "a file that there is not")
        equal(raw.get("/" + honest.host.room[1:])[::2], (404, body), "a room's name that is not whole: the page says so")
        for host in ("evil.example", "localhost.evil.example", "127.0.0.2", "127.0.0.1.nip.io"):
            raw = Raw(address(stage))
            equal(raw.get("/", Host=host)[0], 421, "a page by the name of " + host)
            check(ends(raw), "nothing more is read")
        for host in ("localhost", "LOCALHOST:1", "127.0.0.1"):
            equal(Raw(address(stage)).get("/", Host=host)[0], 200, "a page by the name of " + host)
        honest.lives()


def test_requests_of_any_kind():
    head = "GET / HTTP/1.1\r\nHost: localhost\r\n"
    thrown = [
        (b"\0" * 100 + b"\r\n", 400), (b"\x16\x03\x01" * 30 + b"\n", 400), (b"GET / HTTP/1.1\n\n", 400),
        (b"POST / HTTP/1.1\r\n\r\n", 405), (b"CONNECT x:1 HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 505), (b"GET http://evil/ HTTP/1.1\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (f"{head}Content-Length: 10\r\n\r\nGET /app/x".encode(), 413),
        (f"{head}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n".encode(), 400),
        (f"{head}Host: evil.example\r\n\r\n".encode(), 400), (f"{head} X: folded\r\n\r\n".encode(), 400),
        (f"{head}X : y\r\n\r\n".encode(), 400), (f"{head}X: a\nY: b\r\n\r\n".encode(), 400),
        (b"GET /" + b"a" * 2000, 414), (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100, 431),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 9000, 431), (b"GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n", 426),
        (b"GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /app/..%2fserver.pem HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
    ]
    with Stage() as stage:
        honest = Honest(stage)
        for data, wanted in thrown:
            raw = Raw(address(stage))
            raw.send(data)
            status, headers, _ = raw.answer()
            equal(status, wanted, f"the status for {data[:60]!r}")
            if status != 404:
                equal(headers.get("connection"), "close", f"the end after {data[:60]!r}")
                check(ends(raw), f"nothing follows the answer to {data[:60]!r}")
        honest.lives()
        raw = Raw(address(stage))
        raw.send((head + "\r\n").encode() * 3)  # pipelined: the first is answered, then it ends
        equal(raw.answer()[0], 200, "the first of three")
        check(ends(raw), "the others are not answered")
        raw = Raw(address(stage))
        for byte in (head + "\r\n").encode():
            raw.send(bytes([byte]))
        equal(raw.answer()[0], 200, "a request byte by byte")
        honest.lives()


def test_pages():
    with Stage() as stage:
        honest = Honest(stage)
        equal(Page(address(stage), origin="https://evil.example").status, 403, "a page from elsewhere")
        equal(Page(address(stage), origin="null").status, 403, "a page from nowhere")
        for page, why in ((Page(address(stage)).hello(stage.folder, "a", spoil=1), "bad-proof"),
                          (Page(address(stage)).hello(stage.folder, "a", sign=b""), "bad-proof"),
                          (Page(address(stage)).hello(stage.folder, "a", key=b""), "no-key"),
                          (Page(address(stage)).hello(stage.folder, "a", key=b"\x30\x59" + b"\0" * 89), "bad-proof")):
            equal((page["m"], page["why"]), ("bye", why), "the end of a hello that proves nothing")
        first = Page(address(stage))
        path = first.take("challenge")["nonce"], Page(address(stage)).take("challenge")["nonce"]
        check(path[0] != path[1], "each challenge is another")
        link = spar_client.parse_link(honest.host.link("candidate"))
        page = Page(address(stage), piece=3)
        equal(page.hello(stage.folder, "Sasha")["m"], "welcome", "a page's hello")
        page.say(m="join", room=link.room, secret=link.secret, name="Sasha")
        equal(page.take("joined")["role"], 2, "its role")
        page.put(PING, b"are you there")
        page.say(m="command", room=link.room, id=1, do="talk.say", text="from a page")
        honest.host.event(do="talk.say", text="from a page", by=1)
        pong = None
        while pong is None:
            opcode, payload = page.take_frame()
            pong = payload if opcode == PONG else None
            page.stream += payload if opcode == BINARY else b""
        equal(pong, b"are you there", "a pong")
        again = Page(address(stage))  # the same key takes the seat over
        again.hello(stage.folder, "Sasha")
        again.say(m="join", room=link.room, name="Sasha", after=0)
        equal(again.take("joined")["session"], 2, "the seat taken over")
        equal(page.take("bye")["why"], "replaced", "what the older page hears")
        equal(page.take_frame(), (CLOSE, struct.pack(">H", 1000)), "the WebSocket's own end")
        honest.lives()


def test_websockets_that_mean_harm():
    breaches = [b"\x82\x00", b"\xc2\x80", b"\x81\x80\0\0\0\0", b"\x82\xff" + b"\xff" * 12, b"\x89\xfe\0\x7e",
                b"\x80\x80\0\0\0\0", b"\x82\x84\0\0\0\0\xff\xff\xff\xff", b"\x82\x84\0\0\0\0\0\0\0\0"]
    with Stage() as stage:
        honest = Honest(stage)
        for breach in breaches:
            page = Page(address(stage))
            page.take("challenge")
            page.send(breach)
            equal(page.take("bye")["why"], "bad-frame", f"the end of {breach!r}")
            equal(page.take_frame()[0], CLOSE, "a close frame")
            check(ends(page), "the end")
        honest.lives()
        early = Page(address(stage))
        early.say(m="join", room="abcdefghijkl", name="x")
        equal(early.take("bye")["why"], "hello-first", "a page that does not say hello")
        slow = [Page(address(stage)) for _ in range(100)]  # who never say hello
        check(all(page.status == 101 for page in slow), "many WebSockets")
        pings = Page(address(stage))
        pings.take("challenge")
        for _ in range(300):
            pings.put(PING, b"x" * 125)
        honest.lives()
        for page in (*slow, pings):
            page.close()
        honest.lives()


def test_pings_without_end():
    """A WebSocket's pings cost no tokens: of many at once one is answered, and who reads no answers is cut off at the
    bound of strangers, which is a thirtieth of that of somebody with a seat."""
    with Stage(options=["--tokens", "1000000"]) as stage:
        honest = Honest(stage)
        page = Page(address(stage))
        page.take("challenge")
        many = [b"\x89\x84\0\0\0\0%04d" % number for number in range(10000)]
        page.send(b"".join(many))
        pongs = [page.take_frame()]
        while pongs[-1] != (PONG, b"9999"):
            pongs.append(page.take_frame())
        check(len(pongs) < 100, f"{len(pongs)} pongs for pings that came in a few reads")
        page.close()
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect(address(stage))
        deaf, beside = Page(address(stage), raw=raw), stage.connection(honest.host.link("coach"))
        equal(deaf.hello(stage.folder, "Deaf")["m"], "welcome", "a hello, the time for which a busy machine may need for the pings")
        for number in range(5000):  # 635 KB of pongs, each asked for by itself; fewer, where the system keeps less of them
            try:
                deaf.put(PING, b"x" * 125)
            except OSError:
                break
            beside.send("ping", t=number + 1)
            beside.expect("pong")
        until(lambda: "why=too-slow" in stage.server.text(), "the end of who reads no pongs")
        honest.lives()


def test_shelf():
    """What the server's own packs are called is for those who may host or wait; their bodies are for rooms."""
    with Stage(start=False) as stage:
        packs = stage.path("packs")
        os.mkdir(packs)
        with open(os.path.join(packs, "broken.pack"), "w") as file:
            file.write("no pack")
        with open(os.path.join(SOURCE, "contrib/packs/click-stream.yaml")) as file:
            own = file.read().replace("id: click-stream", "id: my-own", 1).replace(
                "title: Click-stream", "title: My own click-stream", 1)
        with open(os.path.join(packs, "my-own.yaml"), "w") as file:
            file.write(own.replace("five-phase.yaml", os.path.join(SOURCE, "contrib/packs/five-phase.yaml")))
        stage.spar("pack", "build", "--out", packs, os.path.join(packs, "my-own.yaml"), code=0)
        stage.server.options += ["--packs", packs]
        stage.server.start()
        stage.server.await_log(r"shelf\.faulty")  # a file that is no pack is told of
        secret = spar_client.parse_link(stage.server.link).secret
        page = Page(address(stage))
        page.hello(stage.folder, "Robin")
        page.say(m="shelf", id=1)
        equal(page.take("refused")["why"], "hosting-closed", "what a stranger is told")
        page.say(m="shelf", id=2, secret=secret)
        shelved = []
        while True:
            message = page.hear()
            if message["m"] == "end":
                break
            shelved.append(message)
        equal((message["id"], message["count"]), (2, len(shelved)), "the end of the list")
        titles = {one["name"]: one for one in shelved}
        check("my-own" in titles and "click-stream" in titles and len(titles) >= 7, sorted(titles))
        equal(sorted(shelved[0]), ["id", "level", "m", "name", "pack", "title"], "all that is told of a pack")
        check(all("shelf" not in one or len(one) < 200 for one in shelved), "no bodies")
        page.say(m="host", id=3, secret=secret, name="Robin", shelf=b"x" * 32)
        equal(page.take("refused")["why"], "no-such-pack", "a pack that there is not")
        page.say(m="host", id=4, secret=secret, name="Robin", shelf=b"x" * 31)
        equal(page.take("refused")["why"], "no-such-pack", "half a hash")
        page.say(m="host", id=5, secret=secret, name="Robin")
        equal(page.take("refused")["why"], "bad-field", "no pack at all")
        page.say(m="host", id=6, secret=secret, name="Robin", shelf=titles["my-own"]["pack"])
        hosted = page.take("hosted")
        page.say(m="join", room=hosted["room"], secret=hosted["interviewer"], name="Robin")
        opening = page.take("event")
        equal(opening["do"], "room.open", "the room's first event")
        check(b"My own click-stream" in opening["pack"], "the room's prompt")
        page.say(m="shelf", id=7, room=hosted["room"])
        equal(page.take("shelved")["id"], 7, "the shelf for somebody in a room")


def test_full():
    with Stage(options=["--max-connections", "6"]) as stage:
        honest = Honest(stage)
        idle = [Raw(address(stage)) for _ in range(8)]
        raw = Raw(address(stage))
        equal(raw.get("/")[0], 503, "a page of a full server")
        check(ends(raw), "and its end")
        for one in idle:
            one.close()
        honest.lives()


def test_own_files():
    with Stage(start=False) as stage:
        root = stage.path("root")
        os.mkdir(root)
        with open(os.path.join(root, "index.html"), "w") as file:
            file.write("mine")
        stage.server.options += ["--web-root", root]
        stage.server.start()
        raw = Raw(address(stage))
        equal(raw.get("/")[2], b"mine", "a file of --web-root")
        equal(raw.get("/app/core.js")[0], 200, "what is not there comes from the server")
        equal(raw.get("/app/..")[0], 404, "nothing above it")


if __name__ == "__main__":
    main(globals())
