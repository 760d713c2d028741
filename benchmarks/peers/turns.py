"""The protocol of a worker: prepare once, then measure one turn for each line on standard input."""

import json
import os
import resource
import sys
import time

# Turns of a tenth of a second, after seconds in which others ran, scatter by a factor of two.
TURN_SECONDS = 0.7


def serve(prepare):
    """Run one worker until its input ends.

    `prepare(job)` is called once with the dict in argv[1]; it warms everything up and returns a
    function that measures one turn and returns a dict of figures. What a library prints goes to
    standard error; only the JSON lines of this file reach standard output.
    """
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    started = time.perf_counter()
    measure, about = prepare(json.loads(sys.argv[1]))
    about["prepare_seconds"] = time.perf_counter() - started
    print(json.dumps(about), file=out, flush=True)
    for _ in sys.stdin:
        figures = measure()
        figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(figures), file=out, flush=True)


def timed(function, count, least=0.0):
    """Call `function` for at least so many seconds, at least once; return microseconds an item.

    A call has `count` items.
    """
    start, calls, seconds = time.perf_counter(), 0, -1.0
    while seconds < least:
        function()
        calls, seconds = calls + 1, time.perf_counter() - start
    return seconds / (calls * count) * 1e6
