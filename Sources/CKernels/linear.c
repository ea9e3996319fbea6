#include "vector.h"

/// Eight rows of weights at a time: each output is read and written once for eight products.
LW_CLONES
void lw_matrix_vector(const float *restrict x, const float *restrict w, size_t inputs, size_t outputs, size_t first,
                      size_t end, float *restrict y) {
    memset(y + first, 0, (end - first) * sizeof(float));
    size_t k = 0;
    for (; k + 8 <= inputs; k += 8) {
        const float *restrict r = w + k * outputs;
        const float *restrict s = x + k;
        for (size_t c = first; c < end; c++) {
            float low = s[0] * r[c] + s[1] * r[c + outputs] + s[2] * r[c + 2 * outputs] + s[3] * r[c + 3 * outputs];
            float high = s[4] * r[c + 4 * outputs] + s[5] * r[c + 5 * outputs] + s[6] * r[c + 6 * outputs]
                + s[7] * r[c + 7 * outputs];
            y[c] += low + high;
        }
    }
    for (; k < inputs; k++) {
        const float *restrict r = w + k * outputs;
        for (size_t c = first; c < end; c++) y[c] += x[k] * r[c];
    }
}

LW_CLONES
void lw_add(const float *restrict x, float *restrict y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}
