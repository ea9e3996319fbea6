// Values that move and don't change.
#include "vector.h"

void lw_copy_rows(const float *restrict x, size_t rows, size_t width, size_t x_stride, float *restrict y,
                  size_t y_stride) {
    if (width >= 128) {
        for (size_t row = 0; row < rows; row++) memcpy(y + row * y_stride, x + row * x_stride, width * sizeof(float));
        return;
    }
    for (size_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
        size_t i = 0;
        for (; i + 8 <= width; i += 8) LW_STORE(y + i, LW_LOAD(x + i));
        for (; i < width; i++) y[i] = x[i];
    }
}

LW_CLONES
void lw_gather(const float *restrict x, const int32_t *restrict sources, size_t count, float fill, float *restrict y) {
    for (size_t i = 0; i < count; i++) y[i] = sources[i] < 0 ? fill : x[sources[i]];
}

void lw_scatter_add(const float *restrict y, const int32_t *restrict sources, size_t count, float *restrict x) {
    for (size_t i = 0; i < count; i++)
        if (sources[i] >= 0) x[sources[i]] += y[i];
}
