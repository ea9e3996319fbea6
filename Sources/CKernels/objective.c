#include "vector.h"

LW_CLONES
double lw_bernoulli(const float *restrict logits, const float *restrict x, size_t count, float scale,
                    float *restrict gradient) {
    double total = 0;
    float terms[256];
    for (size_t start = 0; start < count; start += 256) {
        const size_t n = count - start < 256 ? count - start : 256;
        const float *restrict l = logits + start;
        const float *restrict target = x + start;
        for (size_t i = 0; i < n; i++) terms[i] = lw_softplus(l[i]) - target[i] * l[i];
        if (gradient)
            for (size_t i = 0; i < n; i++) gradient[start + i] = (lw_sigmoid(l[i]) - target[i]) * scale;
        float sum = 0;
        for (size_t i = 0; i < n; i++) {
#pragma clang fp reassociate(on)
            sum += terms[i];
        }
        total += sum;
    }
    return total;
}

LW_CLONES
void lw_adam(float *restrict parameters, const float *restrict gradients, float *restrict first,
             float *restrict second, size_t count, float rate, float beta1, float beta2, float epsilon) {
    for (size_t i = 0; i < count; i++) {
        float g = gradients[i];
        float m = beta1 * first[i] + (1 - beta1) * g;
        float v = beta2 * second[i] + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        parameters[i] -= rate * m / (__builtin_elementwise_sqrt(v) + epsilon);
    }
}
