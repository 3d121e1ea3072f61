#ifndef KVM_INITTRACE_CCOMPRESSION_SHIM_H
#define KVM_INITTRACE_CCOMPRESSION_SHIM_H
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#endif
