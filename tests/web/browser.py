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

from support import LIMIT, SANITIZED, until  # noqa: E402

SHOTS = os.environ.get("SPAR_SHOTS")
# While one works on the page: its files from the tree instead of the server's own.
WEB_OPTIONS = ["--web-root", os.environ["SPAR_WEB_ROOT"]] if os.environ.get("SPAR_WEB_ROOT") else []

# A page that draws so many ms late: a test that takes the state for what is drawn is found by it.
SLOW_MS = int(os.environ.get("SPAR_WEB_SLOW", "0"))
DRAWS_LATE = """{ const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (call) => setTimeout(() => ask(call), MS); window.queueMicrotask = (call) => setTimeout(call, MS); }"""

# No frame comes until it is let go on.
HOLD = "window.held = []; window.ask = window.requestAnimationFrame; window.requestAnimationFrame = (call) => window.held.push(call)"
GO_ON = "window.requestAnimationFrame = window.ask; window.held.forEach((call) => window.requestAnimationFrame(call))"

# News and presses are drawn in the next frame; a second one, since what the first has drawn may
# ask for another. A page in the back draws none.
DRAWN = "return document.hidden || new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

SCRIPT_S = 2 * LIMIT  # that a script in the page may take; half a minute, and axe on a busy machine takes longer

try:
    from selenium import webdriver
    from selenium.common.exceptions import JavascriptException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
except ImportError:
    webdriver = JavascriptException = None
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--ignore-certificate-errors", "--disable-dev-shm-usage")


def need_browser():
    """Ends the test as skipped where there is none; on the release build alone."""
    if SANITIZED or not webdriver or not CHROMIUM or not DRIVER:
        print("no chromium with its driver and python3-selenium, or a sanitized build")
        sys.exit(77)


