print("kvm-inittrace")
