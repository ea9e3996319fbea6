#pragma once
// giflib brings nothing for pkg-config; Homebrew's folder is not among the compiler's own on Apple's processors.
#if __has_include(<gif_lib.h>)
#include <gif_lib.h>
#else
#include "/opt/homebrew/include/gif_lib.h"
#endif
