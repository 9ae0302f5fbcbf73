# SPDX-License-Identifier: ISC
"""
Purpose: a small browser for scenario tests: requests over TLS with ALPN http/1.1, and a page's WebSocket with its
signed hello. Written from PROTOCOL.md and RFC 6455, without any of the server's code.
"""
import base64
import hashlib
import os
import socket
import ssl
import struct
import subprocess

import msgpack
from spar_peer import LIMIT, frame

BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


class Raw:
    """A TLS connection that says what it is told to. address: (host, port); raw: a socket that is connected to it."""

    def __init__(self, address, alpn="http/1.1", before=b"", raw=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if alpn:
            context.set_alpn_protocols([alpn])
        raw = raw or socket.create_connection(address, LIMIT)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.sendall(before)
        self.socket = context.wrap_socket(raw)
        self.host = "%s:%d" % address
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)

    def more(self):
        """Reads on; False at the end."""
        try:
            data = self.socket.recv(65536)
        except (ssl.SSLEOFError, ConnectionResetError):
            data = b""
        self.buffer += data
        return bool(data)

    def until(self, size):
        while len(self.buffer) < size:
            if not self.more():
                raise EOFError(self.buffer)
        part, self.buffer = self.buffer[:size], self.buffer[size:]
        return part

    def rest(self):
        """Everything up to the end of the connection."""
        while self.more():
            pass
        return self.buffer

    def answer(self, body=True):
        """Reads one answer: status, headers in lower case, body."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                raise EOFError(self.buffer)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", 0)) if body else 0
        return int(first.split(" ")[1]), headers, self.until(size)

    def get(self, path, method="GET", **headers):
        lines = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.send(f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode())
        return self.answer(method == "GET")

    def close(self):
        self.socket.close()


def make_page_key(folder, name):
    """A page's key: the path of its PEM and its SubjectPublicKeyInfo."""
    path = os.path.join(folder, name + ".page.pem")
    if not os.path.exists(path):
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path], check=True)
    public = subprocess.run(["openssl", "ec", "-in", path, "-pubout", "-outform", "DER"], check=True,
                            capture_output=True).stdout
    return path, public


def raw_signature(path, statement):
    """r and s, as WebCrypto gives them."""
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", path], input=statement, check=True,
                         capture_output=True).stdout
    at, numbers = 2, []
    for _ in range(2):
        size = der[at + 1]
        numbers.append(der[at + 2:at + 2 + size].lstrip(b"\0").rjust(32, b"\0"))
        at += 2 + size
    return b"".join(numbers)


class Page(Raw):
    """A WebSocket. Frames of ours go in frames of it; `piece` cuts them into fragments of so many bytes."""

    def __init__(self, address, origin=None, piece=None, raw=None):
        super().__init__(address, raw=raw)
        self.origin, self.piece, self.stream, self.closed = origin or "https://" + self.host, piece, b"", None
        key = base64.b64encode(os.urandom(16)).decode()
        self.status, headers, _ = self.get("/ws", Upgrade="websocket", Connection="Upgrade", Origin=self.origin,
                                           Sec_WebSocket_Key=key, Sec_WebSocket_Version="13")
        if self.status == 101:
            wanted = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
            assert base64.b64decode(headers["sec-websocket-accept"]) == wanted

    def put(self, opcode, payload, fin=True):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([(0x80 if fin else 0) | opcode])
        head += bytes([0x80 | size]) if size < 126 else (
            b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size))
        self.send(head + mask + bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload)))

    def say(self, **message):
        data = frame(message)
        if not self.piece:
            self.put(BINARY, data)
            return
        parts = [data[i:i + self.piece] for i in range(0, len(data), self.piece)]
        for i, part in enumerate(parts):
            self.put(BINARY if i == 0 else 0, part, i == len(parts) - 1)

    def take_frame(self):
        """One frame of the WebSocket: opcode, payload."""
        first, second = self.until(2)
        assert first & 0x70 == 0 and second & 0x80 == 0, "a server's frame has no mask and no extension"
        size = second if second < 126 else struct.unpack(">H", self.until(2))[0] if second == 126 else struct.unpack(
            ">Q", self.until(8))[0]
        return first & 15, self.until(size)

    def hear(self):
        """The next message of ours."""
        while len(self.stream) < 4 or len(self.stream) < 4 + struct.unpack(">I", self.stream[:4])[0]:
            opcode, payload = self.take_frame()
            if opcode == PING:
                self.put(PONG, payload)
            elif opcode == CLOSE:
                self.closed = payload
                raise EOFError(payload)
            elif opcode == BINARY:
                self.stream += payload
        size = struct.unpack(">I", self.stream[:4])[0]
        message, self.stream = msgpack.unpackb(self.stream[4:4 + size], raw=False), self.stream[4 + size:]
        return message

    def take(self, kind):
        while True:
            message = self.hear()
            assert message["m"] != "refused" or kind == "refused", message
            if message["m"] == kind:
                return message

    def hello(self, folder, name, spoil=0, **other):
        path, public = make_page_key(folder, name)
        nonce = self.take("challenge")["nonce"]
        statement = b"spar-hello-1\0" + nonce + hashlib.sha256(self.origin.encode()).digest()
        sign = bytearray(raw_signature(path, statement))
        sign[40] ^= spoil
        self.say(**{"m": "hello", "v": 2, "app": "web_peer", "key": public, "sign": bytes(sign), **other})
        return self.hear()
