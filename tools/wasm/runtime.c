// The few C functions that Embedded Swift's standard library expects, for wasm32 without a libc.
// Output goes through WASI's fd_write, so that any WASI runtime runs the result.
//
// arc4random_buf is left out on purpose: it seeds the hashing of Dictionary and Set, whose order
// would differ from run to run. If the simulator comes to use them, linking fails here.

typedef unsigned int u32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size_t;

#define PAGE_BYTES 65536u
#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(name) \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))

// --- Output ---

struct iovec {
  const char *bytes;
  u32 count;
};

IMPORT("fd_write")
u32 wasi_fd_write(u32 fd, const struct iovec *vectors, u32 vector_count, u32 *written);

static char line[512];
static u32 line_length;

static void flush_line(void) {
  const struct iovec vector = {line, line_length};
  u32 written = 0;
  if (wasi_fd_write(1, &vector, 1, &written) != 0 || written != line_length) __builtin_trap();
  line_length = 0;
}

int putchar(int character) {
  line[line_length++] = (char)character;
  if (character == '\n' || line_length == sizeof line) flush_line();
  return character;
}

// --- Memory: blocks of powers of two from the heap's end, freed blocks kept by size ---

// Stands right before each pointer handed out.
struct header {
  void *block;
  u32 size_class;
};

#define HEADER_BYTES 16u
#define CLASS_COUNT 32u

extern unsigned char __heap_base;
static size_t heap_end;
static void *free_blocks[CLASS_COUNT];

// Room for `bytes` at the end of the linear memory, which grows in 64 KiB pages; 0 when it cannot.
static size_t extend_heap(size_t bytes) {
  if (heap_end == 0) heap_end = ((size_t)&__heap_base + 15u) & ~(size_t)15u;
  const size_t start = heap_end;
  const size_t available = __builtin_wasm_memory_size(0) * (u64)PAGE_BYTES - start;
  if (bytes > available) {
    const size_t pages = (bytes - available + PAGE_BYTES - 1) / PAGE_BYTES;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return 0;
  }
  heap_end = start + bytes;
  return start;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  const int out_of_memory = 12;  // ENOMEM
  if (alignment < 16) alignment = 16;
  if (size > 0x40000000u - HEADER_BYTES - alignment) return out_of_memory;
  u32 size_class = 5;
  while (((size_t)1 << size_class) < size + HEADER_BYTES + alignment) size_class++;

  void *block = free_blocks[size_class];
  if (block != 0) {
    free_blocks[size_class] = *(void **)block;
  } else {
    block = (void *)extend_heap((size_t)1 << size_class);
    if (block == 0) return out_of_memory;
  }
  const size_t address = ((size_t)block + HEADER_BYTES + alignment - 1) & ~(alignment - 1);
  struct header *header = (struct header *)(address - HEADER_BYTES);
  header->block = block;
  header->size_class = size_class;
  *result = (void *)address;
  return 0;
}

void free(void *pointer) {
  if (pointer == 0) return;
  const struct header header = *(struct header *)((size_t)pointer - HEADER_BYTES);
  *(void **)header.block = free_blocks[header.size_class];
  free_blocks[header.size_class] = header.block;
}

// Compiled with -mbulk-memory, each of these is one instruction.
void *memmove(void *to, const void *from, size_t count) {
  return __builtin_memmove(to, from, count);
}
void *memcpy(void *to, const void *from, size_t count) {
  return __builtin_memcpy(to, from, count);
}
void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }

// --- Compiler support ---

// Fixed, so that runs repeat: there is no attacker inside the sandbox to keep it from.
size_t __stack_chk_guard = 0x5AFE57AC;

void __stack_chk_fail(void) { __builtin_trap(); }

// The low 128 bits of a product. A wasm32 function returns them through its first parameter.
struct int128 {
  u64 low, high;
};

void __multi3(struct int128 *result, u64 left_low, u64 left_high, u64 right_low, u64 right_high) {
  const u64 mask = 0xFFFFFFFFu;
  const u64 low = (left_low & mask) * (right_low & mask);
  const u64 first = (left_low >> 32) * (right_low & mask) + (low >> 32);
  const u64 second = (left_low & mask) * (right_low >> 32) + (first & mask);
  result->low = (second << 32) | (low & mask);
  result->high = (left_low >> 32) * (right_low >> 32) + (first >> 32) + (second >> 32) +
                 left_low * right_high + left_high * right_low;
}

// --- Entry ---

int swift_main(int argument_count, char **arguments) __asm__("__main_argc_argv");

EXPORT("_start")
void _start(void) {
  char *arguments[] = {0};
  const int status = swift_main(0, arguments);
  if (line_length > 0) flush_line();
  if (status != 0) __builtin_trap();
}
