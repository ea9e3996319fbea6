#include "vector.h"

void lw_pack_columns(const float *restrict b, int32_t k, int32_t n, float *restrict packed) {
    for (int32_t first = 0; first < n; first += LW_PANEL) {
        const int32_t width = n - first < LW_PANEL ? n - first : LW_PANEL;
        for (int32_t p = 0; p < k; p++, packed += LW_PANEL) {
            for (int32_t j = 0; j < LW_PANEL; j++) packed[j] = j < width ? b[(size_t)p * n + first + j] : 0;
        }
    }
}

/// Up to six rows by sixteen columns: twelve sums in registers. `rows` is a constant wherever this is inlined.
LW_INLINE void tile(const float *a, const int32_t rows, int32_t k, const float *panel, int32_t n, int32_t width, float *c) {
    v8 low[6] = {}, high[6] = {};
    for (int32_t p = 0; p < k; p++, panel += LW_PANEL) {
        const v8 left = LW_LOAD(panel), right = LW_LOAD(panel + 8);
        for (int32_t r = 0; r < rows; r++) {
            const float x = a[(size_t)r * k + p];
            low[r] += x * left;
            high[r] += x * right;
        }
    }
    for (int32_t r = 0; r < rows; r++) {
        float *row = c + (size_t)r * n;
        if (width == LW_PANEL) {
            LW_STORE(row, low[r]);
            LW_STORE(row + 8, high[r]);
        } else {
            for (int32_t j = 0; j < width; j++) row[j] = j < 8 ? low[r][j] : high[r][j - 8];
        }
    }
}

LW_CLONES
void lw_multiply_packed(const float *a, int32_t m, int32_t k, const float *packed, int32_t n, float *c) {
    for (int32_t first = 0; first < n; first += LW_PANEL, packed += (size_t)k * LW_PANEL) {
        const int32_t width = n - first < LW_PANEL ? n - first : LW_PANEL;
        int32_t row = 0;
        for (; row + 6 <= m; row += 6) tile(a + (size_t)row * k, 6, k, packed, n, width, c + (size_t)row * n + first);
        const float *rest = a + (size_t)row * k;
        float *target = c + (size_t)row * n + first;
        switch (m - row) {
        case 1: tile(rest, 1, k, packed, n, width, target); break;
        case 2: tile(rest, 2, k, packed, n, width, target); break;
        case 3: tile(rest, 3, k, packed, n, width, target); break;
        case 4: tile(rest, 4, k, packed, n, width, target); break;
        case 5: tile(rest, 5, k, packed, n, width, target); break;
        default: break;
        }
    }
}
