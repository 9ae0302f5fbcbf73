"""
Purpose: a relay before the server that cuts connections without a word, as a lost network does; all of
them, or some that chance picks.
"""
import select
import socket
import struct
import threading

from support import spar_client


class Cutter:
    """A relay before the server that can cut all its connections, as a lost network does."""

    def __init__(self, address):
        self.target, self.pairs, self.lock = address, [], threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = self.door.getsockname()
        self.cuts, self.open = 0, True
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while self.open:
            try:
                near, _ = self.door.accept()
            except OSError:
                continue
            try:
                far = socket.create_connection(self.target)
            except OSError:  # the server is away, and that is told at once
                self._reset(near)
                continue
            with self.lock:
                self.pairs.append((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                for end in select.select([near, far], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    other[end].sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.pairs = [pair for pair in self.pairs if pair != (near, far)]
            self._reset(near, far)

    @staticmethod
    def _reset(*ends):
        for end in ends:
            try:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self, pick=lambda _: True):
        """Cuts those that `pick` says yes to; it is asked once for each that is open."""
        with self.lock:
            pairs = [pair for pair in self.pairs if pick(pair)]
            self.pairs = [pair for pair in self.pairs if pair not in pairs]
        for near, far in pairs:
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.cuts += len(pairs)

    def close(self):
        self.open = False
        self.cut()
        self.door.close()

    def through(self, link):
        """The link, leading through this relay."""
        parsed = spar_client.parse_link(link)
        return link.replace(f"{parsed.host}:{parsed.port}", f"{self.address[0]}:{self.address[1]}")
