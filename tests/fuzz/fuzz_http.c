/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any bytes as a request, and its answer. A head that is whole is taken or refused the
 * same way whatever comes behind it, and no piece of it is taken as a whole one.
 */
#include <stdlib.h>
#include <string.h>

#include "server/web/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool named(void *ctx, const char *host) {
    (void)ctx;
    return strcmp(host, "spar.example") == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct web_site site = {.named = named, .address = "192.0.2.1", .now = 1};
    const char *text = (const char *)data;
    struct http_request request;
    struct http_request piece;
    struct web_answer answer;
    size_t used;
    size_t piece_used;
    enum http_status status = http_read(text, size, &request, &used);
    if (status == HTTP_PARTIAL) {
        return 0;
    }
    if (status == HTTP_OK) {
        bool whole = http_read(text, used, &piece, &piece_used) == HTTP_OK && piece_used == used;
        bool early = http_read(text, used - 1, &piece, &piece_used) == HTTP_OK;
        if (!whole || early || used > HTTP_HEAD_MAX) {
            abort();
        }
    }
    web_answer(&answer, &site, status, &request, status == HTTP_OK && used < size);
    if (answer.head_len >= WEB_HEAD_MAX || (status != HTTP_OK && !answer.close)) {
        abort();
    }
    free(answer.owned);
    return 0;
}
