/// The few loops that BLAS is bad at. Everything is float32, row-major; images are [height][width][channels].
/// On x86-64 Linux each function is compiled for three processors and the right one is chosen when the program starts.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Elementwise functions; `slope` below is leaky ReLU's.
typedef enum {
    LW_IDENTITY = 0, LW_RELU, LW_LEAKY_RELU, LW_SILU, LW_TANH, LW_SIGMOID, LW_SOFTPLUS
} lw_activation;

/// The geometry of a window that slides over an image: a convolution's or a pooling's.
typedef struct {
    int32_t height, width, channels;          ///< of the image
    int32_t kernel_height, kernel_width;
    int32_t stride_height, stride_width;
    int32_t padding_height, padding_width;
    int32_t rows, columns;                    ///< how many windows there are
} lw_window;

/// Tells the processor that this thread is waiting for another.
static inline void lw_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

#include "Operations.h"

// activations.c

/// y[r][c] = f(y[r][c] + bias[c]) for `rows` rows of `channels`, `stride` apart; `bias` may be NULL.
void lw_bias_activate(float *y, size_t rows, size_t channels, size_t stride, const float *bias,
                      lw_activation function, float slope);
/// y = f(x), elementwise; y may be x.
void lw_activate(const float *x, float *y, size_t count, lw_activation function, float slope);
/// gradient *= f'(x), from y = f(x) alone; not for SiLU.
void lw_activate_backward_from_output(float *gradient, const float *y, size_t count, lw_activation function, float slope);
/// dx = dy f'(x), from x; any function. dx may be dy.
void lw_activate_backward_from_input(const float *dy, const float *x, float *dx, size_t count,
                                     lw_activation function, float slope);
/// y = e^x / Σ e^x over each of `rows` rows of `columns`; y may be x.
void lw_softmax(const float *x, float *y, size_t rows, size_t columns);
/// dx = y (dy − Σ y dy), from y; dx may be dy.
void lw_softmax_backward(const float *dy, const float *y, float *dx, size_t rows, size_t columns);
/// y = x − log Σ e^x; y may be x.
void lw_log_softmax(const float *x, float *y, size_t count);
/// sums[c] += Σ_r x[r][c].
void lw_add_column_sums(const float *x, size_t rows, size_t columns, float *sums);

// images.c

/// x = 2 arctan e^(x/2), which is 2 arcsin √σ(x); slopes (may be NULL) gets the derivatives √(σ(x) (1 − σ(x))).
void lw_angles(float *x, float *slopes, size_t count);
/// y = weights[0] a + weights[1] b + weights[2] c + weights[3] d.
void lw_mix_four(const float *a, const float *b, const float *c, const float *d, const float weights[4], float *y,
                 size_t count);
/// Of a cell with the corners a b below and c d above: products = |u|², u·v, |v|² of its sides u and v, squares as means of
/// two opposite sides, the product as that of their means.
void lw_cell_sides(const float *a, const float *b, const float *c, const float *d, size_t count, float products[3]);

// linear.c

/// y[c] = Σ_k x[k] w[k][c] for first ≤ c < end; w is [inputs][outputs]. Rows whose x is 0 are not read: after a ReLU
/// that is half of them, and reading them is what it costs.
void lw_matrix_vector(const float *x, const float *w, size_t inputs, size_t outputs, size_t first, size_t end, float *y);
/// y += x.
void lw_add(const float *x, float *y, size_t count);
/// y += scale · x.
void lw_add_scaled(const float *x, float scale, float *y, size_t count);

// product.c: products of few columns or few terms, where BLAS spends a third of its time on clearing and copying. The
// strides are distances between rows. What a value comes to does not depend on how many rows are multiplied at a time.

/// Columns of a panel.
#define LW_PANEL 16

/// packed [⌈n/16⌉][k][16] = b [k][n] in panels of sixteen columns, zeros beyond the last; b may lie transposed.
void lw_pack_columns(const float *b, size_t row_stride, size_t column_stride, int32_t k, int32_t n, float *packed);
/// c [m][n] = a [m][k] · b, from b's panels.
void lw_multiply_packed(const float *a, size_t a_stride, int32_t m, int32_t k, const float *packed, int32_t n, float *c,
                        size_t c_stride);
/// c [m][n] = f(a [m][k] · b [k][n] + bias), each panel of b copied to `panel` [k][16] before it is used; `bias` may be
/// NULL.
void lw_multiply_columns(const float *a, size_t a_stride, int32_t m, int32_t k, const float *b, size_t b_stride, int32_t n,
                         float *panel, const float *bias, lw_activation function, float slope, float *c,
                         size_t c_stride);
