# SPDX-License-Identifier: ISC
"""Purpose: two people on terminals meet in a server's lobby, practise, turn the roles and leave; before that one of
them changes what is asked for, the server goes away and comes back, and somebody does not appear."""
import os
import sys

from tmux_people import on_terminals, person

sys.path.insert(0, os.path.join(os.environ["SPAR_SOURCE"], "tests", "scenario"))
from support import LIMIT, never_comes, spar_client  # noqa: E402

LOBBY = "lobby0000000"


def play(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24), "pair '%s' --role interviewer --name Ana" % server.link)
    ana.until(r"You are the only one in the queue\.")
    ana.until(r"^ ›r role      interviewer")

    # A wish is a draft until Enter.
    ana.keys("m")
    ana.until(r"m length    60 minutes")
    ana.until(r"Enter ask for this")
    ana.keys("m", "m", "Enter")
    ana.until(r"m length    any length")
    ana.until_gone(r"Enter ask for this")

    # The place is kept while the server is away.
    assert server.stop() == 0
    ana.until(r"cut off, again in \d+ s")
    server.restart()
    ana.until(r"Connected again; your place was kept\.")
    ana.until(r"You are the only one in the queue\.")

    ben = person(terminals, folder, "ben", (120, 40), "pair '%s' --role candidate --minutes any --name Ben" % server.link)
    ana.until(r"Ana, interviewer +· waiting")
    ben.until(r"Ben, candidate +· waiting")
    ana.until(r"● candidate +Ben")
    ana.keys("n", "y")
    ben.until(r"1 of 5  Clarify")
    ben.keys("!")
    ana.until(r"▲ Ben hand up")
    ana.keys("N", "y")
    ben.until(r"T turn")
    ben.keys("T")
    ben.until(r"Ask to turn the roles\? No debrief: sheets and notes stay closed\.  y yes  n no")
    ben.keys("y")
    # It needs both: she declines, is asked again, and then agrees.
    ana.until(r"Ben asks to turn the roles; T answers\.")
    ben.until(r"Asked to turn the roles; the other has to agree\.")
    ana.keys("T")
    ana.until(r"Turn the roles\? Sheets and notes stay closed\.  y agree  n decline  Esc later")
    ana.keys("n")
    ana.until_gone(r"Ben asks to turn the roles")
    ben.until_gone(r"Asked to turn the roles; the other has to agree\.")
    ben.until(r"Ana has declined to turn the roles; they stay\.")
    ben.keys("T", "y")
    ana.until(r"Ben asks to turn the roles; T answers\.")
    ana.keys("T", "y")
    ana.until(r"Ana, candidate +· waiting, second half")
    ben.until(r"Ben, interviewer +· waiting, second half")
    ben.until(r"● candidate +Ana")
    for terminal in (ana, ben):
        terminal.keys("q", "y")
        terminal.until_over()


def alone(terminals, folder, server):
    """In the room without the partner: back to the queue, at its front. False: this machine was too slow to be there."""
    key = spar_client.make_key(os.path.join(folder, "nobody.pem"))
    cleo = person(terminals, folder, "cleo", (80, 24), "pair '%s' --minutes any --name Cleo" % server.link)
    cleo.until(r"You are the only one in the queue\.")
    nobody = spar_client.Connection(spar_client.parse_link(server.link), key, LIMIT)
    nobody.hello()
    never_comes(nobody, LOBBY, server.link, "Nobody")
    said = cleo.until(r"Your partner did not appear; you are at the front of the queue again\.|You did not appear")
    nobody.close()
    if said.group(0) == "You did not appear":
        return False
    cleo.until(r"You are the only one in the queue\.")
    # Not again with somebody who did not come; the key goes when that is said.
    cleo.until(r"n not again")
    cleo.keys("n")
    cleo.until(r"Not again with Nobody\? Nobody is told\.  y yes  n no")
    cleo.keys("y")
    cleo.until(r"You are not paired with Nobody again\. Nobody is told\.")
    cleo.until_gone(r"n not again")
    # Esc is soon pressed: a place is given up only after a question.
    cleo.keys("?")
    cleo.until(r"q Esc +Leave the queue; asks first")
    cleo.keys("Space", "Escape")
    cleo.until(r"Leave the queue\? Your place is given up\.  y yes  n no")
    cleo.keys("n")
    cleo.until_gone(r"Leave the queue\?")
    cleo.keys("q")
    cleo.until(r"Leave the queue\?")
    cleo.keys("y")
    cleo.until_over()
    return True


def main():
    on_terminals(play, "--appear-within", "3600")
    for seconds in ("2", "10", "45"):
        if on_terminals(alone, "--appear-within", seconds):
            return 0
    raise AssertionError("Cleo was never in time")


if __name__ == "__main__":
    sys.exit(main())
