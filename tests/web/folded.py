# SPDX-License-Identifier: ISC
"""Purpose: one recording by three cores: a page's, Node's and the native one fold it to the same digest; and the page's
reports of it are those of `spar report`, byte for byte."""

import base64
import os
import subprocess

from browser import SOURCE
from support import BIN, check, equal

BUILD = os.environ["SPAR_BUILD"]
NODE = """
import { readFileSync } from "node:fs";
const { openCore } = await import(process.argv[1] + "/client/web/core.js");
const core = await openCore(readFileSync(process.argv[2] + "/client/web/core.wasm"));
const replay = core.replay(new Uint8Array(readFileSync(process.argv[3])));
console.log(replay.seek(replay.about.last_at).digest());
"""
IN_PAGE = """
const done = arguments[arguments.length - 1];
const { app } = window.spar;
const bytes = Uint8Array.from(atob(arguments[0]), (one) => one.charCodeAt(0));
const replay = app.core.replay(bytes);
const digest = replay.seek(replay.about.last_at).digest();
replay.free();
import("/app/report.js").then(async ({ report }) => {
    const all = {};
    for (const format of arguments[1]) all[format] = await report(bytes, format);
    done({ digest, all });
}).catch((error) => done({ error: String(error) }));
"""


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, **more).stdout


def saved(page, path):
    """Puts what the page has saved last (window.saved) into a file."""
    data = page.driver.execute_async_script("""const [done] = arguments; const reader = new FileReader();
        reader.onload = () => done(reader.result.split(",")[1]); reader.readAsDataURL(window.saved.at(-1));""")
    with open(path, "wb") as file:
        file.write(base64.b64decode(data))
    return path


def same_by_all(page, stage, path):
    """Compares what the three make of the recording in that file."""
    native = run(os.path.join(BUILD, "tests", "web", "web_recordings"), "--digest", path).strip()
    equal(run("node", "--input-type=module", "-e", NODE, SOURCE, BUILD, path).strip(), native, "the digest in Node")
    formats = ["text", "md", "html", "json"]
    page.zone("Asia/Kathmandu")
    with open(path, "rb") as file:
        made = page.driver.execute_async_script(IN_PAGE, base64.b64encode(file.read()).decode(), formats)
    equal(made.get("error"), None, "what went wrong in the page")
    equal(made["digest"], native, "the digest in the page")
    for format_ in formats:
        ours = run(os.path.join(BIN, "spar"), "report", path, "--format", format_, env={**os.environ, "TZ": "Asia/Kathmandu", "XDG_DATA_HOME": stage.folder})
        check(made["all"][format_] == ours, f"the page's report as {format_} differs")
