#include "CCrashGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int relayed[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};

/// The last messages of a dying process that are worth handing out, in bytes.
enum { CAPTURED_LIMIT = 64 * 1024, SEQUENCE_LIMIT = 512, HIGHEST_SIGNAL = 64 };
/// How long a terminal may take nothing before what it holds is thrown away, in milliseconds, and how often it may be
/// ready and take nothing, a millisecond apart.
enum { PATIENCE = 300, ATTEMPTS = 300 };

static struct sigaction relayed_before[COUNT(relayed)];
static struct sigaction fatal_before[COUNT(fatal)];
static volatile sig_atomic_t relay_installed;
static volatile sig_atomic_t relay_pipe = -1;
static volatile sig_atomic_t pending[HIGHEST_SIGNAL];

static volatile sig_atomic_t guard_armed;
static volatile sig_atomic_t also_drawing = -1;
static pthread_t guarded_thread;
static sigset_t guarded_mask;
static struct crash_guard_screen guarded;
static char guarded_sequence[SEQUENCE_LIMIT];
static struct termios guarded_modes;
static int null_device = -1;
static char alternate_stack[64 * 1024];

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
static struct sigaction ending_before[COUNT(ending)];
/// Several trainings may begin at a time, as in tests: one of them has the relay.
static _Atomic int end_relay_pipe = -1;

/// Without ever waiting for a terminal that takes nothing: what it holds then is thrown away, and if that does not help
/// either, the rest of the bytes.
static void write_patiently(int descriptor, const char *bytes, size_t length) {
    int flags = fcntl(descriptor, F_GETFL);
    bool has_flushed = false;
    int attempts = ATTEMPTS;
    if (flags >= 0) fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
            continue;
        }
        if (written < 0 && errno == EINTR) continue;
        if (written == 0 || errno != EAGAIN) break;
        struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
        if (poll(&ready, 1, PATIENCE) > 0) {
            // Ready, and yet it took nothing: another thread's write is not through yet.
            poll(NULL, 0, 1);
            if (attempts-- > 0) continue;
        }
        if (has_flushed) break;
        has_flushed = true;
        tcflow(descriptor, TCOON);
        tcflush(descriptor, TCOFLUSH);
    }
    if (flags >= 0) fcntl(descriptor, F_SETFL, flags);
}

static void hand_out_captured(void) {
    char buffer[4096];
    off_t end, position;
    if (guarded.captured_output < 0 || guarded.error_output < 0) return;
    end = lseek(guarded.captured_output, 0, SEEK_END);
    position = end > CAPTURED_LIMIT ? end - CAPTURED_LIMIT : 0;
    while (position < end) {
        ssize_t count = pread(guarded.captured_output, buffer, sizeof buffer, position);
        if (count <= 0) return;
        write_patiently(guarded.error_output, buffer, (size_t)count);
        position += count;
    }
}

static void restore_screen(void) {
    if (!guard_armed) return;
    guard_armed = 0;
    // The thread that draws may come free below, and close what it takes for its own.
    int terminal = fcntl(guarded.terminal, F_DUPFD_CLOEXEC, 3);
    if (null_device >= 0) {
        dup2(null_device, guarded.drawing);
        if (also_drawing >= 0) dup2(null_device, also_drawing);
        // A write that waits for the terminal holds it: interrupted, it begins again, and goes nowhere.
        if (!pthread_equal(pthread_self(), guarded_thread)) pthread_kill(guarded_thread, SIGWINCH);
    }
    write_patiently(terminal, guarded_sequence, guarded.sequence_length);
    tcsetattr(terminal, TCSANOW, &guarded_modes);
    close(terminal);
    hand_out_captured();
}

static void on_fatal(int number) {
    restore_screen();
    // The action that was there before (the default one, or a backtracer's) has the signal next: at once where it came from
    // an instruction, which is tried again, and by the raise where it was sent.
    for (size_t i = 0; i < COUNT(fatal); i++)
        if (fatal[i] == number) sigaction(number, &fatal_before[i], NULL);
    raise(number);
}

static bool asks_for_the_end(int number) {
    return number == SIGINT || number == SIGTERM || number == SIGQUIT || number == SIGHUP;
}

