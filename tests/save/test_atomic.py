"""Files appear whole or not at all, and nothing is left beside them."""

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ranvier.save import atomic

OLD, NEW = b"old" * 1000, b"new" * 2000


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "a model, ünïcode 신경망.keras"
    path.write_bytes(OLD)
    return path


def names(path: Path) -> list[str]:
    return sorted(p.name for p in path.parent.iterdir())


def test_writes_and_replaces(target):
    atomic.write(target, NEW)
    assert target.read_bytes() == NEW
    assert names(target) == [target.name]


def test_failure_keeps_the_old_file(target):
    with pytest.raises(KeyboardInterrupt), atomic.replacing(target) as handle:
        handle.write(NEW)
        raise KeyboardInterrupt
    assert target.read_bytes() == OLD
    assert names(target) == [target.name]


def test_umask_and_mode(tmp_path):
    before = os.umask(0o027)
    try:
        atomic.write(tmp_path / "fresh", NEW)
        (tmp_path / "kept").write_bytes(OLD)
        (tmp_path / "kept").chmod(0o604)
        atomic.write(tmp_path / "kept", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o604


def test_symbolic_link_stays(target):
    link = target.parent / "latest"
    link.symlink_to(target.name)
    atomic.write(link, NEW)
    assert link.is_symlink() and target.read_bytes() == NEW


def test_long_name(tmp_path):
    path = tmp_path / ("x" * 249 + ".keras")
    atomic.write(path, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda p: p / "missing" / "m.keras", FileNotFoundError),
        (lambda p: p, IsADirectoryError),
        (lambda p: Path("/dev/null"), OSError),
        (lambda p: p / ("x" * 300), OSError),
    ],
)
def test_error_names_the_file(tmp_path, make, error):
    path = make(tmp_path)
    with pytest.raises(error) as caught:
        atomic.write(path, NEW)
    assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder '.*missing' to save into"):
        atomic.write(tmp_path / "missing" / "m.keras", NEW)


def test_read_only_folder(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    with pytest.raises(PermissionError) as caught:
        atomic.write(folder / "m.keras", NEW)
    assert caught.value.filename == str(folder / "m.keras")


def run(code: str, *args: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *args],
        stdout=subprocess.PIPE,
        cwd=Path(atomic.__file__).parents[2],
        text=True,
    )


def test_file_size_limit(target):
    code = """
        import resource, sys
        from ranvier.save import atomic
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        try:
            atomic.write(sys.argv[1], b"x" * 100_000)
        except OSError as error:
            print(error.errno, error.filename == sys.argv[1])
    """
    with run(code, str(target)) as child:
        assert child.stdout.read().split() == [str(errno.EFBIG), "True"]
    assert target.read_bytes() == OLD
    assert names(target) == [target.name]


def test_killed_in_the_middle(target):
    """A part of a live save stays; that of a dead one goes with the next save."""
    code = """
        import sys, time
        from ranvier.save import atomic
        with atomic.replacing(sys.argv[1]) as handle:
            handle.write(b"half")
            handle.flush()
            print("ready", flush=True)
            time.sleep(60)
    """
    with run(code, str(target)) as child:
        child.stdout.readline()
        assert len(names(target)) == 2
        atomic.write(target, NEW)
        assert len(names(target)) == 2, "the other process still writes its part"
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert target.read_bytes() == NEW
        atomic.write(target, OLD)
        assert names(target) == [target.name]
        assert target.read_bytes() == OLD


def test_killed_at_any_moment(target):
    """Whenever the process dies, the file is one of the two, whole."""
    code = """
        import sys
        from ranvier.save import atomic
        print("ready", flush=True)
        while True:
            atomic.write(sys.argv[1], b"old" * 1000)
            atomic.write(sys.argv[1], b"new" * 2000)
    """
    for wait in (0.0, 0.003, 0.01, 0.03):
        with run(code, str(target)) as child:
            child.stdout.readline()
            try:
                child.wait(timeout=wait or 0.001)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
            child.wait()
        assert target.read_bytes() in (OLD, NEW)
    atomic.write(target, NEW)
    assert names(target) == [target.name]
