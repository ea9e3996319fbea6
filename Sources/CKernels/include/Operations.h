/// The loops of layers that read one value or more and have no stages of their own: elementwise functions, sums and
/// products, reductions, statistics of a sample, other orders. As in CKernels.h, which includes this.
#pragma once
#include <stddef.h>
#include <stdint.h>

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
