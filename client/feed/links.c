/* SPDX-License-Identifier: ISC */
/*
 * links.c: which of the links that this client gives away has been used, by the hashes that the
 * server tells.
 */
#include <string.h>

#include "client/feed/feed.h"
#include "protocol/wire/hash.h"
#include "protocol/wire/invite.h"

int feed_link_used_by(const struct feed_links *links, const char *text) {
    struct invite invite;
    char why[INVITE_WHY_MAX];
    uint8_t hash[HASH_BYTES];
    if (links->used_count == 0 || !invite_parse(text, &invite, why)) {
        return -1;
    }
    digest_bytes(invite.secret, strlen(invite.secret), hash);
    for (uint32_t i = 0; i < links->used_count; i++) {
        if (memcmp(links->used[i], hash, HASH_BYTES) == 0) {
            return links->used_by[i];
        }
    }
    return -1;
}
