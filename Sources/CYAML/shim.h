#ifndef KVM_INITTRACE_CYAML_SHIM_H
#define KVM_INITTRACE_CYAML_SHIM_H
#include <yaml.h>
#endif
