// Samples normalized by statistics of their own: GroupNorm and InstanceNorm, LayerNorm and RMSNorm.
#include "vector.h"

typedef double d8 __attribute__((vector_size(64), aligned(8)));
#define LW_DOUBLE(v) __builtin_convertvector(v, d8)

// So many rows are summed in single precision, as differences from the first of them, before the sums go on in double:
// a mean far from 0, and a long sum, then cost no digits.
enum { LW_BLOCK = 32 };

/// sums += Σ x, squares += Σ x² of 8·vectors columns.
LW_INLINE void raw_moments(const float *restrict x, size_t rows, size_t stride, int vectors, double *restrict sums,
                           double *restrict squares) {
    for (size_t start = 0; start < rows; start += LW_BLOCK, x += LW_BLOCK * stride) {
        const size_t count = rows - start < LW_BLOCK ? rows - start : LW_BLOCK;
        v8 first[4], sum[4], square[4];
        for (int v = 0; v < vectors; v++) {
            first[v] = LW_LOAD(x + 8 * v);
            sum[v] = square[v] = (v8){};
        }
        for (size_t row = 1; row < count; row++) {
            for (int v = 0; v < vectors; v++) {
                const v8 difference = LW_LOAD(x + row * stride + 8 * v) - first[v];
                sum[v] += difference;
                square[v] += difference * difference;
            }
        }
        for (int v = 0; v < vectors; v++) {
            const d8 pivot = LW_DOUBLE(first[v]), rest = LW_DOUBLE(sum[v]);
            const d8 all = pivot * (double)count + rest;
            *(d8 *)(sums + 8 * v) += all;
            *(d8 *)(squares + 8 * v) += LW_DOUBLE(square[v]) + pivot * (all + rest);
        }
    }
}

LW_CLONES
void lw_raw_moments(const float *x, size_t rows, size_t columns, double *sums, double *squares) {
    memset(sums, 0, columns * sizeof(double));
    memset(squares, 0, columns * sizeof(double));
    size_t c = 0;
    for (; c + 32 <= columns; c += 32) raw_moments(x + c, rows, columns, 4, sums + c, squares + c);
    for (; c + 8 <= columns; c += 8) raw_moments(x + c, rows, columns, 1, sums + c, squares + c);
    for (size_t row = 0; row < rows; row++) {
        for (size_t rest = c; rest < columns; rest++) {
            const double value = (double)x[row * columns + rest];
            sums[rest] += value;
            squares[rest] += value * value;
        }
    }
}

LW_CLONES
void lw_normalize_activate(const float *restrict x, size_t rows, size_t columns, const float *restrict center,
                           const float *restrict scale, const float *restrict shift, float *restrict y,
                           lw_activation function, float slope) {
    LW_FOR_EACH_ACTIVATION(function, {
        for (size_t row = 0; row < rows; row++)
            for (size_t c = 0; c < columns; c++)
                y[row * columns + c] = lw_apply((x[row * columns + c] - center[c]) * scale[c] + shift[c], f, slope);
    })
}

/// sums += Σ v, products += Σ v (x − center) of 8·vectors columns.
LW_INLINE void products_of_columns(const float *restrict v, const float *restrict x, size_t rows, size_t stride,
                                   int vectors, const float *restrict center, double *restrict sums,
                                   double *restrict products) {
    v8 middle[4];
    for (int i = 0; i < vectors; i++) middle[i] = LW_LOAD(center + 8 * i);
    for (size_t start = 0; start < rows; start += LW_BLOCK, v += LW_BLOCK * stride, x += LW_BLOCK * stride) {
        const size_t count = rows - start < LW_BLOCK ? rows - start : LW_BLOCK;
        v8 sum[4], product[4];
        for (int i = 0; i < vectors; i++) sum[i] = product[i] = (v8){};
        for (size_t row = 0; row < count; row++) {
            for (int i = 0; i < vectors; i++) {
                const v8 value = LW_LOAD(v + row * stride + 8 * i);
                sum[i] += value;
                product[i] += value * (LW_LOAD(x + row * stride + 8 * i) - middle[i]);
            }
        }
        for (int i = 0; i < vectors; i++) {
            *(d8 *)(sums + 8 * i) += LW_DOUBLE(sum[i]);
            *(d8 *)(products + 8 * i) += LW_DOUBLE(product[i]);
        }
    }
}

