#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A small Spar client in Python, written from protocol/PROTOCOL.md alone.

It joins a room by its link, sends commands, hands out events in order and comes back by itself after
a lost connection. Needs Python 3.9, python3-msgpack and, to make a key, the openssl command. As a
library: `Member`, or `Connection` for single messages. As a command: see --help.

Invariants: the server's pin is checked before a byte is sent that says who we are; `Member.events`
holds the seat's events n = 1, 2, 3 ... without a gap; a command is remembered until the server has
kept or refused it, and is sent again under the same id after a reconnect.
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import random
import re
import select
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from collections import namedtuple
from urllib.parse import urlsplit

from spar_voice import Speaks

try:
    import msgpack
except ImportError:
    sys.exit("The Spar client needs the msgpack package: install it with 'apt install python3-msgpack', and use"
             " /usr/bin/python3.")

VERSION = 2
ALPN = "spar/1"
PAYLOAD_MAX = 65536
PING_EVERY = 30.0
# While the clock runs and others are named: seconds between pings, and after one without a word.
NODE_PING, NODE_SILENT, NODE_PATIENCE = 0.7, 1.2, 1.0
ROLES = {1: "interviewer", 2: "candidate", 3: "coach"}
MARKS = {"not yet": 0, "prompted": 1, "raised": 2}
# Fields that a command may give by their words.
WORDS = {"mark": MARKS, "level": {"mid": 1, "senior": 2, "staff": 3},
         "recommend": {"strong no": 0, "no": 1, "yes": 2, "strong yes": 3}}
# After a `bye` with one of these the client comes back by itself; on any other it stops.
COME_BACK = {"stopping", "idle", "too-slow", "too-many", "too-fast", "storage", "stale", "internal"}
RUNNING = {"clock.start": True, "clock.resume": True, "clock.unfinish": True, "clock.pause": False, "clock.finish": False}
COMPANIONS = {"screen": 1, "voice": 2}  # roles of links for one more device of a seat
GENESIS = bytes(32)

Link = namedtuple("Link", "host port room role secret pin")


class SparError(Exception):
    """Something that a person can be told in one sentence."""


class Refused(SparError):
    """The server's `refused` or `error`: `why` is the name, `id` the command (0: none)."""

    def __init__(self, message):
        super().__init__(message.get("text", ""))
        self.why, self.id = message.get("why"), message.get("id", 0)


class Bye(SparError):
    """The server ends the connection; `why` tells whether to come back."""

    def __init__(self, message):
        super().__init__(message.get("text", ""))
        self.why = message.get("why")
        self.nodes = message.get("nodes", "")


def parse_link(text):
    """https://HOST:PORT/ROOM#ROLE.SECRET.PIN; without .PIN the machine has to trust the certificate."""
    url = urlsplit(text.strip())
    fragment = re.fullmatch(r"([a-z]+)\.([A-Za-z0-9_-]{22})(?:\.([A-Za-z0-9_-]{43}))?", url.fragment)
    if url.scheme != "https" or not url.hostname or not fragment:
        raise SparError("That is no Spar link; copy the whole of it, the part after # too.")
    role, secret, pin = fragment.groups()
    return Link(url.hostname, url.port or 443, url.path.strip("/"), role, secret,
                base64.urlsafe_b64decode(pin + "=") if pin else None)


def make_key(path):
    """Makes a P-256 key with a self-signed certificate in one PEM file, unless it is there."""
    if os.path.exists(path):
        return path
    parts = [f"{path}.key", f"{path}.crt"]
    old = os.umask(0o077)
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "36500", "-subj",
                        "/CN=spar client", "-keyout", parts[0], "-out", parts[1]],
                       check=True, capture_output=True)
        with open(f"{path}.new", "wb") as out:
            for part in parts:
                with open(part, "rb") as file:
                    out.write(file.read())
                os.unlink(part)
        os.replace(f"{path}.new", path)
    finally:
        os.umask(old)
    return path


