// F(2×2, 3×3) (Winograd 1980; Lavin & Gray 2016): outputs in tiles of 2×2, each from a window of 4×4 inputs, in sixteen
// products instead of thirty-six: Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A with
//
//     Bᵀ = 1  0 −1  0     G = 1   0   0     Aᵀ = 1  1  1  0
//          0  1  1  0         ½   ½   ½          0  1 −1 −1
//          0 −1  1  0         ½  −½   ½
//          0  1  0 −1         0   0   1
//
// Over channels the sixteen places of ⊙ are a matrix product each. Every transform also runs transposed, backward.
#include "vector.h"

/// Four values through Bᵀ.
#define LW_FORWARD_INPUT(d0, d1, d2, d3, t0, t1, t2, t3) \
    t0 = d0 - d2; t1 = d1 + d2; t2 = d2 - d1; t3 = d1 - d3;
/// Four values through B.
#define LW_BACKWARD_INPUT(t0, t1, t2, t3, d0, d1, d2, d3) \
    d0 = t0; d1 = t1 - t2 + t3; d2 = t1 + t2 - t0; d3 = -t3;
/// Four values through Aᵀ.
#define LW_FORWARD_OUTPUT(m0, m1, m2, m3, y0, y1) \
    y0 = m0 + m1 + m2; y1 = m1 - m2 - m3;
/// Two values through A.
#define LW_BACKWARD_OUTPUT(y0, y1, m0, m1, m2, m3) \
    m0 = y0; m1 = y0 + y1; m2 = y0 - y1; m3 = -y1;

/// Eight channels of one window: its rows and columns `row` to `row_end` lie inside the image.
LW_INLINE void transform_window(const float *image, size_t row_length, size_t channels, int32_t a0, int32_t a1, int32_t b0,
                                int32_t b1, float *to, size_t plane) {
    v8 t[4][4];
    for (int32_t b = 0; b < 4; b++) {
        v8 d[4] = {};
        if (b >= b0 && b < b1)
            for (int32_t a = 0; a < 4; a++)
                if (a >= a0 && a < a1) d[a] = LW_LOAD(image + a * row_length + b * channels);
        LW_FORWARD_INPUT(d[0], d[1], d[2], d[3], t[0][b], t[1][b], t[2][b], t[3][b])
    }
    for (int32_t a = 0; a < 4; a++) {
        v8 v0, v1, v2, v3;
        LW_FORWARD_INPUT(t[a][0], t[a][1], t[a][2], t[a][3], v0, v1, v2, v3)
        LW_STORE(to + (4 * a) * plane, v0);
        LW_STORE(to + (4 * a + 1) * plane, v1);
        LW_STORE(to + (4 * a + 2) * plane, v2);
        LW_STORE(to + (4 * a + 3) * plane, v3);
    }
}

LW_CLONES
void lw_winograd_input(const float *image, const lw_tiling *tiling, int32_t first, int32_t end, float *planes, size_t plane) {
    const lw_tiling g = *tiling;
    const size_t channels = g.inputs, row_length = g.width * channels;
    for (int32_t row = first; row < end; row++) {
        const int32_t y = 2 * row - g.padding_height;
        int32_t a0, a1;
        lw_inside(y, 4, g.height, &a0, &a1);
        for (int32_t column = 0; column < g.columns; column++, planes += channels) {
            const int32_t x = 2 * column - g.padding_width;
            int32_t b0, b1;
            lw_inside(x, 4, g.width, &b0, &b1);
            const float *window = image + (ptrdiff_t)y * (ptrdiff_t)row_length + (ptrdiff_t)x * (ptrdiff_t)channels;
            if (a0 == 0 && a1 == 4 && b0 == 0 && b1 == 4)
                for (size_t c = 0; c < channels; c += 8)
                    transform_window(window + c, row_length, channels, 0, 4, 0, 4, planes + c, plane);
            else
                for (size_t c = 0; c < channels; c += 8)
                    transform_window(window + c, row_length, channels, a0, a1, b0, b1, planes + c, plane);
        }
    }
}

/// Adds the transpose of `transform_window` to the image.
LW_INLINE void restore_window(const float *from, size_t plane, int32_t a0, int32_t a1, int32_t b0, int32_t b1,
                              float *image, size_t row_length, size_t channels) {
    v8 t[4][4];
    for (int32_t a = 0; a < 4; a++) {
        const v8 v0 = LW_LOAD(from + (4 * a) * plane), v1 = LW_LOAD(from + (4 * a + 1) * plane);
        const v8 v2 = LW_LOAD(from + (4 * a + 2) * plane), v3 = LW_LOAD(from + (4 * a + 3) * plane);
        LW_BACKWARD_INPUT(v0, v1, v2, v3, t[a][0], t[a][1], t[a][2], t[a][3])
    }
    for (int32_t b = 0; b < 4; b++) {
        v8 d[4];
        LW_BACKWARD_INPUT(t[0][b], t[1][b], t[2][b], t[3][b], d[0], d[1], d[2], d[3])
        if (b < b0 || b >= b1) continue;
        for (int32_t a = 0; a < 4; a++) {
            if (a < a0 || a >= a1) continue;
            float *place = image + a * row_length + b * channels;
            LW_STORE(place, LW_LOAD(place) + d[a]);
        }
    }
}

