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

// unary.c

/// Elementwise functions of one value, by the names that PyTorch gives them; `a` and `b` below are their numbers.
typedef enum {
    LW_UNARY_RELU = 0, LW_UNARY_LEAKY_RELU, LW_UNARY_SILU, LW_UNARY_TANH, LW_UNARY_SIGMOID, LW_UNARY_SOFTPLUS,
    LW_UNARY_GELU, LW_UNARY_GELU_TANH, LW_UNARY_ELU, LW_UNARY_SELU, LW_UNARY_CELU, LW_UNARY_MISH,
    LW_UNARY_HARD_SIGMOID, LW_UNARY_HARD_SWISH, LW_UNARY_HARD_TANH, LW_UNARY_RELU6, LW_UNARY_SOFTSIGN,
    LW_UNARY_LOG_SIGMOID, LW_UNARY_EXP, LW_UNARY_LOG, LW_UNARY_SQRT, LW_UNARY_RECIPROCAL, LW_UNARY_ABS, LW_UNARY_NEG,
    LW_UNARY_CLAMP, LW_UNARY_ERF, LW_UNARY_SIN, LW_UNARY_COS, LW_UNARY_SIGN, LW_UNARY_ROUND,
    LW_UNARY_FLOOR, LW_UNARY_CEIL, LW_UNARY_TRUNC
} lw_unary_function;

/// y = f(x), elementwise; y may be x.
void lw_unary(const float *x, float *y, size_t count, lw_unary_function function, float a, float b);
/// slopes = f'(x), elementwise.
void lw_unary_slopes(const float *x, float *slopes, size_t count, lw_unary_function function, float a, float b);
/// y = x · factors, elementwise; y may be either.
void lw_multiply(const float *x, const float *factors, float *y, size_t count);

// images.c

/// x = 2 arctan e^(x/2), which is 2 arcsin √σ(x); slopes (may be NULL) gets the derivatives √(σ(x) (1 − σ(x))).
void lw_angles(float *x, float *slopes, size_t count);
/// y = weights[0] a + weights[1] b + weights[2] c + weights[3] d.
void lw_mix_four(const float *a, const float *b, const float *c, const float *d, const float weights[4], float *y,
                 size_t count);
/// Of a cell with the corners a b below and c d above: products = |u|², u·v, |v|² of its sides u and v, squares as means of
/// two opposite sides, the product as that of their means.
void lw_cell_sides(const float *a, const float *b, const float *c, const float *d, size_t count, float products[3]);

// binary.c

/// Elementwise functions of two values a and b, by the names that PyTorch gives them; comparisons give 0 or 1.
typedef enum {
    LW_BINARY_ADD = 0, LW_BINARY_SUB, LW_BINARY_MUL, LW_BINARY_DIV, LW_BINARY_MINIMUM, LW_BINARY_MAXIMUM, LW_BINARY_POW,
    LW_BINARY_GREATER, LW_BINARY_GREATER_OR_EQUAL, LW_BINARY_LESS, LW_BINARY_LESS_OR_EQUAL, LW_BINARY_EQUAL,
    LW_BINARY_NOT_EQUAL,
    LW_BINARY_PRELU  ///< a above 0, else a · b
} lw_binary_function;

/// How operands lie along a result [rows][columns]: the steps from row to row, and from column to column, which are 0
/// where an operand is repeated; for the functions below they are 0 or 1 along columns.
typedef struct {
    size_t rows, columns;
    size_t y_row;
    size_t row[3], column[3];
} lw_broadcast;

/// y = f(a, b). What an operand's repeated number comes to does not depend on how many rows there are.
void lw_binary(lw_binary_function function, const lw_broadcast *shape, const float *a, const float *b, float *y);
/// y = ∂f/∂a ta + ∂f/∂b tb; tb may be NULL, for 0.
void lw_binary_tangent(lw_binary_function function, const lw_broadcast *shape, const float *a, const float *b,
                       const float *ta, const float *tb, float *y);
/// gradient += dy ∂f/∂a, or by b, where that operand lies; over what it is repeated along it is summed.
void lw_binary_backward(lw_binary_function function, int by_b, const lw_broadcast *shape, const float *a, const float *b,
                        const float *dy, float *gradient);
/// y = a where the condition isn't 0, else b.
void lw_where(const lw_broadcast *shape, const float *condition, const float *a, const float *b, float *y);
/// Adds dy to a's gradient, or b's where `second` isn't 0, wherever that one was taken.
void lw_where_backward(const lw_broadcast *shape, int second, const float *condition, const float *dy, float *gradient);

