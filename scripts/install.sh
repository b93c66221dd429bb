#!/usr/bin/env bash
# Installs what is missing and nothing else: install.sh build|test|deny …
# Every check is cheap and local, so a second call needs no network.
. "$(dirname "$0")/lib.sh"

packages=()
need() { # need <package> <command that succeeds when it is there>
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || packages+=("$package")
}

# Only release 2 of the Liberation fonts has all Vietnamese letters; Debian 11 and 12 pack it as fonts-liberation2.
font_package() { grep -qsE '^1[12]' /etc/debian_version && echo fonts-liberation2 || echo fonts-liberation; }

has_font() {
    dpkg -s "$(font_package)" || find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        \( -iname 'times.ttf' -o -iname 'times_new_roman.ttf' \) -print -quit 2>/dev/null | grep -q .
}

has_postgres() { [ -n "$(scripts/postgres.sh bin 2>/dev/null)" ]; }

has_chromium() { [ -n "${CHROMIUM:-}" ] || have chromium || have chromium-browser || have google-chrome; }

install_packages() {
    [ ${#packages[@]} -gt 0 ] || return 0
    have apt-get || die "please install: ${packages[*]} (this script knows only apt-get)"
    say "installing: ${packages[*]}"
    as_root apt-get -o DPkg::Lock::Timeout=600 -q update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -q install -y \
        --no-install-recommends "${packages[@]}"
    packages=()
}

for group in "$@"; do
    case $group in
    build)
        have cargo || die "cargo is missing: install Rust 1.94 or newer from https://rustup.rs"
        have node && have npm || die "node and npm are missing: install Node.js 20 or newer"
        # SQLite is compiled from source with the C compiler; libc6-dev brings its headers.
        need gcc have cc
        need libc6-dev test -e /usr/include/stdio.h
        # Liberation Serif has the measures of Times New Roman, which Nghị định 30 prescribes.
        need "$(font_package)" has_font
        install_packages
        ;;
    test)
        need postgresql has_postgres
        need chromium has_chromium
        need poppler-utils have pdftotext
        need fontconfig have fc-match
        need libxml2-utils have xmllint
        # The judges of signatures; the product itself uses none of them.
        need softhsm2 have softhsm2-util
        need opensc have pkcs11-tool
        need qpdf have qpdf
        need xmlsec1 have xmlsec1
        need openssl have openssl
        need python3-venv scripts/judges.sh base
        # Makes PDF from DOCX, and one of the kinds of PDF that are signed.
        need libreoffice-writer-nogui have soffice
        install_packages
        scripts/judges.sh install
        for component in rustfmt clippy; do
            cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || rustup component add "$component"
        done
        if ! cargo nextest --version >/dev/null 2>&1; then
            say "installing cargo-nextest (takes some minutes, once)"
            cargo install --locked cargo-nextest
        fi
        ;;
    deny)
        if ! cargo deny --version >/dev/null 2>&1; then
            say "installing cargo-deny (takes some minutes, once)"
            cargo install --locked cargo-deny
        fi
        ;;
    *) die "unknown group: $group" ;;
    esac
done
