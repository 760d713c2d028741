"""The same bits at any number of threads, in any company, and in slices; how many are used."""

from __future__ import annotations

import ctypes
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier.engines.native import NativeEngine, make, share
from ranvier.engines.native import program as native_program
from ranvier.engines.native.choice import Choice
from ranvier.engines.native.emit import Function, Module
from ranvier.engines.native.machine import Loaded, compile_object, host
from ranvier.engines.native.threads import Pool
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING, set_threads
from ranvier.graph import Graph
from ranvier.optimizers import SGD, Adam
from tests.engines.nets import Net
from tests.engines.run import Numbers, close, run_from, same_bits, starts

ROOT = Path(__file__).resolve().parents[3]

#: Its kernels are large enough to be shared; every size is no multiple of a vector.
LARGE = (785, 101, 11)


@pytest.fixture(autouse=True)
def threads_as_before() -> Iterator[None]:
    before = SETTING.threads
    yield
    set_threads(before)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use all threads that may be used, even for short calls."""
    monkeypatch.setattr(Choice, "pick", lambda self, most, steps: (most, steps))


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile anew: nothing from disk or from another test."""
    monkeypatch.setenv("RANVIER_CACHE", "off")
    monkeypatch.setattr(native_program, "_CODE", type(native_program._CODE)())


def trained(net: Net, graph: Graph, count: int, rows: int = 100, batch: int = 32) -> Numbers:
    """Return loss and variables after one pass over some rows on `count` threads."""
    set_threads(count)
    program = NativeEngine().compile(graph, batch)
    order = np.random.default_rng(2).permutation(rows).astype(np.int64)
    return run_from(starts(graph), program, graph, net.data(rows), order, batch)


@pytest.mark.parametrize(
    ("make", "dropout"), [(SGD, 0.0), (lambda: Adam(global_clipnorm=1.0), 0.3)], ids=["sgd", "adam"]
)
def test_training_has_the_same_bits_on_1_2_and_3_threads(
    make: Any, dropout: float, always: None
) -> None:
    found = []
    for count in (1, 2, 3):
        net = Net(LARGE, make, dropout)
        found.append(trained(net, net.train(), count))
    same_bits(found[1], found[0])
    same_bits(found[2], found[0])
    net = Net(LARGE, make, dropout)
    reference = ReferenceEngine().compile(net.train(), 32)
    order = np.random.default_rng(2).permutation(100).astype(np.int64)
    graph = reference.graph
    close(run_from(starts(graph), reference, graph, net.data(100), order, 32), found[0], 2e-4)


def test_one_call_or_many_have_the_same_bits(always: None) -> None:
    """Chunks of a fit end where they like; batches stay what they are."""
    whole = Net(LARGE, Adam, 0.3)
    want = trained(whole, whole.train(), 2)[1:]
    pieces = Net(LARGE, Adam, 0.3)
    graph = pieces.train()
    program = NativeEngine().compile(graph, 32)
    order = np.random.default_rng(2).permutation(100).astype(np.int64)
    for first, end in ((0, 64), (64, 96), (96, 100)):
        program.run(pieces.data(100), order[first:end], 32)
    same_bits(starts(graph), want)