/// The same from b's panels.
void lw_multiply_panels(const float *a, size_t a_stride, int32_t m, int32_t k, const float *panels, int32_t n,
                        const float *bias, lw_activation function, float slope, float *c, size_t c_stride);
/// Whether this processor has sixteen lanes (AVX-512), for which BLAS is written and these loops are not.
int lw_has_wide_lanes(void);
/// c [m][n] += aᵀ · b with a [k][m] and b [k][n].
void lw_multiply_transposed(const float *a, size_t a_stride, const float *b, size_t b_stride, int32_t m, int32_t n,
                            int32_t k, float *c, size_t c_stride);

// taps.c: convolutions and transposed ones by tables of where each output's taps are

/// One product: every output is a sum over some pixels of the image, its taps.
typedef struct {
    const int32_t *sources;  ///< [positions][taps]: where in the image each tap's pixel begins; below 0 it is outside
    const int32_t *targets;  ///< [positions]: where in the output its columns begin
    const float *zeros;      ///< as many zeros as there are channels
    int32_t taps, channels, columns;
} lw_taps;

/// A part of it: the positions first ≤ i < end of some images, and some panels of the columns.
typedef struct {
    const float *input;
    float *output;
    size_t input_stride, output_stride;  ///< from one image to the next
    int32_t images, first, end, first_panel, end_panel;
} lw_tap_work;

/// output[targets[i]…] = f(bias + Σ over taps and channels of pixel · weights). `panels` is [⌈columns/16⌉][taps][channels]
/// [16], `bias` as long as the panels are wide. What a value comes to does not depend on how the work is cut.
void lw_multiply_taps(const lw_taps *taps, const lw_tap_work *work, const float *panels, const float *bias,
                      lw_activation function, float slope);

// planes.c: convolutions to very few channels, with pixels in the lanes

/// planes [channels][end − first][pitch], `plane` floats apart, from an image: its rows first ≤ y < end, which may lie
/// outside; `left` zeros come before each row, and zeros after it.
void lw_to_planes(const float *image, int32_t height, int32_t width, int32_t channels, int32_t first, int32_t end,
                  int32_t left, int32_t pitch, float *planes, size_t plane);
/// raw [few][count], `raw_plane` apart = Σ_c Σ_t planes[c][i + offsets[t]] w[c][t][few], for 1 to 4 outputs. Up to 64 more
/// than `count` are read and written.
void lw_collect_planes(const float *planes, size_t plane, int32_t channels, const int32_t *offsets, int32_t taps,
                       const float *w, int32_t few, int32_t count, float *raw, size_t raw_plane);
/// output[x step] = f(bias + rows[x mod steps][x / steps]) for x < count: a row of one channel from its phases.
void lw_finish_planes(const float *const *rows, int32_t steps, int32_t count, float bias, lw_activation function,
                      float slope, size_t step, float *output);

// windows.c

/// columns[rows·columns][kernel_height·kernel_width·channels]: each window of the image as a row; zero outside.
/// Only the rows of windows from `first_row` to before `end_row` are written, from the start of `columns`.
void lw_gather_windows(const float *image, const lw_window *window, int32_t first_row, int32_t end_row, float *columns);
/// The transpose: image += each row of columns at its window. All rows.
void lw_scatter_windows(const float *columns, const lw_window *window, float *image);
/// columns[rows·columns][kernel_height·kernel_width·channels]: of some channels, from `first` on, the windows with gaps
/// of `dilation` between their taps; zero outside. All rows.
void lw_gather_group(const float *image, const lw_window *window, int32_t dilation_height, int32_t dilation_width,
                     int32_t first, int32_t channels, float *columns);
/// The transpose: image += each row of columns at its window.
void lw_scatter_group(const float *columns, const lw_window *window, int32_t dilation_height, int32_t dilation_width,
                      int32_t first, int32_t channels, float *image);
/// Maximum over each window; `index` (may be NULL) gets its place in the window, row by row.
void lw_max_pool(const float *image, const lw_window *window, float *pooled, uint8_t *index);
/// image gradient = pooled gradient at the maximum's place, 0 elsewhere.
void lw_max_pool_backward(const float *pooled_gradient, const uint8_t *index, const lw_window *window, float *image_gradient);
/// Mean over each window; padding counts as zeros.
void lw_average_pool(const float *image, const lw_window *window, float *pooled);
void lw_average_pool_backward(const float *pooled_gradient, const lw_window *window, float *image_gradient);
/// Nearest neighbour by whole factors.
void lw_upsample(const float *image, int32_t height, int32_t width, int32_t channels,
                 int32_t factor_height, int32_t factor_width, float *output);
