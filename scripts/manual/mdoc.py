"""Writes mdoc, the semantic markup of manual pages."""

import re
import textwrap

# What groff cannot show on every terminal goes by its name.
NAMED = {"µ": r"\(mc", "→": r"\(->", "…": "...", "–": r"\(en", "×": r"\(mu", "‹": r"\(fo", "›": r"\(fc", "↳": r"\(->"}
OPENING, CLOSING = set("(["), set(".,:;)]?!")


# What a user types must not become typographic.
TYPED = {"-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}


def escaped(text, names=NAMED):
    """Text as it is, for a line that does not begin with it."""
    strange = [character for character in text if ord(character) > 126 and character not in names]
    if strange:
        raise ValueError(f"the manual does not know how to write {strange} in: {text}")
    return "".join(names.get(character, character) for character in text.replace("\\", r"\e"))


def literal(text):
    """Text in which every character is what a user types."""
    return escaped(text, NAMED | TYPED)


def at_line_start(line):
    """Neither a request nor a macro."""
    return r"\&" + line if line[:1] in (".", "'") else line


def argument(text):
    """One argument of a macro, never taken for a macro or a delimiter itself."""
    text = literal(text).replace('"', r"\(dq")
    if re.fullmatch(r"[A-Z%][a-z0-9]{0,2}|[][|(),.:;?!]", text) or not text:
        text = r"\&" + text
    return f'"{text}"' if " " in text else text


def styled(code):
    """The macro for a piece of code in a sentence."""
    if re.fullmatch(r"--?[A-Za-z][\w-]*", code):
        return "Fl " + argument(code[1:])
    if re.fullmatch(r"\$?[A-Z_]{4,}", code):
        return "Ev " + argument(code) if "_" in code else "Ar " + argument(code)
    if code.startswith("/") and " " not in code:
        return "Pa " + argument(code)
    return "Ic " + argument(code) if code.startswith(("kvm-inittrace ", "-", "sudo ")) else "Ql " + argument(code)


def inline(text):
    """Lines of mdoc for a sentence or more, in which code is in backquotes, or is an option."""
    text = re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*", lambda found: found[1] or found[2], text)
    text = re.sub(r"(?<![\w`/-])(--[a-z][\w-]*|-[A-Za-z])(?![\w`]|[^`]*`(?:[^`]*`[^`]*`)*[^`]*$)", r"`\1`", text)
    lines, plain = [], ""

    def flush():
        nonlocal plain
        for sentence in re.split(r"(?<=[.!?:]) +(?=[A-Z])", plain.strip()):
            for line in textwrap.wrap(escaped(sentence), 78, break_on_hyphens=False, break_long_words=False):
                lines.append(at_line_start(line))
        plain = ""

    parts = re.split(r"`([^`]+)`", text)
    index = 0
    while index < len(parts):
        if index % 2 == 0:
            plain += parts[index]
            index += 1
            continue
        before = re.search(r"\S*$", plain)[0]
        plain = plain[: len(plain) - len(before)]
        rest = parts[index + 1]
        after = re.match(r"\S*", rest)[0]
        parts[index + 1] = rest[len(after) :]
        flush()
        lines.append("." + attached(before, styled(parts[index]), after))
        index += 1
    flush()
    return lines


def attached(before, macro, after):
    """The macro's line, with the characters that touch it on either side."""
    name, value = macro.split(" ", 1)
    if set(before) <= OPENING:
        line = " ".join([name, *before, value])
    else:
        line = f"Pf {argument(before)} {name} {value}"
    if set(after) <= CLOSING:
        return " ".join([line, *after])
    closing = re.search(r"[.,:;)\]?!]*$", after)[0]
    stem = after[: len(after) - len(closing)]
    return " ".join([line, "Ns No", argument(stem), *closing])


class Page:
    """A page in the making; it knows where a paragraph needs a macro, and where that would be too much."""

    def __init__(self, name, section, summary, footer):
        self.name = name
        self.lines = [f".Dt {name.upper()} {section}", f".Os {footer}"]
        self.starts = True
        self.heading("NAME")
        self.lines += [f".Nm {name}", f".Nd {literal(summary)}"]

    def heading(self, title):
        self.lines.append(f".Sh {title.upper()}")
        self.starts = True

    def subheading(self, title):
        self.lines.append(f".Ss {literal(title)}")
        self.starts = True

    def macro(self, line):
        self.lines.append("." + line)
        self.starts = False

    def paragraph(self, text):
        if not self.starts:
            self.lines.append(".Pp")
        self.lines += inline(text)
        self.starts = False

    def block(self, lines):
        """Text that keeps its lines."""
        # Columns that are left on a terminal of 80.
        wide = max(len(line) for line in lines) > 69
        self.lines.append(".Bd -literal" + ("" if wide else " -offset indent"))
        self.lines += [at_line_start(literal(line)) for line in lines]
        self.lines.append(".Ed")
        self.starts = False

    def terms(self, rows, width="Ds", compact=False):
        """Rows of a term, as a macro's line without its dot, and of what it means: text, or several texts."""
        self.lines.append(f".Bl -tag -width {width}" + (" -compact" if compact else ""))
        for term, texts in rows:
            self.lines.append(f".It {term}")
            self.starts = True
            for text in [texts] if isinstance(texts, str) else texts:
                self.paragraph(text)
        self.lines.append(".El")
        self.starts = False

    def items(self, texts, numbered=False):
        self.lines.append(".Bl " + ("-enum" if numbered else "-bullet"))
        for text in texts:
            self.lines.append(".It")
            self.starts = True
            self.paragraph(text)
        self.lines.append(".El")
        self.starts = False

    def see_also(self, pages):
        """Other pages as (name, section), in the order that manuals have: by section, then by name."""
        self.heading("SEE ALSO")
        pages = sorted(set(pages) - {(self.name, self.lines[0].split()[-1])}, key=lambda page: (page[1], page[0]))
        for index, (name, section) in enumerate(pages):
            self.lines.append(f".Xr {name} {section}" + (" ," if index + 1 < len(pages) else ""))

    def text(self, date):
        return "\n".join([f".Dd {date}", *self.lines]) + "\n"
