# SPDX-License-Identifier: ISC
"""
Purpose: a real browser for tests of the page: Debian's chromium by its driver, headless, each with a profile of
its own, which is a person's key. Skips (77) where there is no chromium, or the build is sanitized.
"""

import os
import shutil
import sys
import tempfile

SOURCE = os.environ["SPAR_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "scenario"))

from support import SANITIZED, until  # noqa: E402

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    webdriver = None
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--ignore-certificate-errors", "--disable-dev-shm-usage")


def need_browser():
    """Ends the test as skipped where there is none; on the release build alone."""
    if SANITIZED or not webdriver or not CHROMIUM or not DRIVER:
        print("no chromium with its driver and python3-selenium, or a sanitized build")
        sys.exit(77)


class Browser:
    """One person's browser. `errors` of its console end a test that looks at them."""

    def __init__(self, size=(1280, 800), profile=None):
        self.own = profile is None
        self.profile = profile or tempfile.mkdtemp(prefix="spar-browser.")
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={self.profile}", "--window-size=%d,%d" % size):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()
        if self.own:
            shutil.rmtree(self.profile, ignore_errors=True)

    def open(self, link):
        self.driver.get(link)
        return self

    def run(self, script, *arguments):
        """The value of a script in the page: `return …`."""
        return self.driver.execute_script(script, *arguments)

    def text(self):
        return self.run("return document.body.innerText")

    def until(self, script, what, *arguments):
        return until(lambda: self.run(script, *arguments), f"{what}; the page says {self.text()!r}")

    def errors(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def picture(self, path):
        self.driver.save_screenshot(path)

