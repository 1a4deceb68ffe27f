// How many blocks the process has asked for, counted since it began.

#ifndef NETSIM_ALLOCATIONS_H
#define NETSIM_ALLOCATIONS_H

#include <stdint.h>

// Calls of malloc, calloc, realloc, posix_memalign and aligned_alloc, of any thread; 0 for ever
// where allocations_are_counted() is 0.
uint64_t allocation_count(void);

// 1 where counting works: with glibc.
int allocations_are_counted(void);

// The bytes of the blocks that are in use, with what the allocator keeps beside them; 0 for ever
// where allocations_are_counted() is 0.
uint64_t allocated_bytes(void);

#endif