LW_CLONES
void lw_products(const float *v, const float *x, size_t rows, size_t columns, const float *center, double *sums,
                 double *products) {
    memset(sums, 0, columns * sizeof(double));
    memset(products, 0, columns * sizeof(double));
    size_t c = 0;
    for (; c + 32 <= columns; c += 32)
        products_of_columns(v + c, x + c, rows, columns, 4, center + c, sums + c, products + c);
    for (; c + 8 <= columns; c += 8)
        products_of_columns(v + c, x + c, rows, columns, 1, center + c, sums + c, products + c);
    for (size_t row = 0; row < rows; row++) {
        for (size_t rest = c; rest < columns; rest++) {
            const double value = (double)v[row * columns + rest];
            sums[rest] += value;
            products[rest] += value * (double)(x[row * columns + rest] - center[rest]);
        }
    }
}

LW_CLONES
void lw_mix(const float *restrict v, const float *restrict x, size_t rows, size_t columns,
            const float *restrict factor, const float *restrict center, const float *restrict slope,
            const float *restrict shift, float *restrict y) {
    for (size_t row = 0; row < rows; row++)
        for (size_t c = 0; c < columns; c++)
            y[row * columns + c] =
                factor[c] * v[row * columns + c] + slope[c] * (x[row * columns + c] - center[c]) + shift[c];
}

LW_CLONES
void lw_row_moments(const float *x, size_t count, double *sum, double *square) {
    double sums[32] = {0}, squares[32] = {0};
    const size_t rows = count / 32;
    raw_moments(x, rows, 32, 4, sums, squares);
    for (size_t i = 32 * rows; i < count; i++) {
        sums[i % 32] += (double)x[i];
        squares[i % 32] += (double)x[i] * (double)x[i];
    }
    *sum = *square = 0;
    for (int i = 0; i < 32; i++) {
        *sum += sums[i];
        *square += squares[i];
    }
}

LW_CLONES
void lw_row_normalize(const float *restrict x, size_t count, float center, float scale, float shift,
                      const float *restrict weight, const float *restrict bias, float *restrict y) {
    for (size_t i = 0; i < count; i++) y[i] = ((x[i] - center) * scale + shift) * weight[i] + bias[i];
}

LW_CLONES
void lw_row_products(const float *v, const float *weight, const float *x, size_t count, float center, double *sum,
                     double *product) {
    d8 sums = {}, products = {};
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const d8 value = LW_DOUBLE(LW_LOAD(v + i)) * LW_DOUBLE(LW_LOAD(weight + i));
        sums += value;
        products += value * LW_DOUBLE(LW_LOAD(x + i) - center);
    }
    *sum = LW_SUM(sums);
    *product = LW_SUM(products);
    for (; i < count; i++) {
        const double value = (double)v[i] * (double)weight[i];
        *sum += value;
        *product += value * (double)(x[i] - center);
    }
}

LW_CLONES
void lw_row_mix(const float *restrict v, const float *restrict before, const float *restrict x, size_t count,
                float factor, float center, float slope, float shift, const float *restrict after, float *restrict y) {
    for (size_t i = 0; i < count; i++)
        y[i] = (factor * v[i] * before[i] + slope * (x[i] - center) + shift) * after[i];
}

LW_CLONES
void lw_row_slopes(const float *restrict dy, const float *restrict x, size_t count, float center, float scale,
                   float shift, float *restrict weight, float *restrict bias) {
    for (size_t i = 0; i < count; i++) {
        weight[i] += dy[i] * ((x[i] - center) * scale + shift);
        bias[i] += dy[i];
    }
}
