"""Writes the compressed files of this folder, with the command line tools (lz4 1.9.4, bzip2
1.0.8, xz 5.4.1), Python, pandas and pyarrow: python make.py"""
import bz2, io, lzma, subprocess, sys
import pandas as pd
import pyarrow as pa

rows = "id,name,score\n" + "".join(f"{i},name {i % 7},{i * 0.5}\n" for i in range(40))
plain = rows.encode()


def tool(*command):
    return subprocess.run(command, input=plain, capture_output=True, check=True).stdout


def arrow(codec):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, codec) as out:
        out.write(plain)
    return sink.getvalue().to_pybytes()


def frame(extension, method):
    name = f"pandas.csv.{extension}"
    pd.read_csv(io.StringIO(rows)).to_csv(name, index=False, compression=method)


skipped = b"\x5a\x2a\x4d\x18\x05\x00\x00\x00extra"
files = {
    "tool.csv.lz4": tool("lz4", "-c"),
    "blocks.csv.lz4": tool("lz4", "-c", "-B32", "-BX", "-BD", "--content-size"),
    "arrow.csv.lz4": arrow("lz4"),
    "skipped.csv.lz4": skipped + tool("lz4", "-c") + skipped,
    "legacy.csv.lz4": tool("lz4", "-l", "-c"),
    "tool.csv.bz2": tool("bzip2", "-1", "-c"),
    "python.csv.bz2": bz2.compress(plain),
    "arrow.csv.bz2": arrow("bz2"),
    "tool.csv.xz": tool("xz", "-c"),
    "blocks.csv.xz": tool("xz", "-c", "--block-size=256", "--check=sha256"),
    "filters.csv.xz": tool("xz", "-c", "--check=crc32", "--x86", "--delta=dist=2", "--lzma2=preset=0"),
    "python.csv.xz": lzma.compress(plain),
    "wide.csv.xz": tool("xz", "-c", "--lzma2=dict=1GiB"),
}
for name, data in files.items():
    open(name, "wb").write(data)
open("plain.csv", "wb").write(plain)
frame("bz2", "bz2")
frame("xz", "xz")
