"""The helper that offers known names."""

from ranvier.graph.errors import nearest


def test_names_that_are_near_or_begin_alike_are_offered() -> None:
    names = ["he_normal", "he_uniform", "zeros"]
    assert nearest("zero", names) == "Did you mean 'zeros'?"
    assert nearest("he", names) == "Did you mean 'he_normal' or 'he_uniform'?"
    assert nearest("l", names) == "Known names: he_normal, he_uniform, zeros."
