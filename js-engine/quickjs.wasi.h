/* Why this file exists: four places where QuickJS asks what it runs on, and the answer "WASI" costs us; two
 * faults; and secrets.
 *
 * build.sh puts it in front of every C file of the interpreter (`-include`). It pulls in all system headers
 * while the truth still stands (their include guards then keep them out), and afterwards tells QuickJS:
 *
 *  - not `__wasi__`: under that name QuickJS switches its stack check off, and deep recursion would trap instead
 *    of throwing a RangeError that a lambda can catch. The check compares the stack pointer with a limit
 *    (src/interpreter.rs chooses it), which works here too - for one of the two stacks:
 *  - `js_get_stack_pointer()`: what can be read is the shadow stack in linear memory. The WebAssembly engine's own
 *    stack cannot, and C code that recurses (JSON, the parser) uses much of that one and little of the other, up to
 *    16 : 1 against 3 : 1 for calls of JavaScript functions. So the bytes since the innermost JavaScript frame count
 *    eightfold; then one limit bounds both. (The definition in quickjs.c says `(void)`, its uses say `()`, which is how
 *    the macro tells them apart. `rt` is in scope at every use.)
 *  - `__ANDROID__`: the only use of this name in the interpreter's sources is "the C library has
 *    malloc_usable_size". wasi-libc does. With it QuickJS appends to strings in place and counts its heap in bytes
 *    for the garbage collector; without it every `s += x` copies the whole string.
 *  - `js_array_push`: QuickJS appends to an array whose length is beyond its elements (`new Array(2)`, `a.length = 5`) as if they
 *    were all there, and then takes for values what the memory held before. Ours, which the table of Array.prototype
 *    names, first gives such an array the slow form, which has holes. Calls inside of QuickJS append to arrays without
 *    holes. It is defined in front of `js_array_lastIndexOf`, a name that only its definition has parentheses after.
 *  - `js_new_callsite`: the one caller puts what it gets into an array, and frees it twice when the array finds no memory to
 *    grow. Here the array grows first; without memory there is no call site, and then the caller frees what it should. (The
 *    type of the first parameter tells declaration and definition from the call. `stack` is in scope there.)
 *  - `CONFIG_ATOMICS`: without threads QuickJS leaves the global object `Atomics` out, which Node 10 has. There is one
 *    thread, so locks have nothing to do, and `Atomics.wait` throws before it would wait (`can_block` is false).
 *  - `free` and `realloc`: while an image comes to be, freed memory is cleared (src/heap.rs says why, and when).
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
#include <stdatomic.h>
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

#define js_array_push(...) js_array_push_of_quickjs(__VA_ARGS__)
#define js_array_lastIndexOf(...)                                                                         \
    (js_array_push)(JSContext * ctx, JSValueConst this_val, int argc, JSValueConst *argv, int unshift)    \
    {                                                                                                     \
        if (JS_VALUE_GET_TAG(this_val) == JS_TAG_OBJECT) {                                                \
            JSObject *array_ = JS_VALUE_GET_OBJ(this_val);                                                \
            if (array_->class_id == JS_CLASS_ARRAY && array_->fast_array &&                               \
                (JS_VALUE_GET_TAG(array_->prop[0].u.value) != JS_TAG_INT ||                               \
                 (uint32_t)JS_VALUE_GET_INT(array_->prop[0].u.value) != array_->u.array.count) &&         \
                convert_fast_array_to_array(ctx, array_))                                                 \
                return JS_EXCEPTION;                                                                      \
        }                                                                                                 \
        return js_array_push_of_quickjs(ctx, this_val, argc, argv, unshift);                              \
    }                                                                                                     \
    static JSValue js_array_lastIndexOf(__VA_ARGS__)

#define js_new_callsite(first, second) LAMBKIN_CALLSITE_##first, second)
#define LAMBKIN_CALLSITE_JSContext js_new_callsite_of_quickjs(JSContext
#define LAMBKIN_CALLSITE_ctx LAMBKIN_CALLSITE_IN_ARRAY(ctx
#define LAMBKIN_CALLSITE_IN_ARRAY(ctx_, data_)                                                            \
    ({                                                                                                    \
        JSObject *array_ = JS_VALUE_GET_OBJ(stack);                                                       \
        uint32_t len_ = array_->u.array.count + 1;                                                        \
        len_ > array_->u.array.u1.size && expand_fast_array(ctx_, array_, len_)                           \
            ? JS_EXCEPTION                                                                                \
            : js_new_callsite_of_quickjs(ctx_, data_);                                                    \
    })

/* One for all C files and src/heap.rs. */
__attribute__((weak)) unsigned char lambkin_is_wiping = 1;

