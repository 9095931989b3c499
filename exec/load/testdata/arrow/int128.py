"""Writes a file of Polars with a column of integers of 128 bits, which the format does not have.

    python int128.py OUT.arrow
"""
import sys

import polars as pl

pl.DataFrame({"n": [1, 2]}).with_columns(big=pl.col("n").cast(pl.Int128)).write_ipc(sys.argv[1])