def _der(data, at):
    """One DER element: (tag, start of its content, its end)."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[start:start + count], "big"), start + count
    return tag, start, start + length


def certificate_pin(certificate):
    """SHA-256 of the SubjectPublicKeyInfo of a DER certificate (RFC 5280, section 4.1)."""
    _, tbs, _ = _der(certificate, 0)
    _, at, _ = _der(certificate, tbs)
    if certificate[at] == 0xA0:  # the version, which is optional
        at = _der(certificate, at)[2]
    for _ in range(5):  # serial number, signature, issuer, validity, subject
        at = _der(certificate, at)[2]
    return hashlib.sha256(certificate[at:_der(certificate, at)[2]]).digest()


class Connection:
    """One TLS 1.3 connection that carries messages. Not for several threads.

    The TLS engine works on memory buffers and this class moves the bytes, so that nothing of ours (the
    client certificate, to begin with) leaves before the pin has been checked.
    """

    def __init__(self, link, key, timeout=10.0):
        self.timeout = timeout
        self.payloads = None  # set to a list to keep every payload received, as it came
        self._in, self._out, self._buffer = ssl.MemoryBIO(), ssl.MemoryBIO(), b""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        if link.pin:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE  # the pin takes its place
        else:
            context.load_default_certs()
        context.set_alpn_protocols([ALPN])
        if key:
            context.load_cert_chain(key)
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=link.host)
        self.socket = socket.create_connection((link.host, link.port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._handshake(link.pin)
        except BaseException:
            self.close()
            raise

    def _handshake(self, pin):
        limit = time.monotonic() + self.timeout
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._fill(limit)
        certificate = self._tls.getpeercert(binary_form=True)
        if pin and not hmac.compare_digest(certificate_pin(certificate), pin):
            raise SparError("That server is not the one the link was made by; ask for a new link.")
        if self._tls.selected_alpn_protocol() != ALPN:
            raise SparError("That server does not speak Spar; check the address in the link.")
        self._flush()

    def _flush(self):
        data = self._out.read()
        if data:
            self.socket.settimeout(self.timeout)
            self.socket.sendall(data)

    def _fill(self, limit):
        """Waits for bytes from the network until the moment `limit`."""
        left = limit - time.monotonic()
        if not select.select([self.socket], [], [], max(left, 0))[0]:
            raise TimeoutError("nothing came in time")
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._in.write(data)

    def send_bytes(self, data):
        """Sends bytes as they are (tests send broken frames with it)."""
        self._tls.write(data)
        self._flush()

    def send(self, name, /, **fields):
        payload = msgpack.packb({"m": name, **fields}, use_bin_type=True)
        self.send_bytes(struct.pack(">I", len(payload)) + payload)

    def _payload(self):
        """A whole payload, or None."""
        if len(self._buffer) < 4:
            return None
        size = struct.unpack(">I", self._buffer[:4])[0]
        if size == 0 or size > PAYLOAD_MAX:
            raise SparError("The server sent a broken frame.")
        if len(self._buffer) < 4 + size:
            return None
        payload, self._buffer = self._buffer[4:4 + size], self._buffer[4 + size:]
        return payload

    def receive(self, timeout=None):
        """The next message as a dict. TimeoutError: none came; ConnectionError: the server is gone."""
        limit = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            payload = self._payload()
            if payload is not None:
                break
            try:
                data = self._tls.read(65536)
                if not data:
                    raise ConnectionError("the server closed the connection")
                self._buffer += data
            except ssl.SSLWantReadError:
                self._fill(limit)
            except ssl.SSLError as error:
                raise ConnectionError(str(error)) from error
        if self.payloads is not None:
            self.payloads.append(payload)
        message = msgpack.unpackb(payload, raw=False)
        if message["m"] == "bye":
            raise Bye(message)
        return message

    def hello(self, app="python-example", version=VERSION):
        """Says hello and returns the welcome."""
        self.send("hello", v=version, app=app)
        message = self.receive()
        if message["m"] != "welcome":
            raise Refused(message)
        return message

    def expect(self, *names):
        """The next message of one of these names; others in between are dropped, refusals raised."""
        while True:
            message = self.receive()
            if message["m"] in names:
                return message
            if message["m"] in ("refused", "error"):
                raise Refused(message)

    def close(self):
        self.socket.close()


def score_bytes(field, scores):
    """Ratings as a byte each; of a verdict's scores, each one or (score, evidence in ms after the opening)."""
    if field == "ratings":
        return bytes(scores)
    pairs = [one if isinstance(one, (list, tuple)) else (one, 0) for one in scores]
    return b"".join(bytes([score]) + moment.to_bytes(4, "big") for score, moment in pairs)


