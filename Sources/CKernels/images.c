#include "vector.h"

/// arctan t for 0 ≤ t ≤ 1: above tan π/8 it is π/4 more than that of (t − 1)/(t + 1), and a polynomial does the rest.
LW_INLINE float arctangent(float t) {
    const int large = t > 0.4142135624f;
    float r = large ? (t - 1.0f) / (t + 1.0f) : t;
    float z = r * r;
    float p = 8.05374449538e-2f;
    p = p * z - 1.38776856032e-1f;
    p = p * z + 1.99777106478e-1f;
    p = p * z - 3.33329491539e-1f;
    float angle = p * z * r + r;
    return large ? angle + 0.7853981634f : angle;
}

LW_CLONES
void lw_angles(float *restrict x, float *restrict slopes, size_t count) {
    if (slopes) {
        for (size_t i = 0; i < count; i++) {
            float root = lw_exp(-0.5f * (x[i] < 0 ? -x[i] : x[i]));
            slopes[i] = root / (1.0f + root * root);
        }
    }
    for (size_t i = 0; i < count; i++) {
        float angle = 2.0f * arctangent(lw_exp(-0.5f * (x[i] < 0 ? -x[i] : x[i])));
        x[i] = x[i] < 0 ? angle : 3.1415926536f - angle;
    }
}

LW_CLONES
void lw_mix_four(const float *a, const float *b, const float *c, const float *d, const float weights[4],
                 float *restrict y, size_t count) {
    const float p = weights[0], q = weights[1], r = weights[2], s = weights[3];
    for (size_t i = 0; i < count; i++) y[i] = p * a[i] + q * b[i] + r * c[i] + s * d[i];
}

LW_CLONES
void lw_cell_sides(const float *a, const float *b, const float *c, const float *d, size_t count, float products[3]) {
    v8 uu = {}, uv = {}, vv = {};
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const v8 low = LW_LOAD(b + i) - LW_LOAD(a + i), high = LW_LOAD(d + i) - LW_LOAD(c + i);
        const v8 left = LW_LOAD(c + i) - LW_LOAD(a + i), right = LW_LOAD(d + i) - LW_LOAD(b + i);
        uu += low * low + high * high;
        uv += (low + high) * (left + right);
        vv += left * left + right * right;
    }
    float u = LW_SUM(uu), w = LW_SUM(uv), v = LW_SUM(vv);
    for (; i < count; i++) {
        const float low = b[i] - a[i], high = d[i] - c[i], left = c[i] - a[i], right = d[i] - b[i];
        u += low * low + high * high;
        w += (low + high) * (left + right);
        v += left * left + right * right;
    }
    products[0] = u / 2;
    products[1] = w / 4;
    products[2] = v / 2;
}
