"""A plan as stable text, one line a kernel: for golden tests, and for people."""

from __future__ import annotations

from .plan import Copy, Kernel, Loop, Pack, Plan, Product, Recur, Special


def show(plan: Plan) -> str:
    """Return the kernels in order: what each computes over which space, reads and writes.

    Buffers are v0, v1... (variables), x0, x1... (inputs; x0' where packed batch-major), c0...
    (constants) and t0... (all others, by first use). `shared` kernels are cut up among threads,
    every thread does those that are `repeated`; before one that must `meet`, all wait for each
    other.
    """
    names = _names(plan)
    lines = [f"rows {plan.rows} lanes {plan.lanes} arena {plan.arena} private {plan.private}"]
    for kernel in plan.kernels:
        marks = [w for w in ("shared", "repeated", "meet") if getattr(kernel, w)]
        reads = dict.fromkeys(names[id(b)] for b in kernel.read_buffers())
        writes = dict.fromkeys(names[id(b)] for b in kernel.written_buffers())
        words = [_what(kernel), ":", *reads, "->", *writes, *(f"[{m}]" for m in marks)]
        lines.append(" ".join(w for w in words if w))
    lines.extend(f"out {names[id(b)]} : {n.dtype}{list(n.shape)}" for n, b in plan.outputs)
    return "\n".join(lines) + "\n"


def _names(plan: Plan) -> dict[int, str]:
    variables = {id(v): f"v{i}" for i, v in enumerate(plan.graph.variables)}
    names: dict[int, str] = {}
    for i, entry in enumerate(plan.inputs):
        names.update((id(b), f"x{i}{mark}") for b, mark in ((entry.plain, ""), (entry.packed, "'"))
                     if b is not None)  # fmt: skip
    used = [b for k in plan.kernels for b in (*k.read_buffers(), *k.written_buffers())]
    counts = {"c": 0, "t": 0}
    for buffer in [*used, *(b for _, b in plan.outputs)]:
        if id(buffer) in names:
            continue
        if buffer.variable is not None:
            names[id(buffer)] = variables[id(buffer.variable)]
            continue
        kind = "t" if buffer.value is None else "c"
        names[id(buffer)] = f"{kind}{counts[kind]}"
        counts[kind] += 1
    return names


def _what(kernel: Kernel) -> str:
    """Return a kernel's kind, its space, and the ops it computes in order."""
    maps = " ".join(n.op.name for n in kernel.body)
    if isinstance(kernel, Product):
        sums = "".join(kernel.sums)
        sizes = ",".join(f"{c}={_size(s)}" for c, s in kernel.sizes.items())
        lanes = kernel.across or kernel.vector
        head = f"product {kernel.node.attrs['spec']} {sizes} lanes {lanes} sum {sums}"
        passes = kernel.zeros >= 0 or kernel.slopes is not None
        form = "windows" if kernel.windows else "passing zeros" if passes else ""
        form = "ending" if kernel.ends else form
        added = " ".join(["adding", *(n.op.name for n, _ in kernel.added)] if kernel.added else [])
        return " ".join(w for w in (head, form, maps, added) if w)
    if isinstance(kernel, Loop):
        folds = " ".join(n.op.name for n in kernel.reductions)
        over = f"{folds} over {','.join(map(str, kernel.reduced))}" if folds else ""
        return " ".join(w for w in ("loop", _space(kernel), maps, over) if w)
    if isinstance(kernel, Pack):
        return f"pack {kernel.features}"
    if isinstance(kernel, Recur):
        inner = "; ".join(_what(k) for k in kernel.plan.kernels)
        return f"recur {kernel.node.attrs['length']} turns {{{inner}}}"
    if isinstance(kernel, Special):
        return f"{kernel.node.op.name} {_shape(kernel.node.shape)}"
    assert isinstance(kernel, Copy)
    number = "" if not isinstance(kernel.source, float) else f" {kernel.source!r}"
    return f"{'add' if kernel.adds else 'copy'} {_shape(kernel.shape)}{number}"


def _space(kernel: Loop) -> str:
    stored = "" if list(kernel.order) == sorted(kernel.order) else f" by {list(kernel.order)}"
    return f"{_shape(kernel.shape)}{stored}"


def _shape(shape: tuple[int | None, ...]) -> str:
    return "[" + ",".join(map(_size, shape)) + "]"


def _size(size: int | None) -> str:
    return "rows" if size is None else str(size)
