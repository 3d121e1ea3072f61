#include "CLinux.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

// What the signal needs. One thread of the tool sets it; the tests write files in several.
static pthread_mutex_t setting = PTHREAD_MUTEX_INITIALIZER;
static struct {
  const char *message;
  size_t length;
  int directory;
  char name[256];
} state = {NULL, 0, -1, {0}};

static void end_with_message(int signal) {
  (void)signal;
  if (state.name[0]) unlinkat(state.directory, state.name, 0);
  if (write(STDERR_FILENO, state.message, state.length) < 0) _exit(65);
  _exit(65);
}

int kvm_inittrace_end_on_bus_error(const char *message, size_t length) {
  state.message = message;
  state.length = length;
  struct sigaction action = {0};
  action.sa_handler = end_with_message;
  return sigaction(SIGBUS, &action, NULL);
}

void kvm_inittrace_remove_on_bus_error(int directory, const char *name) {
  size_t place = 1;
  pthread_mutex_lock(&setting);
  state.name[0] = 0;
  state.directory = directory;
  // The first byte comes last: a signal sees the whole name, or none.
  while (place < sizeof state.name && name[place - 1]) {
    state.name[place] = name[place];
    place++;
  }
  if (place < sizeof state.name) state.name[0] = name[0];
  pthread_mutex_unlock(&setting);
}
