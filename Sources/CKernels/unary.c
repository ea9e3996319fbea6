#include "vector.h"
#include <math.h>

// Elementwise functions beyond those that stages apply to their own results, each with its derivative. `a` and `b` are
// the function's numbers.

#define SELU_SCALE 1.0507009873554805f
#define SELU_ALPHA 1.6732632423543772f
#define SQRT_HALF 0.70710678f
#define SQRT_TWO_OVER_PI 0.79788456f
#define GELU_CUBIC 0.044715f

LW_INLINE float clamped(float x, float low, float high) { return x < low ? low : (x > high ? high : x); }

/// The standard normal's distribution function.
LW_INLINE float normal_below(float x) { return 0.5f * erfcf(-x * SQRT_HALF); }

/// tanh(log(1 + eˣ)).
LW_INLINE float mish_gate(float x) { return lw_tanh(lw_softplus(x)); }

LW_INLINE float gelu_tanh_argument(float x) { return SQRT_TWO_OVER_PI * (x + GELU_CUBIC * x * x * x); }

LW_INLINE float value_of(float x, lw_unary_function function, float a, float b) {
    switch (function) {
    case LW_UNARY_RELU: return x > 0 ? x : 0.0f;
    case LW_UNARY_LEAKY_RELU: return x > 0 ? x : a * x;
    case LW_UNARY_SILU: return x * lw_sigmoid(x);
    case LW_UNARY_TANH: return lw_tanh(x);
    case LW_UNARY_SIGMOID: return lw_sigmoid(x);
    case LW_UNARY_SOFTPLUS: return a * x > b ? x : lw_softplus(a * x) / a;
    case LW_UNARY_GELU: return x * normal_below(x);
    case LW_UNARY_GELU_TANH: return 0.5f * x * (1.0f + lw_tanh(gelu_tanh_argument(x)));
    case LW_UNARY_ELU: return x > 0 ? x : a * expm1f(x);
    case LW_UNARY_SELU: return SELU_SCALE * (x > 0 ? x : SELU_ALPHA * expm1f(x));
    case LW_UNARY_CELU: return x > 0 ? x : a * expm1f(x / a);
    case LW_UNARY_MISH: return x * mish_gate(x);
    case LW_UNARY_HARD_SIGMOID: return clamped(x / 6.0f + 0.5f, 0.0f, 1.0f);
    case LW_UNARY_HARD_SWISH: return x * clamped(x / 6.0f + 0.5f, 0.0f, 1.0f);
    case LW_UNARY_HARD_TANH: case LW_UNARY_CLAMP: return clamped(x, a, b);
    case LW_UNARY_RELU6: return clamped(x, 0.0f, 6.0f);
    case LW_UNARY_SOFTSIGN: return x / (1.0f + fabsf(x));
    case LW_UNARY_LOG_SIGMOID: return -lw_softplus(-x);
    case LW_UNARY_EXP: return expf(x);
    case LW_UNARY_LOG: return logf(x);
    case LW_UNARY_SQRT: return sqrtf(x);
    case LW_UNARY_RECIPROCAL: return 1.0f / x;
    case LW_UNARY_ABS: return fabsf(x);
    case LW_UNARY_NEG: return -x;
    case LW_UNARY_ERF: return erff(x);
    case LW_UNARY_SIN: return sinf(x);
    case LW_UNARY_COS: return cosf(x);
    case LW_UNARY_SIGN: return x > 0 ? 1.0f : (x < 0 ? -1.0f : x);
    case LW_UNARY_ROUND: return rintf(x);
    case LW_UNARY_FLOOR: return floorf(x);
    case LW_UNARY_CEIL: return ceilf(x);
    case LW_UNARY_TRUNC: return truncf(x);
    }
    return x;
}

