"""The arrays of a job, as every worker gets them."""

import numpy as np


def load(job):
    """Return x, y in memory: float32 (or the job's dtype) rows, and labels or targets."""
    x = np.load(f"{job['data']}-x.npy").astype(job.get("dtype", "float32"), copy=False)
    y = np.load(f"{job['data']}-y.npy")
    return x, y
