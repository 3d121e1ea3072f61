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

# is_kept DIR: whether DIR was made whole.
is_kept() { [ -e "$1/.complete" ]; }

# keep DIR [NOTE]: what was made in DIR.tmp is DIR from now on; the next caller finds it whole, or not at all.
keep() {
    printf '%s\n' "${2-}" >"$1.tmp/.complete"
    rm -rf "$1"
    mv "$1.tmp" "$1"
}

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
                sed -n 's/^URIs:[[:space:]]*//p' | tr -s ' \t' '\n'
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

# archive_start: before the other functions of this kind.
archive_start() {
    local lines
    need curl=curl xzcat=xz-utils dpkg-deb=dpkg
    mkdir -p "$LAB_CACHE/index" "$LAB_CACHE/debs"
    lines=$(mirrors)
    archive_main=$(sed -n 1p <<<"$lines")
    archive_security=$(sed -n 2p <<<"$lines")
}

archive_base() { if [ "$1" = security ]; then echo "$archive_security"; else echo "$archive_main"; fi; }

# archive_index SUITE ARCHIVE [yes|no [ARCH]]: the file with the suite's package
# index, fetched when it is older than a day, or "yes".  ARCHIVE is main or
# security, ARCH Debian's name of an architecture, amd64 by default.
archive_index() {
    local arch=${4:-amd64} index=$LAB_CACHE/index/$1.xz
    if [ "$arch" != amd64 ]; then index=$LAB_CACHE/index/$1-$arch.xz; fi
    if [ "${3-}" = yes ] || [ -z "$(find "$index" -mmin -1440 2>/dev/null)" ]; then
        if ! archive_fetch_index "$(archive_base "$2")/dists/$1" "$index" "$arch"; then
            rm -f "$index.tmp"
            [ -e "$index" ] || return 1
        fi
    fi
    printf '%s\n' "$index"
}

# The index of a suite, with the signature of its InRelease and the SHA256
# there, if this machine has gpgv and Debian's keys.
archive_fetch_index() { # URL of the suite, file, architecture
    local sum status packages=main/binary-$3/Packages.xz keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    curl -sfL --retry 3 -o "$2.tmp" "$1/$packages" || return 1
    if command -v gpgv >/dev/null && [ -e "$keyring" ]; then
        curl -sfL --retry 3 -o "$2.release" "$1/InRelease" || die "no InRelease at $1; set MIRROR= to a full mirror"
        # One good signature is enough: gpgv fails if any of the keys is missing.
        status=$(gpgv --status-fd 1 --keyring "$keyring" -o "$2.signed" "$2.release" 2>/dev/null) || true
        grep -q '^\[GNUPG:\] VALIDSIG ' <<<"$status" ||
            die "the signature of $1/InRelease is not Debian's; update debian-archive-keyring, or use another MIRROR="
        sum=$(awk -v file="$packages" '/^[A-Za-z0-9]+:/ { on = $1 == "SHA256:" } on && $3 == file { print $1 }' "$2.signed")
        rm -f "$2.release" "$2.signed"
        echo "$sum  $2.tmp" | sha256sum --status -c || die "the package index of $1 has another SHA256 than its InRelease says; the mirror is being updated: try again in some minutes"
    fi
    mv "$2.tmp" "$2"
}

# archive_download ARCHIVE FILE SHA256: the package's place in the cache.
archive_download() {
    local deb
    deb=$LAB_CACHE/debs/$(basename "$2")
    if ! [ -e "$deb" ] || ! echo "$3  $deb" | sha256sum --status -c; then
        note "fetching $(basename "$2")"
        curl -sfL --retry 3 -o "$deb.tmp" "$(archive_base "$1")/$2" || die "could not fetch $2; try again, with fresh indexes: rm -r $LAB_CACHE/index"
        echo "$3  $deb.tmp" | sha256sum --status -c || die "$(basename "$2") has another SHA256 than the package index says; try: rm -r $LAB_CACHE/index"
        mv "$deb.tmp" "$deb"
    fi
    printf '%s\n' "$deb"
}

# archive_packages INDEX NAME…: a line for each of these packages in an index:
# name, version, file name, SHA256.
archive_packages() {
    xzcat "$1" | awk -v wanted="${*:2}" '
        function out() { if (package in is_wanted) print package, version, file, sum }
        BEGIN { split(wanted, names); for (i in names) is_wanted[names[i]] }
        /^Package: / { out(); package = $2; version = file = sum = "" }
        /^Version: / { version = $2 }
        /^Filename: / { file = $2 }
        /^SHA256: / { sum = $2 }
        END { out() }'
}

