"""The public download of a file: a progress bar, a limit on its size, and a whole file or none."""

from __future__ import annotations

import sys
from pathlib import Path

from ranvier.datasets import cache
from ranvier.graph.errors import DatasetError

_CHUNK = 1 << 16
_SECONDS = 30


def fetch(url: str, target: Path, limit: int) -> Path:
    """Download `url` to `target`, which appears only when it is whole.

    Args:
        url: an http or https address.
        target: the file to make.
        limit: the largest number of bytes that is taken; a server that sends more is cut off.
    Returns:
        `target`.
    Raises:
        DatasetError: the address cannot be reached, says no, or sends more than `limit`.
        OSError: `target` cannot be written.
    """
    import pooch
    import requests  # what pooch downloads with

    meter = _Meter(target.name, limit)
    downloader = pooch.HTTPDownloader(progressbar=meter, chunk_size=_CHUNK, timeout=_SECONDS)
    with cache.part(target) as path:
        try:
            downloader(url, str(path), None)
        except requests.ConnectionError as error:
            raise DatasetError("no connection to the server") from error
        except requests.RequestException as error:
            raise DatasetError(str(error)) from error
        except ValueError as error:  # pooch reads the length that the server tells as an int
            raise DatasetError(f"the server's answer makes no sense ({error})") from error
        finally:
            meter.close()
    return target


class _Meter:
    """What pooch calls as bytes arrive: draws a bar where a terminal is, and counts everywhere."""

    def __init__(self, name: str, limit: int) -> None:
        self.total = 0
        self._limit = limit
        self._received = 0
        self._name = name
        self._bar = None
        if sys.stderr is not None and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True))
            self._task = self._bar.add_task(name, total=None)
            self._bar.start()

    def update(self, count: int) -> None:
        """Count bytes as they arrive."""
        self._received += count
        # The last chunk is counted as if it were full.
        if self._received > self._limit + _CHUNK:
            raise DatasetError(
                f"{self._name}: the server sent more than the {self._limit} bytes expected"
            )
        if self._bar is not None:
            self._bar.update(self._task, completed=self._received, total=self.total or None)

    def reset(self) -> None:
        """Begin the count again; pooch does so before it reports the whole."""
        self._received = 0

    def close(self) -> None:
        """Leave the terminal as it was; pooch does so at the end."""
        if self._bar is not None:
            self._bar.stop()
