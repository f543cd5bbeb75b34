# make            everything: environment, checks, notebooks, figures, report (only what is out of date)
# make test       ruff, the tests with coverage, and every stored notebook output against a fresh run
# make lab        JupyterLab on the notebooks, with a scratch notebook in which the study is loaded
# make workshop   JupyterLab on the workshop's notebook
# make figures    the figures          make report     the HTML report
# make check      the tables against their rules, passages against copies of the documents
# make notebooks  executes the notebooks in place (before a commit: outputs are kept in git)
# make bench      the jobs of benchmarks/ beside the peers that are installed, into benchmarks/results.md
# make env-file   environment.yml from pyproject.toml
# make clean      removes what was built; .venv stays
#
# Settings: PYTHON=python3.12 (another interpreter), R2P_SOURCES=folder (copies of the documents),
# LAB="--no-browser" (options of JupyterLab), BENCH="W2 sampler" (only these jobs), R2P_PEERS_PYTHON=/path/to/python
# (the interpreter with the peers of the extra [bench]; those in R are taken from the Rscript on the path).

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Without bytecode every start of Python would compile pandas and matplotlib anew.
unexport PYTHONDONTWRITEBYTECODE
# Start-up files of a user's own IPython would change what notebooks print.
export IPYTHONDIR := $(CURDIR)/build/ipython

PY := .venv/bin/python
R2P := .venv/bin/r2p
SAY := @printf '%-12s%s\n'
# Notebooks run without copies of the documents and leave no times in their cells: their outputs are everyone's.
EXECUTE := R2P_SOURCES= $(PY) -m nbconvert --log-level ERROR --to notebook --execute \
	--ExecutePreprocessor.record_timing=False --KernelManager.transport_encryption=auto

LIBRARY := $(wildcard r2p_analysis/*.py r2p_analysis/*/*.py)
STUDY := data/datapackage.json $(wildcard data/tables/*.csv) data/shapes/outlines.csv
NOTEBOOKS := $(filter-out notebooks/scratch.ipynb,$(wildcard notebooks/*.ipynb notebooks/workshop/*.ipynb))
EXECUTED := $(NOTEBOOKS:%=build/%)

.PHONY: all everything test lab workshop figures report check notebooks bench env-file clean again

# Two jobs at a time: the notebooks take longest. A -j on the command line takes over.
all: .venv/ready
	@$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j2) everything
	@printf '\nDone. Look at:\n  %s\n  %s\n  %s\n' \
		'build/report/index.html   the report: figures, notebooks, codebook' \
		'figures/                  each figure as SVG and PNG, with its data and its card' \
		'make lab                  the notebooks, to work with'

everything: build/verified build/report/index.html

# ---- environment

# An environment knows its place: in a folder that was moved it is made anew.
ifneq ($(shell cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif

.venv/ready: requirements.lock pyproject.toml
	@python= ; \
	for name in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			python=$$("$$name" -c 'import sys; print(sys.executable)'); break; \
		fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer is needed; $(or $(PYTHON),python3) is $$($(or $(PYTHON),python3) --version 2>&1 | head -n 1)." >&2; \
		echo "Name another one: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	printf '%-12s%s\n' environment ".venv from requirements.lock, with $$python (a minute or so, once)"; \
	if command -v uv >/dev/null 2>&1; then \
		export UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never; \
		uv venv --quiet --allow-existing --python "$$python" .venv && \
		uv pip install --quiet --python $(PY) --require-hashes -r requirements.lock && \
		uv pip install --quiet --python $(PY) --no-deps --no-build-isolation -e .; \
	else \
		"$$python" -m venv .venv && \
		$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@printf '%s\n' "$(CURDIR)" >$@

# ---- the main job

build/checked: $(STUDY) $(LIBRARY) .venv/ready
	$(SAY) check 'the tables against datapackage.json'
	@$(R2P) check
	@mkdir -p build && touch $@

# A list of the copies that are there, rewritten only when one of them, or R2P_SOURCES, has changed.
build/copies.txt: again
	@mkdir -p build
	@{ printf '%s\n' "$${R2P_SOURCES-data/sources}"; \
	printf '%s\n' "$${R2P_SOURCES-data/sources}" | tr ':' '\n' | while read -r folder; do \
		[ ! -d "$$folder" ] || find -L "$$folder" -type f -exec cksum {} +; \
	done; } >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

build/verified: build/checked build/copies.txt
	$(SAY) verify 'the passages against copies of the documents, where there are any'
	@$(R2P) verify --allow-missing
	@touch $@

build/notebooks/%.ipynb: notebooks/%.ipynb build/checked
	$(SAY) notebook '$<'
	@mkdir -p $(@D)
	@$(EXECUTE) --output-dir $(@D) $<

# This one reads a publisher's file that a user keeps in data/external or in R2P_EXTERNAL.
build/notebooks/05-your-own-data.ipynb: notebooks/05-your-own-data.ipynb build/checked
	@mkdir -p $(@D)
	@if $(PY) -c 'import r2p_analysis as r2p; r2p.external_file("cow_igo_v3_state_year.csv.gz")' 2>/dev/null; then \
		printf '%-12s%s\n' notebook '$<'; $(EXECUTE) --output-dir $(@D) $<; \
	else \
		printf '%-12s%s\n' notebook '$<, as stored: the file that it reads is not in R2P_EXTERNAL'; cp $< $@; \
	fi

build/drawn: build/checked
	$(SAY) figures 'into figures/'
	@$(R2P) figures >/dev/null
	@touch $@

build/report/index.html: $(EXECUTED) build/drawn data/README.md $(wildcard docs/*)
	$(SAY) report 'into build/report/'
	@$(PY) docs/report.py

# ---- parts of it, and work on it

figures: build/drawn
report: build/report/index.html

check: .venv/ready
	@$(R2P) check
	@$(R2P) verify --allow-missing

test: .venv/ready
	$(PY) -m ruff check .
	$(PY) -m pytest -n 2 --dist loadfile --cov=r2p_analysis --nbval --nbval-current-env tests r2p_analysis notebooks

notebooks: build/checked
	@for notebook in $(NOTEBOOKS); do \
		printf '%-12s%s\n' notebook "$$notebook"; $(EXECUTE) --inplace "$$notebook" || exit 1; \
	done

SCRATCH := {"cells": [{"cell_type": "code", "execution_count": null, "id": "load", "metadata": {}, "outputs": [], \
	"source": ["import r2p_analysis as r2p\n", "\n", "study = r2p.load_study()"]}], \
	"metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}, \
	"nbformat": 4, "nbformat_minor": 5}

notebooks/scratch.ipynb:
	@printf '%s\n' '$(SCRATCH)' >$@

lab: .venv/ready notebooks/scratch.ipynb
	$(PY) -m jupyterlab $(LAB) notebooks/scratch.ipynb

workshop: .venv/ready
	$(PY) -m jupyterlab $(LAB) notebooks/workshop/01-from-text-to-data.ipynb

bench: .venv/ready
	$(PY) benchmarks/run.py $(BENCH)

env-file: .venv/ready
	$(PY) tests/env_file.py

clean:
	rm -rf build .pytest_cache .ruff_cache .hypothesis .coverage .coverage.*
	find r2p_analysis tests docs notebooks -name __pycache__ -prune -exec rm -rf {} +
