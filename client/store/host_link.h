/* SPDX-License-Identifier: ISC */
/*
 * host_link.h: the host link that a command without one goes by.
 */
#ifndef SPAR_CLIENT_STORE_HOST_LINK_H
#define SPAR_CLIENT_STORE_HOST_LINK_H

#include <stddef.h>

/* $SPAR_HOST_LINK, else the line in host.link of Spar's data folder (contrib/run leaves it there),
 * read into `line`. NULL: there is none. */
const char *host_link_find(char *line, size_t size);

#endif
