"""Faults that a user can meet while training and predicting, and where each is tested.

Ctrl-C, in the main thread and beside a worker: test_interrupt.py, model/test_running.py,
    engines/native/test_threads.py. SIGTERM in a command: cli/test_signals.py.
Killed while saving, a full disk, a folder that is missing or cannot be written: test_place.py,
    save/test_atomic.py, callbacks/test_model_checkpoint.py, callbacks/test_csv_logger.py.
Out of memory: test_place.py.
NaN and infinity in x, y, weights: data/test_finite.py, data/test_check.py, model/test_fit.py,
    callbacks/test_terminate_on_nan.py. A loss that turns NaN: model/test_fit.py.
Labels that do not fit: data/test_label.py; changed while in use: test_place.py.
Shapes and lengths: data/test_check.py, data/test_table.py, model/test_predict.py.
Types and layouts: data/test_arrays.py, data/test_frames.py, engines/native/test_feed.py.
No rows, one row, one class: data/test_check.py, model/test_predict.py, model/test_evaluate.py.
Batch sizes, splits, epochs, steps: data/test_argument.py, data/test_batches.py, model/test_fit.py.
Callbacks that raise, stop, train or save: model/test_fit.py, callbacks/test_callback_list.py.
Generators: data/test_stream.py, model/test_fit.py.
Fork and pools of processes: test_fork.py.
Two threads, jobs within jobs, prediction and saving while training, an end in the middle:
    test_threads.py, model/test_running.py, model/test_fit.py, engines/native/test_threads.py.
Other processors and numbers of threads: engines/native.
The cache of compiled code: engines/native/test_cache.py.
Locales, odd paths, closed outputs: test_place.py, callbacks/test_progress.py,
    model/test_summary.py.
Data sets: datasets. Files from strangers: hostile, save, model/test_load.py.
"""
