#include "vector.h"

// Sums and largest values along axes: of x [rows][columns] each row, or each column, comes to one number.

LW_CLONES
void lw_add_to_sums(const float *restrict x, size_t rows, size_t columns, size_t row, size_t column, double *restrict sums) {
    for (size_t r = 0; r < rows; r++, x += columns, sums += row) {
        if (column == 1) {
            for (size_t c = 0; c < columns; c++) sums[c] += x[c];
            continue;
        }
        if (column) {
            for (size_t c = 0; c < columns; c++) sums[c * column] += x[c];
            continue;
        }
        double parts[8] = {};
        size_t c = 0;
        for (; c + 8 <= columns; c += 8)
            for (size_t i = 0; i < 8; i++) parts[i] += x[c + i];
        for (; c < columns; c++) parts[0] += x[c];
        *sums += ((parts[0] + parts[4]) + (parts[1] + parts[5])) + ((parts[2] + parts[6]) + (parts[3] + parts[7]));
    }
}

// Runs a loop for each step `o` of the results along a row: the loops of steps 0 and 1 vectorize.
#define FOR_EACH_PAIR(BODY)                                                                  \
    if (column == 1) { for (size_t c = 0; c < columns; c++) { const size_t o = c; BODY } }   \
    else if (column) { for (size_t c = 0; c < columns; c++) { const size_t o = c * column; BODY } } \
    else { for (size_t c = 0; c < columns; c++) { const size_t o = 0; BODY } }

LW_CLONES
void lw_add_to_squares(const float *restrict x, const float *restrict mean, size_t rows, size_t columns, size_t row,
                       size_t column, double *restrict sums) {
    for (size_t r = 0; r < rows; r++, x += columns, sums += row, mean += row)
        FOR_EACH_PAIR(const double distance = (double)x[c] - mean[o]; sums[o] += distance * distance;)
}

LW_CLONES
void lw_add_to_products(const float *restrict x, const float *restrict mean, const float *restrict t, size_t rows,
                        size_t columns, size_t row, size_t column, double *restrict sums) {
    for (size_t r = 0; r < rows; r++, x += columns, t += columns, sums += row, mean += row)
        FOR_EACH_PAIR(sums[o] += (double)((x[c] - mean[o]) * t[c]);)
}

LW_CLONES
void lw_take_extremes(const float *restrict x, size_t rows, size_t columns, size_t row, size_t column, float sign,
                      float *restrict best) {
    for (size_t r = 0; r < rows; r++, x += columns, best += row)
        FOR_EACH_PAIR(best[o] = sign * x[c] > sign * best[o] || x[c] != x[c] ? x[c] : best[o];)
}

LW_CLONES
void lw_add_extremes(const float *restrict x, const float *restrict best, const float *restrict t, size_t rows,
                     size_t columns, size_t row, size_t column, double *restrict sums) {
    for (size_t r = 0; r < rows; r++, x += columns, sums += row, best += row) {
        if (!t) {
            FOR_EACH_PAIR(sums[o] += x[c] == best[o] ? 1.0 : 0.0;)
            continue;
        }
        FOR_EACH_PAIR(const float along = t[c]; sums[o] += x[c] == best[o] ? along : 0.0f;)
        t += columns;
    }
}

LW_CLONES
void lw_repeat(const float *restrict dy, size_t rows, size_t columns, size_t row, size_t column, float *restrict dx) {
    for (size_t r = 0; r < rows; r++, dx += columns, dy += row) FOR_EACH_PAIR(dx[c] = dy[o];)
}

LW_CLONES
void lw_repeat_distances(const float *restrict dy, const float *restrict x, const float *restrict mean, size_t rows,
                         size_t columns, size_t row, size_t column, float *restrict dx) {
    for (size_t r = 0; r < rows; r++, dx += columns, x += columns, dy += row, mean += row)
        FOR_EACH_PAIR(dx[c] = (x[c] - mean[o]) * dy[o];)
}

LW_CLONES
void lw_repeat_extremes(const float *restrict dy, const float *restrict x, const float *restrict best, size_t rows,
                        size_t columns, size_t row, size_t column, float *restrict dx) {
    for (size_t r = 0; r < rows; r++, dx += columns, x += columns, dy += row, best += row)
        FOR_EACH_PAIR(dx[c] = x[c] == best[o] ? dy[o] : 0.0f;)
}
