# make lab      build, install into .venv, start JupyterLab (PORT=8889 ARGS="--debug")
# make test     everything: lint, unit tests, the walk in a browser
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11 python3.10,\
  $(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $(p))))
PORT ?= 8888
ARGS ?=

.PHONY: lab dev test test-unit test-ui adversary pictures bench mutation lint wheels clean python

lab: python
	@$(PYTHON) scripts/lab.py --port $(PORT) -- $(ARGS)

# As lab, but sources are used where they lie, and rebuilt when they change.
dev: python
	@$(PYTHON) scripts/lab.py --watch --port $(PORT) -- $(ARGS)

test: python
	@$(PYTHON) scripts/run_tests.py

test-unit: python
	@$(PYTHON) scripts/run_tests.py jest pytest

test-ui: python
	@$(PYTHON) scripts/run_tests.py playwright

# The attacks alone, at their full size; PARTS="browser servers file" chooses.
adversary: python
	@$(PYTHON) scripts/adversary.py $(PARTS)

# The README's picture into docs/, and a gallery of all states into ui-tests/pictures.
pictures: python
	@$(PYTHON) scripts/run_tests.py pictures

# Measured against other programs, in ten minutes: a table, and bench/results.json.
bench: python
	@$(PYTHON) bench/run.py

# Is each line held by a test? Hours: SUITES="exchange" or "crypto", "vault", "python", "promises" for a part.
mutation: python
	@$(PYTHON) scripts/mutation.py $(SUITES)

lint: python
	@$(PYTHON) scripts/run_tests.py lint

# Both wheels, in dist/.
wheels: python
	@$(PYTHON) scripts/project.py

clean:
	rm -rf .venv .venv-fresh .venv-hub .cache node_modules lib dist tsconfig.tsbuildinfo
	rm -rf jupyterlab_credential_store/labextension
	rm -rf ui-tests/node_modules ui-tests/test-results

python:
	@test -n "$(PYTHON)" || { echo "Python 3.10 or newer is missing: install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