/* Clears a block from `from` on. */
static inline void lambkin_wipe(void *block, size_t from)
{
    memset((char *)block + from, 0, malloc_usable_size(block) - from);
    /* Or the compiler would leave the zeros out, because nobody may read them. */
    __asm__ volatile("" : : "r"(block) : "memory");
}
static inline void lambkin_free(void *block)
{
    if (lambkin_is_wiping && block)
        lambkin_wipe(block, 0);
    free(block);
}
static inline void *lambkin_realloc(void *block, size_t size)
{
    if (!lambkin_is_wiping || !block)
        return realloc(block, size);
    size_t usable = malloc_usable_size(block);
    if (size <= usable) {
        lambkin_wipe(block, size);
        return realloc(block, size);
    }
    void *moved = malloc(size);
    if (moved) {
        memcpy(moved, block, usable);
        lambkin_free(block);
    }
    return moved;
}
#define free lambkin_free
#define realloc lambkin_realloc

#define CONFIG_ATOMICS 1

typedef bool js_once_t;
typedef char js_mutex_t;
typedef char js_cond_t;
#define JS_ONCE_INIT false

static inline void js_once(js_once_t *is_done, void (*callback)(void))
{
    if (!*is_done)
        callback();
    *is_done = true;
}
static inline void js_mutex_init(js_mutex_t *mutex) { (void)mutex; }
static inline void js_mutex_lock(js_mutex_t *mutex) { (void)mutex; }
static inline void js_mutex_unlock(js_mutex_t *mutex) { (void)mutex; }
static inline void js_cond_init(js_cond_t *condition) { (void)condition; }
static inline void js_cond_destroy(js_cond_t *condition) { (void)condition; }
static inline void js_cond_signal(js_cond_t *condition) { (void)condition; }
/* Nobody could ever wake the thread. */
static inline void js_cond_wait(js_cond_t *condition, js_mutex_t *mutex) { (void)condition; (void)mutex; abort(); }
static inline int js_cond_timedwait(js_cond_t *condition, js_mutex_t *mutex, uint64_t timeout)
{
    (void)condition;
    (void)mutex;
    (void)timeout;
    abort();
}

#define js_get_stack_pointer(nothing) LAMBKIN_STACK_POINTER_##nothing
#define LAMBKIN_STACK_POINTER_void js_get_stack_pointer_of_quickjs(void)
#define LAMBKIN_STACK_POINTER_                                                                            \
    ({                                                                                                    \
        /* Frames of generators are on the heap, above the stack. */                                      \
        const JSStackFrame *frame_ = rt->current_stack_frame;                                             \
        while (frame_ && (uintptr_t)frame_ > rt->stack_top)                                               \
            frame_ = frame_->prev_frame;                                                                  \
        lambkin_stack_pointer((uintptr_t)__builtin_frame_address(0), frame_ ? (uintptr_t)frame_ : rt->stack_top); \
    })

/* The stack pointer as if what lies between it and `frame` were eight times as much; never below the first page. */
static inline uintptr_t lambkin_stack_pointer(uintptr_t pointer, uintptr_t frame)
{
    uintptr_t extra = frame > pointer ? (frame - pointer) * 7 : 0;
    return extra < pointer ? pointer - extra : 65536;
}

#endif