def test_threads_that_sleep_where_they_meet_find_the_same_bits(
    always: None, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = Net(LARGE)
    want = trained(net, net.train(), 1)
    native_program._CODE.clear()
    monkeypatch.setattr(share, "_TICKS", 0)
    monkeypatch.setattr(share, "_TURNS", 0)
    net = Net(LARGE)
    same_bits(trained(net, net.train(), 3), want)


@pytest.mark.parametrize("batch", [8, 32])
def test_a_call_in_slices_has_the_bits_of_a_whole_one(
    batch: int, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers of threads are compared in slices of calls: rows, results and variables go on."""
    order = np.random.default_rng(2).permutation(100)
    set_threads(2)
    found = []
    for slices in (1, 3):
        turns = itertools.cycle((1, 2))
        monkeypatch.setattr(
            Choice, "pick", lambda self, most, steps, n=slices, t=turns: (next(t), -(-steps // n))
        )
        net = Net(LARGE)
        out = np.zeros((100, 11), np.float32)
        program = NativeEngine().compile(net.predict(), batch)
        assert program.layout.shared
        program.run(net.data(100)[:1], order, batch, [out])
        graph = net.train()
        program = NativeEngine().compile(graph, batch)
        found.append([out, *run_from(starts(graph), program, graph, net.data(100), order, batch)])
    same_bits(found[1], found[0])


def test_a_call_without_rows_does_nothing() -> None:
    set_threads(2)
    net = Net(LARGE)
    graph = net.train()
    program = NativeEngine().compile(graph, 32)
    assert program.layout.shared
    want = starts(graph)
    program.run(net.data(100), np.arange(0), 32)
    same_bits(starts(graph), want)


def test_models_with_the_same_code_know_which_threads_pay(fresh: None) -> None:
    set_threads(2)
    first, second, other = (
        NativeEngine().compile(Net(LARGE, **words).train(), 32)
        for words in ({}, {}, {"dropout": 0.3})
    )
    first.run(Net(LARGE).data(100), np.arange(100), 32)
    assert first._choice is second._choice and second._choice._alone
    assert other._choice._alone is None


def test_two_python_threads_train_two_models_as_if_alone(always: None) -> None:
    solo = []
    for seed in (1, 2):
        net = Net(LARGE, Adam, seed=seed)
        solo.append(trained(net, net.train(), 2, rows=320))
    found: dict[int, Numbers] = {}

    def work(seed: int) -> None:
        net = Net(LARGE, Adam, seed=seed)
        graph = net.train()
        program = NativeEngine().compile(graph, 32)
        order = np.random.default_rng(2).permutation(320).astype(np.int64)
        found[seed] = run_from(starts(graph), program, graph, net.data(320), order, 32)

    set_threads(2)
    workers = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    same_bits(found[1], solo[0])
    same_bits(found[2], solo[1])


@pytest.mark.parametrize("sizes", [((5, 3, 2), (5, 4, 2)), ((5, 3, 2), (5, 3, 2))])
def test_different_code_is_made_at_the_same_time_and_equal_code_once(
    sizes: tuple[tuple[int, ...], ...], fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_step, made = make.make_step, []
    different = len(set(sizes))
    meeting = threading.Barrier(different)

    def watched(*arguments: Any) -> Any:
        meeting.wait(60)
        made.append(arguments)
        return make_step(*arguments)

    monkeypatch.setattr(make, "make_step", watched)
    monkeypatch.setenv("RANVIER_CACHE", "off")
    programs: list[Any] = []
    threads = [
        threading.Thread(target=lambda g=g: programs.append(NativeEngine().compile(g, 4)))
        for g in [Net(s).train() for s in sizes]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(programs) == 2 and len(made) == different
    assert len({id(p._code) for p in programs}) == different
    assert not native_program._MAKING


def test_code_that_could_not_be_made_is_made_the_next_time(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise MemoryError

    graph = Net((5, 3, 2)).train()
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(make, "make_step", failing)
        patch.setenv("RANVIER_CACHE", "off")
        NativeEngine().compile(graph, 4)
    assert not native_program._MAKING
    assert NativeEngine().compile(graph, 4)


def test_one_program_run_by_two_python_threads_takes_turns(always: None) -> None:
    net = Net(LARGE)
    graph = net.predict()
    program = NativeEngine().compile(graph, 32)
    x = net.data(320)[0]
    want = run_from(starts(graph), program, graph, [x], np.arange(320), 32)[0]
    found = [np.zeros_like(want), np.zeros_like(want)]
    workers = [
        threading.Thread(target=lambda out=out: [
            program.run([x], np.arange(320), 32, [out]) for _ in range(5)])
        for out in found
    ]  # fmt: skip
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    assert all(out.tobytes() == want.tobytes() for out in found)


# --- the pool -------------------------------------------------------------------------------------
def test_an_interrupt_before_the_first_thread_began_leaves_nobody_waiting() -> None:
    pool, begun = Pool(), threading.Event()
    calls: list[int] = []

    def job(number: int) -> None:
        if number:
            assert begun.wait(20)
            return
        calls.append(number)
        if len(calls) == 1:
            raise KeyboardInterrupt
        begun.set()

    with pytest.raises(KeyboardInterrupt):
        pool.run(job, 2)
    done = []
    assert pool.run(done.append, 3)
    assert sorted(done) == [0, 1, 2]


def test_an_interrupted_program_can_go_on(always: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_threads(2)
    net = Net(LARGE)
    graph = net.train()
    program = NativeEngine().compile(graph, 32)
    want = starts(graph)
    routine, interrupts = program._run, [1]

    def interrupted(*arguments: int) -> None:
        if arguments[3] == 0 and interrupts:
            interrupts.pop()
            raise KeyboardInterrupt
        routine(*arguments)

    program._run = interrupted  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        program.run(net.data(100), np.arange(100), 32)
    program._run = routine
    found = run_from(want, program, graph, net.data(100), np.arange(100), 32)
    fresh_net = Net(LARGE)
    again = fresh_net.train()
    other = NativeEngine().compile(again, 32)
    same_bits(run_from(starts(again), other, again, net.data(100), np.arange(100), 32), found)


def test_a_busy_pool_is_left_alone() -> None:
    pool = Pool()
    inner: list[bool] = []
    assert pool.run(lambda n: inner.append(pool.run(lambda m: None, 2)) if n == 0 else None, 2)
    assert inner == [False]


class Machine:
    """Steps that take so many seconds on each number of threads, as a choice sees them."""

    def __init__(self, costs: dict[int, float]) -> None:
        self.costs, self.choice = costs, Choice()
        self.spent: dict[int, float] = dict.fromkeys(costs, 0.0)

    def work(self, calls: int, steps: int, most: int | None = None) -> int:
        """Run calls of so many steps; return the number of threads that took most of the time."""
        self.spent = dict.fromkeys(self.costs, 0.0)
        for _ in range(calls):
            left = steps
            while left > 0:
                count, part = self.choice.pick(most or max(self.costs), left)
                assert 1 <= part <= left
                seconds = self.costs[count] * part
                self.choice.learn(count, seconds, part)
                self.spent[count] += seconds
                left -= part
        return max(self.spent, key=lambda count: self.spent[count])


@pytest.mark.parametrize("steps", [10, 200], ids=["short calls", "long calls"])
@pytest.mark.parametrize(
    "costs",
    [
        {1: 1e-4, 2: 6e-5},
        {1: 1e-4, 2: 1.3e-4},
        {1: 1e-4, 2: 9e-4},
        {1: 1e-4, 2: 6e-5, 4: 4e-5, 6: 5e-5},
        {1: 1e-4, 2: 6e-5, 4: 4e-5, 8: 3e-5},
    ],
    ids=["two are faster", "slower", "far slower", "four are fastest", "eight"],
)
def test_the_number_of_threads_that_is_fastest_works(costs: dict[int, float], steps: int) -> None:
    machine = Machine(costs)
    best = min(costs, key=lambda count: costs[count])
    machine.work(1500 // steps * 20, steps)
    assert machine.work(20000 // steps, steps) == best
    assert machine.spent[best] > 0.9 * sum(machine.spent.values())


def test_a_call_too_short_to_wake_a_thread_for_stays_on_one() -> None:
    machine = Machine({1: 1e-5, 2: 1e-9})
    machine.work(500, 20)
    assert machine.spent[2] == 0


@pytest.mark.parametrize("to", [{1: 1e-4, 2: 5e-4}, {1: 1e-4, 2: 6e-5}], ids=["busy", "free"])
def test_the_choice_follows_a_core_that_becomes_busy_or_free(to: dict[int, float]) -> None:
    machine = Machine({1: 1e-4, 2: 6e-5 if to[2] > 1e-4 else 5e-4})
    machine.work(30, 200)
    machine.costs = to
    machine.work(200, 200)
    assert machine.work(50, 200) == min(to, key=lambda count: to[count])


def test_a_core_that_is_taken_away_for_a_moment_changes_nothing() -> None:
    machine = Machine({1: 1e-4, 2: 6e-5})
    machine.work(30, 200)
    machine.choice.learn(2, 0.05, 10)
    assert machine.work(50, 200) == 2


def test_one_choice_serves_callers_with_different_bounds() -> None:
    machine = Machine({1: 1e-4, 2: 6e-5, 4: 4e-5})
    machine.work(100, 200)
    assert machine.work(100, 200, most=2) == 2 and machine.spent[4] == 0
    machine.work(500, 200)
    assert machine.work(100, 200) == 4


def test_a_short_call_that_took_long_once_wakes_no_thread() -> None:
    machine = Machine({1: 1e-4, 2: 1e-9})
    machine.work(20, 1)
    machine.choice.learn(1, 0.05, 1)
    machine.work(20, 1)
    assert machine.spent[2] == 0
    machine.costs = {1: 1e-2, 2: 5e-3}
    assert machine.work(100, 1) == 2


def test_short_calls_tell_nothing_of_long_ones() -> None:
    """Two threads lose in the first steps of a fit, and win afterwards."""
    choice, spent = Choice(), {1: 0.0, 2: 0.0}
    for _ in range(40):  # fits
        for steps in (4, 16, 64, 256, *[250] * 6):
            left = steps
            while left:
                count, part = choice.pick(2, left)
                seconds = {1: 1e-4, 2: 6e-5}[count] * part + 1e-4 * count * count
                choice.learn(count, seconds, part)
                spent[count] += seconds if steps > 64 else 0
                left -= part
    assert spent[2] > 4 * spent[1]


# --- processes ------------------------------------------------------------------------------------
SCRIPT = """
import os, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from ranvier.engines import set_threads
from ranvier.engines.native import NativeEngine
from ranvier.engines.native.choice import Choice
from tests.engines.nets import Net
Choice.pick = lambda self, most, steps: (most, steps)
set_threads(2)

def train():
    net = Net((785, 101, 11))
    program = NativeEngine().compile(net.train(), 32)
    assert program.layout.shared
    program.run(net.data(100), np.arange(100), 32)
    return b"".join(w.numpy().tobytes() for w in net.weights)

first = train()
if sys.argv[1] == "fork":
    child = os.fork()
    if child == 0:
        os._exit(0 if train() == first and train() == first else 3)
    same = train() == first
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert same and train() == first
print("done")
"""


@pytest.mark.parametrize("what", ["exit", "fork"])
def test_processes_end_cleanly(what: str) -> None:
    if what == "fork" and not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, what], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=200,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr) == (0, "done\n", "")


WHILE_OTHERS_COMPILE = """
import os, sys, threading, warnings
warnings.simplefilter("ignore")
os.environ["RANVIER_CACHE"] = "off"
from ranvier.engines import set_threads
from ranvier.engines.native import NativeEngine
from tests.engines.nets import Net
set_threads(1)
NativeEngine().compile(Net((5, 3, 2)).train(), 4)  # no module is still being imported
over = threading.Event()

def compile_on() -> None:
    size = 3
    while not over.is_set():
        size += 1
        NativeEngine().compile(Net((5, size, 2)).train(), 4)

other = threading.Thread(target=compile_on)
other.start()
for turn in range(12):
    child = os.fork()
    if child == 0:
        NativeEngine().compile(Net((6, 3 + turn, 2)).train(), 4)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
over.set()
other.join()
print("done")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_compiles_that_was_forked_while_another_thread_did() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WHILE_OTHERS_COMPILE], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=100,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr) == (0, "done\n", "")


