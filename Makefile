# `make` alone lists the verbs. Everything made at run time lies in .venv/ and var/.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PORT ?= 8000
PY := .venv/bin/python
export PYTHON

help: ## diese Übersicht
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: .venv/.ready ## Portal mit der Musterstadt starten (PORT=8000), Ende mit Strg-C
	@exec $(PY) manage.py demo --port $(PORT)

demo-reset: .venv/.ready ## Daten der Demo löschen, der nächste Start beginnt von vorn
	@$(PY) manage.py demo --reset

test: .venv/.ready-test ## alle Prüfungen und Tests (ARGS= für pytest)
	@exec $(PY) tools/check.py $(if $(ARGS),-- $(ARGS))

check: .venv/.ready-test ## nur die schnellen Prüfungen, ohne Tests
	@exec $(PY) tools/check.py --no-tests

screenshots: .venv/.ready-test ## Bildschirmfotos der Seiten je Rolle nach var/screenshots/
	@exec $(PY) tools/screenshots.py $(ARGS)

bench: .venv/.ready-test ## Geschwindigkeit messen (siehe bench/README.md)
	@exec $(PY) bench/run.py $(ARGS)

vendor: .venv/.ready ## static/vendor/ nach manifest.json erneuern
	@exec $(PY) tools/vendor.py $(ARGS)

sbom: .venv/.ready .venv-sbom/.ready ## Stückliste (CycloneDX), Lizenzen und bekannte Lücken nach var/sbom/
	@exec .venv-sbom/bin/python tools/sbom.py

lock: ## Lock-Dateien aus pyproject.toml neu schreiben
	@sh tools/lock.sh

.venv/.ready: requirements.lock tools/bootstrap.sh
	@sh tools/bootstrap.sh run

.venv/.ready-test: requirements-test.lock .venv/.ready
	@sh tools/bootstrap.sh test

.venv-sbom/.ready: requirements-sbom.lock
	@$(PY) -m venv --clear .venv-sbom
	@.venv-sbom/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-sbom.lock
	@touch $@

.PHONY: help demo demo-reset test check screenshots bench vendor sbom lock
