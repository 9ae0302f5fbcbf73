# SPDX-License-Identifier: ISC
"""Purpose: people on terminals: each with a home of their own, in a room of one server."""
import os
import re
import tempfile
import time

from tmux_screen import LIMIT, Server, Terminals

BIN = os.environ["SPAR_BIN"]
SOURCE = os.environ["SPAR_SOURCE"]


def person(terminals, folder, name, size, words, home=None, term="screen-256color"):
    """`spar WORDS` on a new terminal. home: whose keys and recordings; the name's own if not given."""
    home = os.path.join(folder, home or name)
    os.makedirs(home, exist_ok=True)
    environment = {"XDG_DATA_HOME": home, "HOME": home, "LC_ALL": "C.UTF-8",
                   "SPAR_PACKS": os.environ["SPAR_PACKS"]}
    # tmux sets TERM after the environment that it is given.
    command = "env TERM=%s %s %s" % (term, os.path.join(BIN, "spar"), words)
    return terminals.open(name, size[0], size[1], command, environment)


def golden(name, terminal):
    """Waits until the screen is the golden file's, since it may be looked at in the middle of a drawing. What
    differs from run to run is made the same: the room's id and the error of the clock."""
    def screen():
        text = re.sub(r"\broom [a-z0-9]{12}\b", "room abcdefghijkl", terminal.screen())
        return re.sub(r" +. live( .*ms)?$", "  live", text, flags=re.MULTILINE)

    path = os.path.join(SOURCE, "tests", "golden", name)
    if os.environ.get("SPAR_UPDATE_GOLDEN"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(screen())
    with open(path, encoding="utf-8") as file:
        expected = file.read()
    end = time.monotonic() + LIMIT
    while (seen := screen()) != expected:
        assert time.monotonic() < end, "%s differs; the screen is:\n%s" % (name, seen)
        time.sleep(0.02)


def links_of(host):
    """The links as plain lines, as a person would copy them."""
    host.keys("@")
    host.until(r"Press Esc or any other key to go back")
    links = {}
    for role in ("candidate", "coach"):
        links[role] = host.until_whole(r"^https://\S+#%s\.[\w-]{22}\.[\w-]{43}(?![\w-])" % role).group(0)
    host.keys("Escape")
    host.until(r"\[Room\]")
    return links


def on_terminals(play, *options):
    """Calls play(terminals, folder, server) and takes everything down; gives what it gave."""
    terminals = Terminals()
    server = Server(BIN, *options)
    try:
        with tempfile.TemporaryDirectory(prefix="spar-tui-home-") as folder:
            result = play(terminals, folder, server)
            terminals.close()
    finally:
        terminals.close()
        code = server.close()
    assert code == 0, "spard ended with %d" % code
    return result