void lw_upsample_backward(const float *output_gradient, int32_t height, int32_t width, int32_t channels,
                          int32_t factor_height, int32_t factor_width, float *image_gradient);

// differences.c: nearest ×2 and a 3×3 convolution as nine products

/// The four products' weights from weight [3][3][inputs][outputs], with their signs: sum [inputs][outputs] of all taps,
/// x and y [inputs][2][outputs] sums of the first and last column and row, xy [inputs][4][outputs] the corners.
void lw_difference_weights(const float *weight, int32_t inputs, int32_t outputs, float *sum, float *x, float *y, float *xy);
/// The transpose, which adds to the gradient.
void lw_difference_weights_backward(const float *sum, const float *x, const float *y, const float *xy, int32_t inputs,
                                    int32_t outputs, float *gradient);
/// dx [H][W+1][C], dy [H+1][W][C], dxy [H+1][W+1][C]: differences of neighbours, zero outside the image; of each of the
/// three the rows first ≤ i < end, so that two threads can share an image.
void lw_differences_rows(const float *x, int32_t height, int32_t width, int32_t channels, int32_t first, int32_t end,
                         float *dx, float *dy, float *dxy);
/// image gradient = the transposed differences of four gradients.
void lw_differences_backward(const float *gx, const float *gdx, const float *gdy, const float *gdxy,
                             int32_t height, int32_t width, int32_t channels, float *gradient);
/// output [2H][2W][C] = f(bias + the four products' sums), for input rows first ≤ i < end.
/// Products: c [H][W][C], cx [H][W+1][2][C], cy [H+1][W][2][C], cxy [H+1][W+1][4][C].
void lw_combine(const float *c, const float *cx, const float *cy, const float *cxy, const float *bias,
                int32_t height, int32_t width, int32_t channels, int32_t first, int32_t end,
                lw_activation function, float slope, float *output);
/// The transpose of lw_combine without bias and activation: overwrites the four.
void lw_combine_backward(const float *output_gradient, int32_t height, int32_t width, int32_t channels,
                         float *c, float *cx, float *cy, float *cxy);

// winograd.c: 3×3 convolutions of stride 1 in sixteen products for four outputs. Numbers of channels are multiples of 8.

/// The geometry: tiles of 2×2 outputs, each from a window of 4×4 inputs.
typedef struct {
    int32_t height, width, inputs;                 ///< of the image
    int32_t output_height, output_width, outputs;  ///< of the convolution's result
    int32_t padding_height, padding_width;
    int32_t rows, columns;                         ///< how many tiles there are
} lw_tiling;

/// planes [16][tiles][inputs], `plane` floats apart: the windows of the tiles in rows first ≤ i < end, transformed.
void lw_winograd_input(const float *image, const lw_tiling *tiling, int32_t first, int32_t end, float *planes, size_t plane);
/// The transpose: adds to the image.
void lw_winograd_input_backward(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                                float *image);
/// output [height][width][outputs] from planes [16][tiles][outputs], for the tiles in rows first ≤ i < end.
void lw_winograd_output(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                        float *output);
void lw_winograd_output_backward(const float *output_gradient, const lw_tiling *tiling, int32_t first, int32_t end,
                                 float *planes, size_t plane);
/// The maximum of each tile instead: pooled [rows][columns][outputs]; `index` (may be NULL) gets its place, row by row.
void lw_winograd_output_pooled(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                               float *pooled, uint8_t *index);
void lw_winograd_output_pooled_backward(const float *pooled_gradient, const uint8_t *index, const lw_tiling *tiling,
                                        int32_t first, int32_t end, float *planes, size_t plane);
/// planes [16][count] from weight [3][3][count], and the transpose, which adds to the gradient.
void lw_winograd_weight(const float *weight, size_t count, float *planes);
void lw_winograd_weight_backward(const float *planes, size_t count, float *gradient);

// tiles.c: convolutions in tiles of 4×4 outputs, for values alone. Numbers of channels are multiples of 8.

/// A 3×3 convolution of stride 1. planes [36][tiles][inputs], `plane` floats apart: the windows of tiles first ≤ i < end,
/// counted row by row, transformed.
void lw_large_tiles_input(const float *image, const lw_tiling *tiling, int32_t first, int32_t end, float *planes, size_t plane);
/// output [height][width][outputs] = f(… + bias) from planes [36][tiles][outputs], for these tiles; `bias` may be NULL.
void lw_large_tiles_output(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                           const float *bias, lw_activation function, float slope, float *output);
/// planes [36][count] from weight [3][3][count].
void lw_large_tiles_weight(const float *weight, size_t count, float *planes);

