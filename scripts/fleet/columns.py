"""The columns of the rows, by Docs/stages.schema.json: both engines get the same types, and nothing is guessed from data."""

import json

TYPES = {"integer": "BIGINT", "string": "STRING", "boolean": "BOOLEAN"}


def columns():
    with open("Docs/stages.schema.json") as file:
        properties = json.load(file)["properties"]
    found = {}
    for name, facts in properties.items():
        kinds = [facts["type"]] if isinstance(facts["type"], str) else facts["type"]
        found[name] = TYPES[next(kind for kind in kinds if kind != "null")]
    return found
