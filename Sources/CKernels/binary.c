#include "vector.h"
#include <math.h>

// Elementwise functions of two values, one of which may be repeated along some axes, each with its two derivatives.

LW_INLINE float value_of(float a, float b, lw_binary_function function) {
    switch (function) {
    case LW_BINARY_ADD: return a + b;
    case LW_BINARY_SUB: return a - b;
    case LW_BINARY_MUL: return a * b;
    case LW_BINARY_DIV: return a / b;
    // What is not a number stays so, as in PyTorch.
    case LW_BINARY_MINIMUM: return a != a || a < b ? a : b;
    case LW_BINARY_MAXIMUM: return a != a || a > b ? a : b;
    case LW_BINARY_POW: return b == 2 ? a * a : powf(a, b);
    case LW_BINARY_GREATER: return a > b ? 1.0f : 0.0f;
    case LW_BINARY_GREATER_OR_EQUAL: return a >= b ? 1.0f : 0.0f;
    case LW_BINARY_LESS: return a < b ? 1.0f : 0.0f;
    case LW_BINARY_LESS_OR_EQUAL: return a <= b ? 1.0f : 0.0f;
    case LW_BINARY_EQUAL: return a == b ? 1.0f : 0.0f;
    case LW_BINARY_NOT_EQUAL: return a != b ? 1.0f : 0.0f;
    case LW_BINARY_PRELU: return a > 0 ? a : b * a;
    }
    return 0;
}

/// By a. Of two equal numbers each has half of their maximum's derivative.
LW_INLINE float slope_by_a(float a, float b, lw_binary_function function) {
    switch (function) {
    case LW_BINARY_ADD: case LW_BINARY_SUB: return 1.0f;
    case LW_BINARY_MUL: return b;
    case LW_BINARY_DIV: return 1.0f / b;
    case LW_BINARY_MINIMUM: return a < b ? 1.0f : (a == b ? 0.5f : 0.0f);
    case LW_BINARY_MAXIMUM: return a > b ? 1.0f : (a == b ? 0.5f : 0.0f);
    case LW_BINARY_POW: return b == 0 ? 0.0f : (b == 2 ? 2.0f * a : b * powf(a, b - 1.0f));
    case LW_BINARY_PRELU: return a > 0 ? 1.0f : b;
    default: return 0.0f;
    }
}

LW_INLINE float slope_by_b(float a, float b, lw_binary_function function) {
    switch (function) {
    case LW_BINARY_ADD: return 1.0f;
    case LW_BINARY_SUB: return -1.0f;
    case LW_BINARY_MUL: return a;
    case LW_BINARY_DIV: return -a / (b * b);
    case LW_BINARY_MINIMUM: return a > b ? 1.0f : (a == b ? 0.5f : 0.0f);
    case LW_BINARY_MAXIMUM: return a < b ? 1.0f : (a == b ? 0.5f : 0.0f);
    case LW_BINARY_POW: return a == 0 && b >= 0 ? 0.0f : powf(a, b) * logf(a);
    case LW_BINARY_PRELU: return a > 0 ? 0.0f : a;
    default: return 0.0f;
    }
}

// A loop for each function, so that those without a call vectorize.
#define ONE(name, ...) case name: { enum { f = name }; __VA_ARGS__ } break;
#define FOR_EACH_FUNCTION(...)                                                                                   \
    switch (function) {                                                                                          \
        ONE(LW_BINARY_ADD, __VA_ARGS__) ONE(LW_BINARY_SUB, __VA_ARGS__) ONE(LW_BINARY_MUL, __VA_ARGS__)          \
        ONE(LW_BINARY_DIV, __VA_ARGS__) ONE(LW_BINARY_MINIMUM, __VA_ARGS__) ONE(LW_BINARY_MAXIMUM, __VA_ARGS__)  \
        ONE(LW_BINARY_POW, __VA_ARGS__) ONE(LW_BINARY_GREATER, __VA_ARGS__)                                      \
        ONE(LW_BINARY_GREATER_OR_EQUAL, __VA_ARGS__) ONE(LW_BINARY_LESS, __VA_ARGS__)                            \
        ONE(LW_BINARY_LESS_OR_EQUAL, __VA_ARGS__) ONE(LW_BINARY_EQUAL, __VA_ARGS__)                              \
        ONE(LW_BINARY_NOT_EQUAL, __VA_ARGS__) ONE(LW_BINARY_PRELU, __VA_ARGS__)                                  \
    }

// Runs BODY for each row, with `A` and `B` the numbers at i: neighbors, or one number for the whole row.
#define FOR_EACH_ROW(BODY)                                                                        \
    for (size_t r = 0; r < s.rows; r++) {                                                         \
        const float *pa = a + r * s.row[0], *pb = b + r * s.row[1];                               \
        float *py = y + r * s.y_row;                                                              \
        if (s.column[0] && s.column[1])                                                           \
            BODY(pa[i], pb[i])                                                                    \
        else if (s.column[0]) { const float number = *pb; BODY(pa[i], number) }                   \
        else if (s.column[1]) { const float number = *pa; BODY(number, pb[i]) }                   \
        else { const float first = *pa, second = *pb; BODY(first, second) }                       \
    }

