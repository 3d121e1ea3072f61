# shellcheck shell=bash
# Shared by the scripts of this directory; sourced, not run.

LAB_CACHE=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kvm-inittrace-lab}
LAB_NAME=${LAB_NAME:-$(basename "$0")}

# The lab runs emulators for minutes: leave the machine usable meanwhile.
LAB_NICE=${LAB_NICE-nice -n 5}

note() { printf '%s: %s\n' "$LAB_NAME" "$*" >&2; }

die() {
    printf '%s: error: %s\n' "$LAB_NAME" "$*" >&2
    exit 1
}

# The comment block at the head of a script is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

# need PROGRAM=PACKAGE…: install the packages whose program is missing.
# A PROGRAM with a slash is a file that must exist.
need() {
    local pair program package missing=()
    for pair in "$@"; do
        program=${pair%%=*} package=${pair#*=}
        case $program in
        /*) [ -e "$program" ] && continue ;;
        *) PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null && continue ;;
        esac
        case " ${missing[*]-} " in *" $package "*) ;; *) missing+=("$package") ;; esac
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        die "missing packages; install them first: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    fi
    note "installing ${missing[*]}"
    apt-get update -qq >&2 || die "apt-get update failed; repair the package sources of this machine, then try again"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
        die "could not install ${missing[*]}; install them by hand, then try again"
}

# mirrors: two lines, the archive and the security archive of this machine.
mirrors() {
    local uris main security
    uris=$(
        {
            cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
                sed -n 's/^URIs:[[:space:]]*//p' | tr -s ' \t' '\n\n'
            cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
                sed -n 's/^deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]*\).*/\2/p'
        } | sed 's|/*$||' | awk 'NF && !seen[$0]++'
    ) || true
    main=${MIRROR:-$(printf '%s\n' "$uris" | grep -E '/debian$' | head -n 1 || true)}
    security=${SECURITY_MIRROR:-$(printf '%s\n' "$uris" | grep -E 'debian-security$|security.*/debian$' | head -n 1 || true)}
    [ -n "$main" ] ||
        die "found no Debian mirror in /etc/apt; name one: MIRROR=http://HOST/debian SECURITY_MIRROR=http://HOST/debian-security $LAB_NAME …"
    [ -n "$security" ] || security=$main-security
    printf '%s\n%s\n' "${main%/}" "${security%/}"
}

# The release name of an unpacked kernel directory.
kernel_release() {
    local dir
    for dir in "$1"/lib/modules/*/; do
        [ -e "$1/boot/vmlinuz-$(basename "$dir")" ] && basename "$dir" && return 0
    done
    die "$1 holds no kernel; make it with scripts/lab/fetch-kernel VERSION"
}

# lab_initrd KERNELDIR SCRIPT OUT: the (cached) initramfs of that kernel with
# the recording script appended.
lab_initrd() {
    local base here release dir
    here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
    release=$(kernel_release "$1")
    base=$LAB_CACHE/initramfs/$release.cpio.gz
    if ! [ -e "$base" ] || [ "$here/make-initramfs" -nt "$base" ] || [ "$1/.complete" -nt "$base" ]; then
        "$here/make-initramfs" "$1" "$base"
    fi
    dir=$(mktemp -d)
    mkdir "$dir/lab"
    if [ -n "$2" ]; then install -m 755 "$2" "$dir/lab/record.sh"; fi
    (cd "$dir" && find lab | cpio -o -H newc -R 0:0 --quiet | gzip -1) >"$dir/add.gz"
    cat "$base" "$dir/add.gz" >"$3"
    rm -rf "$dir"
}

# lab_unpack DISK CONSOLE OUTDIR: what the machine wrote onto its disk; false
# if it did not come to its end or the files are damaged.  Leaves the status
# of the recording script beside the disk.
lab_unpack() {
    local dir
    dir=$(dirname "$1")/files
    rm -rf "$dir"
    mkdir -p "$dir" "$3"
    cp "$2" "$3/console.txt"
    grep -aq 'lab: done, [0-9]' "$2" || return 1
    tar -xf "$1" -C "$dir" 2>/dev/null || return 1
    if [ -e "$dir/SHA256SUMS" ]; then
        (cd "$dir" && sha256sum --quiet --strict -c SHA256SUMS >&2) || return 1
        rm "$dir/SHA256SUMS"
    fi
    mv "$dir/.status" "$(dirname "$1")/status" 2>/dev/null || return 1
    find "$dir" -mindepth 1 -maxdepth 1 -exec mv -t "$3" {} +
}
