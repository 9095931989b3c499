"""Writes the files that fuzzing begins with: python seeds.py. Each is small and has one column, so that changed bytes tend to matter.

seeds.zip has streams, and some files, of each type of make.py; ../avro/seeds.zip has files of each type of ../avro/make.py.
Needs what both need.
"""

import importlib.util
import io
import os
import zipfile

import pyarrow as pa

here = os.path.dirname(os.path.abspath(__file__))
rows = 3


def module(*path):
    spec = importlib.util.spec_from_file_location(path[0], os.path.join(here, *path))
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def save(out, files):
    with zipfile.ZipFile(os.path.join(here, out), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, data in files.items():
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    print(out, len(files), "files,", max(len(data) for data in files.values()), "bytes at most")


def arrow():
    make = module("make.py")
    t, _ = make.table(rows, 0.3, 3)
    files = {c + ".arrow": make.written(t.select([c]), "stream") for c in t.column_names}
    for c in ("sparse", "dict_text", "m_view", "view_of_structs", "runs_text"):
        files[c + "-file.arrow"] = make.written(t.select([c]), "file")
        for codec in ("lz4", "zstd"):
            files[f"{c}-{codec}.arrow"] = make.written(t.select([c]), "stream", compression=codec)
    for name, (data, _) in make.dictionaries().items():
        files[name + ".arrow"] = data
    save("seeds.zip", files)


def avro():
    make = module(os.path.join("..", "avro", "make.py"))
    files = {}
    for name in make.SCALARS | make.NESTED:
        names = {"item", name} if name in ("items", "map_items") else {name}
        for nulls in (0, 0.3):
            schema, table, _ = make.table(rows, nulls, 7, names)
            files[f"{name}-{nulls}.avro"] = make.written(schema, table, "null")
    for codec in ("deflate", "snappy", "zstandard", "bzip2", "xz"):
        schema, table, _ = make.table(rows, 0.3, 7, {"numbers"})
        files[codec + ".avro"] = make.written(schema, table, codec)
    schema, table, _ = make.table(40, 0.3, 7, {"text"})
    files["blocks.avro"] = make.written(schema, table, "null", 60)
    save(os.path.join("..", "avro", "seeds.zip"), files)


if __name__ == "__main__":
    arrow()
    avro()
