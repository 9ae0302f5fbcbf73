/* SPDX-License-Identifier: ISC */
/*
 * input.h: the lines of a batch mode, from a descriptor, in their order.
 *
 * Invariants: a terminal or pipe is read no further ahead than BATCH_AHEAD_MAX and one more read;
 * what waits is read on once lines have been taken. Blank lines and those that begin with # count
 * but are not given out. Runs on the thread of its event_base.
 */
#ifndef SPAR_CLIENT_BATCH_INPUT_H
#define SPAR_CLIENT_BATCH_INPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct event;
struct event_base;
struct evbuffer;

/* How a batch ended. */
enum batch_end {
    BATCH_DONE,    /* all its lines, or nobody reads on what it prints */
    BATCH_FAILED,  /* nothing more can be done: said why */
    BATCH_BAD_LINE /* a line could not be used: said which */
};

enum {
    BATCH_LINE_MAX = 16384, /* bytes, without its end */
    BATCH_WHY_MAX = 320,    /* bytes of what is said about a line, its NUL included */
    BATCH_AHEAD_MAX = 65536 /* bytes */
};

struct batch_input {
    struct evbuffer *bytes;
    struct event *read; /* NULL before the start */
    bool ended;         /* no more bytes will come */
    uint32_t line;      /* number of the last one given out, from 1 */
    void (*more)(void *ctx);
    void *ctx;
};

/* more: lines may be there, or the end. False: out of memory; batch_input_close is due in any
 * case. */
bool batch_input_open(struct batch_input *input, void (*more)(void *ctx), void *ctx)
    __attribute__((warn_unused_result));
/* Starts to read; `more` is called from the loop. False: out of memory. */
bool batch_input_start(struct batch_input *input, struct event_base *base, int fd)
    __attribute__((warn_unused_result));
/* Puts bytes in directly, in place of a descriptor. */
void batch_input_give(struct batch_input *input, const char *bytes, size_t len, bool ended);
/* The next line without its end, to be freed by free(); NULL: none for now. One that is longer than
 * BATCH_LINE_MAX may be given in part. */
char *batch_input_next(struct batch_input *input, size_t *len) __attribute__((warn_unused_result));
/* Takes a byte order mark off the first line. number: from 1. */
void batch_line_trim(char *line, size_t *len, uint32_t number);
/* Whether there is anything on the line but blanks and a comment. */
bool batch_line_counts(const char *line);
/* The JSON object that a line holds; NULL: `why` (BATCH_WHY_MAX bytes) is one sentence, which shows
 * `example`. */
json_t *batch_line_object(const char *line, size_t len, const char *example, char *why)
    __attribute__((warn_unused_result));
/* Whether everything has been read and given out. */
bool batch_input_is_over(const struct batch_input *input);
/* As if the input had ended here: what follows is dropped. */
void batch_input_end(struct batch_input *input);
/* How a batch ends whose output could not be written: said on `errors`, unless its reader has gone,
 * who had what they wanted. */
enum batch_end batch_output_lost(FILE *out, FILE *errors) __attribute__((warn_unused_result));
/* A zeroed one is fine. */
void batch_input_close(struct batch_input *input);

#endif
