"""GTFS Realtime: made messages, with the bindings of Google as measure.

Each message is asked in four spellings: protobuf, and JSON with names in camelCase, names of the schema,
and numbers for enum values. It needs no folder.
"""

import json
import pathlib
import random
import tempfile

from google.protobuf.descriptor import FieldDescriptor as Field
from google.protobuf.json_format import MessageToDict
from google.transit import gtfs_realtime_pb2

import answers

MESSAGES = 200
DEPTH = 6
TEXTS = ["", "A", "Gent-Dampoort", "é ü 東", 'a "quote"', "1", "2.0"]


def value(field, rng):
    """A value of a field that is no message."""
    kind = field.cpp_type
    if kind == Field.CPPTYPE_STRING:
        return rng.choice(TEXTS)
    if kind == Field.CPPTYPE_ENUM:
        return rng.choice(field.enum_type.values).number
    if kind == Field.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if kind == Field.CPPTYPE_FLOAT:
        # Exact in 32 bits, so that both sides write the same.
        return rng.randrange(-720, 720) / 4
    if kind == Field.CPPTYPE_DOUBLE:
        return rng.randrange(-10**6, 10**6) / 8
    low = 0 if kind in (Field.CPPTYPE_UINT32, Field.CPPTYPE_UINT64) else -(2**31)
    return rng.choice([low, 0, 1, 1_795_415_736, 2**31 - 1])


def fill(message, rng, depth):
    for field in message.DESCRIPTOR.fields:
        is_message = field.cpp_type == Field.CPPTYPE_MESSAGE
        is_repeated = field.is_repeated
        is_required = field.is_required
        if not is_required and (rng.random() > 0.4 or (is_message and depth == 0)):
            continue
        if is_repeated:
            for _ in range(rng.randrange(1, 3)):
                values = getattr(message, field.name)
                if is_message:
                    fill(values.add(), rng, depth - 1)
                else:
                    values.append(value(field, rng))
        elif is_message:
            part = getattr(message, field.name)
            part.SetInParent()
            fill(part, rng, depth - 1)
        else:
            setattr(message, field.name, value(field, rng))


def numbers(tree, message):
    """The JSON of the bindings, with numbers in place of the texts that JSON has for 64 bits."""
    found = {}
    for field, part in message.ListFields():
        written = tree[field.json_name]
        if field.cpp_type == Field.CPPTYPE_MESSAGE:
            repeated = field.is_repeated
            pairs = zip(written, part) if repeated else [(written, part)]
            parts = [numbers(one, other) for one, other in pairs]
            found[field.json_name] = parts if repeated else parts[0]
        elif field.cpp_type in (Field.CPPTYPE_INT64, Field.CPPTYPE_UINT64):
            found[field.json_name] = int(written)
        else:
            found[field.json_name] = written
    return found


def main():
    rng = random.Random(20261130)
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(MESSAGES):
            message = gtfs_realtime_pb2.FeedMessage()
            fill(message, rng, DEPTH)
            expected = numbers(MessageToDict(message), message)
            expected.setdefault("entity", [])
            spellings = {
                "protobuf": message.SerializeToString(),
                "camelCase": json.dumps(MessageToDict(message)),
                "names of the schema": json.dumps(
                    MessageToDict(message, preserving_proto_field_name=True)
                ),
                "numbers": json.dumps(MessageToDict(message, use_integers_for_enums=True)),
            }
            for spelling, body in spellings.items():
                path = pathlib.Path(folder) / f"{number} {spelling}"
                path.write_bytes(body if isinstance(body, bytes) else body.encode())
                question = {"format": "gtfs-realtime", "path": str(path)}
                cases.append((path.name, question, expected))
        found = answers.ask([question for _, question, _ in cases])
    outcomes = []
    for (name, _, expected), answer in zip(cases, found):
        tree = answer.get("tree")
        if tree is not None:
            tree = {key: part for key, part in tree.items() if key != "truncated"}
        wrong = "" if tree == expected else f"{answer.get('error') or tree!r}, not {expected!r}"
        outcomes.append((name, wrong[:600]))
    answers.report("GTFS Realtime", outcomes)


main()
