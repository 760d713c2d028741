"""The download itself, from a server on this machine."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ranvier.datasets.download import fetch
from ranvier.datasets.source import read
from ranvier.graph.errors import DatasetError

from .conftest import Shelf, tiny_source


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which it is served."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_is_fetched_checked_and_kept(shelf: Shelf, served: tuple[Path, str]) -> None:
    folder, url = served
    (folder / "numbers.gz").write_bytes(shelf.packed)
    source = tiny_source(shelf.content, url + "numbers.gz")
    assert read(source, source.files[0]).tobytes() == shelf.content
    assert sorted(p.name for p in shelf.cache.iterdir()) == ["numbers", "numbers.gz"]


def test_a_refusal_leaves_nothing_behind(tmp_path: Path, served: tuple[Path, str]) -> None:
    with pytest.raises(DatasetError, match="404"):
        fetch(served[1] + "absent.gz", tmp_path / "cache" / "absent.gz", 100)
    assert not list((tmp_path / "cache").iterdir())


def test_a_server_that_never_ends_is_cut_off(tmp_path: Path, served: tuple[Path, str]) -> None:
    (served[0] / "long.gz").write_bytes(bytes(10**6))
    with pytest.raises(DatasetError, match="more than the 100 bytes expected"):
        fetch(served[1] + "long.gz", tmp_path / "cache" / "long.gz", 100)
    assert not list((tmp_path / "cache").iterdir())


def test_nobody_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no connection to the server"):
        fetch("http://127.0.0.1:9/x.gz", tmp_path / "x.gz", 100)


def test_a_length_that_is_no_number_is_told(tmp_path: Path) -> None:
    class Strange(_Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "many")
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Strange) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with pytest.raises(DatasetError, match="answer makes no sense .*'many'"):
            fetch(f"http://127.0.0.1:{server.server_port}/x.gz", tmp_path / "x.gz", 100)
        thread.join()
    assert not list(tmp_path.iterdir())
