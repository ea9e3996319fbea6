// Convolutions in tiles of 4×4 outputs with few products, for values alone: they round a bit or some more than plain sums.
//
// F(4×4, 3×3) (Winograd 1980; Lavin & Gray 2016), a 3×3 convolution of stride 1: each tile from a window of 6×6 inputs, in
// 36 products instead of 144. At the points 0, ±1, ±2 and infinity:
//
//     Bᵀ = 4  0 −5  0  1  0     G =  ¼     0    0      Aᵀ = 1  1  1  1  1  0
//          0 −4 −4  1  1  0         −1/6  −1/6 −1/6         0  1 −1  2 −2  0
//          0  4 −4 −1  1  0         −1/6   1/6 −1/6         0  1  1  4  4  0
//          0 −2 −1  2  1  0          1/24  1/12 1/6         0  1 −1  8 −8  1
//          0  2 −1 −2  1  0          1/24 −1/12 1/6
//          0  4  0 −5  0  1          0     0    1
//
// Doubling, a transposed 4×4 convolution of stride 2 and padding 1: each tile from a window of 4×4 inputs, in 36 products
// instead of 64. Along an axis the even outputs are a convolution of two taps and the odd ones another,
// y₀ = w₃x₋₁ + w₁x₀ and y₁ = w₂x₀ + w₀x₁. Of each, two outputs take three products, F(2, 2): with y = a u₀ + b u₁ and
// y′ = a u₁ + b u₂ they are m₁ + m₂ and m₂ − m₃, where m₁ = a (u₀ − u₁), m₂ = (a + b) u₁, m₃ = b (u₁ − u₂). Both share
// x₀ − x₁, so that five transformed inputs serve six products.
#include "vector.h"

/// Six values through Bᵀ.
#define LW_FORWARD_INPUT(d0, d1, d2, d3, d4, d5, t0, t1, t2, t3, t4, t5)          \
    {                                                                             \
        const v8 even = d4 - 4 * d2, odd = d3 - 4 * d1, e = d4 - d2, o = 2 * (d3 - d1); \
        t0 = 4 * d0 - 5 * d2 + d4; t1 = even + odd; t2 = even - odd;              \
        t3 = e + o; t4 = e - o; t5 = 4 * d1 - 5 * d3 + d5;                        \
    }
/// Six values through Aᵀ.
#define LW_FORWARD_OUTPUT(m0, m1, m2, m3, m4, m5, y0, y1, y2, y3)                 \
    {                                                                             \
        const v8 sum = m1 + m2, dif = m1 - m2, far = m3 + m4, off = m3 - m4;      \
        y0 = m0 + sum + far; y1 = dif + 2 * off; y2 = sum + 4 * far; y3 = dif + 8 * off + m5; \
    }

/// Four values as the five that are multiplied.
#define LW_FORWARD_DOUBLING_INPUT(d0, d1, d2, d3, t0, t1, t2, t3, t4) \
    { t0 = d0 - d1; t1 = d1; t2 = d1 - d2; t3 = d2; t4 = d2 - d3; }
/// Six products as four values: two of the even outputs' convolution and two of the odd ones', in turns.
#define LW_FORWARD_DOUBLING_OUTPUT(m0, m1, m2, m3, m4, m5, y0, y1, y2, y3) \
    { y0 = m0 + m1; y1 = m3 + m4; y2 = m1 - m2; y3 = m4 - m5; }

/// Eight channels of column b of a window of `side` rows, of which the rows a0 to a1 and columns b0 to b1 lie inside the image.
LW_INLINE void load_column(const float *image, size_t row_length, size_t channels, int32_t side, int32_t a0, int32_t a1,
                           int32_t b0, int32_t b1, int32_t b, v8 *d) {
    for (int32_t a = 0; a < side; a++) d[a] = (v8){};
    if (b < b0 || b >= b1) return;
    for (int32_t a = 0; a < side; a++)
        if (a >= a0 && a < a1) d[a] = LW_LOAD(image + a * row_length + b * channels);
}

/// Eight channels of a window of 6×6 inputs.
LW_INLINE void transform_large(const float *image, size_t row_length, size_t channels, int32_t a0, int32_t a1, int32_t b0,
                               int32_t b1, float *to, size_t plane) {
    v8 t[6][6];
    for (int32_t b = 0; b < 6; b++) {
        v8 d[6];
        load_column(image, row_length, channels, 6, a0, a1, b0, b1, b, d);
        LW_FORWARD_INPUT(d[0], d[1], d[2], d[3], d[4], d[5], t[0][b], t[1][b], t[2][b], t[3][b], t[4][b], t[5][b])
    }
    for (int32_t a = 0; a < 6; a++) {
        v8 v[6];
        LW_FORWARD_INPUT(t[a][0], t[a][1], t[a][2], t[a][3], t[a][4], t[a][5], v[0], v[1], v[2], v[3], v[4], v[5])
        for (int32_t b = 0; b < 6; b++, to += plane) LW_STORE(to, v[b]);
    }
}

