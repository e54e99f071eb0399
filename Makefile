# Everything a newcomer needs; `make` alone lists it. Each target is a small script or one command of manage.py.
.DEFAULT_GOAL := help
.PHONY: help run demo test test-fast lint fmt bench mutants messages requirements docs
PYTHON := .venv/bin/python
# Where Python is told to leave no bytecode beside the source, it is kept under var/ instead: without any, every start
# compiles two thousand modules again, which takes longer than all the rest of it.
ifdef PYTHONDONTWRITEBYTECODE
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache
endif

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-14s %s\n", $$1, $$2}'

run: ## Set up, load demo data into an empty database, and serve (PORT=8000)
	@scripts/run.sh

demo: ## Load the demo data into an empty database (RESET=1 empties it first)
	@scripts/setup.sh run
	@$(PYTHON) manage.py load_demo $(if $(RESET),--reset)

test: ## Every check: lint, types, contracts, tests on SQLite and PostgreSQL, browser tests
	@scripts/test.sh

test-fast: ## Unit tests that need no database, under a minute
	@scripts/test.sh fast

lint: ## Lint, types, import contracts, migrations, translations
	@scripts/lint.sh

fmt: ## Format the code and mend what ruff can mend
	@scripts/setup.sh dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench: ## Measure flows and a mass start on both databases (ONLY=flows-sqlite for a part); writes var/bench/latest.json
	@ONLY="$(ONLY)" scripts/bench.sh

mutants: ## Change scoring and folds in small ways and see whether a test notices (ONLY="lms.gradebook.fold*" for a part)
	@scripts/setup.sh dev
	@nice -n 15 $(PYTHON) scripts/mutants.py $(ONLY)

messages: ## Bring the translation files in line with the source
	@scripts/setup.sh dev
	@$(PYTHON) manage.py messages --update --compile

requirements: ## Pin the requirements again (UPGRADE=1 takes newer versions)
	@scripts/requirements.sh $(if $(UPGRADE),--upgrade)

docs: ## Build the site of docs/ into var/docs; fails on a dead link or anchor
	@scripts/setup.sh dev
	@.venv/bin/properdocs build
