#include "vector.h"

// Channels lie innermost, so that sixteen of them are a line of the cache: each line is read once a pass.
enum { LW_LINE = 16 };

/// sums[c] = Σ x[row][c] − shift[c], squares[c] = Σ (x[row][c] − shift[c])².
LW_INLINE void moments(const float *restrict x, size_t rows, size_t stride, int32_t width, const float *restrict shift,
                       double *restrict sums, double *restrict squares) {
    double sum[LW_LINE] = {0}, square[LW_LINE] = {0};
    for (size_t row = 0; row < rows; row++) {
        for (int32_t c = 0; c < width; c++) {
            double deviation = (double)x[row * stride + c] - (double)shift[c];
            sum[c] += deviation;
            square[c] += deviation * deviation;
        }
    }
    memcpy(sums, sum, width * sizeof(double));
    memcpy(squares, square, width * sizeof(double));
}

LW_CLONES
void lw_channel_moments(const float *x, size_t rows, size_t stride, int32_t channels, const float *shift, double *sums,
                        double *squares) {
    int32_t c = 0;
    for (; c + LW_LINE <= channels; c += LW_LINE)
        moments(x + c, rows, stride, LW_LINE, shift + c, sums + c, squares + c);
    if (c < channels) moments(x + c, rows, stride, channels - c, shift + c, sums + c, squares + c);
}

LW_CLONES
void lw_normalize(const float *restrict x, size_t rows, size_t stride, int32_t channels, const float *restrict mean,
                  const float *restrict scale, const float *restrict shift, float *restrict y) {
    for (size_t row = 0; row < rows; row++)
        for (int32_t c = 0; c < channels; c++)
            y[row * stride + c] = (x[row * stride + c] - mean[c]) * scale[c] + shift[c];
}

LW_INLINE void slopes(const float *restrict x, const float *restrict dy, size_t rows, size_t stride, int32_t width,
                      const float *restrict mean, const float *restrict inverse, double *restrict sums,
                      double *restrict products) {
    double sum[LW_LINE] = {0}, product[LW_LINE] = {0};
    for (size_t row = 0; row < rows; row++) {
        for (int32_t c = 0; c < width; c++) {
            size_t place = row * stride + c;
            sum[c] += (double)dy[place];
            product[c] += (double)dy[place] * (double)((x[place] - mean[c]) * inverse[c]);
        }
    }
    memcpy(sums, sum, width * sizeof(double));
    memcpy(products, product, width * sizeof(double));
}

LW_CLONES
void lw_normalize_slopes(const float *x, const float *dy, size_t rows, size_t stride, int32_t channels,
                         const float *mean, const float *inverse, double *sums, double *products) {
    int32_t c = 0;
    for (; c + LW_LINE <= channels; c += LW_LINE)
        slopes(x + c, dy + c, rows, stride, LW_LINE, mean + c, inverse + c, sums + c, products + c);
    if (c < channels) slopes(x + c, dy + c, rows, stride, channels - c, mean + c, inverse + c, sums + c, products + c);
}

LW_CLONES
void lw_normalize_backward(const float *restrict x, const float *restrict dy, size_t rows, size_t stride,
                           int32_t channels, const float *restrict mean, const float *restrict inverse,
                           const float *restrict scale, const float *restrict mean_slope,
                           const float *restrict mean_product, float *restrict dx) {
    for (size_t row = 0; row < rows; row++) {
        for (int32_t c = 0; c < channels; c++) {
            size_t place = row * stride + c;
            float normalized = (x[place] - mean[c]) * inverse[c];
            dx[place] = scale[c] * (dy[place] - mean_slope[c] - normalized * mean_product[c]);
        }
    }
}
