#ifndef KVM_INITTRACE_CTRACE_SHIM_H
#define KVM_INITTRACE_CTRACE_SHIM_H
// One C module for all trace headers: several modules that share types fail under MemberImportVisibility.
#include <stddef.h>
#include <sys/types.h>
#include <traceevent/event-parse.h>
#include <traceevent/kbuffer.h>
#include <tracefs.h>
#endif
