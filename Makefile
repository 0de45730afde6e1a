# Two commands for a newcomer: `make run` and `make test`.

.DEFAULT_GOAL := help
.PHONY: help run test test-long test-days check demo-reset bench mutants assets messages picture packages packages-test browser

# The system's own Python first: it is built to be quick, which one built by hand often is not.
PYTHON ?= $(shell for p in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 \
	&& $$p -c 'import ensurepip, sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null \
	&& { echo $$p; break; }; done)
# The processes that tests start would compile the whole tree anew, each for itself.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
INSTALLED := .venv/installed
TESTS ?= tests
# One more than there are cores: many tests wait for a browser or another process.
WORKERS ?= $(shell echo $$(($$(nproc) + 1)))
COUNT ?= 100
JOBS ?= 2

help:
	@echo "make run         the portal with demo data at http://localhost:8000 (PORT=... for another port)"
	@echo "make test        all tests but the long ones (TESTS=tests/audit for some)"
	@echo "make test-long   gigabyte uploads, kill loops, load"
	@echo "make test-days   all tests but the long ones on days when calendars trip (DAY=2028-02-29 for one; hours)"
	@echo "make check       lint, types, import rules, migrations, deploy check"
	@echo "make demo-reset  throw the demo database away; the next make run makes a new one"
	@echo "make bench       the benchmarks, which write docs/performance.md"
	@echo "make mutants     single faults drawn by SEED=7, and whether a test notices (COUNT, AREA, TESTS, ONLY=file:line)"
	@echo "make assets      build static/ again from npm packages (needs Node)"
	@echo "make messages    collect what is marked for translation, compile the Spanish (needs GNU gettext)"
	@echo "make picture     draw the picture of docs/architecture.md from what the code imports"

run: packages $(INSTALLED)
	@$(BIN)/python -m fusus_portal.demo

test: packages-test $(INSTALLED) browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

test-long: packages-test $(INSTALLED) browser node_modules/tus-js-client
	$(BIN)/python -m pytest -m long -n $(WORKERS) --dist worksteal $(TESTS)

test-days: packages-test $(INSTALLED) browser
	@$(BIN)/python -m tests.days $(if $(DAY),--day $(DAY)) -n $(WORKERS) --dist worksteal $(TESTS)

check: packages $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/djlint --check --quiet templates
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 0 tests/repo/test_rooms.py tests/repo/test_rules.py tests/repo/test_documents.py
	@$(BIN)/python -m fusus_portal.tools.checks

demo-reset: $(INSTALLED)
	@$(BIN)/python -m fusus_portal.demo.reset

bench: packages-test $(INSTALLED) browser
	$(BIN)/python -m bench

mutants: packages-test $(INSTALLED)
	@$(BIN)/python -m tests.mutants --tests $(TESTS) --count $(COUNT) --jobs $(JOBS) $(if $(SEED),--seed $(SEED)) \
		$(if $(AREA),--area $(AREA)) $(if $(ONLY),--only $(ONLY)) $(if $(REFRESH),--refresh)

assets:
	npm ci
	npm run build

messages: $(INSTALLED)
	@$(BIN)/python -m fusus_portal.tools.translations

picture: $(INSTALLED)
	@$(BIN)/python -m fusus_portal.tools.architecture

packages:
	@sh fusus_portal/tools/packages.sh packages.txt

packages-test:
	@sh fusus_portal/tools/packages.sh packages.txt packages-test.txt

# Chromium is a system package where root may install it, otherwise Playwright's own.
browser: $(INSTALLED)
	@command -v chromium-headless-shell >/dev/null 2>&1 || $(BIN)/python -m playwright install chromium

# The long tests also send with the client that the page uses, from outside a browser. Needs Node.
node_modules/tus-js-client:
	npm ci

$(INSTALLED): requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found."; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv with $(PYTHON) ..."; $(PYTHON) -m venv .venv; }
	@echo "Installing Python packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
