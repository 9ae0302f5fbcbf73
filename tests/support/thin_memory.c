/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see thin_memory.h. __real_X is the function that the linker took X from.
 */
#include "tests/support/thin_memory.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_reallocarray(void *block, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
void __real_free(void *block);
msgpack_zone *__real_msgpack_zone_new(size_t chunk);
void __real_msgpack_zone_free(msgpack_zone *zone);
msgpack_unpack_return __real_msgpack_unpack(const char *bytes, size_t len, size_t *at,
                                            msgpack_zone *zone, msgpack_object *out);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);
void __wrap_free(void *block);
msgpack_zone *__wrap_msgpack_zone_new(size_t chunk);
void __wrap_msgpack_zone_free(msgpack_zone *zone);
msgpack_unpack_return __wrap_msgpack_unpack(const char *bytes, size_t len, size_t *at,
                                            msgpack_zone *zone, msgpack_object *out);

static unsigned left; /* allocations up to and with the one that fails; 0: none fails */
static bool failed;
static size_t held;

void thin_memory_fail(unsigned nth) {
    left = nth;
    failed = false;
}

bool thin_memory_end(void) {
    left = 0;
    return failed;
}

size_t thin_memory_held(void) {
    return held;
}

static bool fails(void) {
    bool now = left > 0 && --left == 0;
    failed = failed || now;
    return now;
}

static void *hold(void *block) {
    held += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : hold(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : hold(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size) {
    void *grown = fails() ? NULL : __real_realloc(block, size);
    return block == NULL ? hold(grown) : grown;
}

void *__wrap_reallocarray(void *block, size_t count, size_t size) {
    void *grown = fails() ? NULL : __real_reallocarray(block, count, size);
    return block == NULL ? hold(grown) : grown;
}

char *__wrap_strdup(const char *text) {
    return fails() ? NULL : hold(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t len) {
    return fails() ? NULL : hold(__real_strndup(text, len));
}

void __wrap_free(void *block) {
    held -= block != NULL;
    __real_free(block);
}

msgpack_zone *__wrap_msgpack_zone_new(size_t chunk) {
    return fails() ? NULL : hold(__real_msgpack_zone_new(chunk));
}

void __wrap_msgpack_zone_free(msgpack_zone *zone) {
    held--;
    __real_msgpack_zone_free(zone);
}

msgpack_unpack_return __wrap_msgpack_unpack(const char *bytes, size_t len, size_t *at,
                                            msgpack_zone *zone, msgpack_object *out) {
    return fails() ? MSGPACK_UNPACK_NOMEM_ERROR : __real_msgpack_unpack(bytes, len, at, zone, out);
}
