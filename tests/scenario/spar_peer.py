# SPDX-License-Identifier: ISC
"""
Purpose: a small peer and a server's keeper for scenario tests: starts spard on a free port, makes client keys,
speaks frames of MessagePack over TLS 1.3. Written from the wire contract, without any of the server's code.

Nothing here sleeps: what is awaited is read from the connection, with LIMIT seconds as the bound. Used as

    with Server(workers=4) as server:
        host = server.connect("host")
        room = host.host(server.secret, public, panel)
"""

import hashlib
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading

import msgpack
from ports import own_port

LIMIT = float(os.environ.get("SPAR_TEST_LIMIT", 60))  # seconds that anything may take; sanitized builds are slow
ALPN = "spar/1"
VERSION = 2


class Ended(Exception):
    """The server closed the connection."""


def programs():
    """The folder of the built programs."""
    return os.environ["SPAR_BIN"]


def make_key(folder, name):
    """A client's key and self-signed certificate in one PEM file, as every client has one."""
    path = os.path.join(folder, name + ".pem")
    if not os.path.exists(path):
        key, cert = path + ".key", path + ".crt"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=" + name],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(path, "w") as out:
            for part in (key, cert):
                with open(part) as source:
                    out.write(source.read())
                os.unlink(part)
    return path


def pin_of(der):
    """SHA-256 of the public key in a DER certificate, as openssl extracts it."""
    pem = ssl.DER_cert_to_PEM_cert(der).encode()
    spki = subprocess.run(["openssl", "x509", "-pubkey", "-noout"], input=pem, check=True,
                          stdout=subprocess.PIPE).stdout
    raw = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=spki, check=True,
                         stdout=subprocess.PIPE).stdout
    return hashlib.sha256(raw).digest()


def frame(message):
    """One message as it goes over the wire."""
    payload = msgpack.packb(message, use_bin_type=True)
    return struct.pack(">I", len(payload)) + payload


