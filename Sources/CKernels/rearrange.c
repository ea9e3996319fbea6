// Values that move and don't change.
#include "vector.h"

LW_CLONES
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

// Eight rows of eight become eight columns: neighbors, then pairs, then halves change places.
#define LW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define LW_PAIRS_ABOVE(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LW_FOURS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define LW_FOURS_ABOVE(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LW_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define LW_HALVES_ABOVE(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)

LW_INLINE void transpose_eight(const float *restrict x, size_t x_stride, float *restrict y, size_t y_stride) {
    v8 rows[8], pairs[8], fours[8];
    for (int i = 0; i < 8; i++) rows[i] = LW_LOAD(x + (size_t)i * x_stride);
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = LW_PAIRS(rows[i], rows[i + 1]);
        pairs[i + 1] = LW_PAIRS_ABOVE(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        for (int j = 0; j < 2; j++) {
            fours[i + 2 * j] = LW_FOURS(pairs[i + j], pairs[i + j + 2]);
            fours[i + 2 * j + 1] = LW_FOURS_ABOVE(pairs[i + j], pairs[i + j + 2]);
        }
    }
    for (int i = 0; i < 4; i++) {
        LW_STORE(y + (size_t)i * y_stride, LW_HALVES(fours[i], fours[i + 4]));
        LW_STORE(y + (size_t)(i + 4) * y_stride, LW_HALVES_ABOVE(fours[i], fours[i + 4]));
    }
}

LW_CLONES
void lw_transpose(const float *restrict x, size_t rows, size_t columns, size_t first, size_t end, float *restrict y) {
    size_t c = first;
    for (; c + 8 <= end; c += 8) {
        size_t r = 0;
        for (; r + 8 <= rows; r += 8) transpose_eight(x + r * columns + c, columns, y + c * rows + r, rows);
        for (; r < rows; r++)
            for (size_t i = 0; i < 8; i++) y[(c + i) * rows + r] = x[r * columns + c + i];
    }
    for (; c < end; c++)
        for (size_t r = 0; r < rows; r++) y[c * rows + r] = x[r * columns + c];
}
