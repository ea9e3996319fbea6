#pragma once

/// Counts the allocations of this thread from now on.
void allocation_counter_start(void);
/// How many there were since; ends the counting.
long allocation_counter_stop(void);
