"""What the system tells of its processor."""

from pathlib import Path

from ranvier.cli.processor import processor


def test_reads_name_and_vectors(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text("processor : 0\nmodel name : Some CPU\nflags : fpu avx2 fma avx2 nonsense\n")
    assert processor(path) == ("Some CPU", ["fma", "avx2"])


def test_arm_has_features(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text("Features : fp asimd sve\n")
    assert processor(path)[1] == ["asimd", "sve"]


def test_a_system_without_the_file_tells_less(tmp_path: Path) -> None:
    name, vectors = processor(tmp_path / "absent")
    assert name and vectors == []