class Member(Speaks):
    """A seat in a room, kept over lost connections; by a link for a second device, what that seat sees."""

    def __init__(self, link, key, name="Python", timeout=10.0, keep=False):
        """keep: the name is for a seat that has none yet; one that has a name keeps it."""
        self.link = parse_link(link) if isinstance(link, str) else link
        self.key, self.name, self.timeout, self.keep = key, name, timeout, keep
        self.events, self.pending = [], {}
        self.seat = self.role = None
        self.resets = self.joins = 0  # how often the server knew nothing of our past; joined at all
        self.connection = None
        self.places = [(self.link.host, self.link.port)]  # the servers that hold the room, the next to call first
        self.running = False  # the room's clock
        self._next_id, self._ping_at, self._shown = 1, 0.0, 0
        self._asked = self._heard = 0.0  # when we sent a ping that is not answered; when anything came
        self.companion = COMPANIONS.get(self.link.role, 0)
        self._others = []  # what came while we waited for something else
        self._told = (0, 0)  # our last id that was applied, and the number of events at that time
        self._lost = []  # refusals that we had to find out by ourselves

    # Connecting and coming back

    def connect(self):
        """Joins, or resumes after the last event that we have. One try."""
        self.close()
        host, port = self.places[0]
        several = len(self.places) > 1
        connection = Connection(self.link._replace(host=host, port=port), self.key,
                                NODE_PATIENCE if several else self.timeout)
        try:
            self.welcome = connection.hello()
            connection.timeout = self.timeout
            self._name_places(self.welcome.get("nodes", ""))
            how = {"companion": self.companion} if self.companion else {"name": self.name}
            if self.keep and not self.companion:
                how["keep"] = True
            connection.send("join", room=self.link.room, secret=self.link.secret, after=len(self.events),
                            shown=self._shown, **how)
            joined = connection.expect("joined")
        except BaseException:
            connection.close()
            raise
        self.connection, self.joins = connection, self.joins + 1
        self.seat, self.role = joined["seat"], ROLES.get(joined["role"])
        if joined.get("reset"):
            self.events, self.resets = [], self.resets + 1
        self._next_id = max(self._next_id, joined["last_id"] + 1)
        self._ping_at, self._asked = time.monotonic() + PING_EVERY, 0.0
        for id_, body in sorted(self.pending.items()):
            if id_ > joined["last_id"]:  # of the others the event is among those that now come
                self._command(id_, body)
        self._told = (joined["last_id"], joined["n"])
        self._book_lost()
        return self

    def _name_places(self, nodes):
        """The one that we are at, those that it names, and the link's own."""
        if not nodes:  # it is alone just now: the others may come back
            return
        home = (self.link.host, self.link.port)
        named = [urlsplit("//" + line) for line in nodes.split("\n") if line]
        self.places = list(dict.fromkeys([self.places[0], *((url.hostname, url.port or 443) for url in named), home]))

    def _leave_place(self):
        """The server that we are at is lost: the others come first."""
        self.close()
        self.places = self.places[1:] + self.places[:1]

    def come_back(self, limit=60.0):
        """Tries again with growing waits (50 ms to 5 s) for `limit` seconds."""
        end, wait = time.monotonic() + limit, 0.05
        while True:
            try:
                return self.connect()
            except Bye as bye:
                self._name_places(bye.nodes)
                if bye.why not in COME_BACK or time.monotonic() > end:
                    raise
            except (OSError, ssl.SSLError):  # TimeoutError and ConnectionError are OSErrors
                if time.monotonic() > end:
                    raise
            self._leave_place()
            select.select([], [], [], wait * random.uniform(0.5, 1))
            wait = min(2 * wait, 5.0)

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def leave(self):
        if self.connection:
            self.connection.send("leave", room=self.link.room)
        self.close()

    # Commands

    def command(self, do, /, **fields):
        """Sends a command and returns its id; the answer comes through next() or settle()."""
        for field, words in WORDS.items():
            if isinstance(fields.get(field), str):
                fields[field] = words[fields[field]]
        for field in ("ratings", "scores"):
            if isinstance(fields.get(field), list):
                fields[field] = score_bytes(field, fields[field])
        id_, self._next_id = self._next_id, self._next_id + 1
        self.pending[id_] = {"do": do, **fields}
        try:
            self._command(id_, self.pending[id_])
        except (OSError, AttributeError):
            pass  # not connected: it goes out with the next connect()
        return id_

    def _command(self, id_, body):
        self.connection.send("command", room=self.link.room, id=id_, **body)

    # What comes in

    def next(self, timeout=None):
        """The next message: an event, kept, refused ... Comes back by itself after a loss."""
        if self._others:
            return self._others.pop(0)
        return self._receive(self.timeout if timeout is None else timeout)

    def _receive(self, timeout):
        limit = time.monotonic() + timeout
        while True:
            if self._lost:
                return self._lost.pop(0)
            left = limit - time.monotonic()
            try:
                if self.connection is None:
                    self.come_back(max(left, 1.0))
                    continue
                wait = min(max(left, 0.0), self._ping())
                message = self.connection.receive(wait)
                self._heard = time.monotonic()
            except TimeoutError:
                if time.monotonic() >= limit:
                    raise
                continue
            except Bye as bye:
                self._name_places(bye.nodes)
                self._leave_place()
                if bye.why not in COME_BACK:
                    raise
                continue
            except OSError:
                self._leave_place()
                continue
            if self._take(message):
                return message

    def _ping(self):
        """Asks, if it is time to, whether the server is still there. The seconds to the next look."""
        now, near = time.monotonic(), self.running and len(self.places) > 1
        if near and self._asked and now >= max(self._asked, self._heard) + NODE_SILENT:
            raise ConnectionError("the server says nothing any more")
        if not self._asked and near:
            self._ping_at = min(self._ping_at, now + NODE_PING)
        if now >= self._ping_at:
            self._ping_at = now + PING_EVERY
            self._asked = now
            self.connection.send("ping", t=int(now * 1000), shown=self._shown)
        if near and self._asked:
            return max(max(self._asked, self._heard) + NODE_SILENT - now, 0.0)
        return max(self._ping_at - now, 0.0)

    def _take(self, message):
        """Books a message; False: nothing new for the caller."""
        name = message["m"]
        if name == "event":
            if message["n"] <= len(self.events):
                return False
            if message["n"] != len(self.events) + 1:
                raise SparError(f"Event {message['n']} came after {len(self.events)}.")
            self.events.append(message)
            if message["do"].startswith("clock."):
                self.running = RUNNING.get(message["do"], self.running)
            self._shown = max(self._shown, message["at"])
            if message["by"] == self.seat:
                self.pending.pop(message.get("id"), None)
            self._book_lost()
        elif name == "kept" and message["id"] in self.pending:
            self._told = max(self._told, (message["id"], message["n"]))
            self._book_lost()
        elif name == "refused":
            self.pending.pop(message.get("id"), None)
        elif name == "pong":
            self._name_places(message.get("nodes", ""))
            self._asked = 0.0
        return name != "pong"

    def _book_lost(self):
        """What was applied has come as an event by now: the rest was refused, and the refusal lost on the way."""
        last_id, count = self._told
        for id_ in sorted(self.pending) if len(self.events) >= count else []:
            if id_ <= last_id:
                del self.pending[id_]
                self._lost.append({"m": "refused", "room": self.link.room, "id": id_, "why": "lost", "text":
                                     "That was refused while the connection broke; do it again if it still matters."})

    def settle(self, timeout=None):
        """Waits until every command is kept or refused; returns the refusals."""
        limit = time.monotonic() + (self.timeout if timeout is None else timeout)
        known = len(self._others)
        while self.pending or self._lost:
            self._others.append(self._receive(limit - time.monotonic()))
        return [message for message in self._others[known:] if message["m"] == "refused"]

    def wait_for(self, wanted, timeout=None):
        """The first event, past or to come, for which `wanted(event)` is true."""
        limit = time.monotonic() + (self.timeout if timeout is None else timeout)
        seen = 0
        while True:
            for event in self.events[seen:]:
                if wanted(event):
                    return event
            seen = len(self.events)
            self._others.append(self._receive(limit - time.monotonic()))
            seen = min(seen, len(self.events) - 1)  # a reset starts the past anew

    def wait_do(self, do, /, timeout=None, **fields):
        """The first event of this action with these fields."""
        return self.wait_for(lambda event: event["do"] == do and all(
            event.get(key) == value for key, value in fields.items()), timeout)

    def invited(self, seat=-1):
        """The link that was asked for, of a seat of its own or (seat) of one that was moved to it."""
        limit = time.monotonic() + self.timeout
        while True:
            message = self._receive(limit - time.monotonic())
            if message["m"] == "invited" and message.get("seat", -1) == seat:
                return self.link._replace(role=ROLES[message["role"]], secret=message["secret"])
            if message["m"] == "refused":
                raise Refused(message)
            self._others.append(message)

    def invite(self, role):
        """One more link of a role, for an interviewer to give away."""
        self.connection.send("invite", room=self.link.room, role=next(number for number, name in ROLES.items() if name == role))
        return self.invited()

    def move_seat(self, seat):
        """Moves a seat to a new link, which is returned; the key that had it is out."""
        self.command("seat.move", seat=seat)
        return self.invited(seat)

    def put_out(self, seat):
        """Puts somebody out of the room. Returns the command's id."""
        return self.command("seat.out", seat=seat)

    def drive(self, seat=None):
        """Takes the clock, or hands it to the interviewer of that seat. Returns the command's id."""
        return self.command("clock.drive", seat=self.seat if seat is None else seat)

    def turn(self, on=True, whose=None):
        """Asks to turn the roles, agrees with who has asked (`whose`: their seat), or, with on=False, declines or takes
        it back. Returns the command's id."""
        fields = {} if whose is None else {"other": whose}
        return self.command("turn.ask", on=int(on), **fields)

    def swap(self, pack, panel):
        """Opens the second half under a prompt, of which these are the two bodies: the candidate's part, once both have
        agreed. Returns the id that a refusal would name; the event room.swap says where everybody goes on."""
        id_, self._next_id = self._next_id, self._next_id + 1
        self.connection.send("swap", room=self.link.room, id=id_, pack=pack, panel=panel)
        return id_

    def companion_link(self, kind="screen"):
        """A link for one more device of this seat: a screen, which only shows, or a voice. It is good once, for a minute."""
        self.connection.send("companion", room=self.link.room, kind=COMPANIONS[kind])
        limit = time.monotonic() + self.timeout
        while True:
            message = self._receive(limit - time.monotonic())
            if message["m"] == "companions" and message.get("secret"):
                return self.link._replace(role=kind, secret=message["secret"])
            if message["m"] == "refused" and not message.get("id"):
                raise Refused(message)
            self._others.append(message)

    def end_companions(self, kind="screen"):
        """Ends all devices of that kind, and their links."""
        self.connection.send("companion", room=self.link.room, kind=COMPANIONS[kind], end=True)

    def marks(self):
        """The panel's sheet as this seat knows it: {item: mark}; the last word wins."""
        return {event["item"]: event["mark"] for event in self.events if event["do"] == "mark.set"}

    def notes(self):
        """The notes as they stand: (seat, kind, text) in order; the text of one that was struck is None."""
        notes, places = [], {}
        for event in self.events:
            kind = event["do"].removesuffix(".set")
            if not kind.startswith("note."):
                continue
            own = places.setdefault((event["by"], kind), [])
            if kind == event["do"]:
                own.append(len(notes))
                notes.append((event["by"], kind, event["text"]))
            else:
                notes[own[event["line"]]] = (event["by"], kind, event.get("text"))
        return notes


