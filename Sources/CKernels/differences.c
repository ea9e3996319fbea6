#include "vector.h"

LW_CLONES
void lw_difference_weights(const float *restrict weight, int32_t inputs, int32_t outputs, float *restrict sum,
                           float *restrict x, float *restrict y, float *restrict xy) {
    const size_t n = outputs, tap = (size_t)inputs * n;
    for (size_t row = 0; row < (size_t)inputs; row++) {
        const float *restrict w = weight + row * n;
        float *restrict s = sum + row * n, *restrict sx = x + row * 2 * n;
        float *restrict sy = y + row * 2 * n, *restrict sxy = xy + row * 4 * n;
        for (size_t o = 0; o < n; o++) {
            const float w00 = w[o], w01 = w[tap + o], w02 = w[2 * tap + o];
            const float w10 = w[3 * tap + o], w11 = w[4 * tap + o], w12 = w[5 * tap + o];
            const float w20 = w[6 * tap + o], w21 = w[7 * tap + o], w22 = w[8 * tap + o];
            const float r0 = w00 + w01 + w02, r2 = w20 + w21 + w22;
            s[o] = r0 + (w10 + w11 + w12) + r2;
            sx[o] = -(w00 + w10 + w20);
            sx[n + o] = w02 + w12 + w22;
            sy[o] = -r0;
            sy[n + o] = r2;
            sxy[o] = w00;
            sxy[n + o] = -w02;
            sxy[2 * n + o] = -w20;
            sxy[3 * n + o] = w22;
        }
    }
}

LW_CLONES
void lw_difference_weights_backward(const float *restrict sum, const float *restrict x, const float *restrict y,
                                    const float *restrict xy, int32_t inputs, int32_t outputs,
                                    float *restrict gradient) {
    const size_t n = outputs, tap = (size_t)inputs * n;
    for (size_t row = 0; row < (size_t)inputs; row++) {
        float *restrict g = gradient + row * n;
        const float *restrict s = sum + row * n, *restrict sx = x + row * 2 * n;
        const float *restrict sy = y + row * 2 * n, *restrict sxy = xy + row * 4 * n;
        for (size_t o = 0; o < n; o++) {
            const float left = s[o] - sx[o], middle = s[o], right = s[o] + sx[n + o];
            g[o] += left - sy[o] + sxy[o];
            g[tap + o] += middle - sy[o];
            g[2 * tap + o] += right - sy[o] - sxy[n + o];
            g[3 * tap + o] += left;
            g[4 * tap + o] += middle;
            g[5 * tap + o] += right;
            g[6 * tap + o] += left + sy[n + o] - sxy[2 * n + o];
            g[7 * tap + o] += middle + sy[n + o];
            g[8 * tap + o] += right + sy[n + o] + sxy[3 * n + o];
        }
    }
}

/// y = x − left over a run of values; a missing side is zero.
LW_INLINE void subtract(const float *restrict x, const float *restrict left, float *restrict y, size_t count) {
    if (x && left) for (size_t i = 0; i < count; i++) y[i] = x[i] - left[i];
    else if (x) memcpy(y, x, count * sizeof(float));
    else for (size_t i = 0; i < count; i++) y[i] = -left[i];
}

LW_CLONES
void lw_differences_rows(const float *x, int32_t height, int32_t width, int32_t channels, int32_t first, int32_t end,
                         float *dx, float *dy, float *dxy) {
    const size_t c = channels, row = width * c, wide = row + c;
    for (int32_t i = first; i < end; i++) {
        const float *here = i < height ? x + i * row : NULL;
        const float *above = i > 0 ? x + (i - 1) * row : NULL;
        subtract(here, above, dy + i * row, row);
        // dxy's row is the horizontal difference of dy's.
        const float *d = dy + i * row;
        float *dd = dxy + i * wide;
        memcpy(dd, d, c * sizeof(float));
        subtract(d + c, d, dd + c, row - c);
        subtract(NULL, d + row - c, dd + row, c);
        if (!here) continue;
        float *h = dx + i * wide;
        memcpy(h, here, c * sizeof(float));
        subtract(here + c, here, h + c, row - c);
        subtract(NULL, here + row - c, h + row, c);
    }
}

LW_CLONES
void lw_differences_backward(const float *restrict gx, const float *restrict gdx, const float *restrict gdy,
                             const float *restrict gdxy, int32_t height, int32_t width, int32_t channels,
                             float *restrict gradient) {
    const size_t c = channels, row = width * c, wide = row + c;
    for (int32_t i = 0; i < height; i++) {
        for (size_t j = 0; j < row; j++) {
            size_t w = i * wide + j, n = i * row + j;
            gradient[n] = gx[n] + (gdx[w] - gdx[w + c]) + (gdy[n] - gdy[n + row])
                + (gdxy[w] - gdxy[w + c] - gdxy[w + wide] + gdxy[w + wide + c]);
        }
    }
}

