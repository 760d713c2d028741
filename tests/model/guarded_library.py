"""Runs exported libraries on guarded memory; any stray touch ends this process.

    python -m tests.model.guarded_library [broken]

With `broken` it lends a library too little memory, to see that this is noticed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np

os.environ["RANVIER_CACHE"] = "off"

from tests.engines.native.page import guarded, guarded_like
from tests.model.object_code import ObjectCode
from tests.model.test_native_library import net


def check(name: str, target: str | None, lack: int) -> None:
    """Run one net on memory that ends, or begins, at a page that nobody may touch."""
    model, x = net(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "net.o")
        model.export(path, target=target)
        library = ObjectCode(path, "net_")
    for at_end in (True, False):
        print(name, target, "end" if at_end else "start", flush=True)
        memory = guarded(library.function("memory")() - lack, at_end)
        for rows in (1, 33):
            held = [guarded_like(a[:rows], at_end) for a in x]
            out = [guarded_like(y, at_end) for y in library.outputs(rows)]
            want = library.predict(*[np.array(a) for a in held])
            for lent in (None, memory):
                assert library.run(held, out, lent) == 0
                for got, other in zip(out, want, strict=True):
                    assert np.array_equal(got, other)


if __name__ == "__main__":
    if sys.argv[1:]:
        check("dense", "native", 4096)
    for each, processor in (
        ("dense", None), ("conv", "native"), ("words", "native"), ("several", None)
    ):  # fmt: skip
        check(each, processor, 0)
    print("done", flush=True)
