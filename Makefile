# Thin: what a command does stands in scripts/ and in `python -m bot --help`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: run test test-long check bench clean help

# Rasa and its libraries: no telemetry, no noise.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export LOG_LEVEL_LIBRARIES := ERROR

# Any Python 3 that starts can set up; pyenv's shim does not where .python-version names one that is not installed.
PYTHON3 := $(shell for p in python3 /usr/bin/python3 "$$HOME"/.pyenv/versions/*/bin/python3; do \
	"$$p" -c "" 2>/dev/null && echo "$$p" && break; done)
SETUP := $(or $(PYTHON3),python3) scripts/setup.py
PYTHON := .venv/bin/python
NPM := PATH="$(CURDIR)/var/tools/bin:$$PATH" npm --prefix bot/web --silent

run: ## set up what is missing and serve on http://127.0.0.1:$PORT (8000)
	@$(SETUP) python web model
	@exec $(PYTHON) -m bot serve

test: ## set up what is missing and run the whole suite in its short form
	@$(SETUP) python web model browser
	@$(NPM) test
# A browser, the service and the test make one machine busy: those run one after another.
	@failed=0; \
	$(PYTHON) -m pytest tests --ignore tests/web -n 2 --dist worksteal || failed=1; \
	$(PYTHON) -m pytest tests/web || failed=1; \
	exit $$failed

test-long: export TEST_LONG := 1
test-long: test ## the same with large example counts, soak and chaos runs

check: ## formatting, lint, types, training data and texts
	@$(SETUP) python web
	$(PYTHON) -m ruff format --check --output-format concise .
	$(PYTHON) -m ruff check --output-format concise .
	$(PYTHON) -m mypy
	$(PYTHON) -m scripts.sync_domain --check
	$(PYTHON) scripts/lint_data.py
	$(PYTHON) scripts/lint_tone.py
	$(NPM) run lint
	$(NPM) run typecheck
# Rasa does not see which texts the actions say; the data linter checks the other way round.
	$(PYTHON) -m rasa data validate --fail-on-warnings 2>&1 | sed "/is not used in any story or rule/d"

bench: ## measure against stock Rasa; results go to benchmarks/results/
	@$(SETUP) python web model
	@$(PYTHON) -m benchmarks

clean: ## remove what can be made again (not the environment, and never the data in var/)
	rm -rf bot/web/dist models var/stamps .rasa results .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find bot actions tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
