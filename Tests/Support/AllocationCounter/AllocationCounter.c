// A test program's own malloc, which counts and hands on to the C library's: the only count that nothing escapes.
#include "AllocationCounter.h"
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

static _Thread_local int counting;
static _Thread_local long count;

void allocation_counter_start(void) { count = 0; counting = 1; }
long allocation_counter_stop(void) { counting = 0; return count; }

#if defined(__GLIBC__) || defined(__linux__)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) { count += counting; return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { count += counting; return __libc_calloc(number, size); }
void *realloc(void *pointer, size_t size) { count += counting; return __libc_realloc(pointer, size); }
void *memalign(size_t alignment, size_t size) { count += counting; return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { count += counting; return __libc_memalign(alignment, size); }
int posix_memalign(void **pointer, size_t alignment, size_t size) {
    count += counting;
    *pointer = __libc_memalign(alignment, size);
    return *pointer ? 0 : ENOMEM;
}

#elif defined(__APPLE__)

// The system's allocator calls this hook at each allocation and release.
extern void (*malloc_logger)(uint32_t type, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t result, uint32_t skipped);

static void hear(uint32_t type, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t result, uint32_t skipped) {
    (void)a; (void)b; (void)c; (void)result; (void)skipped;
    const uint32_t allocates = 2;
    if (type & allocates) count += counting;
}

__attribute__((constructor)) static void install(void) { malloc_logger = hear; }

#endif
