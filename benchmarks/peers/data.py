"""The arrays of a job, as every worker gets them."""

import numpy as np


def load(job):
    """Return x, y in memory: float32 (or the job's dtype) rows, and labels or targets.

    A job may ask for its first `rows` only, and for rows of another `shape`.
    """
    x = np.load(f"{job['data']}-x.npy").astype(job.get("dtype", "float32"), copy=False)
    y = np.load(f"{job['data']}-y.npy")
    rows = job.get("rows", len(x))
    return x[:rows].reshape(-1, *job.get("shape", x.shape[1:])), y[:rows]
