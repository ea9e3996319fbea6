#include "vector.h"

LW_CLONES
void lw_gather_windows(const float *restrict image, const lw_window *window, int32_t first_row, int32_t end_row,
                       float *restrict columns) {
    const lw_window g = *window;
    const int32_t run = g.kernel_width * g.channels;
    for (int32_t row = first_row; row < end_row; row++) {
        for (int32_t column = 0; column < g.columns; column++) {
            const int32_t x = column * g.stride_width - g.padding_width;
            int32_t b0, b1;
            lw_inside(x, g.kernel_width, g.width, &b0, &b1);
            for (int32_t a = 0; a < g.kernel_height; a++, columns += run) {
                const int32_t y = row * g.stride_height - g.padding_height + a;
                if (y < 0 || y >= g.height || b0 == b1) {
                    memset(columns, 0, run * sizeof(float));
                    continue;
                }
                const float *source = image + ((size_t)y * g.width + x) * g.channels;
                for (int32_t i = 0; i < b0 * g.channels; i++) columns[i] = 0;
                memcpy(columns + b0 * g.channels, source + b0 * g.channels, (b1 - b0) * g.channels * sizeof(float));
                for (int32_t i = b1 * g.channels; i < run; i++) columns[i] = 0;
            }
        }
    }
}

LW_CLONES
void lw_scatter_windows(const float *restrict columns, const lw_window *window, float *restrict image) {
    const lw_window g = *window;
    const int32_t run = g.kernel_width * g.channels;
    for (int32_t row = 0; row < g.rows; row++) {
        for (int32_t column = 0; column < g.columns; column++) {
            const int32_t x = column * g.stride_width - g.padding_width;
            int32_t b0, b1;
            lw_inside(x, g.kernel_width, g.width, &b0, &b1);
            for (int32_t a = 0; a < g.kernel_height; a++, columns += run) {
                const int32_t y = row * g.stride_height - g.padding_height + a;
                if (y < 0 || y >= g.height) continue;
                float *target = image + ((size_t)y * g.width + x) * g.channels;
                for (int32_t i = b0 * g.channels; i < b1 * g.channels; i++) target[i] += columns[i];
            }
        }
    }
}

/// A window's rows and columns inside the image.
#define LW_CLIP_WINDOW                                                              \
    const int32_t y = row * g.stride_height - g.padding_height;                     \
    const int32_t x = column * g.stride_width - g.padding_width;                    \
    int32_t a0, a1, b0, b1;                                                         \
    lw_inside(y, g.kernel_height, g.height, &a0, &a1);                                 \
    lw_inside(x, g.kernel_width, g.width, &b0, &b1);

LW_CLONES
void lw_max_pool(const float *restrict image, const lw_window *window, float *restrict pooled, uint8_t *restrict index) {
    const lw_window g = *window;
    for (int32_t row = 0; row < g.rows; row++) {
        for (int32_t column = 0; column < g.columns; column++) {
            LW_CLIP_WINDOW
            const size_t output = ((size_t)row * g.columns + column) * g.channels;
            int32_t c = 0;
            for (; c + 8 <= g.channels; c += 8) {
                v8 best = LW_LOAD(image + ((size_t)(y + a0) * g.width + x + b0) * g.channels + c);
                v8i place = (v8i){} + (a0 * g.kernel_width + b0);
                for (int32_t a = a0; a < a1; a++) {
                    for (int32_t b = b0; b < b1; b++) {
                        v8 value = LW_LOAD(image + ((size_t)(y + a) * g.width + x + b) * g.channels + c);
                        v8i larger = value > best;
                        best = (v8)((larger & (v8i)value) | (~larger & (v8i)best));
                        place = (larger & (a * g.kernel_width + b)) | (~larger & place);
                    }
                }
                LW_STORE(pooled + output + c, best);
                if (index) for (int lane = 0; lane < 8; lane++) index[output + c + lane] = (uint8_t)place[lane];
            }
            for (; c < g.channels; c++) {
                float best = image[((size_t)(y + a0) * g.width + x + b0) * g.channels + c];
                int32_t place = a0 * g.kernel_width + b0;
                for (int32_t a = a0; a < a1; a++) {
                    for (int32_t b = b0; b < b1; b++) {
                        float value = image[((size_t)(y + a) * g.width + x + b) * g.channels + c];
                        if (value > best) { best = value; place = a * g.kernel_width + b; }
                    }
                }
                pooled[output + c] = best;
                if (index) index[output + c] = (uint8_t)place;
            }
        }
    }
}

LW_CLONES
void lw_max_pool_backward(const float *restrict pooled_gradient, const uint8_t *restrict index, const lw_window *window,
                          float *restrict image_gradient) {
    const lw_window g = *window;
    memset(image_gradient, 0, (size_t)g.height * g.width * g.channels * sizeof(float));
    for (int32_t row = 0; row < g.rows; row++) {
        for (int32_t column = 0; column < g.columns; column++) {
            LW_CLIP_WINDOW
            const size_t output = ((size_t)row * g.columns + column) * g.channels;
            for (int32_t a = a0; a < a1; a++) {
                for (int32_t b = b0; b < b1; b++) {
                    float *restrict target = image_gradient + ((size_t)(y + a) * g.width + x + b) * g.channels;
                    const float *restrict source = pooled_gradient + output;
                    const uint8_t *restrict places = index + output;
                    const uint8_t place = (uint8_t)(a * g.kernel_width + b);
                    for (int32_t c = 0; c < g.channels; c++) target[c] += places[c] == place ? source[c] : 0.0f;
                }
            }
        }
    }
}

