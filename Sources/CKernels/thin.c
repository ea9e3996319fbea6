#include "vector.h"

void lw_pad_plane(const float *source, int32_t step, int32_t height, int32_t width, int32_t padding_height,
                  int32_t padding_width, float *plane) {
    const size_t wide = width + 2 * padding_width;
    memset(plane, 0, (height + 2 * padding_height) * wide * sizeof(float));
    for (int32_t y = 0; y < height; y++) {
        float *row = plane + (y + padding_height) * wide + padding_width;
        const float *from = source + (size_t)y * width * step;
        for (int32_t x = 0; x < width; x++) row[x] = from[(size_t)x * step];
    }
}

/// Eight channels of every pixel of a row.
LW_INLINE void spread_row(const float *plane, int32_t plane_width, const float *w, int32_t kh, int32_t kw,
                          int32_t columns, int32_t channels, int accumulate, float *output) {
    for (int32_t x = 0; x < columns; x++) {
        v8 sum = accumulate ? LW_LOAD(output + (size_t)x * channels) : (v8){};
        for (int32_t a = 0; a < kh; a++)
            for (int32_t b = 0; b < kw; b++)
                sum += plane[a * plane_width + x + b] * LW_LOAD(w + (size_t)(a * kw + b) * channels);
        LW_STORE(output + (size_t)x * channels, sum);
    }
}

/// The same for a 3×3 kernel, whose weights stay in registers, over all rows.
LW_INLINE void spread_square(const float *plane, size_t plane_width, const float *w, int32_t rows, int32_t columns,
                             size_t channels, int accumulate, float *output) {
    v8 weights[9];
    for (int32_t tap = 0; tap < 9; tap++) weights[tap] = LW_LOAD(w + tap * channels);
    for (int32_t y = 0; y < rows; y++) {
        const float *p = plane + y * plane_width;
        for (int32_t x = 0; x < columns; x++, p++, output += channels) {
            v8 sum = accumulate ? LW_LOAD(output) : (v8){};
            for (int32_t tap = 0; tap < 9; tap++) sum += p[(tap / 3) * plane_width + tap % 3] * weights[tap];
            LW_STORE(output, sum);
        }
    }
}

LW_CLONES
void lw_spread(const float *plane, int32_t plane_width, const float *w, int32_t kernel_height, int32_t kernel_width,
               int32_t rows, int32_t columns, int32_t channels, int accumulate, float *output) {
    int32_t c = 0;
    for (; c + 8 <= channels; c += 8) {
        if (kernel_height == 3 && kernel_width == 3) {
            spread_square(plane, plane_width, w + c, rows, columns, channels, accumulate, output + c);
            continue;
        }
        for (int32_t y = 0; y < rows; y++)
            spread_row(plane + (size_t)y * plane_width, plane_width, w + c, kernel_height, kernel_width, columns, channels,
                       accumulate, output + (size_t)y * columns * channels + c);
    }
    for (; c < channels; c++) {
        for (int32_t y = 0; y < rows; y++) {
            for (int32_t x = 0; x < columns; x++) {
                float *o = output + ((size_t)y * columns + x) * channels + c;
                float sum = accumulate ? *o : 0;
                for (int32_t a = 0; a < kernel_height; a++)
                    for (int32_t b = 0; b < kernel_width; b++)
                        sum += plane[(size_t)(y + a) * plane_width + x + b] * w[(size_t)(a * kernel_width + b) * channels + c];
                *o = sum;
            }
        }
    }
}

/// Runs BODY for each value of a patch of 4×4 and each output (p, q) of the 2×2 that it reaches, by its tap.
#define LW_FOR_EACH_TAP_OF_PATCH(BODY)                                             \
    _Pragma("unroll") for (int32_t a = 0; a < 4; a++) {                            \
        _Pragma("unroll") for (int32_t b = 0; b < 4; b++) {                        \
            const float value = patch[a * plane_width + b];                        \
            _Pragma("unroll") for (int32_t p = 0; p < 2; p++) {                    \
                _Pragma("unroll") for (int32_t q = 0; q < 2; q++) {                \
                    if (a < p || a > p + 2 || b < q || b > q + 2) continue;        \
                    const int32_t tap = (a - p) * 3 + b - q;                       \
                    BODY                                                           \
                }                                                                  \
            }                                                                      \
        }                                                                          \
    }

