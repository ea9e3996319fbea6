#include "CCrashGuard.h"
