"""The C header of a library."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from math import prod

from .interface import BAD_ARGUMENT, NO_MEMORY, OK, Interface, Tensor, plain

#: C's name of each element type; a bool is one byte, 0 or 1.
TYPES = {"bool": "uint8_t", "uint32": "uint32_t", "int32": "int32_t", "int64": "int64_t",
         "float32": "float", "float64": "double"}  # fmt: skip


def header(interface: Interface, uses_malloc: bool) -> str:
    """Return the text of the header, for C99 and C++."""
    p = interface.prefix
    words = (p or "model_").upper()  # macros without a prefix would meet those of others
    guard = f"{words}H"
    prediction = _prediction(interface)
    memory = (
        f"where it is null, the call asks malloc for {p}memory() bytes and frees them"
        if uses_malloc
        else f"where it is null, the call takes {p}memory() bytes of its thread's stack"
    )
    return f"""\
/* {_comment(interface.name)}, as a library.
 *
 * Made by {_comment(interface.version)} for {_comment(interface.target)}.
 * Link the object file, or the shared object, that lies beside this header.
 *
{_tensors("Inputs, one row of each", interface.inputs)}
{_tensors("Outputs, one row of each", interface.outputs)}
 *
 * Every call may run at the same time as any other: nothing here is ever written to but your
 * outputs. Arrays hold rows one after the other, the last axis of a row running fastest; an
 * output must not overlap an input.
 */
#ifndef {guard}
#define {guard}

#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

/* What calls answer. */
#define {words}OK {OK}
#define {words}BAD_ARGUMENT {BAD_ARGUMENT} /* a null pointer, or rows below 0 */
#define {words}NO_MEMORY {NO_MEMORY}

{prediction}

/* The same for any number of inputs and outputs: x and y are arrays of pointers, as above. memory:
 * {p}memory() bytes that no other call uses meanwhile, of any content;
 * {memory}. */
int {p}run(const void *const *x, void *const *y, int64_t rows, void *memory);
int64_t {p}memory(void);

/* Rows that are computed at a time: a call may have any number. */
int64_t {p}batch(void);

/* One input or output. `shape` has `rank` sizes, the first of them -1 for the rows; `size` is how
 * many numbers one row has; `dtype` is float32, float64, int32, int64, uint32 or bool (a byte). */
typedef struct {{
    const char *name;
    const char *dtype;
    int64_t rank;
    const int64_t *shape;
    int64_t size;
}} {p}tensor;

int64_t {p}inputs(void);
int64_t {p}outputs(void);
const {p}tensor *{p}input(int64_t index); /* null past the last */
const {p}tensor *{p}output(int64_t index);

/* The model's name, what made this library, and the processor that it needs. */
const char *{p}name(void);
const char *{p}version(void);
const char *{p}target(void);

#ifdef __cplusplus
}}
#endif

#endif
"""


def _prediction(interface: Interface) -> str:
    """Return the declaration of the plain call."""
    p = interface.prefix
    if plain(interface):
        (x,), (y,) = interface.inputs, interface.outputs
        return (
            f"/* Computes y for x, both of `rows` rows. */\n"
            f"int {p}predict(const {TYPES[x.dtype]} *x, {TYPES[y.dtype]} *y, int64_t rows);"
        )
    words = [
        f"x[{i}] is {TYPES[t.dtype]}[rows][{max(prod(t.shape), 1)}]"
        for i, t in enumerate(interface.inputs)
    ]
    words += [
        f"y[{i}] {TYPES[t.dtype]}[rows][{max(prod(t.shape), 1)}]"
        for i, t in enumerate(interface.outputs)
    ]
    text = f"Computes all outputs for all inputs: {', '.join(words)}."
    lines = textwrap.wrap(text, 96)
    return "/* " + "\n * ".join(lines) + (
        f" */\nint {p}predict(const void *const *x, void *const *y, int64_t rows);"
    )  # fmt: skip


def _tensors(title: str, tensors: Sequence[Tensor]) -> str:
    lines = [f" * {title}:"]
    for i, t in enumerate(tensors):
        sizes = " x ".join(map(str, t.shape)) or "one number"
        lines.append(f" *   {i}: {_comment(t.name)}, {TYPES[t.dtype]}, {sizes}")
    return "\n".join(lines)


def _comment(text: str) -> str:
    """Return text that cannot end the comment in which it stands."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text.replace("*/", "* /").replace("/*", "/ *")
