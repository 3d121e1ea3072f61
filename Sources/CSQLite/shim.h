#ifndef KVM_INITTRACE_CSQLITE_SHIM_H
#define KVM_INITTRACE_CSQLITE_SHIM_H
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast, which Swift does not import: SQLite copies the text before the call returns.
static inline int kvm_inittrace_bind_text(sqlite3_stmt *statement, int place, const char *text, int count) {
  return sqlite3_bind_text(statement, place, text, count, SQLITE_TRANSIENT);
}

#endif
