"""Runs words.onnx with ONNX Runtime: it needs NumPy, but not Ranvier.

python classify.py [folder of words.onnx]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime


def main() -> None:
    """Ask about three sequences at once; the file takes any number of them."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    session = onnxruntime.InferenceSession(
        folder / "words.onnx", providers=["CPUExecutionProvider"]
    )
    told = [(x.name, x.type, x.shape) for x in session.get_inputs()]
    print(*told)  # ('words', 'tensor(int32)', ['batch', 20])

    words = np.zeros((3, 20), np.int32)  # 0: the sequence has ended
    words[0, :12] = 3
    words[1, :12] = 47
    words[2, :12] = [3, 47] * 6
    (low,) = session.run(["low"], {"words": words})
    for row, share in zip(words, low[:, 0], strict=True):
        print(f"{row[:4]}... {share:.3f}")


if __name__ == "__main__":
    main()
