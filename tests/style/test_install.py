# SPDX-License-Identifier: ISC
"""What `cmake --install` and cpack put where: programs, packs, man pages, completions, the systemd unit, the papers.
The installed programs start, the man pages format without a warning, the completions load, and lintian finds no error
in the package."""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile

from sources import BUILD, ROOT, finish, sources

PREFIX = "usr"
EXPECTED = [
    "bin/spar",
    "bin/spard",
    "lib/systemd/system/spard.service",
    "share/bash-completion/completions/spar",
    "share/bash-completion/completions/spard",
    "share/doc/spar/README.md",
    "share/doc/spar/ORGANISER.md",
    "share/doc/spar/SECURITY.md",
    "share/doc/spar/changelog.Debian.gz",
    "share/doc/spar/changelog.gz",
    "share/doc/spar/copyright",
] + [
    f"share/man/man{os.path.basename(path)[-1]}/{os.path.basename(path)}.gz"
    for path in sources(".1", ".5", ".8", folders=("contrib/man",))
] + [
    path.replace("contrib/", "share/spar/", 1)
    for path in sources(".yaml", folders=("contrib/packs",))
]
# A program is expected from the day on which it has a main.c.
for program, folder in (("spar", "client"), ("spard", "server")):
    if not os.path.exists(os.path.join(ROOT, folder, "main.c")):
        EXPECTED.remove(f"bin/{program}")

COPYRIGHT = ("Files: contrib/packs/*", "License: ISC\n ", "License: CC-BY-4.0\n ", "the Spar authors", "five-phase.yaml")

complaints = []


def run(*command, stdin_bytes=b"", **options):
    result = subprocess.run(command, input=stdin_bytes, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                            **options)
    text = result.stdout.decode(errors="replace")
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{text}")
    return text


def check_tree(root, what):
    for path in EXPECTED:
        if not os.path.exists(os.path.join(root, path)):
            complaints.append(f"{what}: {path} is missing")


def check_files(root, prefix):
    for path in EXPECTED:
        full = os.path.join(root, path)
        if not os.path.exists(full):
            continue
        if "/man/" in path:
            with gzip.open(full) as page:
                warnings = run("groff", "-ww", "-man", "-Tutf8", "-z", stdin_bytes=page.read())
            if warnings:
                complaints.append(f"{path}: {warnings}")
        elif "completions" in path:
            run("bash", "-n", full)
        elif path.startswith("bin/"):
            if not run(full, "--version").strip():
                complaints.append(f"{path} --version says nothing")
    with open(os.path.join(root, "lib/systemd/system/spard.service"), encoding="utf-8") as file:
        if f"ExecStart={prefix}/bin/spard\n" not in file.read():
            complaints.append(f"spard.service does not start {prefix}/bin/spard")


def check_package(folder):
    """Packs a copy of the install in a folder of its own, so that nothing is left in the build."""
    run("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", folder, cwd=folder)
    packages = [name for name in os.listdir(folder) if name.endswith(".deb")]
    if len(packages) != 1:
        complaints.append(f"cpack made {packages or 'nothing'} where one package was expected")
        return
    package = os.path.join(folder, packages[0])
    run("dpkg-deb", "--extract", package, os.path.join(folder, "out"))
    check_tree(os.path.join(folder, "out", PREFIX), "package")
    check_files(os.path.join(folder, "out", PREFIX), "/usr")
    depends = run("dpkg-deb", "--field", package, "Depends")
    if "bin/spard" in EXPECTED and "libevent" not in depends:
        complaints.append(f"the package does not depend on libevent: {depends!r}")
    # Ends with a status of its own only for errors; what it warns of is for whoever uploads.
    run("lintian", "--no-cfg", "--allow-root", "--fail-on", "error", package)
    with open(os.path.join(folder, "out", PREFIX, "share/doc/spar/copyright"), encoding="utf-8") as file:
        terms = file.read()
    complaints.extend(f"the package's copyright file lacks {words!r}" for words in COPYRIGHT if words not in terms)


temporary = tempfile.mkdtemp(prefix="spar-install.")
try:
    installed = os.path.join(temporary, "installed")
    package_folder = os.path.join(temporary, "package")
    os.mkdir(package_folder)
    run("cmake", "--install", BUILD, "--prefix", installed)
    check_tree(installed, "install")
    check_files(installed, installed)
    check_package(package_folder)
finally:
    shutil.rmtree(temporary)
finish(complaints, len(EXPECTED))