class Person:
    """What a person does with a page, whatever browser shows it."""

    faults = ()  # what `run` raises where a script looks at something that is not there

    def until(self, script, what, *arguments):
        """Polls until the script gives something, and returns that once the page has drawn what it knew then. A script that
        fails is asked again: what it looks at may be drawn a moment later."""
        failed = []

        def holds():
            try:
                return self.run(script, *arguments)
            except self.faults as error:
                failed[:] = [str(error).split("\n", 1)[0]]
                return None
        try:
            found = until(holds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; {failed}; the page says {self.text()!r}") from error
        self.drawn()
        return found

    def drawn(self):
        """Waits until the page has drawn what it knows."""
        try:
            self.run(DRAWN)
        except self.faults:
            pass  # it goes to another page

    def state(self, path):
        return self.run(f"return window.spar.app.state && window.spar.app.state.{path}")

    def press(self, text):
        """Presses the button that begins with that text, once it is there and may be pressed."""
        self.until("""const found = [...document.querySelectorAll('button, a.btn')].find(
            (node) => node.textContent.trim().startsWith(arguments[0]) && node.getAttribute('aria-disabled') !== 'true');
            if (found) found.click(); return !!found;""", f"a button {text!r}", text)

    def click(self, where):
        """Clicks the first thing that a selector finds, once there is one."""
        self.until("const one = document.querySelector(arguments[0]); one?.click(); return !!one", where, where)

    def sure(self, text):
        """The same for a button that asks first."""
        self.press(text)
        self.press("Yes")

    def key(self, *letters, shift=False):
        """Each once what the one before has changed is drawn, as a person sees it."""
        for letter in letters:
            self.run("document.activeElement.blur(); document.body.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], "
                     "shiftKey: arguments[1], bubbles: true, cancelable: true}))", letter, shift)
            self.drawn()

    def step(self, letter, phase):
        """To another phase by a letter; Enter, where the page asks since the last step was just now."""
        self.key(letter)
        self.until("""
            if (window.spar.app.state.clock.phase === arguments[0]) return true;
            const now = performance.now();
            if (document.body.innerText.includes("again or Enter") && now - (window.sureAt || 0) > 400) {
                window.sureAt = now;
                document.body.dispatchEvent(new KeyboardEvent('keydown', {key: "Enter", bubbles: true, cancelable: true}));
            }
            return false""", f"phase {phase}", phase)

    def front(self, pane):
        """Brings a pane to the front, once it has a tab."""
        self.until("const tab = [...document.querySelectorAll('.tabs button')].find((one) => one.firstChild.data === arguments[0]);"
                   "tab?.click(); return !!tab", f"the tab {pane!r}", pane)

    def reel(self, end):
        """To an end of the replay, "min" or "max"."""
        self.until("const reel = document.querySelector('.reel input[type=range]'); if (!reel) return false; reel.value = reel[arguments[0]];"
                   "reel.dispatchEvent(new Event('input')); return true", "the replay's reel", end)

    def board(self):
        """The board in front, with the focus and so the keys."""
        self.front("Board")
        self.until("const board = document.querySelector('svg.board'); board?.focus(); return !!board && document.activeElement === board", "the board")

    def running(self):
        """Waits until the clock runs on this page."""
        self.until("return window.spar.app.state.stage === 'running'", "the clock")

    def enter(self, name):
        """Through the door, under that name."""
        self.until("""const field = document.querySelector('input[autocomplete=name]'); if (!field) return false;
            field.value = arguments[0]; field.dispatchEvent(new Event('input')); field.form.requestSubmit(); return true;""", "the door", name)

    def sit(self, link, name, role):
        """Opens a link and waits until its seat is taken."""
        self.open(link).enter(name)
        self.until("return window.spar.app.state && window.spar.app.state.role === arguments[0] && !!document.querySelector('.clock')",
                   f"the seat of the {role}", role)
        return self

    def say(self, text):
        self.until("""const field = document.getElementById('line'); if (!field) return false; field.value = arguments[0];
            field.dispatchEvent(new Event('input')); field.form.requestSubmit(); return true;""", "the line of talk", text)

    def open_room(self, link, name, prompt):
        """Opens a room from the shelf; the links of the others."""
        self.open(link).enter(name)
        self.until("const list = document.querySelector('select'); if (!list || list.options.length < 7) return false;"
                   "list.value = [...list.options].find((one) => one.textContent.startsWith(arguments[0])).value;"
                   "list.dispatchEvent(new Event('change')); return true", "the shelf", prompt)
        self.press("Open the room")
        self.until("return window.spar.app.state && window.spar.app.state.stage === 'lobby' && !!document.querySelector('.clock')", "the room")
        return self.run("return window.spar.app.links.map((one) => one.link)")


class Browser(Person):
    """One person's browser. `errors` of its console end a test that looks at them."""

    faults = (JavascriptException,)

    def __init__(self, size=(1280, 800), profile=None, flags=()):
        self.own = profile is None
        self.profile = profile or tempfile.mkdtemp(prefix="spar-browser.")
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, *flags, f"--user-data-dir={self.profile}", "--window-size=%d,%d" % size):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)
        self.driver.set_script_timeout(SCRIPT_S)
        if SLOW_MS:
            self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": DRAWS_LATE.replace("MS", str(SLOW_MS))})

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

    def type(self, *presses):
        """Keys as the browser itself gets them, each once what the one before has changed is drawn: it may open the field
        that the next one is for."""
        for press in presses:
            ActionChains(self.driver).send_keys(press).perform()
            self.drawn()

    def type_fast(self, *presses):
        """The same before a frame comes, as fast hands do on a slow machine."""
        self.run(HOLD)
        ActionChains(self.driver).send_keys(*presses).perform()
        self.run(GO_ON)

    def errors(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def errors_but(self, *known):
        return [one for one in self.errors() if not any(word in one for word in known)]

    def media(self, **features):
        """What the page is told of the screen's owner: prefers_color_scheme="dark", forced_colors="active" …"""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})

    def resize(self, width, height, scale=1):
        """The page's size in its own pixels, and the page drawn at that; 0, 0: the window's again."""
        if width:
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600})
        else:
            self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.drawn()

    def zone(self, name):
        """Where in the world the page is, by its clock."""
        self.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": name})

    def picture(self, path):
        self.driver.save_screenshot(path)

    def pictures(self, name, sizes=((360, 740), (1280, 800), (2560, 1300))):
        """With SPAR_SHOTS: the page as it is now at these sizes, light and dark."""
        if not SHOTS:
            return
        for width, height in sizes:
            self.resize(width, height)
            for scheme in ("light", "dark"):
                self.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
                self.drawn()
                self.picture(os.path.join(SHOTS, f"{name}-{width}-{scheme}.png"))
        self.resize(0, 0)
        self.media()
