#include "vector.h"

void lw_pack_columns(const float *restrict b, size_t row_stride, size_t column_stride, int32_t k, int32_t n,
                     float *restrict packed) {
    for (int32_t first = 0; first < n; first += LW_PANEL) {
        const int32_t width = n - first < LW_PANEL ? n - first : LW_PANEL;
        for (int32_t p = 0; p < k; p++, packed += LW_PANEL) {
            const float *row = b + p * row_stride + first * column_stride;
            for (int32_t j = 0; j < LW_PANEL; j++) packed[j] = j < width ? row[j * column_stride] : 0;
        }
    }
}

/// How many rows the first of `tiles` tiles takes of `rows` that are left: as even as can be, since the sums of a tile
/// of one or two rows would wait for each other.
LW_INLINE int32_t share(int32_t rows, int32_t tiles) { return (rows + tiles - 1) / tiles; }

/// `count` rows by the sixteen columns of a panel: up to twelve sums in registers.
LW_INLINE void multiply_tile(const int32_t count, const float *a, size_t a_stride, int32_t k, const float *panel,
                             int32_t width, float *c, size_t c_stride) {
    v8 low[6] = {}, high[6] = {};
    for (int32_t p = 0; p < k; p++, panel += LW_PANEL) {
        const v8 left = LW_LOAD(panel), right = LW_LOAD(panel + 8);
        for (int32_t r = 0; r < count; r++) {
            const float x = a[r * a_stride + p];
            low[r] += x * left;
            high[r] += x * right;
        }
    }
    for (int32_t r = 0; r < count; r++) {
        float *row = c + r * c_stride;
        if (width == LW_PANEL) {
            LW_STORE(row, low[r]);
            LW_STORE(row + 8, high[r]);
        } else {
            for (int32_t j = 0; j < width; j++) row[j] = j < 8 ? low[r][j] : high[r][j - 8];
        }
    }
}

/// m rows by the `width` columns of a panel.
LW_INLINE void multiply_panel(const float *a, size_t a_stride, int32_t m, int32_t k, const float *panel, int32_t width,
                              float *c, size_t c_stride) {
    int32_t row = 0;
    for (int32_t tiles = (m + 5) / 6; tiles > 0; tiles--) {
        const int32_t rows = share(m - row, tiles);
        const float *from = a + row * a_stride;
        float *to = c + row * c_stride;
        LW_FOR_EACH_COUNT(rows, { multiply_tile(count, from, a_stride, k, panel, width, to, c_stride); })
        row += rows;
    }
}

LW_CLONES
void lw_multiply_packed(const float *a, size_t a_stride, int32_t m, int32_t k, const float *packed, int32_t n, float *c,
                        size_t c_stride) {
    for (int32_t first = 0; first < n; first += LW_PANEL, packed += (size_t)k * LW_PANEL) {
        const int32_t width = n - first < LW_PANEL ? n - first : LW_PANEL;
        multiply_panel(a, a_stride, m, k, packed, width, c + first, c_stride);
    }
}

/// Sixteen columns of b [k][≥ width] as a panel.
LW_INLINE void pack_panel(const float *b, size_t b_stride, int32_t k, int32_t width, float *panel) {
    for (int32_t p = 0; p < k; p++, b += b_stride, panel += LW_PANEL) {
        if (width == LW_PANEL) {
            LW_STORE(panel, LW_LOAD(b));
            LW_STORE(panel + 8, LW_LOAD(b + 8));
        } else {
            for (int32_t j = 0; j < LW_PANEL; j++) panel[j] = j < width ? b[j] : 0;
        }
    }
}

/// Rows of a that are multiplied with a panel in turn: they stay in the second-level cache for the next one.
LW_INLINE int32_t rows_at_a_time(int32_t k) {
    const int32_t rows = 48 * 1024 / k;
    return rows < 96 ? 96 : rows;
}

