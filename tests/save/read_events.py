"""A reader of event files that shares nothing with what writes them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np


def crc32c(data):
    """CRC-32C bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 * (crc & 1))
    return crc ^ 0xFFFFFFFF


def unmasked(masked):
    rotated = (masked - 0xA282EAD8) % 2**32
    return (rotated >> 17 | rotated << 15) % 2**32


def records(data):
    while data:
        (length,), (check,) = struct.unpack("<Q", data[:8]), struct.unpack("<I", data[8:12])
        assert unmasked(check) == crc32c(data[:8])
        content = data[12 : 12 + length]
        (check,) = struct.unpack("<I", data[12 + length : 16 + length])
        assert len(content) == length and unmasked(check) == crc32c(content)
        yield content
        data = data[16 + length :]


def fields(data):
    """Return {field: [values]} of a message: ints, eight bytes, or bytes."""
    found = {}

    def varint():
        nonlocal data
        value = shift = 0
        while True:
            byte, data = data[0], data[1:]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while data:
        key = varint()
        if key % 8 == 0:
            value = varint()
        else:
            assert key % 8 in (1, 2)
            size = 8 if key % 8 == 1 else varint()
            value, data = data[:size], data[size:]
            assert len(value) == size
        found.setdefault(key // 8, []).append(value)
    return found


def tensor(data):
    parts = fields(data)
    kind = parts[1][0]
    sizes = [fields(dim)[1][0] for dim in fields(parts[2][0]).get(2, [])]
    if kind == 7:
        return parts[8][0].decode("utf-8")
    return np.frombuffer(parts[4][0], {1: "<f4", 2: "<f8"}[kind]).reshape(sizes)


def events(path):
    """Return the events of a file, each with time, step, and what it holds."""
    found = []
    for content in records(Path(path).read_bytes()):
        parts = fields(content)
        event = {"time": struct.unpack("<d", parts[1][0])[0], "step": parts.get(2, [0])[0]}
        if 3 in parts:
            event["version"] = parts[3][0].decode()
        for value in fields(parts[5][0])[1] if 5 in parts else []:
            inner = fields(value)
            plugin = fields(fields(inner[9][0])[1][0])
            event |= {
                "tag": inner[1][0].decode(), "plugin": plugin[1][0].decode(),
                "content": plugin.get(2, [b""])[0], "value": tensor(inner[8][0]),
            }  # fmt: skip
        found.append(event)
    return found
