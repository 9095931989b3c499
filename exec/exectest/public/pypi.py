#!/usr/bin/env python3
"""Unpacks a package of PyPI without installing it. usage: pypi.py NAME VERSION DIR

The wheel, or where there is none the source distribution without its top folder. ZIP archives that lie in it are
unpacked where they lie.
"""

import io
import json
import os
import re
import sys
import tarfile
import urllib.request
import zipfile


def get(url, accept="*/*"):
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept})) as r:
        return r.read()


def main(name, version, target):
    index = json.loads(get(f"https://pypi.org/simple/{name.replace('_', '-')}/", "application/vnd.pypi.simple.v1+json"))
    of = [f for f in index["files"] if re.match(re.escape(f"{name}-{version}") + r"(-|\.tar\.gz$)", f["filename"])]
    one = sorted(of, key=lambda f: not f["filename"].endswith(".whl"))[0]
    data = io.BytesIO(get(one["url"]))
    if one["filename"].endswith(".whl"):
        zipfile.ZipFile(data).extractall(target)
    else:
        with tarfile.open(fileobj=data) as t:
            for member in t.getmembers():
                member.name = member.name.partition("/")[2]
                if member.name and (member.isfile() or member.isdir()):
                    t.extract(member, target, filter="data")
    for folder, _, files in os.walk(target):
        for file in files:
            if file.endswith(".zip"):
                zipfile.ZipFile(os.path.join(folder, file)).extractall(folder)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
