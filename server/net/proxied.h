/* SPDX-License-Identifier: ISC */
/*
 * proxied.h: a connection that a proxy passes on, and from whom. Private to net/.
 */
#ifndef SPAR_SERVER_NET_PROXIED_H
#define SPAR_SERVER_NET_PROXIED_H

#include "server/net/conn.h"
#include "server/net/proxy_head.h"

/* Of a connection from the proxy, before TLS: reads its header from the socket. → whether TLS
 * begins now; else there is more to come, or the connection is to end. A proxy that sends no header
 * may still say whom it speaks for by HTTP. */
bool proxied_begins(struct conn *conn);
/* Frees what has come of a header. */
void proxied_free(struct conn *conn);
/* It is of somebody at another address, and counts there from now on; may doom the connection. */
void conn_comes_from(struct conn *conn, const struct address *from);

#endif