/// A transposed 4×4 convolution of stride 2 and padding 1: the same from planes [25][tiles][inputs], five in a row, to
/// planes [36][tiles][outputs], six in a row. Of a row's (and a column's) six products the fourth has the third input, as
/// the third has, the fifth the fourth, and the sixth the fifth.
void lw_doubling_input(const float *image, const lw_tiling *tiling, int32_t first, int32_t end, float *planes, size_t plane);
void lw_doubling_output(const float *planes, size_t plane, const lw_tiling *tiling, int32_t first, int32_t end,
                        const float *bias, lw_activation function, float slope, float *output);
/// planes [36][count] from weight [4][4][count].
void lw_doubling_weight(const float *weight, size_t count, float *planes);

// thin.c: convolutions of stride 1 between one plane and many channels

/// plane [height+2·padding…] with zeros around: copies every `step`th value of `source`.
void lw_pad_plane(const float *source, int32_t step, int32_t height, int32_t width, int32_t padding_height,
                  int32_t padding_width, float *plane);
/// output[y][x][n] (+)= Σ_t plane[y+a][x+b] w[t][n], t = a·kernel_width + b. `plane` is plane_width wide.
void lw_spread(const float *plane, int32_t plane_width, const float *w, int32_t kernel_height, int32_t kernel_width,
               int32_t rows, int32_t columns, int32_t channels, int accumulate, float *output);
/// The same with a 3×3 kernel over `few` planes, `plane` floats apart, and then the maximum of each 2×2: pooled
/// [rows][columns][channels]; `index` (may be NULL) gets its place, row by row. Channels are a multiple of 8.
void lw_spread_pooled(const float *planes, int32_t few, size_t plane, int32_t plane_width, const float *w, int32_t rows,
                      int32_t columns, int32_t channels, float *pooled, uint8_t *index);
/// output[y][x] (every `step`th value) = Σ_t Σ_n image[y−ph+a][x−pw+b][n] w[t][n], zero outside; rows first ≤ y < end.
void lw_collect(const float *image, int32_t height, int32_t width, int32_t channels, const float *w,
                int32_t kernel_height, int32_t kernel_width, int32_t padding_height, int32_t padding_width,
                int32_t columns, int32_t first, int32_t end, int32_t step, float *output);
/// dw[t][n] += Σ_yx plane[y+a][x+b] image[y][x][n].
void lw_tap_gradients(const float *plane, int32_t plane_width, const float *image, int32_t rows, int32_t columns,
                      int32_t channels, int32_t kernel_height, int32_t kernel_width, float *dw);
/// The same from the gradient of the maxima that lw_spread_pooled took, for one of its planes.
void lw_tap_gradients_pooled(const float *plane, int32_t plane_width, const float *pooled_gradient, const uint8_t *index,
                             int32_t rows, int32_t columns, int32_t channels, float *dw);

// objective.c

/// Σ softplus(l) − x l: the Bernoulli reconstruction term from logits, in nats; gradient = (σ(l) − x)·scale unless NULL.
double lw_bernoulli(const float *logits, const float *x, size_t count, float scale, float *gradient);
/// One step of Adam on `count` parameters (Kingma & Ba 2015): rate already holds the bias correction.
void lw_adam(float *parameters, const float *gradients, float *first, float *second, size_t count, float rate,
             float beta1, float beta2, float epsilon);

// normalization.c: `channels` of x [rows][stride], from its first column on

/// sums[c] = Σ x − shift[c], squares[c] = Σ (x − shift[c])², over the rows, in double precision.
void lw_channel_moments(const float *x, size_t rows, size_t stride, int32_t channels, const float *shift, double *sums,
                        double *squares);
/// y = (x − mean[c]) scale[c] + shift[c].
void lw_normalize(const float *x, size_t rows, size_t stride, int32_t channels, const float *mean, const float *scale,
                  const float *shift, float *y);
/// sums[c] = Σ dy, products[c] = Σ dy (x − mean[c]) inverse[c].
void lw_normalize_slopes(const float *x, const float *dy, size_t rows, size_t stride, int32_t channels,
                         const float *mean, const float *inverse, double *sums, double *products);
/// dx = scale[c] (dy − mean_slope[c] − (x − mean[c]) inverse[c] mean_product[c]).
void lw_normalize_backward(const float *x, const float *dy, size_t rows, size_t stride, int32_t channels,
                           const float *mean, const float *inverse, const float *scale, const float *mean_slope,
                           const float *mean_product, float *dx);

// optimizer.c

/// Σ x², in double precision.
double lw_sum_squares(const float *x, size_t count);
/// x = factor · x.
void lw_scale(float *x, size_t count, float factor);
/// x += share · (target − x): an exponential moving average of what target was.
void lw_approach(const float *target, float *x, size_t count, float share);
