# Ranvier's commands. `make demo` and `make test` need Python 3.11 or newer with its venv module.
PYTHON = python3
VENV = .venv
RUN = $(VENV)/bin/python
DATA = .data/usr/share/datasets

# Where scripts/fetch-fashion-mnist unpacks what it had to fetch; the loader looks here too.
export RANVIER_DATA := $(if $(RANVIER_DATA),$(RANVIER_DATA):)$(CURDIR)/$(DATA)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

PARALLEL = --numprocesses auto --maxprocesses 4 --dist loadgroup
# What `make quick` leaves out besides oracles and slow tests: processes, signals and threads, whole
# trainings, other processors, every case of every op, products with a way of their own at every size.
LONG = books cli faults hostile learn training callbacks/test_backup_and_restore.py ops/test_cases.py \
       $(addprefix engines/native/test_,memory.py machine.py random_graphs.py threads.py \
           slopes.py windows.py zeros.py) \
       $(addprefix model/test_,many.py native_library.py streams.py to_onnx.py)

# Tests keep to the repository: what they cache stays under .data.
quick test: export RANVIER_CACHE = $(CURDIR)/.data/cache

.PHONY: setup demo check quick test bench fuzz data clean

setup: $(VENV)/test-ready

demo: $(VENV)/demo-ready data
	$(VENV)/bin/ranvier train fashion-mnist --hidden 100 --epochs 5 --runs runs

check: $(VENV)/test-ready
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy

quick: $(VENV)/test-ready data
	$(RUN) -m pytest -q $(PARALLEL) -m "not oracle and not slow" $(LONG:%=--ignore=tests/%) tests

test: check data
	$(RUN) -m pytest $(PARALLEL) --doctest-modules ranvier tests

bench: $(VENV)/test-ready data
	$(RUN) -m benchmarks

# Files from strangers, made by a fuzzer, for so many seconds; findings go to .data/fuzz.
FUZZ_SECONDS = 300

fuzz: export FUZZ_SECONDS := $(FUZZ_SECONDS)
fuzz: $(VENV)/fuzz-ready
	$(RUN) -m tests.hostile.fuzz

data:
	@scripts/fetch-fashion-mnist .data

clean:
	rm -rf build dist runs .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

# A stamp is as new as the last whole install, so a second run installs nothing.
$(VENV)/demo-ready: pyproject.toml | $(VENV)/bin/pip
	$(RUN) -m pip install --quiet --editable ".[all]"
	@touch $@

$(VENV)/test-ready: pyproject.toml | $(VENV)/bin/pip
	$(RUN) -m pip install --quiet --editable ".[test,lint]"
	@touch $@ $(VENV)/demo-ready

$(VENV)/fuzz-ready: $(VENV)/test-ready
	$(RUN) -m pip install --quiet --editable ".[fuzz]"
	@touch $@

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ranvier needs Python 3.11 or newer, $(PYTHON) is %s. Say for instance: make $(MAKECMDGOALS) PYTHON=python3.12" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