/// One output pixel's channels: the sum of four products, a bias, one of the functions that take no exponential.
LW_INLINE void combine_pixel(const float *c, const float *cx, const float *cy, const float *cxy, const float *bias,
                             int32_t channels, lw_activation f, float slope, float *output) {
    int32_t n = 0;
    // Said in vectors, since the compiler's own loop wants more channels than a pixel has.
    for (; n + 8 <= channels; n += 8) {
        v8 sum = bias ? LW_LOAD(bias + n) + LW_LOAD(c + n) : LW_LOAD(c + n);
        sum = sum + LW_LOAD(cx + n) + LW_LOAD(cy + n) + LW_LOAD(cxy + n);
        const v8i positive = sum > 0;
        if (f == LW_RELU) sum = (v8)(positive & (v8i)sum);
        if (f == LW_LEAKY_RELU) sum = (v8)((positive & (v8i)sum) | (~positive & (v8i)(sum * slope)));
        LW_STORE(output + n, sum);
    }
    for (; n < channels; n++) output[n] = lw_apply((bias ? bias[n] + c[n] : c[n]) + cx[n] + cy[n] + cxy[n], f, slope);
}

/// The four outputs of each input pixel, in rows `first` to `end` of the input.
LW_INLINE void combine_rows(const float *c, const float *cx, const float *cy, const float *cxy, const float *bias, size_t w,
                            int32_t channels, size_t first, size_t end, lw_activation f, float slope, float *output) {
    const size_t n = channels;
    for (size_t i = first; i < end; i++)
        for (size_t p = 0; p < 2; p++)
            for (size_t j = 0; j < w; j++)
                for (size_t q = 0; q < 2; q++)
                    combine_pixel(c + (i * w + j) * n, cx + ((i * (w + 1) + j + q) * 2 + q) * n,
                                  cy + (((i + p) * w + j) * 2 + p) * n,
                                  cxy + (((i + p) * (w + 1) + j + q) * 4 + 2 * p + q) * n, bias, channels, f, slope,
                                  output + ((2 * i + p) * 2 * w + 2 * j + q) * n);
}

LW_CLONES
void lw_combine(const float *c, const float *cx, const float *cy, const float *cxy, const float *bias,
                int32_t height, int32_t width, int32_t channels, int32_t first, int32_t end,
                lw_activation function, float slope, float *output) {
    (void)height;
    const size_t n = channels, w = width;
    switch (function) {
    case LW_IDENTITY: combine_rows(c, cx, cy, cxy, bias, w, channels, first, end, LW_IDENTITY, slope, output); break;
    case LW_RELU: combine_rows(c, cx, cy, cxy, bias, w, channels, first, end, LW_RELU, slope, output); break;
    case LW_LEAKY_RELU: combine_rows(c, cx, cy, cxy, bias, w, channels, first, end, LW_LEAKY_RELU, slope, output); break;
    default:
        // Exponentials in one long loop: a pixel's channels are too short a one.
        for (size_t i = first; i < (size_t)end; i++) {
            combine_rows(c, cx, cy, cxy, bias, w, channels, i, i + 1, LW_IDENTITY, slope, output);
            lw_bias_activate(output + 4 * i * w * n, 1, 4 * w * n, 4 * w * n, NULL, function, slope);
        }
    }
}

LW_CLONES
void lw_combine_backward(const float *restrict output_gradient, int32_t height, int32_t width, int32_t channels,
                         float *restrict c, float *restrict cx, float *restrict cy, float *restrict cxy) {
    const size_t n = channels, h = height, w = width;
    // What no output reads: the last column's left part, the first column's right part, and so with rows.
    for (size_t i = 0; i < h; i++) {
        memset(cx + (i * (w + 1) * 2 + 1) * n, 0, n * sizeof(float));
        memset(cx + ((i * (w + 1) + w) * 2) * n, 0, n * sizeof(float));
    }
    for (size_t j = 0; j < w; j++) {
        memset(cy + (j * 2 + 1) * n, 0, n * sizeof(float));
        memset(cy + ((h * w + j) * 2) * n, 0, n * sizeof(float));
    }
    for (size_t j = 0; j <= w; j++) {
        memset(cxy + (j * 4 + 2) * n, 0, 2 * n * sizeof(float));
        memset(cxy + ((h * (w + 1) + j) * 4) * n, 0, 2 * n * sizeof(float));
    }
    for (size_t i = 0; i <= h; i++) {
        float *left = cxy + (i * (w + 1) * 4) * n;
        float *right = left + w * 4 * n;
        for (size_t p = 0; p < 2; p++) {
            memset(left + (2 * p + 1) * n, 0, n * sizeof(float));
            memset(right + 2 * p * n, 0, n * sizeof(float));
        }
    }
    for (size_t i = 0; i < h; i++) {
        for (size_t j = 0; j < w; j++) {
            const float *restrict g = output_gradient + ((2 * i) * 2 * w + 2 * j) * n;
            const size_t below = 2 * w * n;
            float *restrict to = c + (i * w + j) * n;
            float *restrict x0 = cx + ((i * (w + 1) + j) * 2) * n;
            float *restrict y0 = cy + ((i * w + j) * 2) * n;
            float *restrict xy = cxy + ((i * (w + 1) + j) * 4) * n;
            const size_t right = (4 + 1) * n, down = (w + 1) * 4 * n + 2 * n, both = (w + 2) * 4 * n + 3 * n;
            for (size_t k = 0; k < n; k++) {
                float g00 = g[k], g01 = g[n + k], g10 = g[below + k], g11 = g[below + n + k];
                to[k] = (g00 + g01) + (g10 + g11);
                x0[k] = g00 + g10;
                x0[2 * n + n + k] = g01 + g11;
                y0[k] = g00 + g01;
                y0[w * 2 * n + n + k] = g10 + g11;
                xy[k] = g00;
                xy[right + k] = g01;
                xy[down + k] = g10;
                xy[both + k] = g11;
            }
        }
    }
}