LW_CLONES
void lw_binary(lw_binary_function function, const lw_broadcast *shape, const float *a, const float *b, float *restrict y) {
    const lw_broadcast s = *shape;
#define APPLY(A, B) for (size_t i = 0; i < s.columns; i++) py[i] = value_of(A, B, f);
    FOR_EACH_FUNCTION({ FOR_EACH_ROW(APPLY) })
#undef APPLY
}

LW_CLONES
void lw_binary_tangent(lw_binary_function function, const lw_broadcast *shape, const float *a, const float *b,
                       const float *ta, const float *tb, float *restrict y) {
    const lw_broadcast s = *shape;
    FOR_EACH_FUNCTION({
        for (size_t r = 0; r < s.rows; r++) {
            const float *pa = a + r * s.row[0], *pb = b + r * s.row[1], *da = ta + r * s.row[0];
            const float *db = tb ? tb + r * s.row[1] : NULL;
            const size_t ca = s.column[0], cb = s.column[1];
            float *py = y + r * s.y_row;
            if (ca && cb && db) {
                for (size_t i = 0; i < s.columns; i++)
                    py[i] = slope_by_a(pa[i], pb[i], f) * da[i] + slope_by_b(pa[i], pb[i], f) * db[i];
                continue;
            }
            for (size_t i = 0; i < s.columns; i++) {
                const float x = pa[i * ca], z = pb[i * cb];
                const float along = slope_by_a(x, z, f) * da[i * ca];
                py[i] = db ? along + slope_by_b(x, z, f) * db[i * cb] : along;
            }
        }
    })
}

LW_CLONES
void lw_binary_backward(lw_binary_function function, int by_b, const lw_broadcast *shape, const float *a, const float *b,
                        const float *dy, float *restrict gradient) {
    const lw_broadcast s = *shape;
    const size_t row = s.row[by_b ? 1 : 0], column = s.column[by_b ? 1 : 0];
    FOR_EACH_FUNCTION({
        for (size_t r = 0; r < s.rows; r++) {
            const float *pa = a + r * s.row[0], *pb = b + r * s.row[1], *from = dy + r * s.y_row;
            const size_t ca = s.column[0], cb = s.column[1];
            float *to = gradient + r * row;
            if (!column) {
                double sum = 0;
                for (size_t i = 0; i < s.columns; i++)
                    sum += from[i] * (by_b ? slope_by_b(pa[i * ca], pb[i * cb], f) : slope_by_a(pa[i * ca], pb[i * cb], f));
                *to += (float)sum;
            } else if (ca && cb && !by_b) {
                for (size_t i = 0; i < s.columns; i++) to[i] += from[i] * slope_by_a(pa[i], pb[i], f);
            } else if (ca && cb) {
                for (size_t i = 0; i < s.columns; i++) to[i] += from[i] * slope_by_b(pa[i], pb[i], f);
            } else if (!by_b) {
                for (size_t i = 0; i < s.columns; i++) to[i] += from[i] * slope_by_a(pa[i], *pb, f);
            } else {
                for (size_t i = 0; i < s.columns; i++) to[i] += from[i] * slope_by_b(*pa, pb[i], f);
            }
        }
    })
}

LW_CLONES
void lw_where(const lw_broadcast *shape, const float *condition, const float *a, const float *b, float *restrict y) {
    const lw_broadcast s = *shape;
    for (size_t r = 0; r < s.rows; r++) {
        const float *pc = condition + r * s.row[0], *pa = a + r * s.row[1], *pb = b + r * s.row[2];
        float *py = y + r * s.y_row;
        if (s.column[0] && s.column[1] && s.column[2]) {
            for (size_t i = 0; i < s.columns; i++) {
                const float first = pa[i], second = pb[i];
                py[i] = pc[i] != 0 ? first : second;
            }
            continue;
        }
        for (size_t i = 0; i < s.columns; i++)
            py[i] = pc[i * s.column[0]] != 0 ? pa[i * s.column[1]] : pb[i * s.column[2]];
    }
}

LW_CLONES
void lw_where_backward(const lw_broadcast *shape, int second, const float *condition, const float *dy,
                       float *restrict gradient) {
    const lw_broadcast s = *shape;
    const size_t row = s.row[second ? 2 : 1], column = s.column[second ? 2 : 1];
    for (size_t r = 0; r < s.rows; r++) {
        const float *pc = condition + r * s.row[0], *from = dy + r * s.y_row;
        float *to = gradient + r * row;
        if (s.column[0] && column) {
            for (size_t i = 0; i < s.columns; i++) {
                const float given = from[i];
                to[i] += (pc[i] == 0) == (second != 0) ? given : 0.0f;
            }
            continue;
        }
        for (size_t i = 0; i < s.columns; i++)
            if ((pc[i * s.column[0]] == 0) == (second != 0)) to[i * column] += from[i];
    }
}
