"""Random numbers: one counter-based generator (Philox 4x32-10) behind everything."""

from typing import TYPE_CHECKING

from ..graph.catalog import listing as _listing
from ..graph.errors import absent as _absent
from .draw import categorical, dropout, normal, randint, shuffle, truncated_normal, uniform
from .flat import flat_normal, flat_truncated_normal, flat_uniform, permutation
from .seed import (
    SeedGenerator,
    draw_state,
    fixed_state,
    global_seed_generator,
    next_seed,
    seeded,
    set_random_seed,
)  # fmt: skip

#: What configs may name in place of a seed.
CATALOG = {"SeedGenerator": SeedGenerator}

if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(
        __name__, globals(), {"set_seed": "write ranvier.utils.set_random_seed(seed)."}
    )