/// c = f(a · b + bias), panel by panel: copied from b to `room` first, or, where b is NULL, as they lie in `panels`.
LW_INLINE void multiply_finished(const float *a, size_t a_stride, int32_t m, int32_t k, const float *b, size_t b_stride,
                                 float *room, const float *panels, int32_t n, const float *bias, lw_activation function,
                                 float slope, float *c, size_t c_stride) {
    const int32_t chunk = rows_at_a_time(k);
    for (int32_t start = 0; start < m; start += chunk) {
        const int32_t rows = m - start < chunk ? m - start : chunk;
        for (int32_t first = 0; first < n; first += LW_PANEL) {
            const int32_t width = n - first < LW_PANEL ? n - first : LW_PANEL;
            const float *panel = b ? room : panels + (size_t)first * k;
            float *to = c + start * c_stride + first;
            if (b) pack_panel(b + first, b_stride, k, width, room);
            multiply_panel(a + start * a_stride, a_stride, rows, k, panel, width, to, c_stride);
            lw_bias_activate(to, rows, width, c_stride, bias ? bias + first : NULL, function, slope);
        }
    }
}

LW_CLONES
void lw_multiply_columns(const float *a, size_t a_stride, int32_t m, int32_t k, const float *b, size_t b_stride, int32_t n,
                         float *panel, const float *bias, lw_activation function, float slope, float *c,
                         size_t c_stride) {
    multiply_finished(a, a_stride, m, k, b, b_stride, panel, NULL, n, bias, function, slope, c, c_stride);
}

LW_CLONES
void lw_multiply_panels(const float *a, size_t a_stride, int32_t m, int32_t k, const float *panels, int32_t n,
                        const float *bias, lw_activation function, float slope, float *c, size_t c_stride) {
    multiply_finished(a, a_stride, m, k, NULL, 0, NULL, panels, n, bias, function, slope, c, c_stride);
}

int lw_has_wide_lanes(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") != 0;
#else
    return 0;
#endif
}

/// `count` columns of a by sixteen of b, over all rows of both.
LW_INLINE void transposed_tile(const int32_t count, const float *a, size_t a_stride, const float *b, size_t b_stride,
                               int32_t k, float *c, size_t c_stride) {
    v8 low[6] = {}, high[6] = {};
    for (int32_t p = 0; p < k; p++, a += a_stride, b += b_stride) {
        const v8 left = LW_LOAD(b), right = LW_LOAD(b + 8);
        for (int32_t r = 0; r < count; r++) {
            low[r] += a[r] * left;
            high[r] += a[r] * right;
        }
    }
    for (int32_t r = 0; r < count; r++) {
        float *row = c + r * c_stride;
        LW_STORE(row, LW_LOAD(row) + low[r]);
        LW_STORE(row + 8, LW_LOAD(row + 8) + high[r]);
    }
}

/// The same for the fewer than sixteen columns of b that may be left.
LW_INLINE void transposed_rest(const int32_t count, const float *a, size_t a_stride, const float *b, size_t b_stride,
                               int32_t k, int32_t width, float *c, size_t c_stride) {
    float sums[6][LW_PANEL] = {};
    for (int32_t p = 0; p < k; p++, a += a_stride, b += b_stride)
        for (int32_t r = 0; r < count; r++)
            for (int32_t j = 0; j < width; j++) sums[r][j] += a[r] * b[j];
    for (int32_t r = 0; r < count; r++)
        for (int32_t j = 0; j < width; j++) c[r * c_stride + j] += sums[r][j];
}

LW_CLONES
void lw_multiply_transposed(const float *a, size_t a_stride, const float *b, size_t b_stride, int32_t m, int32_t n,
                            int32_t k, float *c, size_t c_stride) {
    for (int32_t first = 0; first < n; first += LW_PANEL) {
        const int32_t width = n - first < LW_PANEL ? n - first : LW_PANEL;
        int32_t row = 0;
        for (int32_t tiles = (m + 5) / 6; tiles > 0; tiles--) {
            const int32_t rows = share(m - row, tiles);
            float *to = c + row * c_stride + first;
            LW_FOR_EACH_COUNT(rows, {
                if (width == LW_PANEL) transposed_tile(count, a + row, a_stride, b + first, b_stride, k, to, c_stride);
                else transposed_rest(count, a + row, a_stride, b + first, b_stride, k, width, to, c_stride);
            })
            row += rows;
        }
    }
}
