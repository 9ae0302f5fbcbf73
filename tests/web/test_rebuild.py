# SPDX-License-Identifier: ISC
"""Purpose: the browser's core built once more, in another folder, has the same bytes; and without SPAR_WEB the
table of the page's files is empty."""

import os
import subprocess
import sys
import tempfile

SOURCE, BUILD = os.environ["SPAR_SOURCE"], os.environ["SPAR_BUILD"]


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def build(folder, target, *options):
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja", "-DSPAR_TESTS=OFF", *options], **quiet)
    subprocess.run(["cmake", "--build", folder, "-j2", "--target", *target], **quiet)


with tempfile.TemporaryDirectory(prefix="spar-rebuild.") as folder:
    build(folder, ["core_wasm", "report_wasm"])
    for name in ("core.wasm", "report.wasm"):
        if read(folder, "client/web", name) != read(BUILD, "client/web", name):
            sys.exit(f"{name} differs from the one that was built before")
with tempfile.TemporaryDirectory(prefix="spar-rebuild.") as folder:
    build(folder, ["spar_web_assets"], "-DSPAR_WEB=OFF")
    if b"web_asset_count = 0;" not in read(folder, "client/web/assets_table.c"):
        sys.exit("there are files in the table of a build without the page")
print("the same bytes")