/// Eight channels of a window of 4×4 inputs.
LW_INLINE void transform_doubling(const float *image, size_t row_length, size_t channels, int32_t a0, int32_t a1,
                                  int32_t b0, int32_t b1, float *to, size_t plane) {
    v8 t[5][4];
    for (int32_t b = 0; b < 4; b++) {
        v8 d[4];
        load_column(image, row_length, channels, 4, a0, a1, b0, b1, b, d);
        LW_FORWARD_DOUBLING_INPUT(d[0], d[1], d[2], d[3], t[0][b], t[1][b], t[2][b], t[3][b], t[4][b])
    }
    for (int32_t a = 0; a < 5; a++) {
        v8 v[5];
        LW_FORWARD_DOUBLING_INPUT(t[a][0], t[a][1], t[a][2], t[a][3], v[0], v[1], v[2], v[3], v[4])
        for (int32_t b = 0; b < 5; b++, to += plane) LW_STORE(to, v[b]);
    }
}

/// All channels of some tiles' windows, which have `side` rows and columns and begin `step` apart.
LW_INLINE void transform_windows(const float *image, const lw_tiling *tiling, int32_t step, int32_t side, int32_t first,
                                 int32_t end, float *planes, size_t plane) {
    const lw_tiling g = *tiling;
    const size_t channels = g.inputs, row_length = g.width * channels;
    for (int32_t tile = first; tile < end; tile++, planes += channels) {
        const int32_t y = step * (tile / g.columns) - g.padding_height, x = step * (tile % g.columns) - g.padding_width;
        int32_t a0, a1, b0, b1;
        lw_inside(y, side, g.height, &a0, &a1);
        lw_inside(x, side, g.width, &b0, &b1);
        const float *window = image + (ptrdiff_t)y * (ptrdiff_t)row_length + (ptrdiff_t)x * (ptrdiff_t)channels;
        const int is_whole = a0 == 0 && a1 == side && b0 == 0 && b1 == side;
        for (size_t c = 0; c < channels; c += 8) {
            if (side == 6) {
                if (is_whole) transform_large(window + c, row_length, channels, 0, 6, 0, 6, planes + c, plane);
                else transform_large(window + c, row_length, channels, a0, a1, b0, b1, planes + c, plane);
            } else {
                if (is_whole) transform_doubling(window + c, row_length, channels, 0, 4, 0, 4, planes + c, plane);
                else transform_doubling(window + c, row_length, channels, a0, a1, b0, b1, planes + c, plane);
            }
        }
    }
}

LW_CLONES
void lw_large_tiles_input(const float *image, const lw_tiling *tiling, int32_t first, int32_t end, float *planes, size_t plane) {
    transform_windows(image, tiling, 4, 6, first, end, planes, plane);
}

LW_CLONES
void lw_doubling_input(const float *image, const lw_tiling *tiling, int32_t first, int32_t end, float *planes, size_t plane) {
    transform_windows(image, tiling, 2, 4, first, end, planes, plane);
}

/// Eight channels of a tile of outputs, of which `height` rows and `width` columns are wanted.
LW_INLINE void restore_tile(const float *from, size_t plane, int is_doubling, const float *bias, int32_t height,
                            int32_t width, lw_activation f, float slope, float *target, size_t row_length, size_t channels) {
    const v8 offset = LW_LOAD(bias);
    v8 s[4][6];
    for (int32_t b = 0; b < 6; b++, from += plane) {
        const v8 m0 = LW_LOAD(from), m1 = LW_LOAD(from + 6 * plane), m2 = LW_LOAD(from + 12 * plane);
        const v8 m3 = LW_LOAD(from + 18 * plane), m4 = LW_LOAD(from + 24 * plane), m5 = LW_LOAD(from + 30 * plane);
        if (is_doubling) LW_FORWARD_DOUBLING_OUTPUT(m0, m1, m2, m3, m4, m5, s[0][b], s[1][b], s[2][b], s[3][b])
        else LW_FORWARD_OUTPUT(m0, m1, m2, m3, m4, m5, s[0][b], s[1][b], s[2][b], s[3][b])
    }
    for (int32_t a = 0; a < height; a++) {
        v8 y[4];
        const v8 *m = s[a];
        if (is_doubling) LW_FORWARD_DOUBLING_OUTPUT(m[0], m[1], m[2], m[3], m[4], m[5], y[0], y[1], y[2], y[3])
        else LW_FORWARD_OUTPUT(m[0], m[1], m[2], m[3], m[4], m[5], y[0], y[1], y[2], y[3])
        for (int32_t b = 0; b < width; b++) {
            v8 value = y[b] + offset;
            for (int32_t lane = 0; lane < 8; lane++) value[lane] = lw_apply(value[lane], f, slope);
            LW_STORE(target + a * row_length + b * channels, value);
        }
    }
}

