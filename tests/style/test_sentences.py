# SPDX-License-Identifier: ISC
"""Every sentence of the page stands in its tables (words.js, voice_words.js), so that a translation is those files alone."""

import re

from sources import finish, narrowed, read, sources

TABLES = ("client/web/words.js", "client/web/voice_words.js")
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`')
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"])//[^\n]*", re.S)


def is_sentence(text):
    """Two words of letters with a space between, that begin or end as a sentence does."""
    text = re.sub(r"\$\{[^}]*\}", "", text)
    return bool(re.search(r"[A-Za-z]{2,}[,.:;]? [a-z]{2,}", text) and re.search(r"^[A-Z]|[.?]$", text.strip()))


def sentences(code):
    """(line, text) of each sentence between quotes."""
    code = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), code)
    for match in TEXT.finditer(code):
        text = match.group(1) if match.group(1) is not None else match.group(2)
        if is_sentence(text):
            yield code.count("\n", 0, match.start()) + 1, text


complaints = []
if [text for _, text in sentences('say("Not kept."); call("It is gone."); // "Of no note."\nadd(`Gone for ${s} s.`, "a b")')] != ["Not kept.", "It is gone.", "Gone for ${s} s."]:
    complaints.append("the search for sentences does not find the known ones")
modules = narrowed([path for path in sources(".js", folders=("client/web",)) if path not in TABLES])
for module in modules:
    complaints += [f"{module}:{line}: a sentence of the page stands in words.js: {text}" for line, text in sentences(read(module))]
finish(complaints, len(modules))