def fetch(link, key, timeout=30.0):
    """The recording of a room that this key has a seat in: ([payload of each event], end message).

    Raises SparError if the chain of hashes does not hold; the signature is left to check_signature.
    """
    link = parse_link(link) if isinstance(link, str) else link
    connection = Connection(link, key, timeout)
    try:
        connection.hello()
        connection.send("fetch", room=link.room, id=1, v=2)
        events, chain = [], GENESIS
        while True:
            message = connection.expect("record", "end")
            if message["chain"] != chain:
                raise SparError(f"The recording is damaged after event {len(events)}.")
            if message["m"] == "end":
                if message["count"] != len(events):
                    raise SparError("The recording lacks events.")
                return events, message
            events.append(message["event"])
            chain = hashlib.sha256(chain + message["event"]).digest()
    finally:
        connection.close()


def check_signature(room, end):
    """Whether the `end` of a recording of this room is signed by the key that it names, from version 2 on with the
    seat and role that it names."""
    version = end.get("v", 0) or 1
    owner = bytes([end.get("seat", 0), end.get("role", 0)]) if version >= 2 else b""
    digest = hashlib.sha256(room.encode() + owner + end["chain"]).digest()
    signed = f"spar-recording-{version}".encode() + b"\0" + digest
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("key", end["key"]), ("sign", end["sign"]), ("signed", signed)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        done = subprocess.run(["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify", "key", "-signature",
                               "sign", "signed"], cwd=folder, capture_output=True)
        return done.returncode == 0


