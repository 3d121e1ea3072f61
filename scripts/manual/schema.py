"""Tells the keys of a JSON Schema of Docs."""

import json

from .mdoc import argument


class Schema:
    def __init__(self, path):
        self.root = json.loads(path.read_text())
        self.parts = self.root.get("$defs", {})

    def write(self, page, title=None):
        """The keys of the whole, then those of its parts."""
        if title:
            page.heading(title)
        if "description" in self.root:
            page.paragraph(self.root["description"])
        self.keys(page, self.root)
        for name, part in self.parts.items():
            if self.is_object(part):
                page.subheading(self.title(name))
                if "description" in part:
                    page.paragraph(sentence(part["description"]))
                self.keys(page, part)

    def keys(self, page, schema):
        rows = [("Cm " + argument(path), text) for path, text in self.rows(schema, "")]
        page.terms(rows, compact=True)

    def rows(self, schema, path):
        """Each key of an object and of the objects in it, with what it holds."""
        for key, value in schema.get("properties", {}).items():
            name = f"{path}.{key}" if path else key
            optional = "required" in schema and key not in schema["required"]
            text = f"{self.kind(value)}." + (" Not always there." if optional else "")
            for described in (value.get("description"), self.reference(value).get("description")):
                text += " " + sentence(described) if described else ""
            yield name, capital(text)
            items = value.get("items", {})
            yield from self.rows(value, name)
            yield from self.rows(items, name + "[]")
            choice = value.get("additionalProperties") or {}
            for inner in choice.get("oneOf", [choice]):
                yield from self.rows(inner, name + ".NAME")

    def reference(self, value):
        """The part that a value is an instance of, unless that is told in a place of its own."""
        value = value.get("oneOf", [value])[0]
        part = self.parts.get(value.get("$ref", "").removeprefix("#/$defs/"), {})
        return {} if self.is_object(part) else part

    def kind(self, value):
        """What may stand there, in words."""
        if "$ref" in value:
            name = value["$ref"].removeprefix("#/$defs/")
            return f"a {self.title(name)}, see there" if self.is_object(self.parts[name]) else self.kind(self.parts[name])
        if "const" in value:
            return word(value["const"])
        if "enum" in value:
            return alternatives([word(choice) for choice in value["enum"]])
        for key in ("oneOf", "anyOf"):
            if key in value:
                return self.choice(value[key])
        if value.get("type") == "array" and "items" in value:
            return "a list; each: " + self.kind(value["items"])
        if isinstance(value.get("additionalProperties"), dict):
            return "an object; each value: " + self.kind(value["additionalProperties"])
        types = value["type"] if isinstance(value["type"], list) else [value["type"]]
        names = {
            "integer": "an integer",
            "string": "a string",
            "object": "an object",
            "boolean": "true or false",
            "number": "a number",
            "null": "null",
        }
        return alternatives([names[kind] for kind in types])

    def choice(self, values):
        """One of several; what may stand alone or in a list is told once."""
        if len(values) == 2 and values[1].get("items") == values[0]:
            return self.kind(values[0]) + "; or a list of such"
        texts = [self.kind(value) for value in values]
        return "; or ".join(texts) if any("; or " in text for text in texts) else alternatives(texts)

    @staticmethod
    def is_object(part):
        return "properties" in part

    def title(self, name):
        return name.replace("_", " ")


def word(value):
    return f"`{value}`" if isinstance(value, str) else json.dumps(value)


def alternatives(texts):
    texts = list(dict.fromkeys(texts))
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " or " + texts[-1]


def capital(text):
    return text[:1].upper() + text[1:]


def sentence(text):
    return text if text.endswith((".", "!", "?")) else text + "."
