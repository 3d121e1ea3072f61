"""Which pages there are, and what the commands and the documents do not say themselves."""

from pathlib import Path

from . import markdown
from .mdoc import Page
from .schema import Schema

DOCS = Path(__file__).resolve().parents[2] / "Docs"

# Name, the option or the command that looks at it, what it does.
ENVIRONMENT = [
    ("COLUMNS", "quiet", "How many columns text is laid out for when it does not go to a terminal. Without it, 100."),
    ("LC_ALL , Ev LC_CTYPE , Ev LANG", "quiet", "Whether a terminal shows more than ASCII: the first of them that is set names UTF-8."),
    ("NO_COLOR", "color", "When it is set, there is no colour, unless with `--color` `always`."),
    ("PATH", "record", "Where `modprobe` and the traced command are looked for."),
    ("TERM", "color", "When it is `dumb`, there is no colour, and no progress bar."),
]

# Path, commands, what it is.
FILES = [
    ("kvm-inittrace.dat", ["record"], "What is recorded, unless `--output` names another file."),
    ("/sys/kernel/tracing", ["record", "doctor"], "The kernel's tracer, tracefs."),
    (
        "/run/kvm-inittrace",
        ["record", "doctor"],
        "The journal of what a recording has changed, until that is put back. When the recorder was killed, the next one, or "
        "`kvm-inittrace doctor --restore`, undoes it.",
    ),
    (
        "/lib/modules/RELEASE",
        ["record", "report", "check", "export"],
        "The modules' own files, which name the functions of a module that is gone.",
    ),
]

# Command: sections of documents, as (document, heading, whether with its samples).
SECTIONS = {
    "record": [
        ("Recording", "What it does", True),
        ("Recording", "What it leaves behind", True),
        ("Recording", "Return values and names", True),
        ("Recording", "Lost events", True),
        ("Recording", "Whose events", True),
        ("Recording", "Permissions", True),
    ],
    "report": [
        ("ReadingAReport", "Integrity", False),
        ("ReadingAReport", "Failure", False),
        ("ReadingAReport", "Stages", False),
        ("ReadingAReport", "Call tree", False),
    ],
    "diff": [
        ("Comparing", "The first line", True),
        ("Comparing", "Stages", True),
        ("Comparing", "Times", True),
        ("Comparing", "Calls", True),
        ("Comparing", "Several modules", True),
    ],
    "check": [("CI", "Passed, broken, inconclusive", True), ("CI", "Expectations from traces", True)],
}

OTHERS = [("modprobe", "8"), ("trace-cmd", "1")]


class Extras:
    """What a page has beside what its command says."""

    def __init__(self, command):
        self.command = command

    def introduction(self, page):
        if self.command is None:
            page.paragraph(
                "A trace is read from a file: what `record` or `trace-cmd record` wrote, the text of `/sys/kernel/tracing/trace`, or that "
                "of `trace-cmd report`. It may be packed with gzip, xz or zstd. A stage is a step of KVM's init that is documented; its "
                "id is the same for all kernels. A run is one initialisation of one KVM module."
            )

    def sections(self, page):
        if self.command is None:
            page.subheading("What it is careful about")
            readme = (DOCS.parent / "README.md").read_text()
            markdown.write(page, markdown.section(readme, "What it is careful about").split("\n\nRead on:")[0])
        for document, heading, samples in SECTIONS.get(self.command, []):
            page.subheading(heading)
            markdown.write(page, markdown.section((DOCS / f"{document}.md").read_text(), heading), samples)


def expectations(footer):
    page = Page("kvm-inittrace-expectations", "5", "what traces of KVM's init are expected to show", footer)
    page.heading("DESCRIPTION")
    page.paragraph("`kvm-inittrace check` compares traces with a file of expectations.")
    text = (DOCS / "CI.md").read_text()
    markdown.write(page, markdown.section(text, "Expectations"))
    for heading in ("Passed, broken, inconclusive", "Expectations from traces"):
        page.subheading(heading)
        markdown.write(page, markdown.section(text, heading))
    Schema(DOCS / "expectations.schema.json").write(page, "KEYS")
    return page


def data(footer):
    page = Page("kvm-inittrace.dat", "5", "what kvm-inittrace record writes", footer)
    page.heading("DESCRIPTION")
    markdown.write(page, markdown.section((DOCS / "Recording.md").read_text(), "The file"))
    return page


def objects(footer):
    page = Page("kvm-inittrace-json", "5", "the JSON that kvm-inittrace writes", footer)
    page.heading("DESCRIPTION")
    page.paragraph(
        "With `--format json`, `diff`, `check` and `doctor` write one object, and `report` one for each trace, one after another; `export` "
        "with `--to calls` writes one for each call, a line each. The schemas that this page was made from are installed in `/usr/share/kvm-inittrace`."
    )
    for name in ("report", "diff", "check", "doctor", "calls"):
        Schema(DOCS / f"{name}.schema.json").write(page, name)
    return page


FORMATS = {("kvm-inittrace-expectations", "5"): expectations, ("kvm-inittrace-json", "5"): objects, ("kvm-inittrace.dat", "5"): data}
