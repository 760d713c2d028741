"""A reader of HDF5 for files from strangers: plain Python, no links followed, every byte checked.

The HDF5 library itself is not used for reading: on damaged files it may run for ever (of 8,000
files with a few random bytes changed, at least 4 did), and one process cannot stop it.
Read are the forms that h5py writes by default; `File` is the way in.
"""

from .dataset import Dataset
from .file import File
from .group import Group
from .source import Source, memory_bound

__all__ = ["Dataset", "File", "Group", "Source", "memory_bound"]