LW_CLONES
void lw_average_pool(const float *restrict image, const lw_window *window, float *restrict pooled) {
    const lw_window g = *window;
    const float share = 1.0f / (float)(g.kernel_height * g.kernel_width);
    for (int32_t row = 0; row < g.rows; row++) {
        for (int32_t column = 0; column < g.columns; column++) {
            LW_CLIP_WINDOW
            float *restrict output = pooled + ((size_t)row * g.columns + column) * g.channels;
            memset(output, 0, g.channels * sizeof(float));
            for (int32_t a = a0; a < a1; a++) {
                for (int32_t b = b0; b < b1; b++) {
                    const float *restrict source = image + ((size_t)(y + a) * g.width + x + b) * g.channels;
                    for (int32_t c = 0; c < g.channels; c++) output[c] += share * source[c];
                }
            }
        }
    }
}

LW_CLONES
void lw_average_pool_backward(const float *restrict pooled_gradient, const lw_window *window,
                              float *restrict image_gradient) {
    const lw_window g = *window;
    const float share = 1.0f / (float)(g.kernel_height * g.kernel_width);
    memset(image_gradient, 0, (size_t)g.height * g.width * g.channels * sizeof(float));
    for (int32_t row = 0; row < g.rows; row++) {
        for (int32_t column = 0; column < g.columns; column++) {
            LW_CLIP_WINDOW
            const float *restrict source = pooled_gradient + ((size_t)row * g.columns + column) * g.channels;
            for (int32_t a = a0; a < a1; a++) {
                for (int32_t b = b0; b < b1; b++) {
                    float *restrict target = image_gradient + ((size_t)(y + a) * g.width + x + b) * g.channels;
                    for (int32_t c = 0; c < g.channels; c++) target[c] += share * source[c];
                }
            }
        }
    }
}

void lw_upsample(const float *image, int32_t height, int32_t width, int32_t channels, int32_t factor_height,
                 int32_t factor_width, float *output) {
    const size_t row = (size_t)width * factor_width * channels;
    for (int32_t y = 0; y < height; y++, output += factor_height * row) {
        for (int32_t x = 0; x < width; x++) {
            for (int32_t b = 0; b < factor_width; b++) {
                memcpy(output + (size_t)(x * factor_width + b) * channels, image + ((size_t)y * width + x) * channels,
                       channels * sizeof(float));
            }
        }
        for (int32_t a = 1; a < factor_height; a++) memcpy(output + a * row, output, row * sizeof(float));
    }
}

LW_CLONES
void lw_upsample_backward(const float *restrict output_gradient, int32_t height, int32_t width, int32_t channels,
                          int32_t factor_height, int32_t factor_width, float *restrict image_gradient) {
    memset(image_gradient, 0, (size_t)height * width * channels * sizeof(float));
    for (int32_t y = 0; y < height * factor_height; y++) {
        for (int32_t x = 0; x < width * factor_width; x++, output_gradient += channels) {
            float *restrict target = image_gradient + ((size_t)(y / factor_height) * width + x / factor_width) * channels;
            for (int32_t c = 0; c < channels; c++) target[c] += output_gradient[c];
        }
    }
}

/// Calls BODY for each row of a window's taps that lies inside the image, with `pixel` and `column` where its values are.
#define FOR_EACH_GROUP_TAP(BODY)                                                                                   \
    for (int32_t row = 0; row < window->rows; row++)                                                               \
        for (int32_t place = 0; place < window->columns; place++)                                                  \
            for (int32_t a = 0; a < window->kernel_height; a++)                                                    \
                for (int32_t b = 0; b < window->kernel_width; b++, column += channels) {                           \
                    const int32_t y = row * window->stride_height - window->padding_height + a * dilation_height;  \
                    const int32_t x = place * window->stride_width - window->padding_width + b * dilation_width;   \
                    const int inside = y >= 0 && y < window->height && x >= 0 && x < window->width;                \
                    const size_t pixel = ((size_t)(inside ? y : 0) * window->width + (inside ? x : 0)) * window->channels + first; \
                    BODY                                                                                           \
                }

void lw_gather_group(const float *image, const lw_window *window, int32_t dilation_height, int32_t dilation_width,
                     int32_t first, int32_t channels, float *column) {
    FOR_EACH_GROUP_TAP({
        if (inside) memcpy(column, image + pixel, channels * sizeof(float));
        else memset(column, 0, channels * sizeof(float));
    })
}

void lw_scatter_group(const float *column, const lw_window *window, int32_t dilation_height, int32_t dilation_width,
                      int32_t first, int32_t channels, float *image) {
    FOR_EACH_GROUP_TAP({
        if (!inside) continue;
        for (int32_t c = 0; c < channels; c++) image[pixel + c] += column[c];
    })
}
