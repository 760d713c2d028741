"""Zip archives from strangers: known members only, read into memory, within bounds."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from ..graph.errors import ModelFileError

_END = struct.Struct("<4s4H2LH")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LARGE_LOCATOR = struct.Struct("<4sLQL")
_MOST_DIRECTORY = 1 << 16  # bytes: three members take some 300
_MOST_MEMBERS = 1 << 22  # the same for an archive of some 30,000 arrays
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError,
           NotImplementedError, RuntimeError, OSError)  # fmt: skip
# Weights are stored as they are; somebody may have packed them again, and zeros pack well.
_EXPANSION, _FLOOR = 8, 32 << 20


def list_members(data: bytes, name: str) -> dict[str, int]:
    """Return the declared size of each member by name; nothing is unpacked.

    Raises:
        ModelFileError: if the archive is damaged, or a member is there twice.
    """
    _check_directory(data, name, _MOST_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except _DAMAGE as error:
        raise ModelFileError(f"{name}: damaged zip archive ({error}).") from None
    found = {member.filename: member.file_size for member in members}
    if len(found) != len(members):
        raise ModelFileError(f"{name}: a member is in the archive twice; refused.")
    return found


def read_members(
    data: bytes,
    name: str,
    required: Sequence[str],
    optional: Sequence[str],
    folder: str = "",
    kind: str = ".keras",
    only: Sequence[str] | None = None,
) -> dict[str, bytes]:
    """Return the content of each member by name.

    Args:
        data: the whole archive.
        name: what errors call it.
        required: members that must be there.
        optional: members that may be there; any other is refused.
        folder: a folder in which any members may be, "" for none.
        kind: what errors call files of this form.
        only: the members to unpack; default all.

    Raises:
        ModelFileError: if the archive is damaged or hostile: unknown, doubled, overlapping or
            encrypted members, sizes beyond the archive's own, a checksum that does not fit.
    """
    _check_directory(data, name, _MOST_DIRECTORY if only is None else _MOST_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, data, name, required, optional, folder, kind)
            wanted = [m for m in members if only is None or m.filename in only]
            return {member.filename: _read(archive, member) for member in wanted}
    except ModelFileError:
        raise
    except _DAMAGE as error:
        raise ModelFileError(f"{name}: damaged zip archive ({error}).") from None


def _check_directory(data: bytes, name: str, most: int) -> None:
    """Check the size of the list of members, before it is read."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - 65535))
    if at < 0 or at + _END.size > len(data):
        raise ModelFileError(f"{name}: not a zip archive, or cut off. Copy or save it again.")
    _, _, _, _, count, size, _, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise ModelFileError(f"{name}: damaged zip archive (bytes after its end).")
    if size == 0xFFFFFFFF or count == 0xFFFF:  # the true ones are in the record for large files
        size = _large_directory(data, at, name)
    if size > most:
        raise ModelFileError(f"{name}: a zip archive with too many members; refused.")


def _large_directory(data: bytes, end: int, name: str) -> int:
    at = end - _LARGE_LOCATOR.size - _LARGE_END.size
    if at < 0 or data[at : at + 4] != b"PK\x06\x06":
        raise ModelFileError(f"{name}: damaged zip archive (no record of its size).")
    return int(_LARGE_END.unpack_from(data, at)[8])


def _check_members(
    members: list[zipfile.ZipInfo],
    data: bytes,
    name: str,
    required: Sequence[str],
    optional: Sequence[str],
    folder: str,
    kind: str,
) -> None:
    names = [member.filename for member in members]
    unknown = [
        n for n in names if n not in required and n not in optional and not _is_in(folder, n)
    ]
    missing = [n for n in required if n not in names]
    if unknown or missing:
        what = f"holds {unknown[:5]!r}" if unknown else f"lacks {missing!r}"
        raise ModelFileError(f"{name}: {what}; a {kind} file holds {[*required, *optional]}.")
    if len(set(names)) != len(names):
        raise ModelFileError(f"{name}: a member is in the archive twice; refused.")
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            raise ModelFileError(f"{name}: members of the archive overlap; refused.")
        end = member.header_offset + 30 + len(member.filename.encode()) + member.compress_size
        if end > len(data):
            raise ModelFileError(f"{name}: '{member.filename}' is cut off. Copy or save it again.")
        _check_size(member, name)
    unpacked = sum(member.file_size for member in members)
    if unpacked > _FLOOR + _EXPANSION * len(data):  # many small members, each within its bounds
        raise ModelFileError(
            f"{name}: its members declare {unpacked} bytes in all, the archive has {len(data)}; "
            "refused."
        )


def _is_in(folder: str, name: str) -> bool:
    """Tell whether a member lies in a folder, under a plain path of names."""
    parts = name.split("/")
    plain = "\\" not in name and not any(part in ("", ".", "..") for part in parts)
    return bool(folder) and plain and len(parts) > 1 and parts[0] == folder


def _check_size(member: zipfile.ZipInfo, name: str) -> None:
    stored = member.compress_type == zipfile.ZIP_STORED
    if not stored and member.compress_type != zipfile.ZIP_DEFLATED:
        raise ModelFileError(
            f"{name}: '{member.filename}' is packed by method {member.compress_type}; only "
            "stored and deflated members are read."
        )
    most = member.compress_size if stored else max(_FLOOR, _EXPANSION * member.compress_size)
    if member.file_size > most or (stored and member.file_size != most):
        raise ModelFileError(
            f"{name}: '{member.filename}' declares {member.file_size} bytes but stores "
            f"{member.compress_size}; refused."
        )


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as handle:
        content = handle.read(member.file_size + 1)  # a bad CRC raises at the end
    if len(content) != member.file_size:
        raise zipfile.BadZipFile(f"'{member.filename}' has {len(content)} bytes")
    return content
