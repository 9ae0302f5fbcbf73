/* SPDX-License-Identifier: ISC */
/*
 * remark_batch.c: lines of a batch re-marking.
 */
#include "client/batch/remark_batch.h"

#include <jansson.h>
#include <stdlib.h>

#include "client/batch/input.h"
#include "client/batch/json_event.h"
#include "client/feed/remark_feed.h"

static bool take_object(struct remark *remark, const json_t *object, struct certs_why *why) {
    char sentence[256];
    struct json_bytes bytes;
    struct body body;
    struct remark_word word;
    const json_t *at = json_object_get(object, "at");
    if (!json_command(object, remark->live.pack, &bytes, &body, sentence)) {
        certs_why_set(why, "%s", sentence);
        return false;
    }
    if (!json_is_integer(at) || json_integer_value(at) < 0) {
        certs_why_set(why, "\"at\" should be a whole number of ms since the interview's start.");
        return false;
    }
    int64_t moment = remark_moment(&remark->live, json_integer_value(at));
    if (moment < 0) {
        certs_why_set(why, "\"at\" is past the interview's end.");
        return false;
    }
    return remark_word_of(remark, &body, moment, &word, why) && remark_say(remark, word, why);
}

/* False with an empty `why`: that was the last line. */
static bool take_line(struct remark *remark, const char *line, size_t len, struct certs_why *why) {
    char sentence[BATCH_WHY_MAX];
    json_t *object = batch_line_object(
        line, len,
        "{\"do\":\"flag.set\",\"flag\":\"tool-before-question\",\"on\":true,\"at\":65000}",
        sentence);
    bool good = false;
    if (object == NULL) {
        certs_why_set(why, "%s", sentence);
    } else if (!json_is_true(json_object_get(object, "end"))) {
        good = take_object(remark, object, why);
    }
    json_decref(object);
    return good;
}

bool remark_batch(struct remark *remark, FILE *in, struct certs_why *why) {
    char *line = NULL;
    size_t size = 0;
    unsigned number = 0;
    bool more = true;
    ssize_t len;
    struct certs_why fault = {{0}};
    while (more && (len = getline(&line, &size, in)) >= 0) {
        size_t whole = (size_t)len;
        batch_line_trim(line, &whole, ++number);
        more = !batch_line_counts(line) || take_line(remark, line, whole, &fault);
    }
    free(line);
    if (fault.text[0] != '\0') {
        certs_why_set(why, "line %u: %.600s", number, fault.text);
        return false;
    }
    return true;
}
