"""Default names: Keras' snake case and its numbers."""

from ranvier.graph.naming import auto_name, reset_names, snake_case


def test_snake_case_is_that_of_keras() -> None:
    spelt = {"Dense": "dense", "PReLU": "p_re_lu", "RMSprop": "rm_sprop", "AdamW": "adam_w",
             "MaxPool2D": "max_pool2d", "HuberMetric": "huber_metric"}  # fmt: skip
    assert {name: snake_case(name) for name in spelt} == spelt


def test_the_second_of_a_name_gets_a_number() -> None:
    reset_names()
    assert [auto_name("Dense") for _ in range(3)] == ["dense", "dense_1", "dense_2"]
    reset_names()
    assert auto_name("Dense") == "dense"
