# SPDX-License-Identifier: ISC
"""
Purpose: axe-core, which finds what a program can find of barriers in a page. It is no part of this tree: it is fetched
once by npm into the build folder, and where the registry cannot be reached there is none.
"""

import os
import shutil
import subprocess
import tarfile

VERSION = "4.14.1"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

FIND = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']}).then(
    (all) => done(all.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160) + ' ' +
        (node.any[0] ? node.any[0].message : '')).slice(0, 3).join(' | ')}`)), (error) => done(['axe: ' + error]));
"""


def source():
    """axe.min.js as text; None: it cannot be had here, and `why` says so."""
    kept = os.path.join(os.environ["SPAR_BUILD"], "axe-core-" + VERSION + ".tgz")
    if not os.path.exists(kept):
        if not shutil.which("npm"):
            return None, "no npm"
        fresh = kept + ".new"
        os.makedirs(fresh, exist_ok=True)
        try:
            done = subprocess.run(["npm", "pack", "axe-core@" + VERSION, "--silent"], cwd=fresh, capture_output=True,
                                  text=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return None, "npm's registry does not answer"
        if done.returncode != 0:
            return None, f"npm's registry cannot be reached: {done.stderr[-200:]}"
        os.replace(os.path.join(fresh, "axe-core-" + VERSION + ".tgz"), kept)
    with tarfile.open(kept) as archive:
        return archive.extractfile("package/axe.min.js").read().decode(), ""


def findings(page, code):
    """What axe finds on the page as it is, light and dark; the page's policy lets no script in, the driver does."""
    found = []
    for scheme in ("light", "dark"):
        page.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
        page.drawn()
        page.run("if (!window.axe) { " + code + "; window.axe = window.axe || axe; }")
        found += [f"{scheme}: {one}" for one in page.driver.execute_async_script(FIND, TAGS)]
    page.media()
    return found
