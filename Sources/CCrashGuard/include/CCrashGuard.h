// Signals, where Swift cannot go: a handler may only touch static memory and call what is safe in a handler.
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Relays INT, TERM, HUP, QUIT, WINCH, TSTP and CONT as bytes into a pipe, and remembers which came.
/// A signal that the process was started to ignore stays ignored.
///
/// @return false when a relay is installed already.
bool signal_relay_install(int pipe_write_end);

/// Puts the handlers back that were there before.
void signal_relay_remove(void);

/// Whether the signal has come since it was asked for last.
bool signal_relay_take(int signal_number);

/// Stops the process as Ctrl-Z would have without a handler; returns when it goes on.
void signal_relay_stop_process(void);

/// Relays INT, TERM and HUP, each time that they come, as bytes into a pipe of their own, whatever else draws on a
/// terminal meanwhile: a relay that is installed later leaves them alone. A HUP that the process was started to ignore stays ignored.
///
/// @return false when such a relay is installed already.
bool end_relay_install(int pipe_write_end);

/// Puts the handlers back that were there before.
void end_relay_remove(void);

/// What a crash has to put back. All descriptors stay the caller's; they must live until crash_guard_disarm.
struct crash_guard_screen {
    /// The terminal, by a descriptor of the guard's own.
    int terminal;
    /// The descriptor that the screen is drawn through: cut off first, so that no other thread draws on.
    int drawing;
    /// Where the messages of a dying process are wanted, and the file in which they were caught; -1 without one.
    int error_output;
    int captured_output;
    /// What the terminal is sent: screen, cursor, mouse, keypad.
    const char *sequence;
    size_t sequence_length;
};

/// Catches SEGV, BUS, ILL, TRAP, FPE and ABRT: writes the sequence, restores the modes that the terminal has at this
/// moment, hands out what was caught, and lets the signal take its course.
///
/// @return false when the sequence is too long to keep, or the terminal has no modes.
bool crash_guard_arm(const struct crash_guard_screen *screen);
void crash_guard_disarm(void);

/// Another descriptor that the screen is drawn through, to be cut off as well.
void crash_guard_draws_through(int descriptor);

/// Puts the screen back as after a crash, from any thread, and waits for a terminal that takes nothing no longer than a
/// second. What is drawn afterwards goes nowhere. Without a guard it does nothing.
void crash_guard_restore(void);
