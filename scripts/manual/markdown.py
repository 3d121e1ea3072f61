"""Brings sections of the documents in Docs into manual pages: paragraphs, code, lists and tables."""

import re

from .mdoc import argument, inline, literal, styled


def section(text, title):
    """The lines below a heading, to the next of its level or above; parts of it are kept."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.M)
    if not found:
        raise ValueError(f"no heading '{title}'")
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", outside_code(rest), re.M)
    return rest[: end.start()] if end else rest


def outside_code(text):
    """The same text with its code blanked out, so that a comment in it is no heading."""
    return re.sub(r"^```.*?^```$", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.M | re.S)


def write(page, text, samples=True):
    """Writes the blocks of a section. Without samples, code is left out: output that is too wide for a page."""
    found = list(blocks(text))
    for block, following in zip(found, found[1:] + [""]):
        if block.startswith("```"):
            if samples:
                page.block(block.split("\n")[1:-1])
        elif block.startswith("#"):
            page.subheading(block.lstrip("# ").replace("`", ""))
        elif block.startswith("|"):
            table(page, block)
        elif re.match(r"[-*] ", block):
            page.items([join(item) for item in re.split(r"^[-*] ", block, flags=re.M)[1:]])
        elif re.match(r"\d+\. ", block):
            page.items([join(item) for item in re.split(r"^\d+\. ", block, flags=re.M)[1:]], numbered=True)
        elif following.startswith("```") and not samples:
            page.paragraph(re.sub(":$", ".", join(block)))
        else:
            page.paragraph(join(block))


def blocks(text):
    """Code blocks whole, headings alone, and what blank lines part; a list that follows its paragraph directly is a block of its own."""
    for part in re.split(r"(^```.*?^```$)", text, flags=re.M | re.S):
        if part.startswith("```"):
            yield part
            continue
        for block in re.split(r"\n\s*\n", part):
            block = block.strip("\n")
            while block:
                head, rest = re.match(r"(#+ .*|(?:(?![-*] |\|).*\n?)+|(?s:.*))", block)[0], ""
                rest = block[len(head) :]
                yield head.strip("\n")
                block = rest.strip("\n")


def join(text):
    return " ".join(text.split())


def table(page, block):
    """The first column is the term; of more than two, the others follow each other."""
    rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in block.split("\n")]
    heads, rows = rows[0], rows[2:]
    # Every page of a command has a section of its own for it.
    if heads[0] == "exit status":
        return
    page.terms([(term(row[0]), meaning(heads[1:], row[1:])) for row in rows if row[0]])


def term(cell):
    """Several pieces of code, or words."""
    parts = re.findall(r"`([^`]+)`", cell)
    if parts and re.fullmatch(r"(`[^`]+`[, ]*)+", cell):
        return " , ".join(styled(part) if part.startswith("-") else "Cm " + argument(part) for part in parts)
    lines = inline(cell)
    return (
        "No " + literal(cell.replace("`", "").replace("*", "")) if len(lines) != 1 or lines[0].startswith(".") else "Sy " + argument(cell)
    )


def meaning(heads, cells):
    text = cells[0]
    for head, cell in zip(heads[1:], cells[1:]):
        if cell:
            text += f": {cell}" if head in ("means", "meaning") else f"; {head}: {cell}"
    return text or "."