/// Eight channels of every pooled pixel: `few` is a constant wherever that is 1, so that the weights stay in registers.
LW_INLINE void spread_pooled(const float *planes, const int32_t few, size_t plane, size_t plane_width, const float *w,
                             int32_t rows, int32_t columns, size_t channels, float *pooled, uint8_t *index) {
    for (int32_t y = 0; y < rows; y++) {
        for (int32_t x = 0; x < columns; x++) {
            v8 sums[2][2] = {};
            for (int32_t f = 0; f < few; f++) {
                const float *patch = planes + f * plane + 2 * y * plane_width + 2 * x;
                const float *weights = w + f * 9 * channels;
                LW_FOR_EACH_TAP_OF_PATCH({ sums[p][q] += value * LW_LOAD(weights + tap * channels); })
            }
            v8 best = sums[0][0];
            v8i place = {};
            LW_TAKE_LARGER(best, place, sums[0][1], 1)
            LW_TAKE_LARGER(best, place, sums[1][0], 2)
            LW_TAKE_LARGER(best, place, sums[1][1], 3)
            const size_t output = ((size_t)y * columns + x) * channels;
            LW_STORE(pooled + output, best);
            if (index) LW_STORE_PLACES(index + output, place);
        }
    }
}

LW_CLONES
void lw_spread_pooled(const float *planes, int32_t few, size_t plane, int32_t plane_width, const float *w, int32_t rows,
                      int32_t columns, int32_t channels, float *pooled, uint8_t *index) {
    for (int32_t c = 0; c < channels; c += 8) {
        uint8_t *places = index ? index + c : NULL;
        if (few == 1) spread_pooled(planes, 1, plane, plane_width, w + c, rows, columns, channels, pooled + c, places);
        else spread_pooled(planes, few, plane, plane_width, w + c, rows, columns, channels, pooled + c, places);
    }
}

LW_CLONES
void lw_tap_gradients_pooled(const float *plane, int32_t plane_width, const float *pooled_gradient, const uint8_t *index,
                             int32_t rows, int32_t columns, int32_t channels, float *dw) {
    for (int32_t c = 0; c < channels; c += 8) {
        v8 sums[9] = {};
        for (int32_t y = 0; y < rows; y++) {
            for (int32_t x = 0; x < columns; x++) {
                const size_t output = ((size_t)y * columns + x) * channels + c;
                const v8i gradient = (v8i)LW_LOAD(pooled_gradient + output);
                const v8i place = LW_LOAD_PLACES(index + output);
                const v8 parts[2][2] = {
                    {(v8)((place == 0) & gradient), (v8)((place == 1) & gradient)},
                    {(v8)((place == 2) & gradient), (v8)((place == 3) & gradient)},
                };
                const float *patch = plane + (size_t)2 * y * plane_width + 2 * x;
                LW_FOR_EACH_TAP_OF_PATCH({ sums[tap] += value * parts[p][q]; })
            }
        }
        for (int32_t tap = 0; tap < 9; tap++) {
            float *place = dw + (size_t)tap * channels + c;
            LW_STORE(place, LW_LOAD(place) + sums[tap]);
        }
    }
}

/// Σ over the taps inside and over the channels, for one pixel.
LW_INLINE float collect_pixel(const float *image, int32_t width, int32_t channels, const float *w, int32_t kw,
                              int32_t y, int32_t x, int32_t a0, int32_t a1, int32_t b0, int32_t b1) {
    v8 even = {}, odd = {};
    float rest = 0;
    for (int32_t a = a0; a < a1; a++) {
        for (int32_t b = b0; b < b1; b++) {
            const float *from = image + ((ptrdiff_t)(y + a) * width + x + b) * channels;
            const float *tap = w + (size_t)(a * kw + b) * channels;
            int32_t c = 0;
            for (; c + 16 <= channels; c += 16) {
                even += LW_LOAD(from + c) * LW_LOAD(tap + c);
                odd += LW_LOAD(from + c + 8) * LW_LOAD(tap + c + 8);
            }
            for (; c + 8 <= channels; c += 8) even += LW_LOAD(from + c) * LW_LOAD(tap + c);
            for (; c < channels; c++) rest += from[c] * tap[c];
        }
    }
    v8 sum = even + odd;
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7])) + rest;
}

LW_INLINE void collect_row(const float *image, int32_t height, int32_t width, int32_t channels, const float *w,
                           int32_t kh, int32_t kw, int32_t ph, int32_t pw, int32_t columns, int32_t y, int32_t step,
                           float *output) {
    const int32_t top = y - ph;
    const int32_t a0 = top < 0 ? -top : 0, a1 = top + kh > height ? height - top : kh;
    for (int32_t x = 0; x < columns; x++) {
        const int32_t left = x - pw;
        const int32_t b0 = left < 0 ? -left : 0, b1 = left + kw > width ? width - left : kw;
        // The common case with constants, so that its loops unroll.
        output[(size_t)x * step] = b0 == 0 && b1 == kw
            ? collect_pixel(image, width, channels, w, kw, top, left, a0, a1, 0, kw)
            : collect_pixel(image, width, channels, w, kw, top, left, a0, a1, b0, b1);
    }
}

