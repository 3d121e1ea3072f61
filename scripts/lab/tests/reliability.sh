# shellcheck shell=dash disable=SC2154,SC2086,SC2013
# Unbreakable recording: whatever happens at a random moment, the machine comes back to
# what it was, and no file says that it is whole and is not.
#
# Each test runs $ROUNDS rounds of one kind (in CI one, and four of SIGKILL), or fewer if $MINUTES are over. What a round
# draws follows from the kind, $SEED and its number. A line per round goes to rounds.tsv
# and, for machines that die, to the console: kind, seed, round, what was drawn, result.

place=/tmp/place # where the recordings go
rounds_file=/out/rounds.tsv

# Numbers that only depend on the seed.
seed_draws() { # NUMBER…
    state=88172645463325252
    for number in "$@"; do state=$(((state ^ number) * 2862933555777941757 + 3037000493)); done
    for number in 1 2 3; do draw 2; done
}
draw() { # N: a number below it, in $drawn
    state=$((state * 6364136223846793005 + 1442695040888963407))
    drawn=$((((state >> 33) & 0x3fffffff) % $1))
}
pick() { # WORD…: one of them, in $picked
    draw $#
    shift "$drawn"
    picked=$1
}

# All that must be as before: tracefs, modules with their parameters, what is in /run. Of
# the 5,000 files of the events, which take seconds to read, only those that say it of many:
# all of them are compared when the rounds of a kind are over.
state_of_machine() { # FILE
    {
        snapshot "$T" events
        ls "$T/events/kvm_inittrace"
        cat "$T/events/enable" "$T/events/sched/enable" "$T/events/sched/sched_switch/filter"
        cut -d' ' -f1 /proc/modules | grep -v '^virtio\|^fault' | sort | sed 's/^/module /'
        for parameter in /sys/module/kvm*/parameters/*; do
            [ ! -r "$parameter" ] || echo "$parameter $(cat "$parameter")"
        done
        find /run/kvm-inittrace -type f | sort
    } >"$1" 2>/dev/null
}
# The two states that rounds start from.
start_loaded() {
    loaded kvm_amd && case $(cat /sys/module/kvm_amd/parameters/nested) in 0 | N) return 0 ;; esac
    unload
    modprobe kvm_amd nested=0 || fail "no kvm_amd"
}
start_unloaded() {
    unload
    for needed in ccp rng_core irqbypass; do rmmod $needed 2>/dev/null; done
    true
}
bases() {
    mkdir -p "$place" /run/kvm-inittrace
    expand
    : >>/run/kvm-inittrace/lock
    # they take a while: once for all tests
    [ ! -e /tmp/base-all ] || return 0
    for base in loaded unloaded; do
        start_$base
        state_of_machine /tmp/base-$base
    done
    snapshot "$T" >/tmp/base-all
}
same_machine() { # WHEN
    state_of_machine /tmp/state
    cmp -s "/tmp/base-$base" /tmp/state && return 0
    diff -U 0 "/tmp/base-$base" /tmp/state
    fail "not as before $1: $(diff -U 0 "/tmp/base-$base" /tmp/state | grep '^[-+][^-+]' | cut -c1-120 | head -n 6 | tr '\n\t' ';=')"
}

# How long a recording takes here, in milliseconds.
takes() { # DETAIL
    [ -e "/tmp/takes-$1" ] || {
        begin=$(cut -d' ' -f1 /proc/uptime | tr -d .)
        kvm-inittrace record -q -o $place/t.dat --module kvm_amd --detail "$1" >/tmp/takes.log 2>&1 || fail "no recording: $(cat /tmp/takes.log)"
        finish=$(cut -d' ' -f1 /proc/uptime | tr -d .)
        echo $(((finish - begin) * 10)) >"/tmp/takes-$1"
        rm -f $place/t.dat
    }
    cat "/tmp/takes-$1"
}

# What lies under the output's name is absent, what was there before, or a whole trace
# with the right verdict, or one that says itself that it was cut; and nothing else is there.
sound_output() { # MODULE
    strays=$(find $place -mindepth 1 ! -name x.dat)
    [ -z "$strays" ] || fail "stray files: $strays"
    [ -e $place/x.dat ] || return 0
    ! cmp -s /tmp/old.dat $place/x.dat || return 0
    code=0
    kvm-inittrace report -q $place/x.dat >/tmp/report 2>&1 || code=$?
    cat /tmp/report
    case $code:$1 in
    0:kvm_amd | 1:kvm_intel) ;;
    2:*) ;;
    *) fail "report of the file exits with $code: $(head -n 3 /tmp/report | tr '\n' ' ')" ;;
    esac
    # A verdict is none that the load did not have.
    case $1 in
    kvm_amd) ! grep -q 'kvm_amd: FAILED' /tmp/report || fail "a load that succeeded is said to have failed" ;;
    kvm_intel) ! grep -q 'kvm_intel: OK' /tmp/report || fail "a load that failed is said to have succeeded" ;;
    esac
}
# The step that a recorder had told last (-v), as one of few words.
step_of() { # FILE
    case $(grep '^kvm-inittrace' "$1" | tail -n 1) in
    *"loading what"*) echo modules-before ;;
    *"reading the list"*) echo functions ;;
    *"what is left"*) echo reading ;;
    *"putting tracefs"*) echo tracefs-back ;;
    *"putting the modules"*) echo modules-back ;;
    *"writing $place"*) echo file ;;
    *"recording"*) echo load ;;
    *"writing"* | *"defining"* | *"left out"*) echo tracefs ;;
    "") echo checks ;;
    *) echo over ;;
    esac
}

# Waits for the moment that was drawn, of a recording of $total ms. Every Nth round has one of the load, which is short.
at_moment() { # N
    if [ $((round % $1)) = $(($1 - 1)) ]; then
        within 120 grep -q '^kvm-inittrace.*: recording$' /tmp/recorder.out
        moment=$((moment / 10))
    fi
    usleep "${moment}000"
}

# What a round that failed may have left in the way of the next one.
settle() {
    [ -e "$T/current_tracer" ] || mount -t tracefs tracefs "$T"
    mount -o remount,rw "$T" 2>/dev/null
    for mounted in $place /run; do
        ! grep -q " $mounted tmpfs " /proc/mounts || umount $mounted
    done
    put_modprobe_back
    killall -q -KILL sleep cat dd
    # a load that sleeps in it comes to its end
    within 180 no_modprobe
    ! loaded fault || rmmod fault
    echo 1 >/sys/devices/system/cpu/cpu1/online
} 2>/dev/null

# rounds KIND: runs round_KIND, with a clean machine after a round that failed.
rounds() {
    kind=$1 round=0 wrong=0 first=
    bases
    end=$((MINUTES * 60)) wanted=$ROUNDS
    case $QUICK:$kind in yes:kill) wanted=4 ;; yes:*) wanted=1 ;; esac
    while [ $round -lt $wanted ] && [ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ]; do
        round=$((round + 1))
        seed_draws "$SEED" "0x$(printf '%s' "$kind" | md5sum | cut -c1-8)" "$round"
        rm -rf /tmp/why /tmp/what "${place:?}"/* /tmp/old.dat
        : >/tmp/what
        code=0
        ("round_$kind") >/tmp/round.log 2>&1 || code=$?
        case $code in
        0) result=ok ;;
        *) result="not ok: $(cat /tmp/why 2>/dev/null || echo "ended with $code")" ;;
        esac
        line=$(printf '%s\t%s\t%s\t%s\t%s' "$kind" "$SEED" "$round" "$(cat /tmp/what)" "$result")
        printf '%s\n' "$line" >>$rounds_file
        printf 'lab-round\t%s\n' "$line" >/dev/console
        [ "$result" = ok ] || {
            wrong=$((wrong + 1))
            first=${first:-"round $round: $result"}
            cp /tmp/round.log "/out/failed-$kind-$round.log"
            settle
            (clean)
            mkdir -p $place
            bases
        }
    done
    mkdir -p /tmp/work
    [ $wrong = 0 ] || fail "$wrong of $round rounds failed; $first"
    [ $round -gt 0 ] || skip "no round: the machine has run for $MINUTES minutes"
    start_unloaded
    cp /tmp/base-all /tmp/work/before
    same_as_before "after the rounds"
    echo "$round rounds"
}

# SIGKILL

round_kill() {
    pick stages stages stages stages stages kvm kvm kvm kvm full
    detail=${DETAIL:-$picked}
    pick kvm_amd kvm_amd kvm_amd kvm_intel
    vendor=$picked
    base=unloaded
    [ $((round % 10)) -lt 5 ] || base=loaded
    pick old none
    case $picked in old) head -c 5000 /bin/busybox >/tmp/old.dat && cp /tmp/old.dat $place/x.dat ;; esac
    total=$(takes $detail)
    start_$base
    draw $((total * 21 / 20))
    moment=$drawn
    kvm-inittrace record -v -o $place/x.dat --module "$vendor" --detail $detail >/tmp/recorder.out 2>&1 </dev/null &
    recorder=$!
    at_moment 4
    kill -KILL $recorder 2>/dev/null
    wait $recorder
    step=$(step_of /tmp/recorder.out)
    pick doctor doctor record twice
    how=$picked
    echo "$detail $vendor $base $step $how" >/tmp/what
    cat /tmp/recorder.out
    sound_output "$vendor"
    case $how in
    record)
        code=0
        kvm-inittrace record -o /tmp/work/next.dat --module kvm_amd --detail stages || code=$?
        [ $code = 0 ] || fail "the next recording exits with $code"
        ;;
    twice)
        # the one who puts back is killed, too
        kvm-inittrace doctor --restore -q &
        restorer=$!
        draw 1500
        usleep "${drawn}000"
        kill -KILL $restorer 2>/dev/null
        wait $restorer
        kvm-inittrace doctor --restore -q
        ;;
    *) kvm-inittrace doctor --restore -q ;;
    esac
    same_machine "after SIGKILL at $moment of $total ms ($step), $how"
    sound_output "$vendor"
}
test_kill() { rounds kill; }

# Disks that are full

# A small file system for the output and the events, or for the journal.
small() { # DIRECTORY KILOBYTES
    mount -t tmpfs -o "size=${2}k" tmpfs "$1"
}
round_disk() {
    pick stages kvm kvm full
    detail=$picked
    pick kvm_amd kvm_amd kvm_intel
    vendor=$picked
    pick loaded unloaded
    base=$picked
    draw 11
    size=$((4 << drawn))
    draw $size
    size=$((size + drawn))
    start_$base
    small $place $size
    code=0
    kvm-inittrace record -o $place/x.dat --module "$vendor" --detail $detail || code=$?
    echo "$detail $vendor $base $size KB: exit $code" >/tmp/what
    ls -la $place
    (
        case $code:$vendor in
        0:kvm_amd | 1:kvm_intel | 2:*) [ -s $place/x.dat ] || fail "exit $code, and no file" ;;
        73:*) [ ! -e $place/x.dat ] || fail "exit 73, and a file" ;;
        *) fail "exit $code with $size KB" ;;
        esac
        sound_output "$vendor"
    )
    status=$?
    umount $place || fail "the file system of the output is still in use"
    [ $status = 0 ] || exit $status
    same_machine "with $size KB for the output"
    no_journal
}
test_disk() { rounds disk; }

round_run() {
    pick stages kvm
    detail=$picked
    pick loaded unloaded
    base=$picked
    draw 30
    size=$((4 + drawn * 4))
    start_$base
    small /run $size
    pick before during
    when=$picked
    draw 3000
    moment=$drawn
    if [ $when = during ]; then
        (usleep "${moment}000" && exec cat /dev/zero >/run/filler) 2>/dev/null &
        filler=$!
    fi
    code=0
    kvm-inittrace record -o $place/x.dat --module kvm_amd --detail $detail || code=$?
    [ $when = before ] || wait $filler
    left=$(find /run -type f ! -name lock ! -name filler)
    echo "$detail $base $size KB, filled $when it: exit $code" >/tmp/what
    umount /run || fail "/run is still in use"
    case $code in
    0) [ -s $place/x.dat ] || fail "exit 0, and no file" ;;
    69) [ ! -e $place/x.dat ] || fail "exit 69, and a file" ;;
    *) fail "exit $code with $size KB in /run" ;;
    esac
    [ -z "$left" ] || fail "left in a full /run: $left"
    sound_output kvm_amd
    same_machine "with $size KB in /run"
}
test_run() { rounds run; }

# A modprobe that hangs

put_modprobe_back() {
    [ ! -L /lab-kmod/modprobe ] || mv /lab-kmod/modprobe /sbin/modprobe
}
# In the place of modprobe, a script that hangs for the modules of a pattern.  kmod goes by
# the name under which it is called.
hanging_modprobe() { # PATTERN COMMAND
    mkdir -p /lab-kmod
    mv /sbin/modprobe /lab-kmod/modprobe
    cat >/sbin/modprobe <<SCRIPT
#!/bin/sh
case "\$*" in
$1) echo \$\$ >>/tmp/hung; $2 ;;
esac
exec /lab-kmod/modprobe "\$@"
SCRIPT
    chmod 755 /sbin/modprobe
}
stubborn="trap '' TERM INT HUP; while :; do usleep 200000; done"
loading() { grep -q "^kvm_amd .* Loading" /proc/modules; }
# modprobe hangs for the N-th time, or the recorder does not wait for that.
hangs_again() { [ "$(wc -l </tmp/hung)" -ge "$1" ] || gone $recorder; }
round_hang() {
    pick unloaded unloaded loaded
    base=$picked
    pick load load needed init
    where=$picked
    [ $where != init ] || [ -e /lab-fault.ko ] || where=load
    pick mild stubborn
    manner=$picked
    pick timeout TERM INT
    how=$picked
    pick patient patient impatient
    who=$picked
    # kvm.ko is only loaded for a recording when it is not there
    [ $where != needed ] || base=unloaded
    [ $where = init ] || who=patient
    start_$base
    rm -f /tmp/hung
    : >/tmp/hung
    case $manner in mild) hang="exec sleep 1000" ;; *) hang=$stubborn ;; esac
    case $where in
    load) hanging_modprobe '*kvm_amd*' "$hang" ;;
    needed) hanging_modprobe '*kvm' "$hang" ;;
    init) insmod /lab-fault.ko when=kvm_amd delay=60000 || fail "no fault module" ;;
    esac
    echo "$base, hangs in $where, $manner, ended by $how, $who" >/tmp/what
    case $how in timeout) set -- --timeout 15s ;; *) set -- --timeout 300s ;; esac
    foreground kvm-inittrace record -v -o $place/x.dat --module kvm_amd --detail stages "$@" >/tmp/recorder.out 2>&1 </dev/null &
    recorder=$!
    if [ $how != timeout ]; then
        if [ $where = init ]; then within 120 loading; else within 120 hangs_again 1; fi
        usleep 500000
        kill -$how $recorder
        # what loads the module again hangs, too, until it is ended
        case $base:$where in loaded:load) within 120 hangs_again 2 && usleep 500000 && kill -$how $recorder ;; esac
    fi
    within 180 gone $recorder || { cat /tmp/recorder.out; kill -KILL $recorder; fail "the recorder does not come to its end"; }
    code=0
    wait $recorder || code=$?
    cat /tmp/recorder.out
    put_modprobe_back
    case $code in 2 | 69) ;; *) fail "exit $code" ;; esac
    for pid in $(cat /tmp/hung); do gone "$pid" || fail "modprobe (process $pid) goes on"; done
    if [ $where = init ]; then
        # nobody ends an init of the kernel: that is told, and put back when it is over
        grep -q "cannot be ended" /tmp/recorder.out || fail "does not say that modprobe cannot be ended"
        [ $who = patient ] || kvm-inittrace doctor --restore -q
        within 180 no_modprobe || {
            ps
            for pid in $(pidof modprobe); do cat "/proc/$pid/status" "/proc/$pid/stack"; done
            fail "modprobe goes on"
        }
        rmmod fault
    fi
    if [ -e /run/kvm-inittrace/journal ]; then
        grep -q "doctor --restore" /tmp/recorder.out || fail "something is left, and it does not say what to do"
        kvm-inittrace doctor --restore -q
    fi
    sound_output kvm_amd
    same_machine "after a modprobe that hangs in $where"
    no_journal
}
test_hang() { rounds hang; }

# tracefs goes

round_tracefs() {
    pick stages kvm
    detail=$picked
    pick loaded unloaded
    base=$picked
    pick unmount readonly
    how=$picked
    total=$(takes $detail)
    start_$base
    draw "$total"
    moment=$drawn
    kvm-inittrace record -v -o $place/x.dat --module kvm_amd --detail $detail --timeout 100s >/tmp/recorder.out 2>&1 </dev/null &
    recorder=$!
    at_moment 2
    case $how in
    unmount) umount -l "$T" || fail "cannot unmount tracefs" ;;
    readonly) mount -o remount,ro "$T" || how=busy ;;
    esac
    step=$(step_of /tmp/recorder.out)
    within 200 gone $recorder || fail "the recorder does not come to its end"
    code=0
    wait $recorder || code=$?
    cat /tmp/recorder.out
    journal=no
    [ ! -e /run/kvm-inittrace/journal ] || journal=yes
    echo "$detail $base $how $step: exit $code, journal left: $journal" >/tmp/what
    case $how in
    unmount) mount -t tracefs tracefs "$T" ;;
    *) mount -o remount,rw "$T" ;;
    esac
    if [ $journal = yes ]; then
        grep -q "doctor --restore" /tmp/recorder.out || fail "something is left, and it does not say what to do"
        kvm-inittrace doctor --restore -q
    fi
    sound_output kvm_amd
    same_machine "after tracefs went ($how) at $moment ms ($step), exit $code, journal $journal"
    no_journal
}
test_tracefs() { slow && rounds tracefs; }

# CPUs that come and go

round_cpu() {
    [ -e /sys/devices/system/cpu/cpu1/online ] || fail "one CPU only"
    pick stages kvm kvm
    detail=$picked
    pick loaded unloaded
    base=$picked
    pick goes comes flaps
    how=$picked
    total=$(takes $detail)
    start_$base
    cpu=/sys/devices/system/cpu/cpu1/online
    case $how in comes) echo 0 >$cpu || fail "cpu1 stays" ;; esac
    draw "$total"
    moment=$drawn
    kvm-inittrace record -v -o $place/x.dat --module kvm_amd --detail $detail >/tmp/recorder.out 2>&1 </dev/null &
    recorder=$!
    at_moment 2
    step=$(step_of /tmp/recorder.out)
    case $how in
    goes) echo 0 >$cpu ;;
    comes) echo 1 >$cpu ;;
    flaps) for state in 0 1 0 1; do echo $state >$cpu; done ;;
    esac
    code=0
    wait $recorder || code=$?
    cat /tmp/recorder.out
    echo 1 >$cpu
    echo "$detail $base $how $step: exit $code" >/tmp/what
    case $code in 0 | 2) ;; *) fail "exit $code: $(tail -n 2 /tmp/recorder.out | tr '\n' ' ')" ;; esac
    [ -s $place/x.dat ] || fail "no file"
    sound_output kvm_amd
    same_machine "after CPU 1 ($how at $moment ms, $step)"
    no_journal
}
test_cpu() { slow && rounds cpu; }

# Somebody else traces

round_tracer() {
    pick stages kvm
    detail=$picked
    pick kvm_amd kvm_amd kvm_intel
    vendor=$picked
    base=unloaded
    pick off nop graph filter notrace depth event start record
    how=$picked
    total=$(takes $detail)
    start_$base
    draw "$total"
    moment=$drawn
    kvm-inittrace record -v -o $place/x.dat --module "$vendor" --detail $detail >/tmp/recorder.out 2>&1 </dev/null &
    recorder=$!
    at_moment 2
    step=$(step_of /tmp/recorder.out)
    I=$T
    [ ! -d "$T/instances/kvm-inittrace" ] || I=$T/instances/kvm-inittrace
    {
        case $how in
        off) echo 0 >"$I/tracing_on" ;;
        nop) echo nop >"$I/current_tracer" ;;
        graph) echo kfree >"$T/set_graph_function" ;;
        filter) echo kfree >"$I/set_ftrace_filter" ;;
        notrace) echo 'kvm*' >"$I/set_ftrace_notrace" ;;
        depth) echo 2 >"$T/max_graph_depth" ;;
        event) echo 1 >"$T/events/sched/sched_waking/enable" ;;
        start) trace-cmd start -e sched:sched_waking -p function -l kfree >/tmp/trace-cmd.out 2>&1 ;;
        record)
            second=0
            kvm-inittrace record -o /tmp/second.dat --module kvm_amd --detail stages >/tmp/second.out 2>&1 || second=$?
            case $second in 0 | 69) ;; *) cat /tmp/second.out; echo "$second" >/tmp/second.bad ;; esac
            ;;
        esac
    } 2>/tmp/other.out
    code=0
    wait $recorder || code=$?
    cat /tmp/recorder.out /tmp/other.out
    told=no
    ! grep -q "somebody else" /tmp/recorder.out || told=yes
    echo "$detail $vendor $how $step: exit $code, told: $told" >/tmp/what
    [ ! -e /tmp/second.bad ] || { rm /tmp/second.bad; fail "the second recorder exits with $second"; }
    # A verdict is the right one, or none.
    sound_output "$vendor"
    case $code:$vendor in
    0:kvm_amd | 2:* | 69:* | 1:kvm_intel) ;;
    *) fail "exit $code after $how" ;;
    esac
    # The other one ends what it has begun.
    echo 0 >"$T/events/sched/sched_waking/enable"
    [ "$(cat "$T/current_tracer")" = nop ] || echo nop >"$T/current_tracer"
    echo >"$T/set_event"
    for file in set_ftrace_filter set_ftrace_notrace set_graph_function set_graph_notrace; do true >"$T/$file"; done
    echo 0 >"$T/max_graph_depth"
    echo 1 >"$T/tracing_on"
    for option in record-cmd record-tgid; do
        sed -n "s|^options/$option\t\([01]\).*|\1|p" /tmp/base-$base >/tmp/option
        [ "$(cat /tmp/option)" = "$(cat "$T/options/$option")" ] || cat /tmp/option >"$T/options/$option"
    done
    same_machine "after somebody else ($how at $moment ms, $step)"
    no_journal
}
test_tracer() { slow && rounds tracer; }

# Many in a row

# What a machine holds that recordings could leave.
holds() {
    find "$T/instances" -mindepth 1 -maxdepth 1 | wc -l
    wc -l <"$T/kprobe_events"
    { cat "$T/dynamic_events" 2>/dev/null || true; } | wc -l
    find /run -type f | wc -l
    wc -l </proc/modules
    cut -f1 /proc/sys/fs/file-nr
}
# What is free after each few recordings, in KB. It goes up and down by some ten MB: one figure before and one after would tell nothing.
memory_sample() { # NUMBER
    rm -f $place/x.dat
    # The kernel gives buffers and modules back a little later.
    sleep 1
    echo 3 >/proc/sys/vm/drop_caches
    awk '/^MemAvailable:/ { print $2 }' /proc/meminfo >>/tmp/memory
    awk -v number="$1" '/^(MemAvailable|Slab|SUnreclaim):/ { text = text " " $1 " " $2 } END { print "after " number ":" text }' /proc/meminfo
}
# The most that was free in the first half, and in the second one.
most_free() {
    awk -v half="$(($(wc -l </tmp/memory) / 2))" '{ later = NR > half; if ($1 > most[later]) most[later] = $1 } END { print most[0], most[1] }' /tmp/memory
}
test_row() {
    slow
    mkdir -p $place
    expand
    for number in 1 2 3 4 5 6; do kvm-inittrace record -q -o $place/x.dat --module kvm_amd --detail stages; done
    unload
    before
    rm -f /tmp/memory
    holds >/tmp/holds
    number=0 wrong=0 end=$((MINUTES * 60))
    while [ $number -lt $ROUNDS ] && [ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ]; do
        number=$((number + 1))
        case $((number % 20)) in 0) detail=full ;; *[13579]) detail=stages ;; *) detail=kvm ;; esac
        code=0
        kvm-inittrace record -q -o $place/x.dat --module kvm_amd --detail $detail >/tmp/row.out 2>&1 || code=$?
        result=ok
        [ $code = 0 ] || { result="not ok: exit $code: $(tail -n 1 /tmp/row.out)"; wrong=$((wrong + 1)); }
        printf 'row\t%s\t%s\t%s\t%s\n' "$SEED" $number $detail "$result" >>$rounds_file
        printf 'lab-round\trow\t%s\t%s\t%s\t%s\n' "$SEED" $number $detail "$result" >/dev/console
        [ $((number % 2)) != 0 ] || memory_sample $number
    done
    [ $number -gt 0 ] || skip "no recording: the machine has run for $MINUTES minutes"
    unload
    holds >/tmp/holds-now
    paste /tmp/holds /tmp/holds-now
    # open files of the machine may be one or two others
    [ "$(head -n 5 /tmp/holds)" = "$(head -n 5 /tmp/holds-now)" ] || fail "something was left: $(tr '\n' ' ' </tmp/holds), and now $(tr '\n' ' ' </tmp/holds-now)"
    [ "$(tail -n 1 /tmp/holds-now)" -le $(($(tail -n 1 /tmp/holds) + 16)) ] || fail "open files: $(tail -n 1 /tmp/holds), and now $(tail -n 1 /tmp/holds-now)"
    same_as_before "after $number recordings"
    halves=$(most_free)
    printf 'lab-memory\t%s recordings: most KB available in the first half, and in the second: %s\n' $number "$halves" >/dev/console
    # fewer tell nothing
    [ $number -lt 40 ] || [ "${halves#* }" -ge $((${halves% *} - 8192)) ] || fail "memory went: most KB available in the first half and in the second of $number recordings: $halves"
    mkdir -p /tmp/work
    [ $wrong = 0 ] || fail "$wrong of $number recordings failed"
}
# One recorder that makes many: its own memory and files.
round_repeat() {
    base=unloaded
    start_$base
    kvm-inittrace record -q -o $place/r.dat --repeat 12 --module kvm_amd --detail stages >/tmp/recorder.out 2>&1 </dev/null &
    recorder=$!
    for number in 2 11; do
        within 600 exists "$place/r-$number.dat" || fail "no recording $number: $(cat /tmp/recorder.out)"
        awk '/^VmRSS:/ { print $2 }' /proc/$recorder/status >/tmp/rss-$number
        find /proc/$recorder/fd -mindepth 1 | wc -l >/tmp/fds-$number
    done
    code=0
    wait $recorder || code=$?
    cat /tmp/recorder.out
    echo "12 of one recorder: $(cat /tmp/rss-2) KB, then $(cat /tmp/rss-11) KB; $(cat /tmp/fds-2) files, then $(cat /tmp/fds-11)" >/tmp/what
    [ $code = 0 ] || fail "exit $code"
    for number in 1 2 3 4 5 6 7 8 9 10 11 12; do
        kvm-inittrace report -q "$place/r-$number.dat" >/dev/null || fail "recording $number: report exits with $?"
    done
    [ "$(cat /tmp/fds-11)" -le $(($(cat /tmp/fds-2) + 8)) ] || fail "files: $(cat /tmp/fds-2), then $(cat /tmp/fds-11)"
    [ "$(cat /tmp/rss-11)" -le $(($(cat /tmp/rss-2) + 8192)) ] || fail "memory: $(cat /tmp/rss-2) KB, then $(cat /tmp/rss-11) KB"
    same_machine "after 12 recordings of one recorder"
    no_journal
}
test_repeat() { slow && rounds repeat; }

# A busy machine

round_load() {
    pick stages kvm
    detail=$picked
    pick kvm_amd kvm_amd kvm_intel
    vendor=$picked
    base=unloaded
    pick loops disk forks all
    how=$picked
    pick plenty plenty 64K
    buffer=$picked
    start_$base
    burners=
    case $how in loops | all) for n in 1 2 3; do (while :; do :; done) & burners="$burners $!"; done ;; esac
    case $how in disk | all) for n in 1 2; do (while :; do dd if=/dev/zero of=/tmp/burn$n bs=64k count=200 2>/dev/null; done) & burners="$burners $!"; done ;; esac
    case $how in forks | all) for n in 1 2; do (while :; do /bin/true; done) & burners="$burners $!"; done ;; esac
    set --
    [ $buffer = plenty ] || set -- -b $buffer
    code=0
    kvm-inittrace record -o $place/x.dat --module "$vendor" --detail $detail "$@" >/tmp/recorder.out 2>&1 || code=$?
    for burner in $burners; do kill -KILL "$burner"; wait "$burner"; done 2>/dev/null
    rm -f /tmp/burn*
    cat /tmp/recorder.out
    lost=no
    ! grep -q "lost events" /tmp/recorder.out || lost=yes
    echo "$detail $vendor $how $buffer: exit $code, losses told: $lost" >/tmp/what
    case $code:$vendor in
    0:kvm_amd | 1:kvm_intel) ;;
    2:*) [ $lost = yes ] || fail "no verdict, and no loss is told" ;;
    *) fail "exit $code" ;;
    esac
    [ -s $place/x.dat ] || fail "no file"
    # what the file tells of losses is what was told
    kvm-inittrace report $place/x.dat >/tmp/report
    if [ $lost = yes ]; then grep -qi "lost" /tmp/report || fail "the report says nothing of the losses"; fi
    sound_output "$vendor"
    same_machine "under load ($how)"
    no_journal
}
test_load() { slow && rounds load; }