# lab_program ROOT PATH PROGRAM: lay a program, with the shared libraries that
# it asks for, into the tree ROOT.
lab_program() {
    local file lib
    file=$(readlink -f "$(command -v "$3")")
    install -D -m 755 "$file" "$1$2"
    ldd "$file" | grep -o '/[^ ]*' | while read -r lib; do
        [ -e "$1$lib" ] || install -D -m 755 "$(readlink -f "$lib")" "$1$lib"
    done
}

# lab_foreign_program ROOT PATH PROGRAM TREE: the same with a program of another
# architecture, unpacked at TREE by fetch-programs.
lab_foreign_program() {
    install -D -m 755 "$4/usr/bin/$3" "$1$2"
    lab_foreign_libraries "$1" "$4" "$4/usr/bin/$3"
}

# lab_foreign_libraries ROOT TREE FILE: what FILE asks for, and what that asks for.
lab_foreign_libraries() {
    local name lib
    readelf -d "$3" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r name; do
        lib=$(find "$2/usr/lib" -name "$name" | sort | head -n 1)
        [ -n "$lib" ] || die "$3 needs $name, which no package of fetch-programs brings; add it there"
        [ -e "$1/lib/$name" ] && continue
        install -D -m 755 "$(readlink -f "$lib")" "$1/lib/$name"
        lab_foreign_libraries "$1" "$2" "$lib"
    done
}

# lab_arch KERNELDIR: Debian's name of its architecture, which ends its release name.
lab_arch() {
    local release
    release=$(kernel_release "$1")
    printf '%s\n' "${release##*-}"
}

# lab_binary: builds the tool of this checkout and prints where it is.
lab_binary() {
    local package
    package=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..
    package=$(readlink -f "$package")
    note "building kvm-inittrace"
    "$package/scripts/setup" >&2
    readlink -f "$($LAB_NICE "$package/scripts/build")" || die "the build failed; see above"
}

# lab_tool ROOT BINARY: lay the tool into the tree ROOT.
lab_tool() {
    need strip=binutils
    lab_program "$1" /bin/kvm-inittrace "$2"
    strip "$1/bin/kvm-inittrace"
}

# lab_faults KERNEL ROOT: lay the fault module, and a module of another kernel
# than KERNEL (as fetch-kernel takes it), into the tree ROOT.
lab_faults() {
    local here other=5.10
    here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
    [ "$1" != 5.10 ] || other=6.1
    mkdir -p "$2/lab-foreign"
    cp "$("$here/build-fault" "$("$here/fetch-kernel" "$1")")" "$2/lab-fault.ko"
    # those of 5.10 and 6.1 are not packed
    cp "$("$here/fetch-kernel" "$other")"/lib/modules/*/kernel/arch/x86/kvm/kvm-amd.ko "$2/lab-foreign/"
}

# The release name of an unpacked kernel directory.
kernel_release() {
    local dir
    for dir in "$1"/lib/modules/*/; do
        [ -e "$1/boot/vmlinuz-$(basename "$dir")" ] && basename "$dir" && return 0
    done
    die "$1 holds no kernel; make it with scripts/lab/fetch-kernel VERSION"
}

# lab_base KERNELDIR: the initramfs of that kernel, made if the cache lacks it.
lab_base() {
    local base here release
    here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
    release=$(kernel_release "$1")
    base=$LAB_CACHE/initramfs/$release.cpio.gz
    if ! [ -e "$base" ] || [ "$here/make-initramfs" -nt "$base" ] || [ "$1/.complete" -nt "$base" ]; then
        "$here/make-initramfs" "$1" "$base"
    fi
    printf '%s\n' "$base"
}

# lab_initrd KERNELDIR SCRIPT OUT [DIR…]: the initramfs of that kernel with the
# recording script appended, and the trees DIR laid over it.
lab_initrd() {
    local base dir add
    base=$(lab_base "$1")
    dir=$(mktemp -d)
    mkdir "$dir/lab"
    if [ -n "$2" ]; then install -m 755 "$2" "$dir/lab/record.sh"; fi
    cp "$base" "$3"
    for add in "$dir" "${@:4}"; do
        (cd "$add" && find . -mindepth 1 -printf '%P\n' | cpio -o -H newc -R 0:0 --quiet | gzip -1) >>"$3"
    done
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
