# shellcheck shell=dash disable=SC2154
# Hostile surroundings: what other users have put in the recorder's way.

# Without the kernel's own guards, as some distributions are.
shared_folder() {
    for guard in symlinks regular fifos; do
        [ ! -e /proc/sys/fs/protected_$guard ] || echo 0 >/proc/sys/fs/protected_$guard
    done
    rm -rf /tmp/shared && mkdir /tmp/shared && chmod 1777 /tmp/shared
    echo precious >/tmp/work/precious
}
unharmed() { [ "$(cat /tmp/work/precious)" = precious ] || fail "written to: $(head -c 100 /tmp/work/precious)"; }
owner_and_mode() { stat -c '%u %a' "$1"; }

test_recording_is_for_root() {
    exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    [ "$(owner_and_mode /tmp/work/x.dat)" = "0 600" ] || fail "owner and mode: $(owner_and_mode /tmp/work/x.dat)"
    chmod 755 /tmp/work
    exits 77 as-user 65534 kvm-inittrace report /tmp/work/x.dat
}
test_planted_link() {
    shared_folder
    as-user 65534 ln -s /tmp/work/precious /tmp/shared/x.dat || fail "no link"
    before
    exits 73 kvm-inittrace record -o /tmp/shared/x.dat --module kvm_amd --detail stages
    says "user 65534"
    same_as_before "after the refusal"
    unharmed
}
test_planted_file() {
    shared_folder
    as-user 65534 sh -c 'umask 0; echo mine >/tmp/shared/x.dat'
    exits 0 kvm-inittrace record -o /tmp/shared/x.dat --module kvm_amd --detail stages
    [ "$(owner_and_mode /tmp/shared/x.dat)" = "0 600" ] || fail "owner and mode: $(owner_and_mode /tmp/shared/x.dat)"
}
test_planted_pipe() {
    shared_folder
    as-user 65534 mkfifo /tmp/shared/x.dat || fail "no pipe"
    exits 73 kvm-inittrace record -o /tmp/shared/x.dat --module kvm_amd --detail stages
}

# A journal is done as root: it must be one that a recording can have written.
journal() { # TOP, LINE…
    rm -rf /run/kvm-inittrace && mkdir -m 700 /run/kvm-inittrace
    {
        printf 'kvm-inittrace journal 1\nrecorder\t1\ntop\t%s\n' "$1"
        shift
        printf '%b\n' "$@"
        echo end
    } >/run/kvm-inittrace/journal
    chmod 600 /run/kvm-inittrace/journal
}
test_hostile_journals() {
    shared_folder
    before
    journal "$T" 'file\tcontents\t../../../tmp/work/precious\tbad'
    exits 69 kvm-inittrace doctor --restore
    says "not believed"
    # What is no tracefs at all is taken for one that was unmounted: the true one is put back then.
    : >/tmp/work/current_tracer
    journal /tmp/work 'file\tcontents\tprecious\tbad'
    exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    says "no tracefs"
    journal "$T" 'module\t-r\tloaded'
    exits 69 kvm-inittrace doctor --restore
    journal "$T" 'file\tcontents\tmax_graph_depth\t7'
    chown 65534 /run/kvm-inittrace/journal
    exits 77 kvm-inittrace doctor --restore
    unharmed
    same_as_before "after journals that are not believed"
}
test_directory_of_another_user() {
    rm -rf /run/kvm-inittrace && mkdir -m 700 /run/kvm-inittrace && chown 65534 /run/kvm-inittrace
    before
    exits 77 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    says "another user"
    same_as_before "after the refusal"
}

# Neither PATH nor modprobe's own variable decides what is run.
test_environment() {
    mkdir /tmp/work/bin
    printf '#!/bin/sh\ntouch /tmp/work/evil\n' >/tmp/work/bin/modprobe
    chmod 755 /tmp/work/bin/modprobe
    exits 0 env PATH=/tmp/work/bin:"$PATH" MODPROBE_OPTIONS=--dry-run kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    says "kvm_amd: OK"
    [ ! -e /tmp/work/evil ] || fail "another modprobe was run"
}

# Rights are given up before a trace is read, on kernels with and without Landlock.
test_reading_is_confined() {
    mkfifo /tmp/work/pipe
    kvm-inittrace report /tmp/work/pipe >/tmp/work/out 2>&1 &
    reader=$!
    exec 3>/tmp/work/pipe
    cat /proc/$reader/status >/tmp/work/status
    exec 3>&-
    wait $reader
    for line in "NoNewPrivs:	1" "Seccomp:	2" "CapEff:	000000000000000e"; do
        grep -q "^$line\$" /tmp/work/status || fail "not \"$line\": $(grep -E 'NoNew|Secc|Cap' /tmp/work/status | tr '\n\t' '; ')"
    done
    grep -q "pipe: is empty" /tmp/work/out || fail "says: $(cat /tmp/work/out)"
}
