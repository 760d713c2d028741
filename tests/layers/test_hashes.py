"""The hashes behind buckets, against numbers of TensorFlow and of the paper."""

from __future__ import annotations

import pytest

from ranvier.layers.farm_hash import concatenated, fingerprint
from ranvier.layers.sip_hash import sip_hash

#: What tf.strings.to_hash_bucket_fast and to_hash_bucket_strong(key=[133, 137]) give modulo 2^62.
RECORDED = [
    ("", 1936946117179621455, 316627932347062996),
    ("a", 3694432073954588131, 2466253977694453450),
    ("ab", 3066228220894225694, 3814769135020288330),
    ("abc", 2640714258260161385, 2288159068006480041),
    ("abcd", 1897425971756105985, 3196519216900852167),
    ("hello", 3786372426573024488, 1067426241479190957),
    ("abcdefgh", 4533385575889643785, 210173030064361732),
    ("0123456789abcdef", 1493332391325024359, 4045071960732599654),
    ("0123456789abcdefg", 2800675501336285770, 2112349501170619355),
    ("x" * 32, 3678204687145032709, 814092544179586341),
    ("y" * 33, 3999049019338133246, 3745711414651606668),
    ("z" * 64, 294799756062990872, 3484376427546784575),
    (
        "The quick brown fox jumps over the lazy dog, and then it does so again. ",
        2707770342634943513,
        2501761571962540788,
    ),
    ("é한국어" * 40, 4134715127240947061, 4014359304610313105),
    ("q" * 65, 3080958293828885289, 203371353842262250),
    ("q" * 128, 3049490681071257226, 955421293351313550),
    ("q" * 129, 154208312781622945, 641727350578194577),
    ("w" * 192, 1209965289977694469, 286203001478978956),
]


@pytest.mark.parametrize(("text", "farm", "sip"), RECORDED)
def test_numbers_of_tensorflow(text, farm, sip):
    assert fingerprint(text.encode()) % 2**62 == farm
    assert sip_hash(text.encode(), (133, 137)) % 2**62 == sip


def test_crossed_features():
    # tf.sparse.cross_hashed, 2^40 buckets
    got = [
        concatenated([fingerprint(a.encode()), n % 2**64], 0xDECAFCAFFE) % 2**40
        for a, n in zip("ABC", [101, 102, -3], strict=True)
    ]
    assert got == [1081723973131, 206251076584, 1025689472776]


def test_example_of_the_paper():
    key = (0x0706050403020100, 0x0F0E0D0C0B0A0908)
    assert sip_hash(bytes(range(15)), key) == 0xA129CA6149BE45E5
