#!/bin/sh
# Makes .venv with Python 3.10 and exactly the packages of requirements.lock; does nothing where that is done already.
# A copy of the lock goes into .venv last of all, so one that was left half-made, or made from another lock, is made anew.
set -eu
cd "$(dirname "$0")"
NOTED=.venv/requirements.lock

fail() {
    echo "Usher cannot be set up: $*" >&2
    exit 1
}

is_done() { cmp -s requirements.lock "$NOTED" && .venv/bin/python -c '' 2>/dev/null; }

works_as_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

# A command of that name proves nothing: pyenv puts one there for versions that are not selected. So each is run.
find_python() {
    for candidate in python3.10 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python /usr/bin/python3.10 /usr/local/bin/python3.10; do
        if works_as_310 "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
}

has_uv() { uv --version >/dev/null 2>&1; }

make_environment() {
    python=$(find_python)
    if [ -n "$python" ]; then
        echo "1/2 Making .venv with $("$python" --version) ..."
        "$python" -m venv .venv >/dev/null 2>&1 && return
        rm -rf .venv
        has_uv || fail "$python has no 'venv' module; install it (Debian: apt-get install python3.10-venv) or uv (https://docs.astral.sh/uv)."
        uv venv --quiet --python "$python" .venv && return
    elif has_uv; then
        echo "1/2 Making .venv with a Python 3.10 that uv fetches ..."
        uv venv --quiet --python 3.10 .venv && return
    fi
    rm -rf .venv
    fail "it needs Python 3.10 and finds none; 'uv python install 3.10' (https://docs.astral.sh/uv) or 'pyenv install 3.10' gives you one."
}

install_packages() {
    if has_uv && uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r requirements.lock; then
        return
    fi
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null 2>&1 || return 1
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
}

# Runs a command and says every ten seconds that it still does.
with_clock() {
    (seconds=0; while sleep 10 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do seconds=$((seconds + 10)); echo "    $seconds s ..."; done) &
    clock=$!
    "$@" && code=0 || code=$?
    kill $clock 2>/dev/null || true
    return $code
}

if is_done; then exit 0; fi
[ -w . ] || fail "nothing can be written in $(pwd)."
if command -v flock >/dev/null 2>&1 && [ -z "${USHER_SETTING_UP:-}" ]; then # two at once: the second waits, and finds it done
    mkdir -p var
    USHER_SETTING_UP=yes exec flock -o var/setup.lock sh setup.sh
fi

rm -rf .venv
make_environment
echo "2/2 Installing $(grep -c '^[^ #].*==' requirements.lock) packages, checked by their hashes (about a minute with uv, five with pip) ..."
with_clock install_packages || fail "the packages could not be installed; the reason stands above. Then call 'make setup' again."
cp requirements.lock "$NOTED.new" && mv "$NOTED.new" "$NOTED"
echo "    done."