/// All channels of some tiles.
LW_INLINE void restore_tiles(const float *planes, size_t plane, int is_doubling, const lw_tiling *tiling, int32_t first,
                             int32_t end, const float *bias, lw_activation f, float slope, float *output) {
    const lw_tiling g = *tiling;
    const size_t channels = g.outputs, row_length = g.output_width * channels;
    const float none[8] = {};
    for (int32_t tile = first; tile < end; tile++, planes += channels) {
        const int32_t y = 4 * (tile / g.columns), x = 4 * (tile % g.columns);
        const int32_t height = g.output_height - y < 4 ? g.output_height - y : 4;
        const int32_t width = g.output_width - x < 4 ? g.output_width - x : 4;
        float *target = output + y * row_length + x * channels;
        for (size_t c = 0; c < channels; c += 8) {
            const float *b = bias ? bias + c : none;
            if (height == 4 && width == 4)
                restore_tile(planes + c, plane, is_doubling, b, 4, 4, f, slope, target + c, row_length, channels);
            else
                restore_tile(planes + c, plane, is_doubling, b, height, width, f, slope, target + c, row_length, channels);
        }
    }
}

LW_CLONES
void lw_large_tiles_output(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                           const float *bias, lw_activation function, float slope, float *output) {
    LW_FOR_EACH_ACTIVATION(function, { restore_tiles(planes, plane, 0, tiling, first, end, bias, f, slope, output); })
}

LW_CLONES
void lw_doubling_output(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                        const float *bias, lw_activation function, float slope, float *output) {
    LW_FOR_EACH_ACTIVATION(function, { restore_tiles(planes, plane, 1, tiling, first, end, bias, f, slope, output); })
}

/// Three values through G.
#define LW_FORWARD_WEIGHT(g0, g1, g2, u0, u1, u2, u3, u4, u5)                     \
    {                                                                             \
        const float e = (g0 + g2) / 6, o = g1 / 6, q = g0 / 24 + g2 / 6, h = g1 / 12; \
        u0 = g0 / 4; u1 = -e - o; u2 = o - e; u3 = q + h; u4 = q - h; u5 = g2;    \
    }

void lw_large_tiles_weight(const float *restrict weight, size_t count, float *restrict planes) {
    for (size_t i = 0; i < count; i++) {
        float t[6][3];
        for (size_t b = 0; b < 3; b++)
            LW_FORWARD_WEIGHT(weight[b * count + i], weight[(3 + b) * count + i], weight[(6 + b) * count + i], t[0][b],
                              t[1][b], t[2][b], t[3][b], t[4][b], t[5][b])
        for (size_t a = 0; a < 6; a++) {
            float *to = planes + 6 * a * count + i;
            LW_FORWARD_WEIGHT(t[a][0], t[a][1], t[a][2], to[0], to[count], to[2 * count], to[3 * count], to[4 * count],
                              to[5 * count])
        }
    }
}

/// The weights of four taps for the six products.
#define LW_FORWARD_DOUBLING_WEIGHT(w0, w1, w2, w3, u0, u1, u2, u3, u4, u5) \
    { u0 = w3; u1 = w3 + w1; u2 = w1; u3 = w2; u4 = w2 + w0; u5 = w0; }

void lw_doubling_weight(const float *restrict weight, size_t count, float *restrict planes) {
    for (size_t i = 0; i < count; i++) {
        float t[6][4];
        for (size_t b = 0; b < 4; b++)
            LW_FORWARD_DOUBLING_WEIGHT(weight[b * count + i], weight[(4 + b) * count + i], weight[(8 + b) * count + i],
                                       weight[(12 + b) * count + i], t[0][b], t[1][b], t[2][b], t[3][b], t[4][b], t[5][b])
        for (size_t a = 0; a < 6; a++) {
            float *to = planes + 6 * a * count + i;
            LW_FORWARD_DOUBLING_WEIGHT(t[a][0], t[a][1], t[a][2], t[a][3], to[0], to[count], to[2 * count], to[3 * count],
                                       to[4 * count], to[5 * count])
        }
    }
}
