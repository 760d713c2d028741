"""What a caller and the code of a step must agree on."""

#: Words of the call block: row order, rows in all, rows a batch, whether the first thread has begun
#: (written), the system's sleep; then the inputs' and the outputs'.
HEAD, PER_INPUT, BEGUN, SLEEP = 5, 4, 3, 4

#: More threads than this never help a step of the nets this engine is for.
MAX_THREADS = 16
