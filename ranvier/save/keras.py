"""The `.keras` format of Keras 3: a zip of a config, the weights, and a note on who wrote it."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .archive import read_members
from .text import read_config

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
ASSETS = "assets"

#: The version of Keras whose format this is; Keras itself only shows it to readers.
KERAS_VERSION = "3.15.1"


@dataclass(frozen=True)
class Contents:
    """What a `.keras` file holds: the config as plain data, and the weights as bytes.

    `assets` are the files of layers, for instance vocabularies, by their path below "assets/".
    `version` is that of the Keras that wrote the file, "" where it does not say.
    """

    config: dict[str, Any]
    weights: bytes
    assets: dict[str, bytes] = field(default_factory=dict)
    version: str = ""


def pack_keras(
    config: dict[str, Any], weights: bytes, assets: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the bytes of a `.keras` file.

    Args:
        config: plain data, as `serialize` gives it.
        weights: a weights file, as `pack_weights` gives it.
        assets: files of layers by their path, for instance
            "layers/text_vectorization/vocabulary.txt".
    """
    now = datetime.datetime.now()
    note = {
        "keras_version": KERAS_VERSION,
        "date_saved": now.strftime("%Y-%m-%d@%H:%M:%S"),
        "writer": "ranvier",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (
            (METADATA, json.dumps(note).encode()),
            (CONFIG, json.dumps(config).encode()),
            (WEIGHTS, weights),
            *((f"{ASSETS}/{path}", content) for path, content in (assets or {}).items()),
        ):
            member = zipfile.ZipInfo(name, now.timetuple()[:6])
            with archive.open(member, "w", force_zip64=len(content) > 1 << 31) as handle:
                handle.write(content)
    return out.getvalue()


def unpack_keras(data: bytes, name: str) -> Contents:
    """Return what a `.keras` file holds; nothing is written to disk, nothing is built.

    Args:
        data: the whole file.
        name: what errors call the file.

    Raises:
        ModelFileError: if the file is damaged, hostile, or holds anything else.
    """
    members = read_members(
        data, name, required=(CONFIG, WEIGHTS), optional=(METADATA,), folder=ASSETS
    )
    head = f"{ASSETS}/"
    assets = {n.removeprefix(head): c for n, c in members.items() if n.startswith(head)}
    config = read_config(members[CONFIG], f"{name}, {CONFIG}")
    note = read_config(members[METADATA], f"{name}, {METADATA}") if METADATA in members else {}
    return Contents(config, members[WEIGHTS], assets, str(note.get("keras_version", "")))