@pytest.mark.parametrize("counts", [[9, 3, 3, 1], [4, 1], [1], [0, 5, 0, 7], [16, 1, 1, 1]])
@pytest.mark.parametrize("threads", [1, 2, 3, 5, 16])
def test_runs_of_pieces_are_shared_out_as_one(counts: list[int], threads: int) -> None:
    """No thread has two pieces more than another; every piece is done once."""
    module = Module(4, "nounwind")
    f = Function(module, [("ptr", "out"), *share.SHARE], linkage="", name="ends")
    for i, ends in enumerate(share.shares_of(f, counts, True)):
        for side, end in enumerate(ends):
            f.do(f"store i64 {end}, ptr {f.offset('%out', 16 * i + 8 * side)}, align 8")
    module.functions["ends"] = f.text()
    loaded = Loaded([compile_object(module.text(), host())], host())
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, *[ctypes.c_int64] * len(share.SHARE))
    done = [np.zeros(count, int) for count in counts]
    each = []
    for thread in range(threads):
        out = np.zeros((len(counts), 2), np.int64)
        kind(loaded.address("ends"))(out.ctypes.data, 0, thread, threads)
        sizes = [max(high - low, 0) for low, high in out]
        for run, (low, _), size in zip(done, out, sizes, strict=True):
            run[low : low + size] += 1
        each.append(sum(sizes))
    assert all((run == 1).all() for run in done)
    assert max(each) - min(each) <= 1