LW_CLONES
void lw_winograd_input_backward(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                                float *image) {
    const lw_tiling g = *tiling;
    const size_t channels = g.inputs, row_length = g.width * channels;
    for (int32_t row = first; row < end; row++) {
        const int32_t y = 2 * row - g.padding_height;
        int32_t a0, a1;
        lw_inside(y, 4, g.height, &a0, &a1);
        for (int32_t column = 0; column < g.columns; column++, planes += channels) {
            const int32_t x = 2 * column - g.padding_width;
            int32_t b0, b1;
            lw_inside(x, 4, g.width, &b0, &b1);
            float *window = image + (ptrdiff_t)y * (ptrdiff_t)row_length + (ptrdiff_t)x * (ptrdiff_t)channels;
            if (a0 == 0 && a1 == 4 && b0 == 0 && b1 == 4)
                for (size_t c = 0; c < channels; c += 8)
                    restore_window(planes + c, plane, 0, 4, 0, 4, window + c, row_length, channels);
            else
                for (size_t c = 0; c < channels; c += 8)
                    restore_window(planes + c, plane, a0, a1, b0, b1, window + c, row_length, channels);
        }
    }
}

/// Eight channels of a tile of outputs.
#define LW_TILE_OF_OUTPUTS(from, plane, y00, y01, y10, y11)                                        \
    v8 y00, y01, y10, y11;                                                                         \
    {                                                                                              \
        v8 s0[4], s1[4];                                                                           \
        for (int32_t b = 0; b < 4; b++) {                                                          \
            const v8 m0 = LW_LOAD((from) + b * (plane)), m1 = LW_LOAD((from) + (4 + b) * (plane)); \
            const v8 m2 = LW_LOAD((from) + (8 + b) * (plane)), m3 = LW_LOAD((from) + (12 + b) * (plane)); \
            LW_FORWARD_OUTPUT(m0, m1, m2, m3, s0[b], s1[b])                                        \
        }                                                                                          \
        LW_FORWARD_OUTPUT(s0[0], s0[1], s0[2], s0[3], y00, y01)                                    \
        LW_FORWARD_OUTPUT(s1[0], s1[1], s1[2], s1[3], y10, y11)                                    \
    }

LW_CLONES
void lw_winograd_output(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                        float *output) {
    const lw_tiling g = *tiling;
    const size_t channels = g.outputs, row_length = g.output_width * channels;
    for (int32_t row = first; row < end; row++) {
        const int is_whole_row = 2 * row + 1 < g.output_height;
        for (int32_t column = 0; column < g.columns; column++, planes += channels) {
            const int is_whole_column = 2 * column + 1 < g.output_width;
            float *target = output + 2 * row * row_length + 2 * column * channels;
            for (size_t c = 0; c < channels; c += 8) {
                LW_TILE_OF_OUTPUTS(planes + c, plane, y00, y01, y10, y11)
                LW_STORE(target + c, y00);
                if (is_whole_column) LW_STORE(target + channels + c, y01);
                if (is_whole_row) LW_STORE(target + row_length + c, y10);
                if (is_whole_row && is_whole_column) LW_STORE(target + row_length + channels + c, y11);
            }
        }
    }
}

LW_CLONES
void lw_winograd_output_pooled(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                               float *pooled, uint8_t *index) {
    const lw_tiling g = *tiling;
    const size_t channels = g.outputs;
    size_t output = (size_t)first * g.columns * channels;
    for (size_t c = 0; c < (size_t)(end - first) * g.columns * channels; c += 8) {
        LW_TILE_OF_OUTPUTS(planes + c, plane, y00, y01, y10, y11)
        v8 best = y00;
        v8i place = {};
        LW_TAKE_LARGER(best, place, y01, 1)
        LW_TAKE_LARGER(best, place, y10, 2)
        LW_TAKE_LARGER(best, place, y11, 3)
        LW_STORE(pooled + output + c, best);
        if (index) LW_STORE_PLACES(index + output + c, place);
    }
}

