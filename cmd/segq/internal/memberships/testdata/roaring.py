"""Writes bitmaps.txt: sets of numbers, and what CRoaring makes of them (pip install pyroaring==1.2.0)."""

import base64

import pyroaring

sets = {
    "none": [],
    "one": [5],
    "thirds": range(0, 200_000, 3),
    "all": range(0, 200_000),
    "squares": [i * i for i in range(600)],
    "runs": [i for i in range(400_000) if i % 1000 < 100],
    "mixed": [i for i in range(500_000) if (i < 65536 or i >= 262_144) and i * 2654435761 % 1000 < (800 if i < 131_072 else 5)],
    "ends": [0, 65_535, 65_536, 131_071, 131_072],
    "eight": [i for i in range(65_536 * 8) if i // 65_536 % 2 == 0 or i % 64 == 63],
}
for name, numbers in sets.items():
    b = pyroaring.BitMap(numbers)
    b.run_optimize()
    print(name, base64.b64encode(b.serialize()).decode() if len(b.serialize()) < 2000 else __import__("hashlib").sha256(b.serialize()).hexdigest())
