# shellcheck shell=dash disable=SC2154
# Put after guest.sh before the loads of fault-matrix (dash, in the machine).

# What a fault's set-up is made of.
fault() { insmod /lab-fault.ko when="$module" "$@"; }
parameters() { parameters=$*; }
last() { :; }
pin() { taskset -p 1 $$ >/dev/null; }
modules=/lib/modules/$(uname -r)
without() {
    rmmod "$1" 2>/dev/null
    find "$modules" -name "$1.ko*" -exec mv {} {}.away \;
}
foreign() {
    without "$1"
    cp "/lab-foreign/$1.ko" "$modules/kernel/arch/x86/kvm/$1.ko"
    depmod -a
}
restore() {
    taskset -p ff $$ >/dev/null
    for loaded in kvm_amd kvm_intel fault; do rmmod $loaded 2>/dev/null; done
    away=$(find "$modules" -name '*.away')
    for file in $away; do
        rm -f "${file%.ko*}.ko"
        mv "$file" "${file%.away}"
    done
    [ -z "$away" ] || depmod -a
}

# load NAME KIND MODULE SET-UP: load the module once; KIND is record, by
# kvm-inittrace record, or graph, as text of tracefs and by trace-cmd.
# Leaves NAME.WAY.dat or .txt, NAME.KIND.log (what the commands said), .dmesg
# and .result (hits of the fault, status of modprobe).
load() {
    name=$1 kind=$2 module=$3 parameters=
    modprobe kvm
    modprobe ccp
    {
        eval "$4"
        dmesg -c >/dev/null
        "by_$kind"
    } >"$name.$kind.log" 2>&1
    dmesg -c >"$name.$kind.dmesg"
    {
        echo "hits=$(cat /sys/module/fault/parameters/hits 2>/dev/null)"
        echo "calls=$(cat /sys/module/fault/parameters/calls 2>/dev/null)"
        echo "status=$status"
        echo "loaded=$(grep -c "^$module " /proc/modules)"
    } >"$name.$kind.result"
    restore
    echo "lab: $name $kind $(tr '\n' ' ' <"$name.$kind.result")"
}

# The status of modprobe, which trace-cmd does not pass on.
cat >/bin/try-modprobe <<'END'
#!/bin/sh
modprobe "$@"
echo $? >/tmp/status
END
chmod 755 /bin/try-modprobe

# shellcheck disable=SC2086 # the parameters are words
by_record() {
    words=
    for parameter in $parameters; do words="$words --module-option $parameter"; done
    kvm-inittrace record --detail kvm --module "$module" $words -o "$name.record.dat"
    status=$?
}

# As text and by trace-cmd: one load, taken twice out of the ring buffer. The tracer
# stays on for the next load, as switching it takes longer than a load: trace-cmd
# switches it off at its end, and therefore gets another file in place of current_tracer.
# shellcheck disable=SC2086
by_graph() {
    grep -q function_graph "$T/current_tracer" || trace-cmd start -b 20000 -p function_graph -g do_init_module
    echo 0 >"$T/tracing_on"
    : >"$T/trace"
    echo 1 >"$T/tracing_on"
    try-modprobe "$module" $parameters
    echo 0 >"$T/tracing_on"
    cat "$T/trace" >"$name.text.txt"
    cat "$T/current_tracer" >/tmp/current_tracer
    mount --bind /tmp/current_tracer "$T/current_tracer"
    trace-cmd extract -o "$name.trace-cmd.dat"
    umount "$T/current_tracer"
    status=$(cat /tmp/status)
}
