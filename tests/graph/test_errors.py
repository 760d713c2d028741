"""The errors themselves, and the helper that offers known names."""

import errno
import pickle
from pathlib import Path

import pytest

from ranvier import Input, errors, layers, models
from ranvier.graph.errors import nearest

KINDS = [kind for _, kind in sorted(vars(errors).items()) if isinstance(kind, type)]
#: What some are made with besides a message.
MORE = {
    errors.ManyError: ("1 of 3", {2: errors.DataError("no rows")}, [None]),
    errors.ModelFileMissingError: (2, "there is no such file", "net.keras"),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_comes_whole_out_of_another_process(kind) -> None:
    error = kind(*MORE.get(kind, ("Mind the gap.",)))
    error.add_note("in fold 2")
    copy = pickle.loads(pickle.dumps(error))
    for look in (type, str, repr, lambda one: repr(vars(one))):
        assert look(copy) == look(error)


def test_a_file_that_is_not_there_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        models.load_model(tmp_path / "net.keras")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.errno, copy.filename) == (errno.ENOENT, str(tmp_path / "net.keras"))
    assert str(copy) == str(caught.value)


def test_a_line_that_is_traced_is_named_once() -> None:
    with pytest.raises(errors.TraceError, match="In <lambda>") as first:
        layers.Lambda(lambda x: x if x > 0 else -x)(Input((2,)))
    sent = pickle.dumps(first.value)

    def come(x):
        raise pickle.loads(sent)

    with pytest.raises(errors.TraceError) as second:
        layers.Lambda(come)(Input((2,)))
    assert str(second.value) == str(first.value)


def test_names_that_are_near_or_begin_alike_are_offered() -> None:
    names = ["he_normal", "he_uniform", "zeros"]
    assert nearest("zero", names) == "Did you mean 'zeros'?"
    assert nearest("he", names) == "Did you mean 'he_normal' or 'he_uniform'?"
    assert nearest("l", names) == "Known names: he_normal, he_uniform, zeros."
