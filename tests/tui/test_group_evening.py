# SPDX-License-Identifier: ISC
"""Purpose: somebody who waits for a partner sees the group's next evening, in their own zone, and says by a key that they
come, or that they do not; whoever else waits sees it at once."""
import json
import os
import subprocess
import sys
import time

from tmux_people import BIN, on_terminals, person


def spar(folder, *words):
    environment = {**os.environ, "XDG_DATA_HOME": os.path.join(folder, "kim"), "SPAR_NAME": "Kim"}
    return subprocess.run([os.path.join(BIN, "spar"), *words], env=environment, check=True, capture_output=True,
                          text=True).stdout


def play(terminals, folder, server):
    made = json.loads(spar(folder, "cohort", "new", "Data people", "--link", server.link, "--json"))
    ana = person(terminals, folder, "ana", (80, 24), "pair '%s' --role candidate --name Ana" % made["students"])
    ben = person(terminals, folder, "ben", (120, 40), "pair '%s' --role candidate --name Ben" % made["students"])
    ana.until(r"You are 1st of 2 in the queue\.|You are 2nd of 2 in the queue\.")
    assert "next evening" not in ana.screen()
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() + 86400))
    spar(folder, "cohort", "evening", when, "90", "Bring a prompt of your own")
    for one in (ana, ben):
        one.until(r"The group's next evening")
        one.until(when)
        one.until(r"Bring a prompt of your own")
    ana.keys("e")
    ana.until(r"you come; e takes it back")
    ben.until(r"1 comes: Ana")
    ben.until(r"An odd number: one is left over")
    ben.keys("e")
    ana.until(r"2 come: Ana, Ben|2 come: Ben, Ana")
    ana.until_gone(r"An odd number")
    ana.keys("e")
    ana.until(r"you do not come; e: you do")
    spar(folder, "cohort", "evening", "off")
    ana.until_gone(r"next evening")
    for one in (ana, ben):
        one.keys("q")
        one.until(r"Leave the queue\?")
        one.keys("y")
        one.until_over()


if __name__ == "__main__":
    sys.exit(on_terminals(play))
