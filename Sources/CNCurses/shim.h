// ncurses with wide characters, and what Swift cannot reach by itself: macros, and globals that strict concurrency
// refuses. Each accessor is one line.
#pragma once
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <term.h>
#include <wchar.h>

/// From <wchar.h>, which shows it to X/Open programs only.
extern int wcwidth(wchar_t character);
static inline int curses_character_width(unsigned scalar) { return wcwidth((wchar_t)scalar); }

static inline WINDOW *curses_standard_window(void) { return stdscr; }
static inline WINDOW *curses_physical_window(void) { return curscr; }
static inline int curses_color_count(void) { return COLORS; }
static inline int curses_pair_count(void) { return COLOR_PAIRS; }
static inline const char *curses_string(const char *name) {
    char *value = tigetstr((char *)name);
    return value == (char *)-1 ? NULL : value;
}
/// Forgets the terminal description that setupterm has read.
static inline void curses_forget_description(void) { (void)del_curterm(cur_term); }
static inline int curses_flag(const char *name) { return tigetflag((char *)name) == 1; }
static inline int curses_number(const char *name) { return tigetnum((char *)name); }

enum { CURSES_BOLD = 1, CURSES_DIM = 2, CURSES_REVERSE = 4, CURSES_UNDERLINE = 8 };

/// Writes one cell of the standard window. In the last cell of the screen curses answers ERR although it wrote.
static inline void curses_put(int row, int column, unsigned scalar, unsigned attributes, int pair) {
    wchar_t text[2] = {(wchar_t)scalar, 0};
    attr_t set = 0;
    cchar_t cell;
    if (attributes & CURSES_BOLD) set |= A_BOLD;
    if (attributes & CURSES_DIM) set |= A_DIM;
    if (attributes & CURSES_REVERSE) set |= A_REVERSE;
    if (attributes & CURSES_UNDERLINE) set |= A_UNDERLINE;
    if (setcchar(&cell, text, set, 0, &pair) == OK) (void)mvwadd_wch(stdscr, row, column, &cell);
}
