#pragma once
#include <stddef.h>
#include <stdint.h>

// What libFuzzer has for programs with a `main` of their own.

/// Runs the fuzzer with a command line; calls `test` with one input after the other.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*test)(const uint8_t *bytes, size_t size));

/// Changes `size` bytes in one of libFuzzer's ways; gives their new number, at most `room`.
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);
