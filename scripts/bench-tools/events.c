/* Goes through all events of a trace-cmd file with trace-cmd's own library, and does nothing with them but count.
 *
 * usage: events FILE
 *
 * scripts/bench compiles it: what reading by libtracecmd costs at least, before anything is printed or made of the events.
 */
#include <stdio.h>
#include <trace-cmd.h>

static int take(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *count) {
  (void)handle, (void)record, (void)cpu;
  ++*(unsigned long long *)count;
  return 0;
}

int main(int count, char **arguments) {
  struct tracecmd_input *handle = count == 2 ? tracecmd_open(arguments[1], 0) : NULL;
  if (!handle) {
    fprintf(stderr, "events: the file cannot be opened\n");
    return 1;
  }
  unsigned long long events = 0;
  int result = tracecmd_iterate_events(handle, NULL, 0, take, &events);
  tracecmd_close(handle);
  printf("%llu events\n", events);
  return result != 0;
}
