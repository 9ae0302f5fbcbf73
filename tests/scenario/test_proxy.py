# SPDX-License-Identifier: ISC
"""
Purpose: a proxy in front: whom it speaks for is believed of the address that was named, by the PROXY protocol for a
terminal and a browser, by X-Forwarded-For for a browser; of nobody else, and of it nothing that bends the protocol. What
one of those behind it spends is not another's.
"""
import socket
import ssl
import struct

from spar_peer import Server, pack_bodies
from support import check, equal, main, until
from web_peer import Raw

PROXY = ["--proxy", "127.0.0.1", "--log-level", "debug"]
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def line(host, port=4711):
    family = "TCP6" if ":" in host else "TCP4"
    return f"PROXY {family} {host} {'2001:db8::1' if ':' in host else '198.51.100.1'} {port} 443\r\n".encode()


def binary(host, port=4711, more=b""):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    to = "2001:db8::1" if ":" in host else "198.51.100.1"
    body = socket.inet_pton(family, host) + socket.inet_pton(family, to) + struct.pack(">HH", port, 443) + more
    return SIGNATURE + bytes([0x21, 0x21 if ":" in host else 0x11]) + struct.pack(">H", len(body)) + body


def open_room(server, name, *before):
    host = server.connect(name, before=before)
    links = host.host(server.secret, *pack_bodies())
    host.join(links["room"], links["interviewer"], name)
    return host, links["room"]


def test_terminals():
    """Each header, whole, in bytes and with more than is asked for; each is somebody else in the log."""
    with Server(workers=2, options=PROXY) as server:
        heads = {"192.0.2.7:4711": [line("192.0.2.7")], "[2001:db8::7]:4711": [line("2001:db8::7")],
                 "192.0.2.8:4711": [binary("192.0.2.8")],
                 "[2001:db8::8]:4711": [binary("2001:db8::8", more=b"\x04\0\x05abcde")],
                 "192.0.2.9:1": [bytes([byte]) for byte in line("192.0.2.9", 1)],
                 "192.0.2.10:65535": [bytes([byte]) for byte in binary("192.0.2.10", 65535)]}
        for number, (peer, before) in enumerate(heads.items()):
            host, room = open_room(server, f"host{number}", *before)
            host.done(room, "talk.say", text="here")
            host.close()
            server.await_log(f"peer={peer} why=eof")
        # A proxy that looks whether we are there, and one that says nothing, speak for themselves.
        for before in (SIGNATURE + b"\x20\0\0\0", b"PROXY UNKNOWN\r\n", b""):
            host, room = open_room(server, "own", *([before] if before else []))
            host.done(room, "talk.say", text="here")


def test_bounds_are_theirs():
    """So many connections of one address behind the proxy; the next address does not notice, nor the proxy itself."""
    with Server(workers=2, options=[*PROXY, "--per-address", "3"]) as server:
        greedy = [server.connect(None, before=[line("192.0.2.7", port)], hello=False) for port in range(1, 4)]
        try:
            late = server.connect(None, before=[line("192.0.2.7", 4)], hello=False)
            equal(late.ended(), None, "what one too many is told")
        except (ssl.SSLError, ConnectionError):
            pass
        server.await_log("peer=127.0.0.1")
        server.await_log("why=too-many-there")
        host, room = open_room(server, "honest", line("192.0.2.8"))
        host.done(room, "talk.say", text="here")
        for number in range(5):
            open_room(server, f"more{number}", line(f"192.0.2.{number + 10}"))
        greedy.pop().close()
        server.await_log("peer=192.0.2.7:3 why=eof")
        server.connect(None, before=[line("192.0.2.7", 5)], hello=False)
        host.done(room, "talk.say", text="still here")


def refused(server, before):
    """The connection ends before TLS is up."""
    try:
        server.connect(None, before=before, hello=False)
    except (ssl.SSLError, ConnectionError):
        return True
    return False


def test_garbage():
    """A header that bends the protocol ends its connection; of somebody who is no proxy every header is garbage."""
    bad = (b"PROXY TCP4 192.0.2.7\r\n", b"PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n", b"PROXY " + b"x" * 200,
           SIGNATURE + b"\x21\x11\0\x04abcd", SIGNATURE + b"\x21\x11\xff\xff", SIGNATURE + b"\x31\x11\0\x0c" + b"x" * 12,
           line("192.0.2.7") * 2, binary("192.0.2.7") + line("192.0.2.8"), b"PROXY UNKNOWN\r\n" + b"GET / HTTP/1.1\r\n")
    with Server(workers=2, options=PROXY) as server:
        host, room = open_room(server, "honest", line("192.0.2.8"))
        for before in bad:
            check(refused(server, [before]), f"taken: {before!r}")
            host.done(room, "talk.say", text="still here")
        server.await_log("why=bad-proxy-header", 6)
    for options in ([], ["--proxy", "192.0.2.1"], ["--proxy", "::1"]):
        with Server(workers=2, options=options) as server:
            host, room = open_room(server, "honest")
            for before in (line("192.0.2.7"), binary("192.0.2.7")):
                check(refused(server, [before]), f"taken of no proxy: {before!r}")
            host.done(room, "talk.say", text="still here")
            check(not server.lines("192.0.2.7"), "nobody is believed")


def test_browsers():
    """X-Forwarded-For is the proxy's word only where the proxy has not said already for whom it speaks."""
    told = {"X_Forwarded_For": "192.0.2.1, 2001:db8::7", "Connection": "close"}
    for options, before, peer in ((PROXY, b"", "peer=[2001:db8::7]:0 "), ([], b"", "peer=127.0.0.1:"),
                                  (PROXY, line("192.0.2.7"), "peer=192.0.2.7:4711 "),
                                  (PROXY, binary("192.0.2.7"), "peer=192.0.2.7:4711 ")):
        with Server(options=options) as server:
            server.alone()
            raw = Raw(server.address, alpn=None, before=before)
            equal(raw.get("/", **told)[0], 200, "the page")
            equal(raw.rest(), b"", "the end")
            until(lambda peer=peer, log=server.log: any(peer in said and "http-answered" in said for said in log),
                  f"{peer} in the log")
    with Server(options=PROXY) as server:  # by the address at which the proxy was reached
        raw = Raw(server.address, before=line("192.0.2.7"))
        raw.host = "198.51.100.1"
        equal(raw.get("/", Connection="close")[0], 200, "the page by the proxy's address")
        raw = Raw(server.address, before=line("192.0.2.7"))
        raw.host = "198.51.100.2"
        equal(raw.get("/", Connection="close")[0], 421, "by one that is nobody's")


if __name__ == "__main__":
    main(globals())
