"""Purpose: two people on terminals meet in a server's lobby, practise, turn the roles and leave; before that one of
them changes what is asked for, the server goes away and comes back, and somebody does not appear."""
import os
import subprocess
import sys

from tmux_people import BIN, on_terminals, person


def absent(folder, server):
    """Waits for a partner, is matched and never goes to the room: stopped before it can."""
    home = os.path.join(folder, "nobody")
    os.makedirs(home, exist_ok=True)
    environment = {**os.environ, "XDG_DATA_HOME": home, "LC_ALL": "C.UTF-8"}
    program = subprocess.Popen([os.path.join(BIN, "spar"), "pair", server.link, "--role", "candidate", "--minutes",
                                "any", "--batch", "--name", "Nobody"], env=environment, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    for line in program.stdout:
        if '"matched"' in line:
            break
    program.kill()
    program.wait()
    program.stdin.close()
    program.stdout.close()


def play(terminals, folder, server):
    ana = person(terminals, folder, "ana", (80, 24), "pair '%s' --role interviewer --name Ana" % server.link)
    ana.until(r"You are 1st of 1 in the queue\.")
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
    ana.until(r"You are 1st of 1 in the queue\.")

    ben = person(terminals, folder, "ben", (120, 40), "pair '%s' --role candidate --minutes any --name Ben" % server.link)
    ana.until(r"Ana, interviewer +· lobby")
    ben.until(r"Ben, candidate +· lobby")
    ana.until(r"● candidate +Ben")
    ana.keys("n", "y")
    ben.until(r"1 of 5  Clarify")
    ben.keys("!")
    ana.until(r"▲ Ben hand up")
    ana.keys("N", "y")
    ben.until(r"T turn")
    ben.keys("T")
    ben.until(r"Turn the roles before a debrief\? The sheets stay closed\.")
    ben.keys("y")
    ana.until(r"Ana, candidate +· lobby, second half")
    ben.until(r"Ben, interviewer +· lobby, second half")
    ben.until(r"● candidate +Ana")
    for terminal in (ana, ben):
        terminal.keys("q", "y")
        terminal.until_over()

    # Alone in the room: back to the queue, at its front.
    cleo = person(terminals, folder, "cleo", (80, 24), "pair '%s' --minutes any --name Cleo" % server.link)
    cleo.until(r"You are 1st of 1 in the queue\.")
    absent(folder, server)
    cleo.until(r"Your partner did not appear; you are at the front of the queue again\.")
    cleo.until(r"You are 1st of 1 in the queue\.")
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


if __name__ == "__main__":
    sys.exit(on_terminals(play, "--appear-within", "3"))
