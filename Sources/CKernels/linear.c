#include "vector.h"

/// Eight rows of weights at a time: each output is read and written once for eight products.
LW_INLINE void add_eight(const float *const *rows, const float *s, size_t first, size_t end, float *restrict y) {
    const float *restrict r0 = rows[0], *restrict r1 = rows[1], *restrict r2 = rows[2], *restrict r3 = rows[3];
    const float *restrict r4 = rows[4], *restrict r5 = rows[5], *restrict r6 = rows[6], *restrict r7 = rows[7];
    for (size_t c = first; c < end; c++) {
        float low = s[0] * r0[c] + s[1] * r1[c] + s[2] * r2[c] + s[3] * r3[c];
        float high = s[4] * r4[c] + s[5] * r5[c] + s[6] * r6[c] + s[7] * r7[c];
        y[c] += low + high;
    }
}

LW_CLONES
void lw_matrix_vector(const float *restrict x, const float *restrict w, size_t inputs, size_t outputs, size_t first,
                      size_t end, float *restrict y) {
    memset(y + first, 0, (end - first) * sizeof(float));
    const float *rows[8];
    float scales[8];
    size_t found = 0;
    for (size_t k = 0; k < inputs; k++) {
        if (x[k] == 0) continue;
        rows[found] = w + k * outputs;
        scales[found] = x[k];
        if (++found == 8) {
            add_eight(rows, scales, first, end, y);
            found = 0;
        }
    }
    for (size_t i = 0; i < found; i++) {
        const float *restrict r = rows[i];
        for (size_t c = first; c < end; c++) y[c] += scales[i] * r[c];
    }
}

LW_CLONES
void lw_add(const float *restrict x, float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}

LW_CLONES
void lw_add_scaled(const float *restrict x, float scale, float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += scale * x[i];
}
