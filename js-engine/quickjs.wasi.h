/* Why this file exists: two places where QuickJS asks which platform it is on, and the answer "WASI" costs us.
 *
 * build.sh puts it in front of every C file of the interpreter (`-include`). It pulls in all system headers
 * while the truth still stands (their include guards then keep them out), and afterwards tells QuickJS:
 *
 *  - not `__wasi__`: under that name QuickJS switches its stack check off, and deep recursion would trap instead
 *    of throwing a RangeError that a lambda can catch. The check compares the shadow stack pointer with a limit
 *    (src/interpreter.rs chooses it), which works just as well here.
 *  - `__ANDROID__`: the only use of this name in the interpreter's sources is "the C library has
 *    malloc_usable_size". wasi-libc does. With it QuickJS appends to strings in place and counts its heap in bytes
 *    for the garbage collector; without it every `s += x` copies the whole string.
 */
#ifndef LAMBKIN_QUICKJS_WASI_H
#define LAMBKIN_QUICKJS_WASI_H

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fenv.h>
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#undef __wasi__
#define __ANDROID__ 1

#endif