// reductions.c: of x [rows][columns]; the results' steps are `row` and `column`, 0 along what is reduced

/// sums += x, in double precision.
void lw_add_to_sums(const float *x, size_t rows, size_t columns, size_t row, size_t column, double *sums);
/// sums += (x − mean)², where mean lies as the sums do.
void lw_add_to_squares(const float *x, const float *mean, size_t rows, size_t columns, size_t row, size_t column,
                       double *sums);
/// sums += (x − mean) t, where t lies as x does.
void lw_add_to_products(const float *x, const float *mean, const float *t, size_t rows, size_t columns, size_t row,
                        size_t column, double *sums);
/// best = max(best, x), or min for a sign of −1; a NaN wins.
void lw_take_extremes(const float *x, size_t rows, size_t columns, size_t row, size_t column, float sign, float *best);
/// sums += t, or 1 for a NULL, where x is the best.
void lw_add_extremes(const float *x, const float *best, const float *t, size_t rows, size_t columns, size_t row,
                     size_t column, double *sums);
/// dx = dy, repeated along what was reduced; times x − mean; where x is the best, 0 elsewhere.
void lw_repeat(const float *dy, size_t rows, size_t columns, size_t row, size_t column, float *dx);
void lw_repeat_distances(const float *dy, const float *x, const float *mean, size_t rows, size_t columns, size_t row,
                         size_t column, float *dx);
void lw_repeat_extremes(const float *dy, const float *x, const float *best, size_t rows, size_t columns, size_t row,
                        size_t column, float *dx);

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

// samples.c: a sample normalized by statistics of its own. Of x [rows][columns] those of each column, in double precision;
// then y = f((x − center) scale + shift), whose center is a float and whose shift has what the mean is beside it.

/// sums[c] = Σ x, squares[c] = Σ x².
void lw_raw_moments(const float *x, size_t rows, size_t columns, double *sums, double *squares);
/// y = f((x − center[c]) scale[c] + shift[c]).
void lw_normalize_activate(const float *x, size_t rows, size_t columns, const float *center, const float *scale,
                           const float *shift, float *y, lw_activation function, float slope);
/// sums[c] = Σ v, products[c] = Σ v (x − center[c]).
void lw_products(const float *v, const float *x, size_t rows, size_t columns, const float *center, double *sums,
                 double *products);
/// y = factor[c] v + slope[c] (x − center[c]) + shift[c].
void lw_mix(const float *v, const float *x, size_t rows, size_t columns, const float *factor, const float *center,
            const float *slope, const float *shift, float *y);
/// The same of one row, with the same numbers for all of its elements, and weights of their own.
void lw_row_moments(const float *x, size_t count, double *sum, double *square);
/// y = ((x − center) scale + shift) weight + bias.
void lw_row_normalize(const float *x, size_t count, float center, float scale, float shift, const float *weight,
                      const float *bias, float *y);
/// sum = Σ v weight, product = Σ v weight (x − center).
void lw_row_products(const float *v, const float *weight, const float *x, size_t count, float center, double *sum,
                     double *product);
/// y = (factor v before + slope (x − center) + shift) after.
void lw_row_mix(const float *v, const float *before, const float *x, size_t count, float factor, float center,
                float slope, float shift, const float *after, float *y);
/// weight += dy ((x − center) scale + shift), bias += dy.
void lw_row_slopes(const float *dy, const float *x, size_t count, float center, float scale, float shift, float *weight,
                   float *bias);

// rearrange.c

/// y[row][i] = x[row][i] for i < width; the strides are distances between rows.
void lw_copy_rows(const float *x, size_t rows, size_t width, size_t x_stride, float *y, size_t y_stride);
/// y[i] = x[sources[i]], or `fill` where that is below 0.
void lw_gather(const float *x, const int32_t *sources, size_t count, float fill, float *y);
/// The transpose, which adds: x[sources[i]] += y[i].
void lw_scatter_add(const float *y, const int32_t *sources, size_t count, float *x);
/// y [columns][rows] = the transpose of x [rows][columns]; of y the rows first ≤ i < end.
void lw_transpose(const float *x, size_t rows, size_t columns, size_t first, size_t end, float *y);

// optimizer.c

/// Σ x², in double precision.
double lw_sum_squares(const float *x, size_t count);
/// x = factor · x.
void lw_scale(float *x, size_t count, float factor);
/// x += share · (target − x): an exponential moving average of what target was.
void lw_approach(const float *target, float *x, size_t count, float share);
