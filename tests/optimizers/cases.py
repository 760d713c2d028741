"""Every optimizer with its options, written for Keras and for Ranvier alike."""

from typing import Any

DECAY = {
    "module": "keras.optimizers.schedules", "class_name": "ExponentialDecay",
    "config": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9},
    "registered_name": None,
}  # fmt: skip
WARM = {
    "module": "keras.optimizers.schedules", "class_name": "CosineDecay",
    "config": {"initial_learning_rate": 0.0, "decay_steps": 150, "alpha": 0.1,
               "warmup_target": 0.2, "warmup_steps": 8},
    "registered_name": None,
}  # fmt: skip

#: name: (class, arguments, the rest of a case)
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"learning_rate": 0.1}),
    "sgd-momentum": ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    "sgd-nesterov": ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    "sgd-decay": ("SGD", {"learning_rate": 0.1, "weight_decay": 0.05}),
    "sgd-clipnorm": ("SGD", {"learning_rate": 0.5, "clipnorm": 0.05}),
    "sgd-clipvalue": ("SGD", {"learning_rate": 0.5, "clipvalue": 0.02}),
    "sgd-global-clipnorm": ("SGD", {"learning_rate": 0.5, "global_clipnorm": 0.05}),
    "sgd-ema": ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.8}),
    "sgd-ema-overwrite": ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.8,
                                  "ema_overwrite_frequency": 3}),
    "sgd-accumulate": ("SGD", {"learning_rate": 0.1, "momentum": 0.5,
                               "gradient_accumulation_steps": 3}),
    "sgd-scale": ("SGD", {"learning_rate": 0.1, "loss_scale_factor": 8.0}),
    "sgd-schedule": ("SGD", {"learning_rate": DECAY}),
    "sgd-warmup": ("SGD", {"learning_rate": WARM, "momentum": 0.5}),
    "sgd-constraint": ("SGD", {"learning_rate": 0.3}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop-momentum": ("RMSprop", {"learning_rate": 0.005, "momentum": 0.8, "rho": 0.8}),
    "rmsprop-centered": ("RMSprop", {"learning_rate": 0.001, "centered": True}),
    "rmsprop-both": ("RMSprop", {"momentum": 0.5, "centered": True, "epsilon": 1e-4}),
    "adam": ("Adam", {}),
    "adam-betas": ("Adam", {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.9,
                            "epsilon": 1e-3}),
    "adam-amsgrad": ("Adam", {"learning_rate": 0.02, "amsgrad": True}),
    "adam-decay-clip": ("Adam", {"weight_decay": 0.1, "clipnorm": 0.1}),
    "adam-accumulate": ("Adam", {"learning_rate": 0.01, "gradient_accumulation_steps": 4,
                                 "weight_decay": 0.01, "global_clipnorm": 0.1}),
    "adam-everything": ("Adam", {"learning_rate": DECAY, "gradient_accumulation_steps": 2,
                                 "use_ema": True, "ema_momentum": 0.7, "weight_decay": 0.01,
                                 "ema_overwrite_frequency": 5, "clipvalue": 0.1,
                                 "loss_scale_factor": 2.0, "amsgrad": True}),
    "adamw": ("AdamW", {}),
    "adamw-spared": ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.2}),
    "nadam": ("Nadam", {}),
    "nadam-fast": ("Nadam", {"learning_rate": 0.02, "beta_1": 0.8}),
    "adamax": ("Adamax", {"learning_rate": 0.01}),
    "adagrad": ("Adagrad", {"learning_rate": 0.05}),
    "adagrad-zero": ("Adagrad", {"initial_accumulator_value": 0.0}),
    "adadelta": ("Adadelta", {"learning_rate": 1.0}),
    "adadelta-default": ("Adadelta", {}),
    "lion": ("Lion", {}),
    "lion-decay": ("Lion", {"learning_rate": 0.003, "weight_decay": 0.1, "beta_1": 0.95}),
    "ftrl": ("Ftrl", {"learning_rate": 0.05}),
    "ftrl-all": ("Ftrl", {"learning_rate": 0.05, "l1_regularization_strength": 0.01,
                          "l2_regularization_strength": 0.02, "beta": 0.1,
                          "l2_shrinkage_regularization_strength": 0.03,
                          "learning_rate_power": -0.4}),
    "adafactor": ("Adafactor", {"learning_rate": 0.05}),
    "lamb": ("Lamb", {"learning_rate": 0.01}),
    "lamb-decay": ("Lamb", {"weight_decay": 0.05, "use_ema": True}),
}  # fmt: skip
#: Classes that Keras lacks: both engines train them alike, and their own tests have a formula.
LEFT_OUT: tuple[str, ...] = ()
#: The cases that Keras can train, too.
KNOWN = tuple(name for name, (cls, _) in CASES.items() if cls not in LEFT_OUT)
EXTRA: dict[str, dict[str, Any]] = {
    "adamw-spared": {"spared": ["bias"]},
    "sgd-constraint": {"constraint": True},
}
