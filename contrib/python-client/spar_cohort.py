# SPDX-License-Identifier: ISC
"""A place in a cohort, on top of spar_client: entering by a link, waiting for a partner, what coaches ask.

Written from protocol/PROTOCOL.md, section 13, alone. Not for several threads.
"""
import time

import msgpack

from spar_client import PING_EVERY, Connection, Member, Refused, parse_link

LOBBY = "lobby0000000"  # that of a server's host link
STUDENTS, COACHES = 2, 3
EITHER, INTERVIEWER, CANDIDATE = 0, 1, 2
HOUR = 60 * 60 * 1000


class Cohort:
    """`enter` first; after a lost connection once more, without more ado: the key is known by then.

    What comes unasked (`queue`, `matched`, `listed`, `asked`, `reported`) is handed out by `next`, in order.
    """

    def __init__(self, link, key, name="Python", timeout=10.0):
        self.link = parse_link(link) if isinstance(link, str) else link
        self.cohort = LOBBY if self.link.room == "host" else self.link.room
        self.key, self.name, self.timeout = key, name, timeout
        self.connection, self.role, self.member, self.packs = None, None, None, b""
        self._last, self._news, self._pinged, self._planned = 0, [], 0.0, {}

    def enter(self):
        """Connects and enters. `role`, `member` and `packs` (32 bytes each) are known afterwards."""
        self.close()
        self.connection = Connection(self.link, self.key, self.timeout)
        self.connection.hello()
        self._pinged = time.monotonic()
        entered, _ = self.ask("enter", "entered", secret=self.link.secret, name=self.name)
        self.role, self.member, self.packs = entered["role"], entered.get("member", 0), entered.get("packs", b"")
        return self

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def _receive(self, timeout):
        """The next message but answers to pings, which go out when it is time; TimeoutError: none came."""
        limit = time.monotonic() + timeout
        while True:
            due = self._pinged + PING_EVERY - time.monotonic()
            if due <= 0:
                self._pinged = time.monotonic()
                self.connection.send("ping", t=int(self._pinged * 1000))
                continue
            try:
                message = self.connection.receive(max(min(limit - time.monotonic(), due), 0))
            except TimeoutError:
                if time.monotonic() >= limit:
                    raise
                continue
            if message["m"] == "planned" and message.get("cohort") == self.cohort:
                self._planned = message
            if message["m"] != "pong":
                return message

    def put(self, kind, **fields):
        """Sends a question about this cohort and returns its number."""
        self._last += 1
        self.connection.send(kind, id=self._last, cohort=self.cohort, **fields)
        return self._last

    def ask(self, kind, answer="end", **fields):
        """The answer to a question, and the lines of a list that came before it. Raises Refused."""
        number, lines = self.put(kind, **fields), []
        while True:
            message = self._receive(self.timeout)
            if message["m"] in ("refused", "error") and message.get("id", 0) in (0, number):
                raise Refused(message)
            if message.get("id") != number:
                self._news.append(message)
            elif message["m"] == answer:
                return message, lines
            else:
                lines.append(message)

    def next(self, *kinds, timeout=None):
        """The next message that nobody asked for, of these kinds or of any; those before it are dropped."""
        limit = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            message = self._news.pop(0) if self._news else self._receive(max(limit - time.monotonic(), 0))
            if message["m"] == "refused" and message.get("cohort") in (None, self.cohort) and "refused" not in kinds:
                raise Refused(message)
            if not kinds or message["m"] in kinds:
                return message

    # ---- waiting for a partner ----

    def offer(self, pack, panel):
        """Gives the cohort a prompt, both bodies encoded; its number among the cohort's."""
        return self.ask("offer", pack=pack, panel=panel)[0]["count"]

    def pair(self, packs, role=EITHER, level=0, minutes=0, wait=HOUR, **more):
        """Waits in the queue, or asks for something else there; packs: bits by number. `queue` and `matched` follow."""
        return self.put("pair", packs=packs, role=role, level=level, minutes=minutes, wait=wait, **more)

    def unpair(self):
        return self.put("unpair")

    def join(self, room, **options):
        """The seat that is kept for this key in a room of the cohort: a Member that is connected."""
        return Member(self.link._replace(room=room, secret=""), self.key, self.name, **options).connect()

    def avoid(self, room, on=True):
        """Never again to be paired with the partner of that room; nobody is told."""
        self.ask("avoid", room=room, on=on)

    def report(self, room, text, moment=0):
        """Tells the coaches of a room; moment: room time that it is about."""
        self.ask("report", room=room, text=text, moment=moment)

    # ---- the group's next evening; another key ----

    def evening(self, start=-1, minutes=0, text=""):
        """What is set, as `planned` tells it ({} if nothing is); start (ms since 1970), minutes and text set it, as a coach
        may; start 0 calls it off."""
        more = {"minutes": minutes, "text": text} if start > 0 else {}
        self.ask("evening", start=start, **more)
        if start >= 0:
            self._until(lambda: self._planned.get("start", 0) == start)
        return self._planned if self._planned.get("start") else {}

    def coming(self, on=True):
        """Says whether one comes to the evening that is set."""
        self.ask("coming", start=self.evening()["start"], on=on)
        self._until(lambda: self._planned.get("mine") == (1 if on else 2))

    def _until(self, told):
        limit = time.monotonic() + self.timeout
        while not told():
            self._news.append(self._receive(max(limit - time.monotonic(), 0)))

    def move_link(self, member=-1):
        """A link by which this member (a coach: any) moves to another key, at its first use within a day."""
        passed = self.ask("pass", "passed", member=member)[0]
        return self.link._replace(role="coaches" if passed["role"] == COACHES else "students", secret=passed["secret"])

    # ---- lists, and what coaches may ----

    def sessions(self):
        return self.ask("sessions")[1]

    def mine(self):
        """What the cohort's log has of this member: events, oldest first."""
        return [msgpack.unpackb(own["event"], raw=False) for own in self.ask("mine")[1]]

    def roster(self):
        return self.ask("roster")[1]

    def reports(self):
        return self.ask("reports")[1]

    def make_link(self, role=STUDENTS, **bounds):
        """A new link: its `link` (number) and `secret`. bounds: asks, uses, until."""
        return self.ask("link", "linked", role=role, **bounds)[0]

    def withdraw(self, link):
        self.ask("withdraw", link=link)

    def admit(self, member, on=True):
        """Lets a member in, or suspends it."""
        self.ask("admit", member=member, on=on)
