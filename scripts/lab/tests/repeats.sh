# shellcheck shell=dash disable=SC2154
# Five loads after each other; the host compares each with each.

test_five_loads() {
    exits 0 kvm-inittrace record -o /out/load.dat --module kvm_amd --repeat 5
    for number in 1 2 3 4 5; do
        [ -s /out/load-$number.dat ] || fail "no load-$number.dat in: $(ls /out)"
    done
}
