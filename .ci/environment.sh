# Sourced by ./run and ./test with $root set: makes $root/.venv and installs a lock into it.
# Only Python's own venv and pip are used. What is already there is not asked for again.

say() { printf 'Casustafel: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 2
}

# Prints the first Python that is new enough and can make an environment.
find_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# install LOCK: does nothing when this lock already stands in this place.
install() {
    python="$root/.venv/bin/python"
    stamp="$root/.venv/.$1.installed"
    if ! "$python" -c 'import pip' 2>/dev/null; then
        found=$(find_python) || fail "no Python 3.11 or newer with venv was found. Install it, or name it: PYTHON=/path/to/python3 $0"
        say "making an environment in .venv"
        rm -rf "$root/.venv"
        "$found" -m venv "$root/.venv" || fail "the environment could not be made (see above)."
    fi
    wanted="$root $(cksum < "$root/$1") $(cksum < "$root/pyproject.toml")"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return 0
    fi
    say "installing the locked packages (once; half a minute or so)"
    "$python" -m pip install -qq --disable-pip-version-check --require-hashes --requirement "$root/$1" ||
        fail "the packages could not be installed (see above); nothing was started."
    # Built with the locked hatchling: no index is asked.
    PIP_NO_INDEX=1 "$python" -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps \
        --editable "$root" || fail "the product itself could not be installed (see above)."
    printf '%s' "$wanted" > "$stamp"
}
