"""Layers on text and keys with data for them: what is asked of Keras and of Ranvier alike."""

TEXTS = ["The sea, the sky!", "a SEA of stars;  stars\tand Night", "", "Über die See: und so"]
WORDS = [["sea", "sky", "sea"], ["night", "sea", ""], ["sky", "dawn", "[UNK]"]]
INTS = [[12, 7, 12], [7, -3, 0], [100, 12, 5]]
NEW_WORDS = [["sky", "moon", "sea"], ["dawn", "", "moon"]]
NEW_INTS = [[7, 8, 12], [100, -1, 0], [-3, 9, 7]]

#: (class, arguments, data to adapt to or None, inputs)
CASES = []
for mode in ("int", "one_hot", "multi_hot", "count", "tf_idf"):
    for extra in ({}, {"max_tokens": 4}, {"num_oov_indices": 3}, {"mask": True}):
        mask = extra.pop("mask", False)
        CASES += [
            ("StringLookup", {"output_mode": mode, **extra, **({"mask_token": ""} if mask else {})},
             WORDS, NEW_WORDS),
            ("IntegerLookup", {"output_mode": mode, **extra, **({"mask_token": 0} if mask else {})},
             INTS, NEW_INTS),
        ]  # fmt: skip
        extra.update({"mask": True} if mask else {})
    if mode != "int":
        padded = {"output_mode": mode, "max_tokens": 9, "pad_to_max_tokens": True}
        CASES += [("StringLookup", padded, WORDS, NEW_WORDS),
                  ("TextVectorization", padded, TEXTS, TEXTS)]  # fmt: skip
    if mode not in ("int", "tf_idf"):
        CASES += [("StringLookup", {"output_mode": mode, "vocabulary": ["a", "b"]}, None, inputs)
                  for inputs in (["a", "c", "a"], [["a"], ["b"], ["z"]])]  # fmt: skip
    if mode != "one_hot":
        CASES += [
            ("TextVectorization", {"output_mode": mode, **extra}, TEXTS, TEXTS)
            for extra in ({}, {"max_tokens": 5}, {"ngrams": 2}, {"ngrams": (2, 3)},
                          {"split": "character"}, {"standardize": "lower"},
                          {"standardize": "strip_punctuation"}, {"standardize": None})
        ]  # fmt: skip
for length in (2, 9):
    CASES.append(("TextVectorization", {"output_sequence_length": length}, TEXTS, TEXTS))
CASES += [
    ("TextVectorization", {"split": None}, TEXTS, TEXTS),
    ("TextVectorization", {"vocabulary": ["sea", "sky"]}, None, [["the sea"], ["sky sea sky"]]),
    ("StringLookup", {"vocabulary": ["a", "b"], "invert": True}, None, [[1, 2], [0, 7]]),
    ("StringLookup", {"vocabulary": ["a", "b"], "invert": True, "mask_token": ""}, None,
     [[0, 1, 2, 3, 4]]),
    ("StringLookup", {"vocabulary": ["", "[UNK]", "a", "b"], "mask_token": ""}, None,
     ["b", "", "x"]),
    ("StringLookup", {"vocabulary": ["a", "b"], "num_oov_indices": 4, "salt": [3, 5]}, None,
     ["b", "x", "y", "z", "w"]),
    ("StringLookup", {"vocabulary": ["a", "b"], "output_mode": "tf_idf",
                      "idf_weights": [0.25, 0.75]}, None, [["a", "b", "b"], ["x", "a", "y"]]),
    ("IntegerLookup", {"vocabulary": [5, 6], "invert": True}, None, [[1, 2], [0, 7]]),
    ("IntegerLookup", {"vocabulary": [5, 6], "num_oov_indices": 4, "oov_method": "farmhash"}, None,
     [5, 7, 8, -9, 10]),
    ("IntegerLookup", {"vocabulary": [5, 6], "num_oov_indices": 0}, None, [[5, 6]]),
]  # fmt: skip
for inputs in (["A", "B", "C", "D", "E"], [["A"], ["B"], ["a much longer text than the others"]],
               [1, -2, 300], [["x", "y"], ["y", "y"]]):  # fmt: skip
    for extra in ({}, {"salt": 133}, {"salt": [133, 137]}, {"output_mode": "one_hot"},
                  {"output_mode": "multi_hot"}, {"output_mode": "count"}):  # fmt: skip
        CASES.append(("Hashing", {"num_bins": 5, **extra}, None, inputs))
CASES += [
    ("Hashing", {"num_bins": 3, "mask_value": ""}, None, [["A"], ["B"], [""], ["C"]]),
    ("Hashing", {"num_bins": 3, "mask_value": 7}, None, [6, 7, 8]),
]
for mode in ("int", "one_hot"):
    for inputs in ([["A", "B", "A", "B", "A"], [101, 101, 101, 102, 102]],
                   [[["A"], ["é"]], [["x"], ["y"]], [[1], [-1]]]):  # fmt: skip
        CASES.append(("HashedCrossing", {"num_bins": 5, "output_mode": mode}, None, inputs))
