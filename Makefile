# make verify   set up, then check every statement and the bundled real problem
# make test     set up, then run the whole test suite
# Variables: PYTHON (an interpreter, 3.11 or newer), JOBS (processes).

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PROBLEM := examples/mri/problem.toml

.PHONY: verify test clean

verify: $(VENV)/verify.stamp
	@mkdir -p build
	$(BIN)/kurdyka verify --jobs $(JOBS) --html build/report.html --json build/report.json
	$(BIN)/kurdyka certify $(PROBLEM) --json build/certificate.json
	$(BIN)/kurdyka flow $(PROBLEM) --plot build/flow.png

# The last file verifies every statement with all processes itself, so it runs alone. Many tests
# start the command: without compiled files each of them would compile the packages again.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --ignore=tests/test_every_statement.py
	$(BIN)/python -m pytest tests/test_every_statement.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Sources are linked, not copied: only a change of the requirements installs anything again.
$(VENV)/verify.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[plot]'
	@touch $@

$(VENV)/test.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
