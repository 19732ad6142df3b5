#!/bin/sh
# Writes all lock files: exact versions with hashes for every platform, and no index or host in them.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || true)
if [ -z "$uv" ] || ! "$uv" --version >/dev/null 2>&1; then
    [ -x .venv-uv/bin/uv ] || { python3 -m venv .venv-uv; .venv-uv/bin/pip install --quiet uv; }
    uv=.venv-uv/bin/uv
fi
lock() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@"
}
lock pyproject.toml --output-file requirements.lock
lock pyproject.toml --extra test --constraints requirements.lock --output-file requirements-test.lock
lock pyproject.toml --extra ldap --constraints requirements.lock --output-file requirements-ldap.lock
lock --group pyproject.toml:sbom --output-file requirements-sbom.lock
