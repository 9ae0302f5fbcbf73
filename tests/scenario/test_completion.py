# SPDX-License-Identifier: ISC
"""
Purpose: what bash is offered after `spar ...`: the rooms that this machine knows, the prompts by name, the commands after
`help`. The helpers of the package bash-completion are stood in for.
"""
import os
import shutil
import subprocess
import tempfile

from support import BIN, SOURCE, check, main

SCRIPT = """
_filedir() { :; }
_init_completion() { cur=${words[cword]} prev=${words[cword - 1]}; }
complete() { :; }
. "$COMPLETIONS"
words=("$@") cword=$(($# - 1)) COMPREPLY=()
_spar
printf '%s\\n' "${COMPREPLY[@]}"
"""
# `words` and the like are made local by the function, and then filled in: here they are ours.
TEXT = "local cur prev words cword"


def offered(folder, *words):
    done = subprocess.run(["bash", "-c", SCRIPT, "bash", os.path.join(BIN, "spar"), *words], capture_output=True, text=True,
                          check=True, env={**os.environ, "XDG_DATA_HOME": folder, "COMPLETIONS": os.path.join(folder, "completions")})
    return done.stdout.split()


def test_offers():
    folder = tempfile.mkdtemp(prefix="spar-completion-")
    try:
        with open(os.path.join(SOURCE, "contrib/completions/spar"), encoding="utf-8") as file:
            text = file.read()
        check(TEXT in text, "the names that the function makes its own")
        with open(os.path.join(folder, "completions"), "w", encoding="utf-8") as file:
            file.write(text.replace(TEXT, ""))
        os.makedirs(os.path.join(folder, "spar"))
        with open(os.path.join(folder, "spar", "rooms"), "w", encoding="utf-8") as file:
            file.write("abcdefghijkl coach 1 localhost:7447 - -\nabzzzzzzzzzz coach 1 localhost:7447 - -\n")
        for command in ("join", "fetch", "replay", "report", "remark", "verify"):
            check(offered(folder, command, "abc") == ["abcdefghijkl"], f"{command}: {offered(folder, command, 'abc')}")
        for words in (["host", "--pack", "click"], ["pair", "--pack", "click"], ["pack", "show", "click"]):
            check(offered(folder, *words) == ["click-stream"], f"{words}: {offered(folder, *words)}")
        check("sessions" in offered(folder, "help", "") and "help" not in offered(folder, "help", ""), "after help")
        check("--stay" in offered(folder, "join", "--"), "an option")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(globals())
