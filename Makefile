# Each target is one step; set-up (.venv) happens by itself, once, and again when the requirements change.
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
INPUTS := $(wildcard requirements/*) pyproject.toml
SEED ?= 1
AGREEMENT ?= irs-ice-2025
RUN ?= 1
PORT ?= 8700
# Each command starts a Python of its own: without the compiled files of its imports it takes twice as long.
unexport PYTHONDONTWRITEBYTECODE
SIZE ?= small

.DEFAULT_GOAL := help
.PHONY: demo console test lint check fix prove campaign bench rules docs pictures schema help doctor

demo: .venv/serve.stamp  ## generate a synthetic world, decide its batch, release, verify, report (SEED=n, AGREEMENT=id, RUN=0 only generates)
	@$(BIN)/python -m demo --agreement "$(AGREEMENT)" --seed "$(SEED)" $(if $(filter 0,$(RUN)),--generate-only)

test: .venv/dev.stamp  ## every test but the campaigns; suites whose program is missing are listed as skipped
	@$(PYTEST) -n 2 --dist worksteal -rsfE -m "not campaign"

lint: .venv/dev.stamp  ## format, lint, types, import contracts and generated pages
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check

check: lint  ## lint, tidy and unit tests; under a minute
	@$(PYTEST) -n 2 -m "not campaign and not slow and not e2e" tests/repo tests/unit

fix: .venv/dev.stamp  ## format the code and apply the linter's safe corrections
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

prove: .venv/dev.stamp  ## hold every shipped agreement against its statute with both solvers
	@for each in law/agreements/*; do $(BIN)/solely prove "$$each" --solver both || exit 1; done

campaign: .venv/dev.stamp  ## the large seeded counts; takes long, prints its seeds
	@$(PYTEST) -n 2 -rsfE -m campaign

bench: .venv/bench.stamp  ## cost, error and peers at a small size, and docs/results.md (SIZE=national takes hours)
	@$(BIN)/python -m bench.every --size "$(SIZE)"

rules: .venv/dev.stamp  ## which rule of the rule book has which tests, in about 15 minutes; PROVE=1 also breaks each rule on purpose
	@$(BIN)/python -m tests.rules $(if $(filter 1,$(PROVE)),--prove)

docs: .venv/core.stamp  ## write the generated pages under docs/reference
	@$(BIN)/python docs/generate.py

pictures: .venv/browser.stamp  ## write the pictures of the console under docs/pictures, in Chromium
	@mkdir -p docs/pictures && PICTURES=docs/pictures $(PYTEST) tests/e2e/test_tour.py

schema: .venv/dev.stamp  ## write the version of the state's tables that src/solely/store/schema.py needs
	@$(BIN)/python -m tests.schema $(NAME)

console: .venv/serve.stamp  ## serve the demo's gate to people (PORT=n)
	@$(BIN)/solely serve --gate demo/out/gate --port "$(PORT)"

help:  ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-10s %s\n' "$$name" "$$text"; done

doctor:  ## which programs of this machine are missing, and the line that installs them
	@sh requirements/doctor.sh

.venv/core.stamp: $(INPUTS)
	@sh requirements/install.sh core

.venv/dev.stamp: $(INPUTS)
	@sh requirements/install.sh dev

.venv/bench.stamp: $(INPUTS)
	@sh requirements/install.sh bench

.venv/spark.stamp: $(INPUTS)
	@sh requirements/install.sh spark

.venv/browser.stamp: $(INPUTS)
	@sh requirements/install.sh browser

.venv/serve.stamp: $(INPUTS)
	@sh requirements/install.sh serve
