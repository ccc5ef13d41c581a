"""One line of the raw results.

    record.py meta KEY=VALUE...                      what was measured, and where
    record.py result KEY=VALUE... <FILE-WITH-JSON    what the load generator printed

A key with a dot is a key in an object. Numbers stay numbers.
"""

import json
import sys


def value(text):
    return int(text) if text.isdecimal() else text


def fields(arguments):
    record = {}
    for argument in arguments:
        key, _, text = argument.partition("=")
        *outer, last = key.split(".")
        place = record
        for name in outer:
            place = place.setdefault(name, {})
        place[last] = value(text)
    return record


def main(kind, *arguments):
    record = fields(arguments)
    if kind == "result":
        try:
            record["result"] = json.loads(sys.stdin.read())
        except ValueError:
            record.setdefault("error", "the load generator printed no result")
    print(json.dumps(record, separators=(",", ":")))


main(*sys.argv[1:])
