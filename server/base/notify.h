/* SPDX-License-Identifier: ISC */
/*
 * notify.h: tells systemd how the service is doing, by its datagram protocol (man sd_notify),
 * without libsystemd.
 */
#ifndef SPAR_SERVER_BASE_NOTIFY_H
#define SPAR_SERVER_BASE_NOTIFY_H

/* state: e.g. "READY=1". Does nothing where $NOTIFY_SOCKET is not set. Main thread. */
void notify(const char *state);

#endif
