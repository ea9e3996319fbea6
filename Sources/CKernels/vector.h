// What the loops share: eight lanes, clones for several processors, and exponentials that vectorise.
#pragma once
#include "CKernels.h"
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define LW_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LW_CLONES
#endif

#define LW_INLINE static inline __attribute__((always_inline))

typedef float v8 __attribute__((vector_size(32), aligned(4)));
typedef int32_t v8i __attribute__((vector_size(32), aligned(4)));

// Loads and stores as macros: a function that passes eight lanes by value would change its ABI with the processor.
#define LW_LOAD(pointer) (*(const v8 *)(pointer))
#define LW_STORE(pointer, value) (*(v8 *)(pointer) = (value))

#define LW_SUM(v) ((((v)[0] + (v)[4]) + ((v)[1] + (v)[5])) + (((v)[2] + (v)[6]) + ((v)[3] + (v)[7])))

// Eight small numbers as bytes.
typedef uint8_t v8b __attribute__((vector_size(8), aligned(1)));
#define LW_LOAD_PLACES(pointer) __builtin_convertvector(*(const v8b *)(pointer), v8i)
#define LW_STORE_PLACES(pointer, places) (*(v8b *)(pointer) = __builtin_convertvector(places, v8b))

/// `best` and its `place` become `value` and `number` where that is larger: the first of equals stays, as PyTorch has it.
#define LW_TAKE_LARGER(best, place, value, number)                    \
    {                                                                 \
        const v8i larger = (value) > (best);                          \
        (best) = (v8)((larger & (v8i)(value)) | (~larger & (v8i)(best))); \
        (place) = (larger & (number)) | (~larger & (place));          \
    }

/// The part of a window's row of taps that lies inside the image: taps first ≤ b < end.
LW_INLINE void lw_inside(int32_t origin, int32_t taps, int32_t extent, int32_t *first, int32_t *end) {
    *first = origin < 0 ? -origin : 0;
    *end = origin + taps > extent ? extent - origin : taps;
    if (*first > taps) *first = taps;
    if (*end < *first) *end = *first;
}

LW_INLINE float lw_from_bits(int32_t bits) { float value; memcpy(&value, &bits, 4); return value; }
LW_INLINE int32_t lw_bits(float value) { int32_t bits; memcpy(&bits, &value, 4); return bits; }

/// eˣ to about 1 ulp: x = n ln 2 + r, a polynomial for eʳ, n into the exponent (Cody & Waite 1980).
LW_INLINE float lw_exp(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const float rounding = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
    float n = (x * 1.44269504f + rounding) - rounding;
    float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = (p * r * r + r) + 1.0f;
    return p * lw_from_bits(((int32_t)n + 127) << 23);
}

/// log(1 + t) for 0 ≤ t ≤ 1: log of the rounded sum, and a correction for what the rounding lost.
LW_INLINE float lw_log1p(float t) {
    float u = 1.0f + t;
    float lost = t - (u - 1.0f);
    // u = 2ᵉ m with m in [√½, √2)
    int32_t bits = lw_bits(u) - 0x3f3504f3;
    float e = (float)(bits >> 23);
    float m = lw_from_bits((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
    float z = m * m;
    float p = 7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    float log = m * z * p - 0.5f * z + m;
    return log + e * 0.69314718f + lost / u;
}

LW_INLINE float lw_sigmoid(float x) { return 1.0f / (1.0f + lw_exp(-x)); }

LW_INLINE float lw_softplus(float x) {
    float magnitude = x < 0 ? -x : x;
    return (x > 0 ? x : 0.0f) + lw_log1p(lw_exp(-magnitude));
}

/// tanh: a polynomial near 0, where the quotient of exponentials would lose its digits.
LW_INLINE float lw_tanh(float x) {
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    float small = p * z * x + x;
    float large = 1.0f - 2.0f / (lw_exp(2.0f * x) + 1.0f);
    return z < 0.390625f ? small : large;
}

LW_INLINE float lw_apply(float x, lw_activation function, float slope) {
    switch (function) {
    case LW_IDENTITY: return x;
    case LW_RELU: return x > 0 ? x : 0.0f;
    case LW_LEAKY_RELU: return x > 0 ? x : slope * x;
    case LW_SILU: return x * lw_sigmoid(x);
    case LW_TANH: return lw_tanh(x);
    case LW_SIGMOID: return lw_sigmoid(x);
    case LW_SOFTPLUS: return lw_softplus(x);
    }
    return x;
}

/// Runs BODY once with `f` a constant, so that the compiler makes a loop for each function.
#define LW_FOR_EACH_ACTIVATION(function, BODY)                        \
    switch (function) {                                               \
    case LW_IDENTITY: { enum { f = LW_IDENTITY }; BODY } break;       \
    case LW_RELU: { enum { f = LW_RELU }; BODY } break;               \
    case LW_LEAKY_RELU: { enum { f = LW_LEAKY_RELU }; BODY } break;   \
    case LW_SILU: { enum { f = LW_SILU }; BODY } break;               \
    case LW_TANH: { enum { f = LW_TANH }; BODY } break;               \
    case LW_SIGMOID: { enum { f = LW_SIGMOID }; BODY } break;         \
    case LW_SOFTPLUS: { enum { f = LW_SOFTPLUS }; BODY } break;       \
    }

/// Runs BODY once with `count` a constant of 1 to 6, so that the compiler makes registers of the sums.
#define LW_FOR_EACH_COUNT(rows, BODY)             \
    switch (rows) {                               \
    case 1: { enum { count = 1 }; BODY } break;   \
    case 2: { enum { count = 2 }; BODY } break;   \
    case 3: { enum { count = 3 }; BODY } break;   \
    case 4: { enum { count = 4 }; BODY } break;   \
    case 5: { enum { count = 5 }; BODY } break;   \
    default: { enum { count = 6 }; BODY } break;  \
    }
