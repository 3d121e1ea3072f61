# shellcheck shell=bash
# Shared by scripts/package-deb and scripts/package-tarball; sourced in the root of the sources, not run.

# The comment block at the head of a script is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

# package_options "$@": the options of both, as the variables binary and output.
# shellcheck disable=SC2034 # they are the scripts'
package_options() {
  binary='' output=.build/packages
  while [ $# -gt 0 ]; do
    case $1 in
      --binary) binary=${2:?}; shift 2 ;;
      --output) output=${2:?}; shift 2 ;;
      -h | --help) usage; exit 0 ;;
      *) die "'$1' is no option; see --help" ;;
    esac
  done
}

# The binary that is packed: the one that was named, or one that is built.
packaged_binary() { if [ -n "$1" ]; then readlink -e "$1" || die "'$1' is not there"; else scripts/build; fi; }

# Of which moment the files of a package are: that of the commit, so that it is the same package whoever makes it.
package_epoch() {
  if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
    echo "$SOURCE_DATE_EPOCH"
  elif [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
    git log -1 --format=%ct
  else
    # Archives that git makes give every file the time of the commit.
    stat -c %Y scripts/commit
  fi
}

# package_version BINARY EPOCH: 0.2.0 for the commit that the tag v0.2.0 is on; of any other a version before it, which sorts by day.
package_version() {
  local text number commit
  text=$("$1" --version)
  number=$(cut -d ' ' -f 2 <<<"$text")
  commit=$(sed -n 's/.*(\(.*\))$/\1/p' <<<"$text" | tr - .)
  if [ -z "$commit" ] || [ "$(git describe --exact-match --tags --match "v$number" 2>/dev/null)" = "v$number" ]; then
    echo "$number"
  else
    echo "$number~$(date -u -d "@$2" +%Y%m%d).$commit"
  fi
}

# stage_files BINARY DIR: everything that is installed, below DIR as below /usr/local.
stage_files() {
  local binary=$1 out=$2 document=$2/share/doc/kvm-inittrace page
  install -D -m 755 --strip "$binary" "$out/bin/kvm-inittrace"
  for page in Docs/man/*; do install -D -m 644 -t "$out/share/man/man${page##*.}" "$page"; done
  install -d "$out/share/bash-completion/completions" "$out/share/zsh/site-functions" "$out/share/fish/vendor_completions.d"
  # A file that is sourced has no interpreter.
  "$binary" --generate-completion-script bash | sed '1{/^#!/d}' >"$out/share/bash-completion/completions/kvm-inittrace"
  "$binary" --generate-completion-script zsh >"$out/share/zsh/site-functions/_kvm-inittrace"
  "$binary" --generate-completion-script fish >"$out/share/fish/vendor_completions.d/kvm-inittrace.fish"
  install -D -m 644 -t "$out/share/kvm-inittrace" Docs/*.schema.json
  install -D -m 644 -t "$document" README.md CHANGELOG.md LICENSE
  install -D -m 644 -t "$document/Docs" Docs/*.md
  install -D -m 644 -t "$out/lib/systemd/system" packaging/systemd/kvm-inittrace-boot.service
}
