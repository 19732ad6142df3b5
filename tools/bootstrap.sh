#!/bin/sh
# Makes .venv with the newest Python >= 3.11 that really runs here, then installs the locked
# packages with their hashes checked.
#   tools/bootstrap.sh        what the portal needs to run
#   tools/bootstrap.sh test   the tools of the tests on top of it
set -eu
cd "$(dirname "$0")/.."
umask 022

# pyenv's shims exist for versions that are not selected and then fail: so every candidate is run.
find_python() {
    for candidate in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-9].*/bin/python3 \
        "$HOME"/.local/share/uv/python/cpython-3.1[1-9]*/bin/python3; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null || continue
        "$candidate" -c 'import sys; print("%d.%02d" % sys.version_info[:2], sys.executable)'
        [ "$candidate" != "${PYTHON:-}" ] || break
    done | sort -r | head -n 1 | cut -d" " -f2-
}

install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
}

make_environment() {
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "Kein Python 3.11 oder neuer mit venv gefunden." >&2
        echo "Debian/Ubuntu: apt install python3 python3-venv   oder: make PYTHON=/pfad/zu/python3" >&2
        exit 1
    fi
    if ! .venv/bin/python -c "import sys; sys.exit(sys._base_executable != '$python')" 2>/dev/null; then
        rm -rf .venv
        echo "Richte .venv ein ($("$python" --version)) ..."
        "$python" -m venv .venv
    fi
    install requirements.lock
    touch .venv/.ready
}

case "${1:-run}" in
run) make_environment ;;
test)
    [ -e .venv/.ready ] || make_environment
    echo "Installiere die Werkzeuge für die Tests ..."
    install requirements-test.lock
    touch .venv/.ready-test
    ;;
*)
    echo "Aufruf: tools/bootstrap.sh [run|test]" >&2
    exit 2
    ;;
esac
