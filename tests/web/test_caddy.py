# SPDX-License-Identifier: ISC
"""Purpose: contrib/Caddyfile with Caddy itself: a browser hosts and marks through it beside a terminal client on the
server's own port, the server learns the browser's address, and the page keeps the line busy and comes back after Caddy
was gone. Skips where there is no caddy (Debian's package; its service need not run)."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

from browser import SOURCE, Browser, need_browser
from ports import own_port
from support import LIMIT, Stage, check, equal, main, until
from test_group import press
from web_peer import Raw

CADDY = shutil.which("caddy")
PROXY_IDLE_MS = 60000  # after so long without a byte many proxies close a WebSocket


class Caddy:
    """Caddy with our Caddyfile, in which only names, ports and who signs the certificate differ."""

    def __init__(self, folder, port, server):
        text = open(os.path.join(SOURCE, "contrib", "Caddyfile")).read()
        check("\nspar.example {" in text and "https://127.0.0.1:7447 {" in text, "what is put in place of the example's names")
        text = text.replace("\nspar.example {", f"\nhttps://127.0.0.1:{port} {{\n\ttls internal").replace("https://127.0.0.1:7447 {", f"https://{server} {{")
        self.config = os.path.join(folder, "Caddyfile")
        with open(self.config, "w") as out:
            out.write("{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\tservers {\n\t\tprotocols h1 h2\n\t}\n}\n" + text)
        self.folder, self.process = folder, None

    def start(self):
        self.process = subprocess.Popen([CADDY, "run", "--config", self.config, "--adapter", "caddyfile"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder, "HOME": self.folder})

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(LIMIT)


def test_caddy():
    need_browser()
    if not CADDY:
        print("no caddy")
        sys.exit(77)
    port, claim = own_port()
    folder = tempfile.mkdtemp(prefix="spar-caddy.")
    caddy = None
    try:
        with Stage(options=["--public", f"127.0.0.1:{port}", "--proxy", "127.0.0.1"], start=False) as stage, Browser() as page:
            caddy = Caddy(folder, port, stage.server.listen)
            own = stage.server.listen
            stage.server.start()
            link = stage.server.link
            equal(link.split("/")[2], f"127.0.0.1:{port}", "whom the link names")
            caddy.start()

            def answers():
                try:
                    return Raw(("127.0.0.1", port)).get("/", Connection="close")[0] == 200
                except (OSError, EOFError):  # Caddy is not there yet
                    return False

            until(answers, "the page through Caddy")
            page.open(link)
            page.enter("Robin")
            page.until("return document.querySelectorAll('option').length > 0", "the shelf")
            press(page, "Open the room")
            page.until("return window.spar.app.state && window.spar.app.state.stage === 'lobby'", "the room")
            until(lambda: "peer=127.0.0.1:0 " in stage.server.text(), "the address that Caddy gave in the log")
            # A terminal client goes to the server's own port: Caddy has another key than the pin.
            candidate = page.run("return window.spar.app.links[0].link")
            sasha = stage.join(candidate.replace(f"127.0.0.1:{port}", own), "Sasha")
            page.until("return window.spar.app.state.seats.length === 2", "both in the room")
            page.sure("Start")
            page.running()
            sasha.event(do="clock.start")
            refused = stage.spar("join", candidate, "--batch", name="Eve")
            check(refused.returncode != 0, "spar by Caddy's name")
            # The page says something often enough, and comes back when the proxy does.
            equal(page.run("return window.spar.app.core.tables.limits.ping_every_ms < arguments[0]", PROXY_IDLE_MS), True, "pings")
            pings = page.run("return window.spar.app.link.pings")
            page.until("return window.spar.app.link.pings > arguments[0]", "another ping", pings)
            caddy.stop()
            page.until("return document.body.innerText.includes('again in')", "the page cut off")
            caddy.start()
            page.until("return window.spar.app.pill.word === 'live'", "the page back")
            sasha.do("talk.say", text="Through Caddy")
            page.until("return document.body.innerText.includes('Through Caddy')", "a line")
            sasha.end()
    finally:
        if caddy and caddy.process:
            caddy.stop()
        claim.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(globals())
