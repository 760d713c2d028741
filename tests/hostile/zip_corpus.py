"""Hostile `.keras` archives, each with the words that refuse it."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

CONFIG = b'{"class_name": "Sequential", "config": {}}'
WEIGHTS = bytes(range(256)) * 20
MEMBERS = {"metadata.json": b"{}", "config.json": CONFIG, "model.weights.h5": WEIGHTS}


@dataclass(frozen=True)
class Case:
    """One archive, and what the error must say."""

    make: Callable[[], bytes]
    words: str

    @property
    def name(self) -> str:
        return self.make.__name__


CASES: list[Case] = []


def hostile(words: str):
    def keep(make):
        CASES.append(Case(make, words))
        return make

    return keep


def packed(members=None, method=zipfile.ZIP_STORED, extra=()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about names that are there twice
        for name, content in [*(MEMBERS if members is None else members).items(), *extra]:
            archive.writestr(name, content)
    return out.getvalue()


def central(data: bytes, number: int) -> int:
    """Where the entry of a member begins in the list at the end."""
    at = data.index(b"PK\x01\x02")
    for _ in range(number):
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def patched(number: int, offset: int, value: bytes, local: int | None = None) -> bytes:
    """Change a field of a member's entry, and the same field of its local header."""
    data = bytearray(packed())
    at = central(data, number)
    header = struct.unpack_from("<L", data, at + 42)[0]
    data[at + offset : at + offset + len(value)] = value
    if local is not None:
        data[header + local : header + local + len(value)] = value
    return bytes(data)


def _extra(name: str) -> bytes:
    return packed(extra=[(name, b"evil")])


@hostile(r"holds \['../evil.py'\]")
def name_that_climbs():
    return _extra("../evil.py")


@hostile(r"holds \['/tmp/evil'\]")
def absolute_name():
    return _extra("/tmp/evil")


@hostile(r"holds \['assets/../../evil'\]")
def asset_that_climbs():
    return _extra("assets/../../evil")


@hostile(r"holds \['model.py'\]")
def code():
    return _extra("model.py")


@hostile(r"holds \['config.json/'\]")
def folder():
    return _extra("config.json/")


@hostile("is in the archive twice")
def config_twice():
    return packed(extra=[("config.json", b"{}")])


@hostile(r"lacks \['model.weights.h5'\]")
def no_weights():
    return packed({"config.json": CONFIG})


@hostile(r"lacks \['config.json', 'model.weights.h5'\]")
def empty():
    return packed({})


@hostile("members of the archive overlap")
def overlap():
    data = bytearray(packed())
    at = central(data, 2)
    data[at + 42 : at + 46] = struct.pack("<L", 10)
    return bytes(data)


@hostile("declares 1073741824 bytes but stores|declares 4294967294 bytes")
def bomb():
    return patched(2, 24, struct.pack("<L", 0xFFFFFFFE), 22)


@hostile("declares .* bytes but stores")
def packed_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", CONFIG)
        with archive.open("model.weights.h5", "w") as handle:
            for _ in range(80):
                handle.write(bytes(1 << 20))
    return out.getvalue()


@hostile("damaged zip archive|has .* bytes")
def more_inside_than_declared():
    data = bytearray(packed(method=zipfile.ZIP_DEFLATED))
    at = central(data, 2)
    data[at + 24 : at + 28] = struct.pack("<L", 100)
    return bytes(data)


@hostile("damaged zip archive .*CRC")
def changed_byte():
    data = bytearray(packed())
    data[data.index(WEIGHTS) + 1000] ^= 1
    return bytes(data)


@hostile("damaged zip archive .*encrypted")
def encrypted():
    return patched(1, 8, b"\x01\0", 6)


@hostile("is packed by method 12")
def other_method():
    return packed(method=zipfile.ZIP_BZIP2)


@hostile("damaged zip archive")
def other_name_in_the_local_header():
    data = bytearray(packed())
    at = data.index(b"config.json")
    data[at : at + 11] = b"donfig.json"
    return bytes(data)


@hostile("not a zip archive, or cut off")
def cut_off():
    return packed()[:-10]


@hostile("not a zip archive, or cut off")
def no_archive():
    return b"<html>not found</html>" * 100


@hostile("bytes after its end")
def bytes_after_the_end():
    return packed() + b"more"


@hostile("too many members")
def too_many_members():
    return packed({f"member {i}": b"" for i in range(2000)})


@hostile("no record of its size|too many members")
def large_form_without_its_record():
    data = bytearray(packed())
    at = data.rindex(b"PK\x05\x06")
    data[at + 8 : at + 16] = b"\xff" * 8
    return bytes(data)


@hostile("config.json: not a JSON text")
def config_that_is_not_utf8():
    return packed({**MEMBERS, "config.json": b'{"a": "\xff\xfe"}'})


@hostile("config.json: nested deeper than 100")
def deep_config():
    return packed({**MEMBERS, "config.json": b'{"a":' * 50_000 + b"1" + b"}" * 50_000})
