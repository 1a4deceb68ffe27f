#include "allocations.h"

#include <errno.h>
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#if defined(__GLIBC__)

// An executable's own definitions win over the C library's, also for calls from other libraries.
// glibc exports what it does under these names, so that a wrapper can go on to it.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static uint64_t count;

static void add_one(void) { __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED); }

void *malloc(size_t size) {
  add_one();
  return __libc_malloc(size);
}

void *calloc(size_t members, size_t size) {
  add_one();
  return __libc_calloc(members, size);
}

void *realloc(void *block, size_t size) {
  add_one();
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  add_one();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  add_one();
  void *block = __libc_memalign(alignment, size);
  if (block == NULL) return ENOMEM;
  *result = block;
  return 0;
}

uint64_t allocation_count(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }
int allocations_are_counted(void) { return 1; }

uint64_t allocated_bytes(void) {
#if __GLIBC_PREREQ(2, 33)
  struct mallinfo2 now = mallinfo2();
#else
  struct mallinfo now = mallinfo();
#endif
  return (uint64_t)now.uordblks + (uint64_t)now.hblkhd;
}

#else

uint64_t allocation_count(void) { return 0; }
int allocations_are_counted(void) { return 0; }
uint64_t allocated_bytes(void) { return 0; }

#endif
