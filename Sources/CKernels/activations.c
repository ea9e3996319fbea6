#include "vector.h"
#include <math.h>

LW_CLONES
void lw_activate(const float *x, float *y, size_t count, lw_activation function, float slope) {
    if (function == LW_IDENTITY) {
        if (x != y) memcpy(y, x, count * sizeof(float));
        return;
    }
    LW_FOR_EACH_ACTIVATION(function, { for (size_t i = 0; i < count; i++) y[i] = lw_apply(x[i], f, slope); })
}

LW_CLONES
void lw_bias_activate(float *y, size_t rows, size_t channels, size_t stride, const float *bias,
                      lw_activation function, float slope) {
    if (bias == NULL && function == LW_IDENTITY) return;
    for (size_t r = 0; r < rows; r++) {
        float *restrict row = y + r * stride;
        if (bias == NULL) {
            LW_FOR_EACH_ACTIVATION(function, { for (size_t c = 0; c < channels; c++) row[c] = lw_apply(row[c], f, slope); })
        } else {
            const float *restrict b = bias;
            LW_FOR_EACH_ACTIVATION(function, {
                for (size_t c = 0; c < channels; c++) row[c] = lw_apply(row[c] + b[c], f, slope);
            })
        }
    }
}

/// f'(x) from y = f(x).
LW_INLINE float derivative_from_output(float y, lw_activation function, float slope) {
    switch (function) {
    case LW_RELU: return y > 0 ? 1.0f : 0.0f;
    case LW_LEAKY_RELU: return y > 0 ? 1.0f : slope;
    case LW_TANH: return 1.0f - y * y;
    case LW_SIGMOID: return y * (1.0f - y);
    case LW_SOFTPLUS: return 1.0f - lw_exp(-y);
    case LW_IDENTITY: case LW_SILU: break;
    }
    return 1.0f;
}

LW_CLONES
void lw_activate_backward_from_output(float *restrict gradient, const float *restrict y, size_t count,
                                      lw_activation function, float slope) {
    if (function == LW_IDENTITY) return;
    LW_FOR_EACH_ACTIVATION(function, {
        for (size_t i = 0; i < count; i++) gradient[i] *= derivative_from_output(y[i], f, slope);
    })
}

/// f'(x).
LW_INLINE float derivative_from_input(float x, lw_activation function, float slope) {
    switch (function) {
    case LW_IDENTITY: return 1.0f;
    case LW_RELU: return x > 0 ? 1.0f : 0.0f;
    case LW_LEAKY_RELU: return x > 0 ? 1.0f : slope;
    case LW_SILU: { float s = lw_sigmoid(x); return s * (1.0f + x * (1.0f - s)); }
    case LW_TANH: { float y = lw_tanh(x); return 1.0f - y * y; }
    case LW_SIGMOID: { float s = lw_sigmoid(x); return s * (1.0f - s); }
    case LW_SOFTPLUS: return lw_sigmoid(x);
    }
    return 1.0f;
}

LW_CLONES
void lw_activate_backward_from_input(const float *dy, const float *x, float *dx, size_t count,
                                     lw_activation function, float slope) {
    LW_FOR_EACH_ACTIVATION(function, {
        for (size_t i = 0; i < count; i++) dx[i] = dy[i] * derivative_from_input(x[i], f, slope);
    })
}

/// Relative to the largest of a row, so that no exponential overflows.
LW_CLONES
void lw_softmax(const float *x, float *y, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        float largest = x[0];
        for (size_t c = 1; c < columns; c++) largest = x[c] > largest ? x[c] : largest;
        for (size_t c = 0; c < columns; c++) y[c] = lw_exp(x[c] - largest);
        v8 sums = {};
        size_t c = 0;
        for (; c + 8 <= columns; c += 8) sums += LW_LOAD(y + c);
        float sum = LW_SUM(sums);
        for (; c < columns; c++) sum += y[c];
        const float scale = 1.0f / sum;
        for (c = 0; c < columns; c++) y[c] *= scale;
    }
}

LW_CLONES
void lw_softmax_backward(const float *dy, const float *y, float *dx, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++, dy += columns, y += columns, dx += columns) {
        v8 sums = {};
        size_t c = 0;
        for (; c + 8 <= columns; c += 8) sums += LW_LOAD(dy + c) * LW_LOAD(y + c);
        float sum = LW_SUM(sums);
        for (; c < columns; c++) sum += dy[c] * y[c];
        for (c = 0; c < columns; c++) dx[c] = y[c] * (dy[c] - sum);
    }
}

/// In four sums, a row apart each: one would wait for itself.
LW_CLONES
void lw_add_column_sums(const float *restrict x, size_t rows, size_t columns, float *restrict sums) {
    size_t c = 0;
    for (; c + 8 <= columns; c += 8) {
        v8 parts[4] = {};
        const float *from = x + c;
        size_t r = 0;
        for (; r + 4 <= rows; r += 4, from += 4 * columns)
            for (size_t part = 0; part < 4; part++) parts[part] += LW_LOAD(from + part * columns);
        for (; r < rows; r++, from += columns) parts[0] += LW_LOAD(from);
        LW_STORE(sums + c, LW_LOAD(sums + c) + ((parts[0] + parts[1]) + (parts[2] + parts[3])));
    }
    for (; c < columns; c++) {
        float parts[4] = {};
        size_t r = 0;
        for (; r + 4 <= rows; r += 4)
            for (size_t part = 0; part < 4; part++) parts[part] += x[(r + part) * columns + c];
        for (; r < rows; r++) parts[0] += x[r * columns + c];
        sums[c] += (parts[0] + parts[1]) + (parts[2] + parts[3]);
    }
}

LW_CLONES
void lw_log_softmax(const float *x, float *y, size_t count) {
    float largest = x[0];
    for (size_t c = 1; c < count; c++) largest = x[c] > largest ? x[c] : largest;
    double sum = 0;
    for (size_t c = 0; c < count; c++) sum += exp((double)(x[c] - largest));
    const float shift = largest + (float)log(sum);
    for (size_t c = 0; c < count; c++) y[c] = x[c] - shift;
}
