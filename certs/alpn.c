/* SPDX-License-Identifier: ISC */
/*
 * alpn.c: offering spar/1, and knowing it.
 */
#include "certs/alpn.h"

#include <string.h>

bool alpn_offer(SSL_CTX *context) {
    static const unsigned char list[] = ALPN_SPAR_WIRE;
    return SSL_CTX_set_alpn_protos(context, list, sizeof list - 1) == 0;
}

bool alpn_is_spar(const SSL *ssl) {
    const unsigned char *chosen = NULL;
    unsigned len = 0;
    SSL_get0_alpn_selected(ssl, &chosen, &len);
    return len == sizeof ALPN_SPAR - 1 && memcmp(chosen, ALPN_SPAR, len) == 0;
}
