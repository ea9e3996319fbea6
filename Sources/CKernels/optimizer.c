#include "vector.h"

LW_CLONES
double lw_sum_squares(const float *restrict x, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
#pragma clang fp reassociate(on)
        sum += (double)x[i] * (double)x[i];
    }
    return sum;
}

LW_CLONES
void lw_scale(float *restrict x, size_t count, float factor) {
    for (size_t i = 0; i < count; i++) x[i] *= factor;
}

LW_CLONES
void lw_approach(const float *restrict target, float *restrict x, size_t count, float share) {
    for (size_t i = 0; i < count; i++) x[i] += share * (target[i] - x[i]);
}