def _plain(value):
    """For JSON: bytes become a note of their length."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else value


def _show(message):
    print(json.dumps(_plain(message), ensure_ascii=True), flush=True)


def run(member, lines):
    """Takes commands from `lines` as they come, prints what comes in; ends after the last line's answer."""
    member.connect()
    _show({"m": "joined", "seat": member.seat, "role": member.role})
    os.set_blocking(lines.fileno(), False)
    text, ended = b"", False
    while not ended or member.pending:
        try:
            _show(member.next(0.1 if not ended else None))
        except TimeoutError:
            if ended:
                raise
        if ended:
            continue
        chunk = lines.read()
        ended = chunk == b""
        text += chunk or b""
        *whole, text = text.split(b"\n")
        for line in whole:
            if line.strip():
                body = json.loads(line)
                if not isinstance(body, dict) or "do" not in body:
                    raise SparError('Each line should be a JSON object such as {"do": "talk.say", "text": "Hello"}.')
                member.command(body.pop("do"), **body)
    member.leave()


def main():
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    parser = argparse.ArgumentParser(description="Joins a Spar room; JSON commands on stdin, JSON out.",
                                     epilog='A command: {"do": "mark.set", "item": "clarify-volume", '
                                     '"mark": "raised"}')
    parser.add_argument("link", help="the link that you were given, in quotes")
    parser.add_argument("--name", default="Python", help="what the others see")
    parser.add_argument("--key", default=os.path.join(data, "spar", "key.pem"),
                        help="PEM file with key and certificate, made if missing (default: %(default)s)")
    options = parser.parse_args()
    try:
        os.makedirs(os.path.dirname(os.path.abspath(options.key)), mode=0o700, exist_ok=True)
        run(Member(options.link, make_key(options.key), options.name), sys.stdin.buffer)
    except (SparError, OSError, ValueError, TypeError, KeyError) as error:
        print(f"spar_client: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
