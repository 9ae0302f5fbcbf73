/* SPDX-License-Identifier: ISC */
/*
 * host_link.h: the link that lets somebody host on this server: its secret, kept in the data
 * folder, and its text. The secret is the one that is stored as it is, since the operator must be
 * able to read the link again.
 */
#ifndef SPAR_SERVER_CONFIG_HOST_LINK_H
#define SPAR_SERVER_CONFIG_HOST_LINK_H

#include "certs/pin.h"
#include "protocol/wire/invite.h"
#include "server/base/seat.h"
#include "server/config/config.h"

enum { HOST_NAME_MAX_BYTES = 256 };

/* Reads `data`/host.secret, or draws one and writes it there with mode 0600. False with a sentence
 * in `error` (CONFIG_ERROR_MAX bytes). */
bool host_secret_open(const char *data, struct seat_secret *secret, char *error)
    __attribute__((warn_unused_result));
/* The host by which this server is reached, without a port: the configured name, the address that
 * it listens on, or, where that is any, the machine's first address that is not loopback. IPv6
 * comes without brackets. */
void host_name_bare(const struct config *config, char out[HOST_NAME_MAX_BYTES]);
/* HOST:PORT by which clients reach this server rather than another on its journal; "" while the
 * system has not chosen the port. */
void host_address(const struct config *config, char out[NODE_ADDRESS_MAX + 1]);
/* The host of config->address, as host_name_bare gives it; "": none was given. */
void host_own_bare(const struct config *config, char out[HOST_NAME_MAX_BYTES]);
/* https://HOST:PORT/host#host.SECRET.PIN; port: the real one, used unless the configured name has
 * its own. */
void host_link(const struct config *config, uint16_t port, const struct seat_secret *secret,
               const struct pin *pin, char out[INVITE_TEXT_MAX]);

#endif