class Peer:
    """One connection. `seen` holds every message that came, in order; `take` looks from where it last stopped."""

    def __init__(self, address, key=None, hello=True, alpn=ALPN, version=VERSION, receive_buffer=None,
                 before=()):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the pin is checked instead
        if alpn:
            context.set_alpn_protocols([alpn])
        if key:
            context.load_cert_chain(key)
        raw = socket.socket()
        raw.settimeout(LIMIT)
        if receive_buffer:  # so that the server soon notices who does not read
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.connect(address)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in before:  # what a proxy says first
            raw.sendall(piece)
        self.socket = context.wrap_socket(raw)
        self.buffer = b""
        self.seen = []
        self.place = 0
        self.ids = {}
        if hello:
            self.send(m="hello", v=version, app="spar_peer")
            self.welcome = self.take("welcome")

    def pin(self):
        return pin_of(self.socket.getpeercert(binary_form=True))

    def send(self, **message):
        self.socket.sendall(frame(message))

    def send_raw(self, data):
        self.socket.sendall(data)

    def _read(self, size):
        while len(self.buffer) < size:
            try:
                data = self.socket.recv(65536)
            except ssl.SSLEOFError:
                data = b""
            if not data:
                raise Ended(self.seen[-1] if self.seen else None)
            self.buffer += data
        head, self.buffer = self.buffer[:size], self.buffer[size:]
        return head

    def receive(self):
        """The next message from the wire."""
        (size,) = struct.unpack(">I", self._read(4))
        message = msgpack.unpackb(self._read(size), raw=False)
        self.seen.append(message)
        return message

    def take(self, kind, **fields):
        return self.take_any(kind, **fields)

    def take_any(self, *kinds, **fields):
        """Waits for a message of one of these kinds with these fields; those before it are skipped (and stay in `seen`)."""
        while True:
            while self.place < len(self.seen):
                message = self.seen[self.place]
                self.place += 1
                if message["m"] in kinds and all(message.get(k) == v for k, v in fields.items()):
                    return message
            self.receive()

    def find(self, kind, **fields):
        """Waits for a message like `take`, but also takes one that was skipped while something else was waited for."""
        place = 0
        while True:
            for message in self.seen[place:]:
                if message["m"] == kind and all(message.get(k) == v for k, v in fields.items()):
                    return message
            place = len(self.seen)
            self.receive()

    def ended(self):
        """Reads to the end of the stream and returns the last message, or None."""
        try:
            while True:
                self.receive()
        except (Ended, ConnectionError, ssl.SSLError):
            return self.seen[-1] if self.seen else None

    def events(self, room):
        return [m for m in self.seen if m["m"] == "event" and m["room"] == room]

    def event(self, **fields):
        return self.take("event", **fields)

    # ---- what a client does ----

    def host(self, secret, public, panel, name="Host", mode=0, **more):
        self.send(m="host", secret=secret, name=name, pack=public, panel=panel, mode=mode, id=1, **more)
        return self.take("hosted")

    def join(self, room, secret="", name="Somebody", after=0, shown=0):
        self.send(m="join", room=room, secret=secret, name=name, after=after, shown=shown)
        joined = self.take("joined", room=room)
        self.ids[room] = joined["last_id"]
        return joined

    def do(self, room, action, **fields):
        """Sends a command and returns its id; its outcome is not awaited."""
        self.ids[room] += 1
        self.send(m="command", room=room, id=self.ids[room], do=action, **fields)
        return self.ids[room]

    def done(self, room, action, **fields):
        """Sends a command and returns its event."""
        return self.take("event", room=room, id=self.do(room, action, **fields))

    def close(self):
        self.socket.close()

    def reset(self):
        """Closes without a word, as a cut line does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Server:
    """A spard of one's own in a temporary folder. Leaving the `with` stops it and checks that it ended well."""

    def __init__(self, workers=1, options=(), folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="spar-test-")
        self.own_folder = folder is None
        self.options = ["--workers", str(workers), *options]
        port, self.claim = own_port()
        self.listen = "127.0.0.1:%d" % port
        self.process = None
        self.peers = []
        self.log = []
        self.logged = threading.Condition()

    def start(self):
        self.process = subprocess.Popen(
            [os.path.join(programs(), "spard"), "--listen", self.listen,
             "--data", os.path.join(self.folder, "data"), *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        self.link = self.process.stdout.readline().strip()
        match = re.match(r"spard: host link https://([^:]+):(\d+)/host#host\.([\w-]{22})\.([\w-]{43})$", self.link)
        if not match:
            self.kill()
            raise AssertionError("no host link: %r; log: %s" % (self.link, "".join(self.log)))
        self.address = (match.group(1), int(match.group(2)))
        self.listen = "%s:%d" % self.address
        self.secret, self.pin = match.group(3), match.group(4)
        return self

    def _read_log(self):
        for line in self.process.stderr:
            with self.logged:
                self.log.append(line)
                self.logged.notify_all()

    def await_log(self, words, more=1):
        """Waits until so many lines of the log hold these words."""
        with self.logged:
            if not self.logged.wait_for(lambda: self.lines(words) >= more, LIMIT):
                raise AssertionError("the log never said %s %d times" % (words, more))

    def lines(self, words):
        """How many lines of the log hold these words."""
        return sum(words in line for line in self.log)

    def alone(self):
        """Waits until the server's own look at its link, which is a connection too, has come and gone."""
        self.await_log("link.tried")
        self.await_log("conn.close")

    def connect(self, name, **options):
        """A peer with a key of that name (None: without a key)."""
        key = make_key(self.folder, name) if name else None
        peer = Peer(self.address, key, **options)
        self.peers.append(peer)
        return peer

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        code = self.process.wait(timeout=LIMIT)
        self.reader.join(timeout=LIMIT)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def kill(self):
        """As kill -9: nothing is said, nothing is flushed."""
        self.process.kill()
        self.wait()

    def stop(self):
        """SIGTERM; the exit code must be 0 (a sanitizer's complaint is another one)."""
        self.signal(signal.SIGTERM)
        code = self.wait()
        if code != 0:
            raise AssertionError("spard ended with %s:\n%s" % (code, "".join(self.log[-60:])))

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        for peer in self.peers:
            peer.close()
        try:
            if self.process.poll() is None:
                if kind is None:
                    self.stop()
                else:
                    self.kill()
        finally:
            self.claim.close()
            if kind is not None:
                sys.stderr.write("".join(self.log[-40:]))
            if self.own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)


def dense(events):
    """Whether events are numbered without a gap from the first one's n."""
    return [e["n"] for e in events] == list(range(events[0]["n"], events[0]["n"] + len(events)))


def pack_bodies(phases=5, items=2):
    """The public and the panel's body of a small pack: items "p-i", facts and curveballs "…-0" and "…-1"."""
    names = ["clarify", "sketch", "design", "defend", "close"][:phases]
    every = [(p, i) for p in range(phases) for i in range(items)]
    public = {
        "v": 1, "framework_id": "test", "framework_title": "A framework for tests", "source": "",
        "id": "test-prompt", "title": "A prompt for tests", "level": "", "prompt": "Design something.",
        "failure_share": 30, "phrases": [],
        "phases": [{"id": name, "title": name.title(), "goal": "", "opening": [], "failure": name == "defend"}
                   for name in names],
        "plans": [{"id": "long", "title": "Long", "budgets": [60000] * phases, "spare": 0},
                  {"id": "short", "title": "Short", "budgets": [30000] * phases, "spare": 0}],
        "items": [{"id": "%s-%d" % (names[p], i), "title": "Item %d" % i, "heading": "", "phase": p,
                   "group": "question"} for p, i in every],
        "flags": [{"id": "flag-0", "title": "A red flag", "kind": "red-flag"}],
        "alarms": [], "tools": [],
    }
    panel = {
        "v": 1,
        "phases": [{"watch": "Watch this."} for _ in names],
        "items": [{"strong": "A strong answer."} for _ in every],
        "flags": [{"fix": "Ask for it."}],
        "facts": [{"id": "fact-%d" % i, "asked": "Asked?", "text": "Fact %d." % i} for i in range(2)],
        "curveballs": [{"id": "curve-%d" % i, "phase": 0, "text": "And now %d?" % i, "strong": "Stay calm."}
                       for i in range(2)],
        "followups": [], "walkthrough": [],
    }
    return msgpack.packb(public, use_bin_type=True), msgpack.packb(panel, use_bin_type=True)
