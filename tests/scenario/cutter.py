# SPDX-License-Identifier: ISC
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
    """A relay before the server that can cut all its connections, as a lost network does.

    Descriptors are closed by the thread that carries their bytes, with the lock held, and nobody else touches one
    without it: a number that was given away meanwhile would be somebody else's connection.
    """

    def __init__(self, address):
        self.target, self.pairs, self.lock = address, [], threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = self.door.getsockname()
        self.cuts, self.open = 0, True
        self.lets = threading.Event()  # without it bytes vanish on the way, and nobody is told
        self.lets.set()
        self.late = set()  # connections of which bytes have vanished
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

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
            self.threads.append(threading.Thread(target=self._carry, args=(near, far), daemon=True))
            self.threads[-1].start()

    def _carry(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                for end in select.select([near, far], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    if self._passes(near, far):
                        other[end].sendall(data)
        except OSError:
            pass
        finally:
            with self.lock:
                self.pairs = [pair for pair in self.pairs if pair != (near, far)]
                self._reset(near, far)

    def _passes(self, near, far):
        """Whether there is a network; else the connection has lost bytes, which is noted before the network is back."""
        with self.lock:
            if not self.lets.is_set():
                self.late.add((near, far))
            return self.lets.is_set()

    @staticmethod
    def _shut(end):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    @classmethod
    def _reset(cls, *ends):
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            cls._shut(end)
            end.close()

    def cut(self, pick=lambda _: True):
        """Cuts those that `pick` says yes to; it is asked once for each that is open."""
        with self.lock:
            pairs = [pair for pair in self.pairs if pick(pair)]
            self.pairs = [pair for pair in self.pairs if pair not in pairs]
            for near, far in pairs:
                self._shut(near)
                self._shut(far)
        self.cuts += len(pairs)

    def lose(self):
        """From now on all that is sent vanishes, as where a network is gone; connections stay open."""
        self.lets.clear()

    def find(self):
        """The network is there again. What was on its way is lost, and so are the connections that lost it."""
        with self.lock:
            self.lets.set()
            late, self.late = self.late, set()
        self.cut(lambda pair: pair in late)

    def close(self):
        self.open = False
        self._shut(self.door)  # which ends the wait for somebody to come
        self.threads[0].join()
        self.cut()
        for thread in self.threads[1:]:
            thread.join()
        self.door.close()

    def through(self, link):
        """The link, leading through this relay."""
        parsed = spar_client.parse_link(link)
        return link.replace(f"{parsed.host}:{parsed.port}", f"{self.address[0]}:{self.address[1]}")
