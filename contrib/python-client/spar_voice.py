# SPDX-License-Identifier: ISC
"""Voice for spar_client.Member: who is on, and what two programs tell each other to speak. No sound goes this way."""
import time


class Speaks:
    """What a member can do about voice. What comes in is `voiced`, `ways` and `signalled`."""

    _next_voice = 3_000_000_000  # no command has such a number

    def voice(self, on=True, muted=False, tag=1):
        """Turns this seat's voice on or off. Returns the id that the answer, `ways` or `refused`, will name."""
        self._next_voice += 1
        self.connection.send("voice", room=self.link.room, id=self._next_voice, on=on, muted=muted, tag=tag)
        return self._next_voice

    def signal(self, seat, data):
        """Sends bytes to the voice of a seat. Returns the id that a refusal would name."""
        self._next_voice += 1
        self.connection.send("signal", room=self.link.room, id=self._next_voice, seat=seat, data=data)
        return self._next_voice

    def await_message(self, name, timeout=None, **fields):
        """The next message of that name with these fields that has not been given out yet."""
        limit = time.monotonic() + (self.timeout if timeout is None else timeout)
        seen = 0
        while True:
            for i, message in enumerate(self._others[seen:], seen):
                if message["m"] == name and all(message.get(key) == value for key, value in fields.items()):
                    return self._others.pop(i)
            seen = len(self._others)
            self._others.append(self._receive(limit - time.monotonic()))
