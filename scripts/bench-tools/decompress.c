/* Decompresses the event chunks of a trace-cmd file (version 7, zstd, this machine's byte order), and does nothing else.
 *
 * usage: decompress FILE THREADS
 *
 * scripts/bench compiles it, and holds the reports against it: no reader can be faster. Each thread decompresses whole chunks into
 * one buffer that stays in its cache. The file is one that scripts/make-large-trace has made; others are refused where they differ.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { OPTIONS = 0, BUFFER = 3, MOST_THREADS = 64 };

struct chunk {
  uint32_t at, packed, size;
};

static const uint8_t *file;
static size_t file_size;
static struct chunk *chunks;
static size_t chunk_count;
static uint32_t largest;
static atomic_size_t next_chunk;
static atomic_ullong total;

static void fail(const char *what) {
  fprintf(stderr, "decompress: %s\n", what);
  exit(1);
}

static uint64_t number(size_t at, size_t size) {
  uint64_t value = 0;
  if (at > file_size || size > file_size - at) fail("the file is cut off");
  memcpy(&value, file + at, size);
  return value;
}

static size_t after_text(size_t at) {
  while (number(at, 1)) at++;
  return at + 1;
}

/* Adds the chunks of one CPU, whose data start at `at`. */
static void add_chunks(size_t at) {
  uint32_t count = number(at, 4);
  at += 4;
  chunks = realloc(chunks, (chunk_count + count) * sizeof *chunks);
  if (!chunks) fail("no memory");
  for (; count; count--) {
    struct chunk chunk = {.at = at + 8, .packed = number(at, 4), .size = number(at + 4, 4)};
    number(chunk.at, 0);
    if (chunk.packed > file_size - chunk.at) fail("a chunk is cut off");
    if (chunk.size > largest) largest = chunk.size;
    chunks[chunk_count++] = chunk;
    at = chunk.at + chunk.packed;
  }
}

/* Follows the options from section to section to the descriptions of the buffers. */
static void find_chunks(void) {
  size_t name = 18, version = after_text(name);
  if (memcmp(file, "\x17\x08\x44tracing7\0\0", 13) || strcmp((const char *)file + name, "zstd")) fail("not such a file");
  for (size_t section = number(after_text(version), 8); section;) {
    size_t at = section + 16, end = at + number(section + 8, 8);
    section = 0;
    while (at + 6 <= end) {
      uint16_t id = number(at, 2);
      size_t body = at + 6, size = number(at + 2, 4);
      if (id == OPTIONS) section = number(body, 8);
      if (id == BUFFER) {
        size_t cpu = after_text(after_text(body + 8)) + 4;
        uint32_t count = number(cpu, 4);
        for (cpu += 4; count; count--, cpu += 20) add_chunks(number(cpu + 4, 8));
      }
      at = id == OPTIONS ? end : body + size;
    }
  }
}

static void *work(void *unused) {
  uint8_t *buffer = malloc(largest);
  ZSTD_DCtx *context = ZSTD_createDCtx();
  if (!buffer || !context) fail("no memory");
  for (size_t index; (index = atomic_fetch_add(&next_chunk, 1)) < chunk_count;) {
    size_t size = ZSTD_decompressDCtx(context, buffer, largest, file + chunks[index].at, chunks[index].packed);
    if (size != chunks[index].size) fail("a chunk cannot be decompressed");
    atomic_fetch_add(&total, size);
  }
  ZSTD_freeDCtx(context);
  free(buffer);
  return unused;
}

int main(int count, char **arguments) {
  int threads = count == 3 ? atoi(arguments[2]) : 0;
  if (threads < 1 || threads > MOST_THREADS) fail("usage: decompress FILE THREADS");
  int descriptor = open(arguments[1], O_RDONLY);
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status)) fail("the file cannot be opened");
  file_size = status.st_size;
  file = mmap(NULL, file_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (file == MAP_FAILED || file_size > UINT32_MAX) fail("the file cannot be mapped");
  find_chunks();
  pthread_t others[MOST_THREADS];
  for (int index = 1; index < threads; index++)
    if (pthread_create(&others[index], NULL, work, NULL)) fail("no thread");
  work(NULL);
  for (int index = 1; index < threads; index++) pthread_join(others[index], NULL);
  printf("%llu bytes in %zu chunks\n", (unsigned long long)total, chunk_count);
}
