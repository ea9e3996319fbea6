// Convolutions to very few channels: the image is turned into planes, so that lanes are pixels and each multiplication
// makes a part of eight outputs.
#include "vector.h"

/// Eight channels of eight pixels, turned around.
LW_INLINE void turn_eight(const float *from, size_t step, float *to, size_t plane) {
    v8 r[8], s[8];
    for (int i = 0; i < 8; i++) r[i] = LW_LOAD(from + i * step);
    for (int i = 0; i < 8; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i = 0; i < 8; i += 4) {
        for (int j = 0; j < 2; j++) {
            r[i + j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            r[i + j + 2] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (int i = 0; i < 4; i++) {
        LW_STORE(to + i * plane, __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11));
        LW_STORE(to + (i + 4) * plane, __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15));
    }
}

LW_CLONES
void lw_to_planes(const float *image, int32_t height, int32_t width, int32_t channels, int32_t first, int32_t end,
                  int32_t left, int32_t pitch, float *planes, size_t plane) {
    for (int32_t y = first; y < end; y++, planes += pitch) {
        const int is_inside = y >= 0 && y < height;
        const float *row = image + (ptrdiff_t)y * width * channels;
        for (int32_t c = 0; c < channels; c++) {
            float *to = planes + c * plane;
            if (!is_inside) {
                memset(to, 0, pitch * sizeof(float));
                continue;
            }
            for (int32_t x = 0; x < left; x++) to[x] = 0;
            for (int32_t x = left + width; x < pitch; x++) to[x] = 0;
        }
        if (!is_inside) continue;
        for (int32_t c = 0; c < channels; c += 8) {
            int32_t x = 0;
            float *to = planes + c * plane + left;
            if (c + 8 <= channels)
                for (; x + 8 <= width; x += 8) turn_eight(row + (size_t)x * channels + c, channels, to + x, plane);
            const int32_t count = channels - c < 8 ? channels - c : 8;
            for (; x < width; x++)
                for (int32_t i = 0; i < count; i++) to[i * plane + x] = row[(size_t)x * channels + c + i];
        }
    }
}

/// `vectors` times eight neighboring pixels of `few` outputs.
LW_INLINE void collect_block(const int32_t few, const int32_t vectors, const float *planes, size_t plane, int32_t channels,
                             const int32_t *offsets, int32_t taps, const float *w, float *raw, size_t raw_plane) {
    v8 sums[12] = {};
    for (int32_t c = 0; c < channels; c++, planes += plane) {
        for (int32_t t = 0; t < taps; t++, w += few) {
            const float *from = planes + offsets[t];
            v8 weights[4];
            for (int32_t n = 0; n < few; n++) weights[n] = (v8){} + w[n];
            for (int32_t v = 0; v < vectors; v++) {
                const v8 x = LW_LOAD(from + 8 * v);
                for (int32_t n = 0; n < few; n++) sums[n * vectors + v] += weights[n] * x;
            }
        }
    }
    for (int32_t n = 0; n < few; n++)
        for (int32_t v = 0; v < vectors; v++) LW_STORE(raw + n * raw_plane + 8 * v, sums[n * vectors + v]);
}

LW_CLONES
void lw_collect_planes(const float *planes, size_t plane, int32_t channels, const int32_t *offsets, int32_t taps,
                       const float *w, int32_t few, int32_t count, float *raw, size_t raw_plane) {
#define LW_COLLECT(FEW, VECTORS)                                                                                  \
    for (int32_t i = 0; i < count; i += 8 * VECTORS)                                                              \
        collect_block(FEW, VECTORS, planes + i, plane, channels, offsets, taps, w, raw + i, raw_plane);
    switch (few) {
    case 1: LW_COLLECT(1, 8) break;
    case 2: LW_COLLECT(2, 6) break;
    case 3: LW_COLLECT(3, 4) break;
    default: LW_COLLECT(4, 3) break;
    }
}

LW_CLONES
void lw_finish_planes(const float *const *rows, int32_t steps, int32_t count, float bias, lw_activation function,
                      float slope, size_t step, float *output) {
    float line[256];
    for (int32_t first = 0; first < count; first += 256) {
        const int32_t length = count - first < 256 ? count - first : 256;
        float *restrict to = step == 1 ? output + first : line;
        if (steps == 1) {
            for (int32_t x = 0; x < length; x++) to[x] = rows[0][first + x];
        } else if (steps == 2) {
            const float *restrict even = rows[0] + first / 2, *restrict odd = rows[1] + first / 2;
            for (int32_t i = 0; i < length / 2; i++) {
                to[2 * i] = even[i];
                to[2 * i + 1] = odd[i];
            }
            if (length % 2) to[length - 1] = even[length / 2];
        } else {
            for (int32_t x = 0; x < length; x++) to[x] = rows[(first + x) % steps][(first + x) / steps];
        }
        LW_FOR_EACH_ACTIVATION(function, { for (int32_t x = 0; x < length; x++) to[x] = lw_apply(to[x] + bias, f, slope); })
        if (step != 1)
            for (int32_t x = 0; x < length; x++) output[(size_t)(first + x) * step] = line[x];
    }
}
