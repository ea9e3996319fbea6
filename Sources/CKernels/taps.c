// Convolutions of any kind as products without gathered windows (an "indirect convolution", Dukhan 2019): a table says
// where in the image each output's taps are, and sums stay in registers over all taps and channels.
#include "vector.h"

/// Outputs of a tile of half a panel's columns: as many sums as it takes for none to wait for itself.
enum { HALF_ROWS = 8 };

/// Some outputs: where the images of each begin, and its row of the table.
typedef struct {
    const float *image[HALF_ROWS];
    const int32_t *sources[HALF_ROWS];
    float *target[HALF_ROWS];
} row_set;

/// f over the columns of one output, which the sums' bias is in already.
LW_INLINE void finish_row(float *restrict y, int32_t width, lw_activation function, float slope) {
    if (width == LW_PANEL) {
        LW_FOR_EACH_ACTIVATION(function, { for (int32_t c = 0; c < LW_PANEL; c++) y[c] = lw_apply(y[c], f, slope); })
    } else {
        LW_FOR_EACH_ACTIVATION(function, { for (int32_t c = 0; c < width; c++) y[c] = lw_apply(y[c], f, slope); })
    }
}

/// Where each output's pixel is for one of the taps.
LW_INLINE void find_pixels(const int32_t count, const row_set *rows, const lw_taps *g, int32_t tap, const float **from) {
    for (int32_t r = 0; r < count; r++) {
        const int32_t source = rows->sources[r][tap];
        from[r] = source < 0 ? g->zeros : rows->image[r] + source;
    }
}

/// One tap's part of the sums; they are copied, so that the loop has them in registers.
LW_INLINE void add_tap(const int32_t count, const float *const *from, int32_t channels, const float *panel, v8 *low,
                       v8 *high) {
    v8 l[6], h[6];
    const float *x[6];
    for (int32_t r = 0; r < count; r++) l[r] = low[r], h[r] = high[r], x[r] = from[r];
    for (int32_t p = 0; p < channels; p++, panel += LW_PANEL) {
        const v8 left = LW_LOAD(panel), right = LW_LOAD(panel + 8);
        for (int32_t r = 0; r < count; r++) {
            const float value = x[r][p];
            l[r] += value * left;
            h[r] += value * right;
        }
    }
    for (int32_t r = 0; r < count; r++) low[r] = l[r], high[r] = h[r];
}

/// The same for the first half of a panel's columns.
LW_INLINE void add_half_tap(const int32_t count, const float *const *from, int32_t channels, const float *panel, v8 *sums) {
    v8 s[HALF_ROWS];
    const float *x[HALF_ROWS];
    for (int32_t r = 0; r < count; r++) s[r] = sums[r], x[r] = from[r];
    for (int32_t p = 0; p < channels; p++, panel += LW_PANEL) {
        const v8 weights = LW_LOAD(panel);
        for (int32_t r = 0; r < count; r++) s[r] += x[r][p] * weights;
    }
    for (int32_t r = 0; r < count; r++) sums[r] = s[r];
}

/// `count` outputs by the sixteen columns of a panel: up to twelve sums in registers.
LW_INLINE void tap_tile(const int32_t count, const row_set *rows, const lw_taps *g, const float *panel,
                        const float *bias, int32_t width) {
    v8 low[6], high[6];
    const float *from[6];
    for (int32_t r = 0; r < count; r++) low[r] = LW_LOAD(bias), high[r] = LW_LOAD(bias + 8);
    for (int32_t t = 0; t < g->taps; t++, panel += (size_t)g->channels * LW_PANEL) {
        find_pixels(count, rows, g, t, from);
        add_tap(count, from, g->channels, panel, low, high);
    }
    for (int32_t r = 0; r < count; r++) {
        float *y = rows->target[r];
        if (width == LW_PANEL) {
            LW_STORE(y, low[r]);
            LW_STORE(y + 8, high[r]);
        } else {
            for (int32_t j = 0; j < width; j++) y[j] = j < 8 ? low[r][j] : high[r][j - 8];
        }
    }
}

/// The same for at most eight columns, of which the panel's first half holds the weights.
LW_INLINE void tap_half_tile(const int32_t count, const row_set *rows, const lw_taps *g, const float *panel,
                             const float *bias, int32_t width) {
    v8 sums[HALF_ROWS];
    const float *from[HALF_ROWS];
    for (int32_t r = 0; r < count; r++) sums[r] = LW_LOAD(bias);
    for (int32_t t = 0; t < g->taps; t++, panel += (size_t)g->channels * LW_PANEL) {
        find_pixels(count, rows, g, t, from);
        add_half_tap(count, from, g->channels, panel, sums);
    }
    for (int32_t r = 0; r < count; r++) {
        float *y = rows->target[r];
        if (width == 8) LW_STORE(y, sums[r]);
        else for (int32_t j = 0; j < width; j++) y[j] = sums[r][j];
    }
}

/// Fills `rows` with the outputs from number `first` on, counted through all images; those beyond `end` repeat the last.
LW_INLINE void find_rows(row_set *rows, int32_t count, const lw_taps *g, const lw_tap_work *w, int32_t first, int32_t end,
                         int32_t column) {
    const int32_t positions = w->end - w->first;
    for (int32_t r = 0; r < count; r++) {
        const int32_t number = first + r < end ? first + r : end - 1;
        const int32_t image = number / positions, position = w->first + number % positions;
        rows->image[r] = w->input + image * w->input_stride;
        rows->sources[r] = g->sources + (size_t)position * g->taps;
        rows->target[r] = w->output + image * w->output_stride + g->targets[position] + column;
    }
}

LW_CLONES
void lw_multiply_taps(const lw_taps *taps, const lw_tap_work *work, const float *panels, const float *bias,
                      lw_activation function, float slope) {
    const lw_taps g = *taps;
    const lw_tap_work w = *work;
    const int32_t total = w.images * (w.end - w.first);
    for (int32_t panel = w.first_panel; panel < w.end_panel; panel++) {
        const int32_t column = panel * LW_PANEL;
        const int32_t width = g.columns - column < LW_PANEL ? g.columns - column : LW_PANEL;
        const float *weights = panels + (size_t)panel * g.taps * g.channels * LW_PANEL;
        const int32_t largest = width <= 8 ? HALF_ROWS : 6;
        int32_t row = 0;
        for (int32_t tiles = (total + largest - 1) / largest; tiles > 0; tiles--) {
            // As even as can be, since the sums of a tile of one or two rows would wait for each other.
            const int32_t count_here = (total - row + tiles - 1) / tiles;
            row_set rows;
            find_rows(&rows, width <= 8 ? HALF_ROWS : count_here, &g, &w, row, total, column);
            if (width <= 8) {
                if (count_here <= HALF_ROWS / 2) tap_half_tile(HALF_ROWS / 2, &rows, &g, weights, bias + column, width);
                else tap_half_tile(HALF_ROWS, &rows, &g, weights, bias + column, width);
            } else {
                LW_FOR_EACH_COUNT(count_here, { tap_tile(count, &rows, &g, weights, bias + column, width); })
            }
            if (function != LW_IDENTITY)
                for (int32_t r = 0; r < count_here; r++) finish_row(rows.target[r], width, function, slope);
            row += count_here;
        }
    }
}