/// Eight channels of a tile's gradient, spread to the sixteen places.
#define LW_SPREAD_TILE(y00, y01, y10, y11, to, plane)                             \
    {                                                                             \
        v8 s0[4], s1[4];                                                          \
        LW_BACKWARD_OUTPUT(y00, y10, s0[0], s0[1], s0[2], s0[3])                  \
        LW_BACKWARD_OUTPUT(y01, y11, s1[0], s1[1], s1[2], s1[3])                  \
        for (int32_t a = 0; a < 4; a++) {                                         \
            v8 m0, m1, m2, m3;                                                    \
            LW_BACKWARD_OUTPUT(s0[a], s1[a], m0, m1, m2, m3)                      \
            LW_STORE((to) + (4 * a) * (plane), m0);                               \
            LW_STORE((to) + (4 * a + 1) * (plane), m1);                           \
            LW_STORE((to) + (4 * a + 2) * (plane), m2);                           \
            LW_STORE((to) + (4 * a + 3) * (plane), m3);                           \
        }                                                                         \
    }

LW_CLONES
void lw_winograd_output_backward(const float *output_gradient, const lw_tiling *tiling, int32_t first, int32_t end,
                                 float *planes, size_t plane) {
    const lw_tiling g = *tiling;
    const size_t channels = g.outputs, row_length = g.output_width * channels;
    for (int32_t row = first; row < end; row++) {
        const int is_whole_row = 2 * row + 1 < g.output_height;
        for (int32_t column = 0; column < g.columns; column++, planes += channels) {
            const int is_whole_column = 2 * column + 1 < g.output_width;
            const float *from = output_gradient + 2 * row * row_length + 2 * column * channels;
            for (size_t c = 0; c < channels; c += 8) {
                v8 y00 = LW_LOAD(from + c), y01 = {}, y10 = {}, y11 = {};
                if (is_whole_column) y01 = LW_LOAD(from + channels + c);
                if (is_whole_row) y10 = LW_LOAD(from + row_length + c);
                if (is_whole_row && is_whole_column) y11 = LW_LOAD(from + row_length + channels + c);
                LW_SPREAD_TILE(y00, y01, y10, y11, planes + c, plane)
            }
        }
    }
}

LW_CLONES
void lw_winograd_output_pooled_backward(const float *pooled_gradient, const uint8_t *index, const lw_tiling *tiling,
                                        int32_t first, int32_t end, float *planes, size_t plane) {
    const lw_tiling g = *tiling;
    const size_t channels = g.outputs;
    const size_t output = (size_t)first * g.columns * channels;
    for (size_t c = 0; c < (size_t)(end - first) * g.columns * channels; c += 8) {
        const v8i gradient = (v8i)LW_LOAD(pooled_gradient + output + c);
        const v8i place = LW_LOAD_PLACES(index + output + c);
        const v8 y00 = (v8)((place == 0) & gradient), y01 = (v8)((place == 1) & gradient);
        const v8 y10 = (v8)((place == 2) & gradient), y11 = (v8)((place == 3) & gradient);
        LW_SPREAD_TILE(y00, y01, y10, y11, planes + c, plane)
    }
}

/// Three values through G.
#define LW_FORWARD_WEIGHT(g0, g1, g2, u0, u1, u2, u3) \
    u0 = g0; u1 = 0.5f * (g0 + g1 + g2); u2 = 0.5f * (g0 - g1 + g2); u3 = g2;
/// Four values through Gᵀ.
#define LW_BACKWARD_WEIGHT(u0, u1, u2, u3, g0, g1, g2) \
    g0 = u0 + 0.5f * (u1 + u2); g1 = 0.5f * (u1 - u2); g2 = 0.5f * (u1 + u2) + u3;

LW_CLONES
void lw_winograd_weight(const float *restrict weight, size_t count, float *restrict planes) {
    for (size_t i = 0; i < count; i++) {
        float t[4][3];
        for (size_t b = 0; b < 3; b++) {
            LW_FORWARD_WEIGHT(weight[b * count + i], weight[(3 + b) * count + i], weight[(6 + b) * count + i], t[0][b],
                              t[1][b], t[2][b], t[3][b])
        }
        for (size_t a = 0; a < 4; a++) {
            float *to = planes + 4 * a * count + i;
            LW_FORWARD_WEIGHT(t[a][0], t[a][1], t[a][2], to[0], to[count], to[2 * count], to[3 * count])
        }
    }
}

LW_CLONES
void lw_winograd_weight_backward(const float *restrict planes, size_t count, float *restrict gradient) {
    for (size_t i = 0; i < count; i++) {
        float t[3][4];
        for (size_t b = 0; b < 4; b++) {
            const float *from = planes + b * count + i;
            LW_BACKWARD_WEIGHT(from[0], from[4 * count], from[8 * count], from[12 * count], t[0][b], t[1][b], t[2][b])
        }
        for (size_t a = 0; a < 3; a++) {
            float g0, g1, g2;
            LW_BACKWARD_WEIGHT(t[a][0], t[a][1], t[a][2], t[a][3], g0, g1, g2)
            float *to = gradient + 3 * a * count + i;
            to[0] += g0;
            to[count] += g1;
            to[2 * count] += g2;
        }
    }
}
