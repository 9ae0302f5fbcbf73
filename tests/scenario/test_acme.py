# SPDX-License-Identifier: ISC
"""
Purpose: a certificate from an authority by ACME, renewed with the key kept, as README and spard(8) advise: an ACME
client's hook sends SIGHUP, the server shows the new certificate without a break, the pin in the links still holds, and
the server's own look at its link says that it opens without a warning. Renewed with another key the links are worthless,
and the server says so. Skips (77) where there is no pebble (an authority for tests) or no dehydrated (a client).
"""

import base64
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from ports import own_port
from support import LIMIT, Stage, check, equal, main, until

HOOK = """#!/bin/sh
[ "$1" != deploy_cert ] || [ ! -s "{pid}" ] || kill -HUP "$(cat "{pid}")"
"""
CLIENT = """CA="https://127.0.0.1:{port}/dir"
CHALLENGETYPE="http-01"
WELLKNOWN="{folder}/challenges"
KEY_ALGO=prime256v1
PRIVATE_KEY_RENEW="{renew}"
HOOK="{folder}/hook"
CURL_OPTS="--cacert {folder}/api.crt"
"""


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, check=True, capture_output=True, timeout=LIMIT).stdout


class Authority:
    """Pebble: it takes everybody's word for a name, and signs under a root of its own."""

    def __init__(self, folder):
        os.makedirs(folder)
        self.folder, self.environment = folder, {**os.environ, "PEBBLE_VA_ALWAYS_VALID": "1", "PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
        (self.port, claim), (self.manage, other) = own_port(), own_port()
        self.claims = claim, other
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.path("api.key"), "-out", self.path("api.crt"))
        with open(self.path("pebble.json"), "w", encoding="ascii") as file:
            json.dump({"pebble": {"listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.manage}", "httpPort": 1, "tlsPort": 1,
                                  "certificate": self.path("api.crt"), "privateKey": self.path("api.key"), "ocspResponderURL": ""}}, file)
        self.process = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        self.process = subprocess.Popen(["pebble", "-config", self.path("pebble.json")], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        root = until(self.root, "the authority's root")
        with open(self.path("root.pem"), "wb") as file:
            file.write(root)
        return self

    def root(self):
        try:
            trusts = ssl.create_default_context(cafile=self.path("api.crt"))
            return urllib.request.urlopen(f"https://127.0.0.1:{self.manage}/roots/0", context=trusts, timeout=LIMIT).read()
        except urllib.error.URLError:
            return None

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(LIMIT)
        for claim in self.claims:
            claim.close()


class Client:
    """dehydrated, for the name localhost."""

    def __init__(self, authority):
        self.folder, self.port = authority.folder, authority.port
        os.makedirs(authority.path("challenges"))
        with open(authority.path("hook"), "w", encoding="ascii") as file:
            file.write(HOOK.format(pid=authority.path("pid")))
        os.chmod(authority.path("hook"), 0o700)
        self.certificate, self.key = (authority.path(f"certs/localhost/{name}.pem") for name in ("fullchain", "privkey"))
        self.call("--register", "--accept-terms")

    def call(self, *words, renew="no"):
        with open(os.path.join(self.folder, "config"), "w", encoding="ascii") as file:
            file.write(CLIENT.format(port=self.port, folder=self.folder, renew=renew))
        done = subprocess.run(["dehydrated", "--config", os.path.join(self.folder, "config"), *words], capture_output=True, text=True, timeout=LIMIT, check=False)
        check(done.returncode == 0, f"dehydrated {words}: {done.stdout[-2000:]} {done.stderr[-2000:]}")

    def fetch(self, **how):
        self.call("--cron", "--domain", "localhost", "--force", **how)


def shown(stage):
    """What the server shows now: its serial number, and its key's pin as links have it."""
    seen = subprocess.run(["openssl", "s_client", "-connect", stage.server.listen, "-alpn", "spar/1"], input=b"", capture_output=True, timeout=LIMIT, check=False).stdout
    public = openssl("pkey", "-pubin", "-outform", "DER", data=openssl("x509", "-noout", "-pubkey", data=seen))
    pin = base64.urlsafe_b64encode(hashlib.sha256(public).digest()).rstrip(b"=").decode()
    return openssl("x509", "-noout", "-serial", data=seen), pin


def pin_of(link):
    return link.rpartition(".")[2]


def renewed(stage, client, **how):
    """The client's hook has told the server, which has taken the certificate."""
    before = stage.server.text().count("certificate.loaded")
    client.fetch(**how)
    until(lambda: stage.server.text().count("certificate.loaded") > before, "the certificate taken")


def test_renewed():
    missing = [one for one in ("pebble", "dehydrated", "curl") if not shutil.which(one)]
    if missing:
        print(f"no {', '.join(missing)}")
        sys.exit(77)
    with Stage(start=False) as stage, Authority(stage.path("acme")) as authority:
        client = Client(authority)
        client.fetch()
        os.environ["SSL_CERT_FILE"] = authority.path("root.pem")
        port = stage.server.listen.rpartition(":")[2]
        stage.server.options = ["--cert", client.certificate, "--key", client.key, "--public", f"localhost:{port}"]
        stage.server.start()
        with open(authority.path("pid"), "w", encoding="ascii") as file:
            file.write(str(stage.server.process.pid))
        until(lambda: "link.tried" in stage.server.text(), "the server's look at its own link")
        check(re.search(r"link\.tried .*opens", stage.server.text()), f"a link without a warning: {stage.server.text()}")
        host = stage.host()
        ben = stage.join(host.link("candidate"), "Ben")
        host.event(do="seat.join", name="Ben")
        first, pin = shown(stage)
        equal(pin, pin_of(host.link("coach")), "the pin in the links")
        renewed(stage, client)
        second, again = shown(stage)
        check(first != second, "another certificate")
        equal(again, pin, "the key's pin")
        ben.do("talk.say", text="nothing has happened")
        host.event(do="talk.say", text="nothing has happened")
        kim = stage.join(host.link("coach"), "Kim")
        host.event(do="seat.join", name="Kim")
        renewed(stage, client, renew="yes")
        check(shown(stage)[1] != pin, "another key")
        check("certificate.new_key" in stage.server.text(), "the log says what that means for the links")
        ben.do("talk.say", text="who is in stays in")
        host.event(do="talk.say", text="who is in stays in")
        done = stage.spar("join", host.link("coach"), "--batch", name="Ada")
        check(done.returncode != 0 and "key" in done.stderr, f"a link with the pin of the key before: {done.stderr}")
        for one in (ben, kim, host):
            one.end()


main(globals())