LW_INLINE float slope_of(float x, lw_unary_function function, float a, float b) {
    switch (function) {
    case LW_UNARY_RELU: return x > 0 ? 1.0f : 0.0f;
    case LW_UNARY_LEAKY_RELU: return x > 0 ? 1.0f : a;
    case LW_UNARY_SILU: { float s = lw_sigmoid(x); return s * (1.0f + x * (1.0f - s)); }
    case LW_UNARY_TANH: { float y = lw_tanh(x); return 1.0f - y * y; }
    case LW_UNARY_SIGMOID: { float s = lw_sigmoid(x); return s * (1.0f - s); }
    case LW_UNARY_SOFTPLUS: return a * x > b ? 1.0f : lw_sigmoid(a * x);
    case LW_UNARY_GELU: return normal_below(x) + x * 0.39894228f * expf(-0.5f * x * x);
    case LW_UNARY_GELU_TANH: {
        float t = lw_tanh(gelu_tanh_argument(x));
        float inner = SQRT_TWO_OVER_PI * (1.0f + 3.0f * GELU_CUBIC * x * x);
        return 0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * inner;
    }
    case LW_UNARY_ELU: return x > 0 ? 1.0f : a * expf(x);
    case LW_UNARY_SELU: return SELU_SCALE * (x > 0 ? 1.0f : SELU_ALPHA * expf(x));
    case LW_UNARY_CELU: return x > 0 ? 1.0f : expf(x / a);
    case LW_UNARY_MISH: {
        float t = mish_gate(x);
        return t + x * (1.0f - t * t) * lw_sigmoid(x);
    }
    case LW_UNARY_HARD_SIGMOID: return x > -3 && x < 3 ? 1.0f / 6.0f : 0.0f;
    case LW_UNARY_HARD_SWISH: return x <= -3 ? 0.0f : (x >= 3 ? 1.0f : x / 3.0f + 0.5f);
    case LW_UNARY_HARD_TANH: return x > a && x < b ? 1.0f : 0.0f;
    case LW_UNARY_CLAMP: return x >= a && x <= b ? 1.0f : 0.0f;
    case LW_UNARY_RELU6: return x > 0 && x < 6 ? 1.0f : 0.0f;
    case LW_UNARY_SOFTSIGN: { float d = 1.0f + fabsf(x); return 1.0f / (d * d); }
    case LW_UNARY_LOG_SIGMOID: return lw_sigmoid(-x);
    case LW_UNARY_EXP: return expf(x);
    case LW_UNARY_LOG: return 1.0f / x;
    case LW_UNARY_SQRT: return 0.5f / sqrtf(x);
    case LW_UNARY_RECIPROCAL: return -1.0f / (x * x);
    case LW_UNARY_ABS: return x > 0 ? 1.0f : (x < 0 ? -1.0f : 0.0f);
    case LW_UNARY_NEG: return -1.0f;
    case LW_UNARY_ERF: return 1.12837917f * expf(-x * x);
    case LW_UNARY_SIN: return cosf(x);
    case LW_UNARY_COS: return -sinf(x);
    case LW_UNARY_SIGN: case LW_UNARY_ROUND: case LW_UNARY_FLOOR: case LW_UNARY_CEIL: case LW_UNARY_TRUNC: return 0.0f;
    }
    return 1.0f;
}

// The functions that are built of the polynomials above vectorize once each loop knows its function.
#define FOR_FUNCTION(name, BODY) case name: { enum { f = name }; BODY } break;
#define FOR_EACH_QUICK_FUNCTION(BODY)                                                                          \
    FOR_FUNCTION(LW_UNARY_RELU, BODY) FOR_FUNCTION(LW_UNARY_SILU, BODY) FOR_FUNCTION(LW_UNARY_TANH, BODY)      \
    FOR_FUNCTION(LW_UNARY_SIGMOID, BODY) FOR_FUNCTION(LW_UNARY_GELU_TANH, BODY) FOR_FUNCTION(LW_UNARY_MISH, BODY) \
    FOR_FUNCTION(LW_UNARY_HARD_SWISH, BODY) FOR_FUNCTION(LW_UNARY_CLAMP, BODY) FOR_FUNCTION(LW_UNARY_NEG, BODY)

LW_CLONES
void lw_unary(const float *x, float *y, size_t count, lw_unary_function function, float a, float b) {
    switch (function) {
        FOR_EACH_QUICK_FUNCTION({ for (size_t i = 0; i < count; i++) y[i] = value_of(x[i], f, a, b); })
    default: for (size_t i = 0; i < count; i++) y[i] = value_of(x[i], function, a, b);
    }
}

LW_CLONES
void lw_unary_slopes(const float *x, float *slopes, size_t count, lw_unary_function function, float a, float b) {
    switch (function) {
        FOR_EACH_QUICK_FUNCTION({ for (size_t i = 0; i < count; i++) slopes[i] = slope_of(x[i], f, a, b); })
    default: for (size_t i = 0; i < count; i++) slopes[i] = slope_of(x[i], function, a, b);
    }
}

LW_CLONES
void lw_multiply(const float *x, const float *factors, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = x[i] * factors[i];
}
