/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any bytes as a proxy's header. One that is whole is the same whatever comes behind it,
 * no piece of it is whole, and its length stays within the bound.
 */
#include <stdlib.h>

#include "server/net/proxy_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct proxy_head head;
    struct proxy_head piece;
    enum proxy_status status = proxy_head_read(data, size, &head);
    if (status == PROXY_HEAD_PARTIAL && size >= PROXY_HEAD_MAX) {
        abort(); /* who waits for more has no place for it */
    }
    if (status != PROXY_HEAD_WHOLE) {
        return 0;
    }
    if (head.used > size || head.used > PROXY_HEAD_MAX) {
        abort();
    }
    for (size_t len = 0; len < head.used; len++) {
        if (proxy_head_read(data, len, &piece) != PROXY_HEAD_PARTIAL) {
            abort();
        }
    }
    bool same = proxy_head_read(data, head.used, &piece) == PROXY_HEAD_WHOLE &&
                piece.used == head.used && piece.given == head.given;
    if (!same || (head.given && head.from.any.sa_family != head.to.any.sa_family)) {
        abort();
    }
    return 0;
}
