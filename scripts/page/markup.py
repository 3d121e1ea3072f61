"""The markup of all samples' pages, read by the algorithm that browsers use."""

import os
import re

import html5lib

import pages


def parse(path):
    """The document; a parse error ends the program."""
    with open(path, encoding="utf-8") as page:
        text = page.read()
    # Packed calls are letters and digits, and the style and the script are the same in all pages: without them it is a tenth of the time.
    text = re.sub(r'(<script type="text/plain"[^>]*>)[A-Za-z0-9+/=]*', r"\1", text)
    text = re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.S)
    text = re.sub(r"<script>.*?</script>", "<script></script>", text, flags=re.S)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        return parser.parse(text)
    except html5lib.html5parser.ParseError as error:
        raise SystemExit(f"{path}: {error} {parser.errors}")


def check(maker):
    folder = os.path.join(pages.ROOT, "SampleTraces")
    sizes = []
    for sample in sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))):
        path = os.path.join(maker.folder, "sample.html")
        maker.run("report", pages.trace(sample), "--format", "html", "-o", path, *(["-t", "1ms"] if len(sizes) % 2 else []))
        document = parse(path)
        ids = [node.get("id") for node in document.iter() if node.get("id")]
        if len(ids) != len(set(ids)):
            raise SystemExit(f"{sample}: an id occurs twice")
        targets = {node.get("href")[1:] for node in document.iter("a") if (node.get("href") or "").startswith("#")}
        if not targets <= set(ids):
            raise SystemExit(f"{sample}: links lead nowhere: {sorted(targets - set(ids))}")
        sizes.append(os.path.getsize(path))
    for name in pages.DIFFS:
        parse(maker.page(name))
    print(f"ok    markup of {len(sizes)} samples and {len(pages.DIFFS)} diffs; at most {max(sizes) / 1e6:.2f} MB")
