"""get_file with addresses on this machine: kept, checked, unpacked within its folder."""

import hashlib
import io
import socket
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from ranvier.graph.errors import ArgumentError, DatasetError
from ranvier.utils import get_file


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    path = tmp_path / "there" / "words.txt"
    path.parent.mkdir()
    path.write_text("sea")
    return path


def zipped(path: Path, name: str) -> str:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "sea")
    return path.as_uri()


def tarred(path: Path, name: str) -> str:
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = 3
        archive.addfile(info, io.BytesIO(b"sea"))
    return path.as_uri()


def test_a_file_is_fetched_once(origin, tmp_path):
    kept = Path(get_file(origin=origin.as_uri(), cache_dir=tmp_path))
    assert kept == tmp_path / "datasets" / "words.txt" and kept.read_text() == "sea"
    origin.write_text("sky")
    assert Path(get_file(origin=origin.as_uri(), cache_dir=tmp_path)).read_text() == "sea"
    new = get_file("w", origin.as_uri(), cache_dir=tmp_path, cache_subdir="x", force_download=True)
    assert Path(new) == tmp_path / "x" / "w" and Path(new).read_text() == "sky"


def test_the_folder_of_keras(origin, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    assert get_file(origin=origin.as_uri()) == str(tmp_path / "home" / "datasets" / "words.txt")


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_hashes(kind, origin, tmp_path):
    good = hashlib.new(kind, b"sea").hexdigest()
    kept = tmp_path / "datasets" / "words.txt"
    kept.parent.mkdir()
    kept.write_text("damaged")
    get_file(origin=origin.as_uri(), cache_dir=tmp_path, file_hash=good)
    assert kept.read_text() == "sea"
    with pytest.raises(DatasetError, match=f"has the hash {good}, expected 00"):
        get_file(origin=origin.as_uri(), cache_dir=tmp_path, file_hash="0" * len(good))
    assert not kept.exists()
    md5 = hashlib.md5(b"sea").hexdigest()
    assert get_file(origin=origin.as_uri(), cache_dir=tmp_path, md5_hash=md5) == str(kept)


@pytest.mark.parametrize("make", [zipped, tarred])
def test_archives(make, tmp_path):
    address = make(tmp_path / "a.pack", "in/words.txt")
    folder = Path(get_file(origin=address, cache_dir=tmp_path, extract=True))
    assert folder == tmp_path / "datasets" / "a.pack"
    assert (folder / "in" / "words.txt").read_text() == "sea"
    named = Path(get_file("b.tar.gz", address, cache_dir=tmp_path, extract=True))
    assert named.name == "b_extracted" and (named / "in" / "words.txt").exists()
    if make is tarred:
        assert Path(get_file("c", address, cache_dir=tmp_path, untar=True)).is_dir()


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "..\\evil.txt"])
def test_archives_that_leave_their_folder_are_refused(make, name, tmp_path):
    address = make(tmp_path / "a.pack", name)
    with pytest.raises(DatasetError, match="outside of its folder; refused"):
        get_file(origin=address, cache_dir=tmp_path / "here", extract=True)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("make", [zipped, tarred])
def test_damaged_archives_are_told(make, tmp_path):
    path = tmp_path / "a.pack"
    address = make(path, "words.txt")
    raw = bytearray(path.read_bytes())
    if make is zipped:
        raw[raw.index(b"sea")] ^= 1
        path.write_bytes(raw)
    else:
        path.write_bytes(raw[:-20])
    with pytest.raises(DatasetError, match="a.pack_archive is refused: .*force_download=True"):
        get_file(origin=address, cache_dir=tmp_path, extract=True)


def test_links_out_of_the_folder_are_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "../../../etc"
        archive.addfile(info)
    with pytest.raises(DatasetError, match="is refused"):
        get_file(origin=(tmp_path / "a.tar").as_uri(), cache_dir=tmp_path, extract=True)


def test_what_cannot_be_had(tmp_path, origin):
    with pytest.raises(DatasetError, match="could not be fetched.*put the file at"):
        get_file(origin="http://127.0.0.1:9/words.txt", cache_dir=tmp_path)
    with pytest.raises(DatasetError, match="could not be fetched"):
        get_file(origin=(tmp_path / "none").as_uri(), cache_dir=tmp_path)
    assert not [p for p in (tmp_path / "datasets").rglob("*") if p.is_file()]
    with pytest.raises(ArgumentError, match="`origin`: got None"):
        get_file("x")
    with pytest.raises(ArgumentError, match="`origin`: got 3, expected the address"):
        get_file("x", 3)
    with pytest.raises(ArgumentError, match="`fname`: got 3, expected a path"):
        get_file(3, origin.as_uri(), cache_dir=tmp_path)
    with pytest.raises(ArgumentError, match="`cache_subdir`: got .*null byte"):
        get_file("x", origin.as_uri(), cache_dir=tmp_path, cache_subdir="a\0")
    with pytest.raises(ArgumentError, match="`file_hash`: got 3, expected"):
        get_file("x", origin.as_uri(), cache_dir=tmp_path, file_hash=3)
    with pytest.raises(ArgumentError, match="`hash_algorithm`: got 'sha', expected 'sha256'"):
        get_file("x", origin.as_uri(), cache_dir=tmp_path, file_hash="0", hash_algorithm="sha")
    with pytest.raises(ArgumentError, match="`archive_format`: got 3"):
        get_file("x", origin.as_uri(), cache_dir=tmp_path, extract=True, archive_format=3)
    with pytest.raises(ArgumentError, match="`fname`: got 'a/b'"):
        get_file("a/b", origin.as_uri(), cache_dir=tmp_path)
    with pytest.raises(ArgumentError, match="`archive_format`: got 'rar'"):
        get_file("x", origin.as_uri(), cache_dir=tmp_path, extract=True, archive_format="rar")
    with pytest.warns(UserWarning, match="is no archive"):
        get_file("y", origin.as_uri(), cache_dir=tmp_path, extract=True)


@pytest.mark.parametrize(
    "answer, words",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "ended 5 bytes before the end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf", "IncompleteRead"),
        (b"who are you\r\n\r\n", "who are you"),
        (b"", "closed connection"),
    ],
    ids=["cut off", "chunk cut off", "no HTTP", "nothing"],
)
def test_half_a_file_is_none(answer, words, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/numbers.bin"
        with pytest.raises(DatasetError, match=f"get_file: {url} could not be fetched .*{words}"):
            get_file(origin=url, cache_dir=tmp_path)
        thread.join()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
