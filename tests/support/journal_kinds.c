/* SPDX-License-Identifier: ISC */
/*
 * Purpose: see journal_kinds.h.
 */
#include "tests/support/journal_kinds.h"

#include <CUnit/CUnit.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/failing_disk.h"
#include "tests/support/journal_memory.h"
#include "tests/support/journal_place.h"
#include "tests/support/shared_rows.h"

enum {
    CHECKS = 1 << JOURNAL_CHECK,
    FORGETS = 1 << JOURNAL_FORGET,
    FOLDERS = CHECKS | FORGETS | 1 << JOURNAL_KEEP | 1 << JOURNAL_BACKUP,
    DATABASES = CHECKS | FORGETS | 1 << JOURNAL_PRUNE
};

static struct journal_memory *knobs;
static struct place place;
static struct shared_base *base;
static struct shared_server *server;

static struct journal *open_memory(void) {
    return journal_memory_open(&knobs);
}

static void closed_memory(void) {
}

static void fail_memory(bool fails) {
    journal_memory_fail_commits(knobs, fails ? 1000 : 0);
}

static struct journal *open_sqlite(void) {
    failing_disk_install();
    place_make(&place);
    return place_open(&place);
}

static void closed_sqlite(void) {
    failing_disk_remove();
    place_remove(&place);
}

static struct journal *open_shared(void) {
    base = shared_base_new();
    return shared_base_open(base, &server);
}

static void closed_shared(void) {
    shared_base_free(base);
}

static void fail_shared(bool fails) {
    shared_server_cut(server, fails);
}

static struct journal *another_shared(void) {
    return shared_base_open(base, NULL);
}

const char *journal_postgres_info(void) {
    return getenv("SPAR_TEST_POSTGRES");
}

void journal_postgres_do(const char *statements) {
    PGconn *conn = PQconnectdb(journal_postgres_info());
    PGresult *result = PQexec(conn, statements);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        printf("\n    %s", PQresultErrorMessage(result));
    }
    PQclear(result);
    PQfinish(conn);
    CU_ASSERT_FATAL(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

struct journal *journal_postgres_again(char *error) {
    int64_t ahead;
    static const struct journal_self self = {.address = "", .app = "test"};
    return journal_postgres_open(journal_postgres_info(), &self, NULL, 0, &ahead, error);
}

static struct journal *another_postgres(void) {
    char error[JOURNAL_WHY_MAX];
    return journal_postgres_again(error);
}

static struct journal *open_postgres(void) {
    journal_postgres_do("SET client_min_messages = warning; DROP SCHEMA IF EXISTS spar CASCADE");
    return another_postgres();
}

static void closed_postgres(void) {
}

static void fail_postgres(bool fails) {
    journal_postgres_do(fails ? "ALTER TABLE spar.event ADD CONSTRAINT full_disk CHECK (false) NOT "
                                "VALID"
                              : "ALTER TABLE spar.event DROP CONSTRAINT full_disk");
}

static const struct journal_kind memory = {open_memory, closed_memory, fail_memory, NULL, 0};
static const struct journal_kind sqlite = {open_sqlite, closed_sqlite, failing_disk_full, NULL,
                                           FOLDERS};
static const struct journal_kind shared = {open_shared, closed_shared, fail_shared, another_shared,
                                           0};
static const struct journal_kind postgres = {open_postgres, closed_postgres, fail_postgres,
                                             another_postgres, DATABASES};
static const struct journal_kind *held;

int journal_hold_memory(void) {
    held = &memory;
    return 0;
}

int journal_hold_sqlite(void) {
    held = &sqlite;
    return 0;
}

int journal_hold_shared(void) {
    held = &shared;
    return 0;
}

int journal_hold_postgres(void) {
    held = &postgres;
    return 0;
}

const struct journal_kind *journal_kind(void) {
    return held;
}

bool journal_kind_can(enum journal_chore chore) {
    return held->chores & 1U << chore;
}

struct journal *journal_kind_open(void) {
    struct journal *journal = held->open();
    CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
    return journal;
}

void journal_kind_close(struct journal *journal) {
    journal_close(journal);
    held->closed();
}
