/* SPDX-License-Identifier: ISC */
/*
 * input.c: reading ahead, and cutting into lines.
 */
#include "client/batch/input.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/net/say.h"
#include "client/store/safe_file.h"

bool batch_input_open(struct batch_input *input, void (*more)(void *ctx), void *ctx) {
    *input = (struct batch_input){.bytes = evbuffer_new(), .more = more, .ctx = ctx};
    return input->bytes != NULL;
}

static void on_event(evutil_socket_t fd, short what, void *ctx) {
    struct batch_input *input = ctx;
    if (what & EV_READ) {
        int got = evbuffer_read(input->bytes, fd, BATCH_AHEAD_MAX);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        input->ended = got <= 0;
        if (input->ended || evbuffer_get_length(input->bytes) >= BATCH_AHEAD_MAX) {
            event_del(input->read);
        }
    }
    input->more(input->ctx);
}

bool batch_input_start(struct batch_input *input, struct event_base *base, int fd) {
    struct stat stat;
    /* epoll takes no plain files, and reading one never blocks. */
    bool waits =
        fstat(fd, &stat) == 0 && (S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode) || isatty(fd));
    input->read =
        event_new(base, waits ? fd : -1, waits ? EV_READ | EV_PERSIST : 0, on_event, input);
    if (input->read == NULL || waits) {
        return input->read != NULL && event_add(input->read, NULL) == 0;
    }
    while (evbuffer_read(input->bytes, fd, BATCH_AHEAD_MAX) > 0) {
    }
    input->ended = true;
    event_active(input->read, EV_TIMEOUT, 0);
    return true;
}

void batch_input_give(struct batch_input *input, const char *bytes, size_t len, bool ended) {
    evbuffer_add(input->bytes, bytes, len);
    input->ended = ended;
}

/* With blank ones and comments. */
static char *next_line(struct batch_input *input, size_t *len) {
    char *line = evbuffer_readln(input->bytes, len, EVBUFFER_EOL_LF);
    size_t rest = evbuffer_get_length(input->bytes);
    if (line == NULL && ((input->ended && rest > 0) || rest > BATCH_LINE_MAX)) {
        evbuffer_add(input->bytes, "\n", 1); /* the last line lacks its end, or this one has none */
        line = evbuffer_readln(input->bytes, len, EVBUFFER_EOL_LF);
    }
    return line;
}

void batch_line_trim(char *line, size_t *len, uint32_t number) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t size = sizeof mark - 1;
    if (number == 1 && *len >= size && memcmp(line, mark, size) == 0) {
        *len -= size;
        memmove(line, line + size, *len + 1);
    }
}

bool batch_line_counts(const char *line) {
    const char *content = line + strspn(line, " \t\r\n");
    return *content != '\0' && *content != '#';
}

json_t *batch_line_object(const char *line, size_t len, const char *example, char *why) {
    json_error_t error;
    if (len > BATCH_LINE_MAX) {
        snprintf(why, BATCH_WHY_MAX, "The line is longer than %d bytes.", BATCH_LINE_MAX);
        return NULL;
    }
    json_t *json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        snprintf(why, BATCH_WHY_MAX, "This is not JSON (column %d: %.100s).", error.column,
                 error.text);
    } else if (!json_is_object(json)) {
        snprintf(why, BATCH_WHY_MAX, "Each line should be one JSON object, such as %s.", example);
        json_decref(json);
        return NULL;
    }
    return json;
}

char *batch_input_next(struct batch_input *input, size_t *len) {
    char *line;
    while ((line = next_line(input, len)) != NULL) {
        input->line++;
        batch_line_trim(line, len, input->line);
        if (batch_line_counts(line)) {
            break;
        }
        free(line);
    }
    if (input->read != NULL && !input->ended &&
        evbuffer_get_length(input->bytes) < BATCH_AHEAD_MAX) {
        event_add(input->read, NULL);
    }
    return line;
}

bool batch_input_is_over(const struct batch_input *input) {
    return input->ended && evbuffer_get_length(input->bytes) == 0;
}

void batch_input_end(struct batch_input *input) {
    input->ended = true;
    evbuffer_drain(input->bytes, evbuffer_get_length(input->bytes));
    if (input->read != NULL) {
        event_del(input->read);
    }
}

enum batch_end batch_output_lost(FILE *out, FILE *errors) {
    if (safe_file_unread(out)) {
        return BATCH_DONE;
    }
    say(errors, "spar: The output could not be written; it ends here.\n");
    return BATCH_FAILED;
}

void batch_input_close(struct batch_input *input) {
    if (input->read != NULL) {
        event_free(input->read);
    }
    if (input->bytes != NULL) {
        evbuffer_free(input->bytes);
    }
    *input = (struct batch_input){0};
}
