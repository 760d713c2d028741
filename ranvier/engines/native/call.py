"""What a caller and the code of a step must agree on."""

#: Words of the call block: row order, rows in all, rows a batch, steps done (written); then the
#: inputs' and the outputs'.
HEAD, PER_INPUT, DONE = 4, 4, 3

#: More threads than this never help a step of the nets this engine is for.
MAX_THREADS = 16
