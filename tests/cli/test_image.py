"""Pictures from files: grey, square, light on dark."""

from pathlib import Path

import click
import numpy as np
import pytest

from ranvier.cli import image

Image = pytest.importorskip("PIL.Image")


def a_thing(height: int, width: int, thing: int, ground: int) -> np.ndarray:
    pixels = np.full((height, width), ground, np.uint8)
    pixels[height // 4 : -height // 4, width // 4 : -width // 4] = thing
    return pixels


def test_a_picture_of_the_data_set_comes_back_as_it_is(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    pixels[[0, -1]] = pixels[:, [0, -1]] = 0
    Image.fromarray(pixels).save(tmp_path / "x.png")
    assert np.array_equal(image.read(tmp_path / "x.png"), pixels)


def test_dark_on_light_is_inverted(tmp_path: Path) -> None:
    Image.fromarray(a_thing(56, 56, thing=40, ground=255)).save(tmp_path / "x.png")
    read = image.read(tmp_path / "x.png")
    assert read.shape == (28, 28) and read.dtype == np.uint8
    assert read[0, 0] == 0 and read[14, 14] == 215


def test_a_wide_picture_keeps_its_proportions(tmp_path: Path) -> None:
    Image.fromarray(a_thing(20, 80, thing=255, ground=0)).save(tmp_path / "x.png")
    lit = image.read(tmp_path / "x.png") > 128
    assert lit.any(0).sum() == pytest.approx(14, abs=1)
    assert lit.any(1).sum() == pytest.approx(3.5, abs=1)


def test_colour_transparency_and_wide_grey(tmp_path: Path) -> None:
    clear = np.zeros((28, 28, 4), np.uint8)
    clear[8:20, 8:20] = (0, 0, 0, 255)
    Image.fromarray(clear, "RGBA").save(tmp_path / "clear.png")
    read = image.read(tmp_path / "clear.png")
    assert read[0, 0] == 0 and read[14, 14] == 255

    wide = a_thing(28, 28, 255, 0).astype(np.uint16) * 257
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert np.array_equal(image.read(tmp_path / "wide.png"), a_thing(28, 28, 255, 0))


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_text("no picture")
    with pytest.raises(click.UsageError, match=r"x\.png: got no picture that Pillow can read"):
        image.read(tmp_path / "x.png")


def test_without_pillow_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    with pytest.raises(click.UsageError, match=r"pip install 'ranvier\[image\]'"):
        image.read(tmp_path / "x.png")


def test_a_picture_cut_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    noise = np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(click.UsageError, match=r"x\.png: Pillow cannot read all of the picture"):
        image.read(path)
    with pytest.raises(FileNotFoundError, match=r"none\.png"):
        image.read(tmp_path / "none.png")
