"""Takes the help text of a command apart, as it is written in Sources/kvm-inittrace."""

import re
from dataclasses import dataclass, field


@dataclass
class Discussion:
    """What the text says in words, and its sections of rows: EXAMPLES, EXIT STATUS, DETAIL."""

    prose: list = field(default_factory=list)  # ("paragraph", text), ("block", lines), ("term", (term, text))
    examples: list = field(default_factory=list)  # (lines of a command, what it does, or "")
    sections: dict = field(default_factory=dict)  # title: (term, text)


def parse(text):
    found = Discussion()
    title, lines = None, []
    for line in text.split("\n") + [""]:
        if re.fullmatch(r"[A-Z][A-Z ]+", line):
            add(found, title, lines)
            title, lines = line, []
        elif title and line and not line.startswith(" "):
            add(found, title, lines)
            title, lines = None, [line]
        else:
            lines.append(line)
    add(found, title, lines)
    return found


def add(found, title, lines):
    if title is None:
        found.prose += prose(lines)
    elif title == "EXAMPLES":
        found.examples = examples(lines)
    else:
        found.sections[title] = rows(lines)


def prose(lines):
    parts = []
    for chunk in re.split(r"\n(?:[ ]*\n)+(?! )|\n[ ]*\n(?=  )", "\n".join(lines).strip("\n")):
        chunk = chunk.strip("\n")
        if not chunk:
            continue
        if not chunk.startswith(" "):
            parts += named_paragraph(" ".join(chunk.split()))
        elif parts and parts[-1][0] == "block":
            parts[-1][1].extend(["", *unindented(chunk)])
        else:
            parts.append(("block", unindented(chunk)))
    return parts


def named_paragraph(text):
    """`calls: one JSON object…` explains a word."""
    found = re.match(r"([a-z][a-z-]*): +(.*)", text)
    return [("term", (found[1], found[2]))] if found else [("paragraph", text)]


def unindented(chunk):
    lines = chunk.split("\n")
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return [line[margin:] for line in lines]


def examples(lines):
    """A command at the margin; below it, further in, the rest of the command after `|` or a backslash, or what it does."""
    found = []
    for line in lines:
        if not line.strip():
            continue
        text = line.strip()
        if len(line) - len(line.lstrip()) <= 2:
            command, _, meaning = re.fullmatch(r"(.*?)(?:( {2,})(\S.*))?", text).group(1, 2, 3)
            found.append(([command], meaning or ""))
        elif not found[-1][1] and found[-1][0][-1].endswith(("|", "\\")):
            found[-1][0].append("    " + text)
        else:
            found[-1] = (found[-1][0], (found[-1][1] + " " + text).strip())
    return found


def rows(lines):
    """A term at the margin and its meaning behind two spaces or more; lines further in go on with the meaning."""
    found = []
    for line in lines:
        if not line.strip():
            continue
        if len(line) - len(line.lstrip()) <= 2:
            term, meaning = re.split(r" {2,}", line.strip(), maxsplit=1)
            found.append((term, meaning))
        else:
            found[-1] = (found[-1][0], found[-1][1] + " " + line.strip())
    return found