static void on_relayed(int number) {
    int saved = errno;
    char byte = (char)number;
    if (pending[number] && asks_for_the_end(number)) {
        // The second request while the first is not even seen: the program hangs, so it ends here.
        struct sigaction standard = {.sa_handler = SIG_DFL};
        restore_screen();
        sigaction(number, &standard, NULL);
        raise(number);
        return;
    }
    pending[number] = 1;
    // A full pipe wakes the reader as well; the flag above says what for.
    if (write(relay_pipe, &byte, 1) < 0) errno = saved;
    errno = saved;
}

static void on_ending(int number) {
    int saved = errno;
    char byte = (char)number;
    // A pipe so full that this is lost has more signals in it than anybody counts.
    (void)!write(end_relay_pipe, &byte, 1);
    errno = saved;
}

bool end_relay_install(int pipe_write_end) {
    struct sigaction action = {.sa_handler = on_ending, .sa_flags = SA_RESTART | SA_ONSTACK};
    int none = -1;
    if (!atomic_compare_exchange_strong(&end_relay_pipe, &none, pipe_write_end)) return false;
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < COUNT(ending); i++) {
        sigaction(ending[i], NULL, &ending_before[i]);
        // `nohup` wants the end of the terminal to be passed over.
        if (ending[i] == SIGHUP && ending_before[i].sa_handler == SIG_IGN) continue;
        sigaction(ending[i], &action, NULL);
    }
    return true;
}

void end_relay_remove(void) {
    if (end_relay_pipe < 0) return;
    for (size_t i = 0; i < COUNT(ending); i++) sigaction(ending[i], &ending_before[i], NULL);
    end_relay_pipe = -1;
}

bool signal_relay_install(int pipe_write_end) {
    struct sigaction action = {.sa_handler = on_relayed, .sa_flags = SA_RESTART | SA_ONSTACK};
    if (relay_installed) return false;
    relay_installed = 1;
    relay_pipe = pipe_write_end;
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < COUNT(relayed); i++) {
        pending[relayed[i]] = 0;
        sigaction(relayed[i], NULL, &relayed_before[i]);
        if (relayed_before[i].sa_handler != SIG_IGN && relayed_before[i].sa_handler != on_ending)
            sigaction(relayed[i], &action, NULL);
    }
    return true;
}

void signal_relay_remove(void) {
    if (!relay_installed) return;
    for (size_t i = 0; i < COUNT(relayed); i++) sigaction(relayed[i], &relayed_before[i], NULL);
    relay_installed = 0;
    relay_pipe = -1;
}

bool signal_relay_take(int number) {
    if (number <= 0 || number >= HIGHEST_SIGNAL || !pending[number]) return false;
    pending[number] = 0;
    return true;
}

void signal_relay_stop_process(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL}, ours;
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &standard, &ours);
    pthread_sigmask(SIG_UNBLOCK, &stop, &before);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    sigaction(SIGTSTP, &ours, NULL);
}

bool crash_guard_arm(const struct crash_guard_screen *screen) {
    struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
    stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    if (screen->sequence_length > SEQUENCE_LIMIT) return false;
    if (tcgetattr(screen->terminal, &guarded_modes) != 0) return false;
    memcpy(guarded_sequence, screen->sequence, screen->sequence_length);
    guarded = *screen;
    guarded_thread = pthread_self();
    also_drawing = -1;
    // Threads that a queue works on block all signals: this one interrupts a write that waits, see restore_screen.
    sigset_t interrupting;
    sigemptyset(&interrupting);
    sigaddset(&interrupting, SIGWINCH);
    pthread_sigmask(SIG_UNBLOCK, &interrupting, &guarded_mask);
    null_device = open("/dev/null", O_WRONLY | O_CLOEXEC);
    // For the thread that draws; another thread that overflows its own stack dies without a farewell.
    sigaltstack(&stack, NULL);
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < COUNT(fatal); i++) sigaction(fatal[i], &action, &fatal_before[i]);
    guard_armed = 1;
    return true;
}

void crash_guard_draws_through(int descriptor) { also_drawing = descriptor; }

void crash_guard_restore(void) { restore_screen(); }

void crash_guard_disarm(void) {
    stack_t none = {.ss_flags = SS_DISABLE};
    if (!guard_armed) return;
    guard_armed = 0;
    for (size_t i = 0; i < COUNT(fatal); i++) sigaction(fatal[i], &fatal_before[i], NULL);
    sigaltstack(&none, NULL);
    pthread_sigmask(SIG_SETMASK, &guarded_mask, NULL);
    if (null_device >= 0) close(null_device);
    null_device = -1;
}