LW_CLONES
void lw_collect(const float *image, int32_t height, int32_t width, int32_t channels, const float *w,
                int32_t kernel_height, int32_t kernel_width, int32_t padding_height, int32_t padding_width,
                int32_t columns, int32_t first, int32_t end, int32_t step, float *output) {
    for (int32_t y = first; y < end; y++) {
        float *row = output + (size_t)y * columns * step;
        if (channels == 16 && kernel_width == 3)
            collect_row(image, height, width, 16, w, kernel_height, 3, padding_height, padding_width, columns, y, step, row);
        else if (channels == 32 && kernel_width == 3)
            collect_row(image, height, width, 32, w, kernel_height, 3, padding_height, padding_width, columns, y, step, row);
        else
            collect_row(image, height, width, channels, w, kernel_height, kernel_width, padding_height, padding_width,
                        columns, y, step, row);
    }
}

/// Eight channels, one row of three taps: three sums in registers over the whole image.
LW_INLINE void tap_row(const float *plane, int32_t plane_width, const float *image, int32_t rows, int32_t columns,
                       int32_t channels, int32_t kw, float *dw) {
    int32_t b = 0;
    for (; b + 3 <= kw; b += 3) {
        v8 s0 = {}, s1 = {}, s2 = {};
        for (int32_t y = 0; y < rows; y++) {
            const float *p = plane + (size_t)y * plane_width + b;
            const float *g = image + (size_t)y * columns * channels;
            for (int32_t x = 0; x < columns; x++, g += channels) {
                v8 value = LW_LOAD(g);
                s0 += p[x] * value;
                s1 += p[x + 1] * value;
                s2 += p[x + 2] * value;
            }
        }
        LW_STORE(dw + (size_t)b * channels, LW_LOAD(dw + (size_t)b * channels) + s0);
        LW_STORE(dw + (size_t)(b + 1) * channels, LW_LOAD(dw + (size_t)(b + 1) * channels) + s1);
        LW_STORE(dw + (size_t)(b + 2) * channels, LW_LOAD(dw + (size_t)(b + 2) * channels) + s2);
    }
    for (; b < kw; b++) {
        v8 sum = {};
        for (int32_t y = 0; y < rows; y++) {
            const float *p = plane + (size_t)y * plane_width + b;
            const float *g = image + (size_t)y * columns * channels;
            for (int32_t x = 0; x < columns; x++, g += channels) sum += p[x] * LW_LOAD(g);
        }
        LW_STORE(dw + (size_t)b * channels, LW_LOAD(dw + (size_t)b * channels) + sum);
    }
}

/// Eight channels and the nine taps of a 3×3 kernel: all sums in registers over the whole image.
LW_INLINE void tap_square(const float *plane, size_t plane_width, const float *image, int32_t rows, int32_t columns,
                          size_t channels, float *dw) {
    v8 sums[9] = {};
    for (int32_t y = 0; y < rows; y++) {
        const float *p = plane + y * plane_width;
        const float *g = image + (size_t)y * columns * channels;
        for (int32_t x = 0; x < columns; x++, p++, g += channels) {
            const v8 value = LW_LOAD(g);
            for (int32_t tap = 0; tap < 9; tap++) sums[tap] += p[(tap / 3) * plane_width + tap % 3] * value;
        }
    }
    for (int32_t tap = 0; tap < 9; tap++) LW_STORE(dw + tap * channels, LW_LOAD(dw + tap * channels) + sums[tap]);
}

LW_CLONES
void lw_tap_gradients(const float *plane, int32_t plane_width, const float *image, int32_t rows, int32_t columns,
                      int32_t channels, int32_t kernel_height, int32_t kernel_width, float *dw) {
    int32_t whole = 0;  // channels that are done
    if (kernel_height == 3 && kernel_width == 3)
        for (; whole + 8 <= channels; whole += 8)
            tap_square(plane, plane_width, image + whole, rows, columns, channels, dw + whole);
    for (int32_t a = 0; a < kernel_height; a++) {
        const float *p = plane + (size_t)a * plane_width;
        float *row = dw + (size_t)a * kernel_width * channels;
        int32_t c = whole;
        for (; c + 8 <= channels; c += 8)
            tap_row(p, plane_width, image + c, rows, columns, channels, kernel_width, row + c);
        for (; c < channels; c++) {
            for (int32_t b = 0; b < kernel_width; b++) {
                float sum = 0;
                for (int32_t y = 0; y < rows; y++)
                    for (int32_t x = 0; x < columns; x++)
                        sum += p[(size_t)y * plane_width + x + b] * image[((size_t)y * columns + x) * channels + c];
                row[(size_t)b * channels + c] += sum;
            }
        }
    }
}
