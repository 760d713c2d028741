"""Random numbers: one counter-based generator (Philox 4x32-10) behind everything."""

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
