"""Makes the page of a command from what the command says about itself: --experimental-dump-help."""

from . import discussion
from .mdoc import Page, argument
from .pages import ENVIRONMENT, FILES

# Columns that an example has on a terminal of 80.
WIDTH = 66


def make(tool, path, footer, extras):
    """The page of the command whose names `path` holds."""
    command = tool
    for name in path[1:]:
        command = next(inner for inner in command["subcommands"] if inner["commandName"] == name)
    text = discussion.parse(command["discussion"])
    page = Page("-".join(path), "1", summary(command["abstract"]), footer)
    synopsis(page, path, command)
    page.heading("DESCRIPTION")
    page.paragraph(command["abstract"])
    extras.introduction(page)
    describe(page, text)
    extras.sections(page)
    if command.get("subcommands"):
        commands(page, path, command)
    page.heading("OPTIONS")
    options(page, command)
    surroundings(page, command, path)
    page.heading("EXIT STATUS")
    page.terms([(f"Sy {code}", capital(meaning) + ".") for code, meaning in text.sections["EXIT STATUS"]], width="XXXX", compact=True)
    page.heading("EXAMPLES")
    for lines, meaning in text.examples:
        if meaning:
            page.paragraph(capital(meaning) + ":")
        page.block(["$ " + line if index == 0 else line for index, line in enumerate(folded(lines))])
    return page


def summary(abstract):
    """A sentence as the line of `whatis`."""
    text = abstract.rstrip(".")
    return text[0].lower() + text[1:]


def capital(text):
    return text[:1].upper() + text[1:]


def synopsis(page, path, command):
    page.heading("SYNOPSIS")
    page.lines.append(f".Nm {argument(' '.join(path))}")
    if command.get("subcommands"):
        page.lines += [".Ar command", ".Op Ar argument ..."]
        return
    for option in shown(command):
        names = [name_of(option["preferredName"])] if option["kind"] != "positional" else []
        if names in ([r"Fl \-version"], [r"Fl \-help"]):
            continue
        several = option["isRepeating"] and (not names or option["parsingStrategy"] == "upToNextOption")
        value = [] if option["kind"] == "flag" else ["Ar " + argument(option["valueName"]) + (" ..." if several else "")]
        if option["parsingStrategy"] == "postTerminator":
            names = [r"Fl \-"]
        page.lines.append("." + ("Op " if option["isOptional"] else "") + " ".join(names + value))


def shown(command):
    """Options first, then what is named by its place."""
    arguments = [option for option in command["arguments"] if option["shouldDisplay"]]
    return [option for option in arguments if option["kind"] != "positional"] + [
        option for option in arguments if option["kind"] == "positional"
    ]


def name_of(name):
    return "Fl " + (r"\-" if name["kind"] == "long" else "") + argument(name["name"])


def describe(page, text):
    """The words of the help text, in its order; sections of rows that are its own stand below them."""
    pending = []
    for kind, value in text.prose + [("end", None)]:
        if kind == "term":
            pending.append((f"Cm {argument(value[0])}", capital(value[1])))
            continue
        if pending:
            page.terms(pending)
            pending = []
        if kind == "paragraph":
            page.paragraph(value)
        elif kind == "block":
            page.block(value)
    for title, rows in text.sections.items():
        if title != "EXIT STATUS":
            page.subheading(title.capitalize())
            page.terms([(f"Cm {argument(term)}", capital(meaning) + ".") for term, meaning in rows])


def commands(page, path, command):
    page.heading("COMMANDS")
    rows = [inner for inner in command["subcommands"] if inner["commandName"] != "help"]
    page.terms([(f"Xr {'-'.join([*path, inner['commandName']])} 1", inner["abstract"]) for inner in rows])


def options(page, command):
    rows = []
    for option in shown(command):
        value = "" if option["kind"] == "flag" else " Ar " + argument(option["valueName"])
        names = (
            [name_of(name) + value for name in sorted(option["names"], key=lambda name: name["kind"] == "long")]
            if option["kind"] != "positional"
            else []
        )
        rows.append((" , ".join(names) or value.strip(), [option["abstract"] + facts(option)]))
    page.terms(rows)


def facts(option):
    """Which values it takes, unless the sentence says so, and which it has by itself."""
    values = option.get("allValues", [])
    text = ""
    if option["kind"] != "flag" and not all(value in option["abstract"] for value in values):
        text += " One of " + ", ".join(f"`{value}`" for value in values) + "."
    default = option.get("defaultValue")
    if option["kind"] == "option" and default and " not given" not in option["abstract"]:
        text += f" The default is `{default}`."
    return text


def surroundings(page, command, path):
    """The variables and files that a command of such options looks at."""
    names = {option["preferredName"]["name"] for option in command["arguments"] if option["kind"] != "positional"}
    everything = bool(command.get("subcommands"))
    variables = [(f"Ev {name}", meaning) for name, needed, meaning in ENVIRONMENT if everything or needed in names | {path[-1]}]
    if variables:
        page.heading("ENVIRONMENT")
        page.terms(variables)
    files = [(f"Pa {argument(name)}", meaning) for name, users, meaning in FILES if everything or path[-1] in users]
    if files:
        page.heading("FILES")
        page.terms(files)


def folded(lines):
    """A command that is too wide for a page goes on in a line further in: best before an option, never within quotes."""
    for line in lines:
        if len(line) > WIDTH and not line.endswith("|"):
            spaces = [at for at in unquoted_spaces(line) if at < WIDTH]
            best = [at for at in spaces if line[at + 1] in "->|" or line[:at].endswith(" --")]
            at = (best or spaces)[-1]
            yield line[:at] + " \\"
            yield "    " + line[at + 1 :]
        else:
            yield line


def unquoted_spaces(line):
    quote = None
    for at, character in enumerate(line):
        if character in "'\"" and quote in (None, character):
            quote = None if quote else character
        elif character == " " and not quote:
            yield at
