# One command for each thing a person or CI does. `make run` and `make test` set up whatever they lack.
PYTHON ?= python3
PORT ?= 7860
BIN := .venv/bin
export PORT
# Some machines ask Python to keep nothing compiled. Tests start Python some thousand times.
test quick faults: export PYTHONDONTWRITEBYTECODE :=

.PHONY: run setup setup-dev test quick check fix faults fuzz bench bench-compare bench-documents bench-forecast bench-quality bench-score bench-tools bench-train gpu-check newcomer clean
.DEFAULT_GOAL := run

run: setup                ## start Triptych and print its address
	@$(BIN)/triptych up

setup:                    ## install what running needs; silent when all is in place
	@$(PYTHON) assets/setup.py

setup-dev:
	@assets/setup-tests.sh --early & $(PYTHON) assets/setup.py --dev; made=$$?; wait; exit $$made
	@assets/setup-tests.sh

test: setup-dev           ## every test that needs neither GPU nor hub; what measures time comes last, alone
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not gpu and not hub and not slow and not browser and not alone"
	@$(BIN)/pytest -m "slow and not browser and not alone and not gpu and not hub"
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "browser and not alone and not gpu and not hub"
	@$(BIN)/pytest -m "alone and not gpu and not hub" tests/faults

quick: setup-dev          ## the tests that need no model, browser or server
	@$(BIN)/pytest -m "not gpu and not hub and not slow and not browser and not postgres" -q

check: setup-dev          ## style, types, import directions, the README's tree
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/cog --check README.md

fix: setup-dev            ## mend what can be mended by a machine
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/cog -r README.md

faults: setup-dev         ## kill, starve and fill the disk of the queue for an hour, on both databases, and print the figures
	@TRIPTYCH_FAULTS=full $(BIN)/pytest tests/faults -rA -q -o timeout=3600

fuzz: setup-dev           ## bend 10,000 tables, 2,000 archives and 2,000 documents, read each in a limited child, and print how they end
	@$(BIN)/python -m tests.fuzz

bench: setup-dev          ## measure page, first words, five answers
	@$(BIN)/python -m tests.bench.speed

bench-compare: setup-dev  ## five answers beside transformers and llama.cpp on the same prompts; the last line is JSON
	@$(BIN)/python -m tests.bench.compare

bench-documents: setup-dev ## measure how well documents are found, on public sets and among 100,000 passages; the last line is JSON
	@$(BIN)/python -m tests.bench.documents

bench-forecast: setup-dev ## ten small trainings: what was said before their first step, and what they took
	@$(BIN)/python -m tests.bench.forecast

gpu-check: setup-dev      ## on an NVIDIA card: the tests that need one, then the journey; writes gpu-check.json
	@$(BIN)/pytest -m gpu -q
	@$(BIN)/python -m tests.bench.gpu gpu-check.json

bench-score: setup-dev    ## measure scoring beside a plain loop, stopped and resumed in the middle; the last line is JSON
	@$(BIN)/python -m tests.bench.score

bench-quality: setup-dev  ## what a training is worth: SET=banking77, contoso, medquad or dickinson; the last line is JSON
	@$(BIN)/python -m tests.bench.quality $(SET)

bench-train: setup-dev    ## trainings beside TRL and LLaMA-Factory on the same rows of FILE=…; the last line is JSON
	@$(BIN)/python -m tests.bench.train $(FILE)

bench-tools: setup-dev    ## how well tools are used, untuned and tuned; PART=functions, chinook, calculator or overhead; the last line is JSON
	@$(BIN)/python -m tests.bench.tools $(PART)

newcomer: setup-dev       ## count the clicks and minutes of a first visit; FILE=… walks with a file of your own
	@$(BIN)/python -m tests.bench.newcomer $(FILE)

clean:                    ## remove the virtual environment and caches; no data lies here
	rm -rf .venv .pytest_cache .ruff_cache
