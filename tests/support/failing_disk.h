/* SPDX-License-Identifier: ISC */
/*
 * Purpose: SQLite's own file system with a shim over each file, and the system calls of the log in
 * front of the database, and of the file in which rooms rest, so that the syncs and writes of
 * either fail when a test says so. The knobs are for any thread.
 */
#ifndef SPAR_TESTS_SUPPORT_FAILING_DISK_H
#define SPAR_TESTS_SUPPORT_FAILING_DISK_H

#include <stdbool.h>

/* Databases opened from now on are on the failing disk, which works until it is told otherwise. */
void failing_disk_install(void);
/* Once those databases are closed. */
void failing_disk_remove(void);
/* Writing to a log says that the disk is full, or no longer. */
void failing_disk_full(bool full);
/* The next `count` syncs of a log fail. */
void failing_disk_syncs(int count);
/* The same two of the file in which rooms rest. */
void failing_disk_rest_full(bool full);
void failing_disk_rest_syncs(int count);

#endif
