# SPDX-License-Identifier: ISC
"""What the programs' --help lists is what the manual pages and the completions know: the subcommands, each one's
options, the parts of a cohort, the settings, and every variable of the environment that the programs read. What a
person types spar for is no wider than the narrowest terminal that it draws its screens on."""

import os
import re
import subprocess

from sources import BUILD, ROOT, finish, read, sources

complaints = []
checked = 0


# Columns: spar draws its screens from 80 on; an operator's terminal is wider.
WIDTH = {"spar": 80, "spard": 110}


def help_of(*words):
    text = subprocess.run([os.path.join(BUILD, "bin", words[0]), *words[1:], "--help"], capture_output=True, text=True,
                          check=True).stdout
    complaints.extend(f"'{' '.join(words)} --help' is wider than {WIDTH[words[0]]} columns: {line}"
                      for line in text.splitlines() if len(line) > WIDTH[words[0]])
    return text


def options_of(text):
    left = re.findall(r"^ +(--.*?)(?:  |$)", text, flags=re.M)
    return set(re.findall(r"--([a-z][\w-]*)", " ".join(left)))


def options_in(text):
    return set(re.findall(r"--([a-z][\w-]*)", text))


def manual(*names):
    """The text of manual pages, without the escapes of - and of fonts, and the options that it names."""
    pages = [f"contrib/man/{name}" for name in names]
    text = "\n".join(read(page) for page in pages if os.path.exists(os.path.join(ROOT, page)))
    text = re.sub(r"\\f[A-Z]", "", text).replace("\\-", "-")
    return text, options_in(text)


def compare(where, found, known):
    global checked
    checked += len(known)
    complaints.extend(f"{where} lacks {name}" for name in sorted(known - found))
    complaints.extend(f"{where} has {name}, which there is not" for name in sorted(found - known))


def cohort_parts():
    return set(re.findall(r'\{"(\w+)", cmd_cohort_', read("client/cmd/cohort.c")))


def check_completions(commands, options):
    text = read("contrib/completions/spar")
    listed = re.search(r"commands='([^']*)'", text).group(1)
    compare("contrib/completions/spar", set(listed.split()), commands | {"help"})
    cases = text[text.index("case ${words[1]} in"):]
    for command in sorted(commands):
        block = re.search(rf"^    {command}\)(.*?)(?=^    \w+\)|^    esac)", cases, flags=re.M | re.S).group(1)
        compare(f"contrib/completions/spar, {command}", set(re.findall(r"--([\w-]+)", block)), options[command])
    parts = cohort_parts()
    block = re.search(r"^    cohort\).*?-W '([^']*)'", cases, flags=re.M | re.S).group(1)
    compare("contrib/completions/spar, parts of cohort", set(block.split()), parts)
    synopsis = re.findall(r"^\.B spar cohort (\S+)$", manual("spar-cohort.1")[0], flags=re.M)
    compare("contrib/man/spar-cohort.1", {name for names in synopsis for name in names.split("|")}, parts)


def check_manual(commands, options):
    text, named = manual("spar.1")
    everything = set().union(*options.values()) | {"version"}
    compare("contrib/man/spar.1", set(re.findall(r"^\.B spar ([a-z]+)", text, flags=re.M)), commands | {"help"})
    complaints.extend(f"contrib/man/spar.1 has --{name}, which there is not" for name in sorted(named - everything))
    synopsis = re.search(r"^\.B spar cohort (\S+)$", text, flags=re.M).group(1)
    compare("contrib/man/spar.1, parts of cohort", set(synopsis.split("|")), cohort_parts())
    settings = set(re.findall(r'^SETTING\(\w+, "([\w.]+)"', read("client/store/settings.def"), flags=re.M))
    told = text[text.index(".B config\n"):text.index(".B pack\n")]
    compare("contrib/man/spar.1, settings", set(re.findall(r"^\.BR? ([a-z.]+)(?: ,)?$", told, flags=re.M)) - {"config"},
            settings)
    for command in sorted(commands):
        page, own = manual(f"spar-{command}.1")
        synopsis, _, rest = page.partition(".SH DESCRIPTION")
        explained = re.search(r"^\.SH OPTIONS(.*?)(?=^\.SH|\Z)", rest, flags=re.M | re.S)
        if explained:
            missing = options_in(explained.group(1)) - options_in(synopsis)
            complaints.extend(f"the SYNOPSIS of spar-{command}.1 lacks --{name}" for name in sorted(missing))
        missing = options[command] - named - own - {"help"}
        complaints.extend(f"the manual pages say nothing of 'spar {command} --{name}'" for name in sorted(missing))


def check_client():
    commands = set(re.findall(r"^COMMAND\((\w+)", read("client/cmd/commands.def"), flags=re.M))
    options = {command: options_of(help_of("spar", command)) for command in commands}
    compare("spar --help", set(re.findall(r"^  (\w+) ", help_of("spar"), flags=re.M)), commands)
    check_completions(commands, options)
    check_manual(commands, options)


def check_server():
    options = options_of(help_of("spard"))
    compare("contrib/completions/spard", set(re.findall(r"--([\w-]+)", read("contrib/completions/spard"))), options)
    compare("contrib/man/spard.8", manual("spard.8")[1], options)


def check_environment():
    pages = [os.path.basename(path) for path in sources(".1", ".5", ".8", folders=("contrib/man",))]
    text = manual(*pages)[0]
    code = "\n".join(read(path) for path in sources(".c", folders=("client", "server")))
    for name in sorted(set(re.findall(r'getenv\("(\w+)"\)', code)) - {"HOME", "TERM"}):
        if not re.search(rf"\b{name}\b", text):
            complaints.append(f"no manual page says what ${name} does")


check_client()
check_server()
check_environment()
finish(complaints, checked)
