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

LW_CLONES
void lw_add_to_squares(const float *restrict x, const float *restrict mean, size_t rows, size_t columns, size_t row,
                       size_t column, double *restrict sums) {
    for (size_t r = 0; r < rows; r++, x += columns, sums += row, mean += row)
        for (size_t c = 0; c < columns; c++) {
            const double distance = (double)x[c] - mean[c * column];
            sums[c * column] += distance * distance;
        }
}

LW_CLONES
void lw_take_extremes(const float *restrict x, size_t rows, size_t columns, size_t row, size_t column, float sign,
                      float *restrict best) {
#define LARGER(X, BEST) (sign * (X) > sign * (BEST) || (X) != (X) ? (X) : (BEST))
    for (size_t r = 0; r < rows; r++, x += columns, best += row) {
        if (column == 1) {
            for (size_t c = 0; c < columns; c++) best[c] = LARGER(x[c], best[c]);
            continue;
        }
        for (size_t c = 0; c < columns; c++) best[c * column] = LARGER(x[c], best[c * column]);
    }
}
