/* SPDX-License-Identifier: ISC */
/*
 * pg_link.c: connection, statements, arrays.
 *
 * Invariant: between calls at most what pg_send_kept sent is unanswered; whoever runs something
 * reads that first. A connection on which something went wrong that the database did not say itself
 * is closed at once.
 */
#include "server/journal/pg_link.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "protocol/text/why.h"
#include "protocol/wire/u32.h"

enum {
    STATE_LENGTH = 5,
    SLICE_MS = 100, /* between two looks whether there is a hurry */
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_TEXT = 25
};

struct pg_link {
    PGconn *conn; /* NULL: left */
    struct pg_hosts hosts;
    bool listens;
    int64_t answer_ms;
    bool sent;    /* something is unanswered */
    bool late;    /* and was awaited once already */
    bool doubted; /* the database warned: what it did may be gone later */
    bool silent;  /* no host answered when last tried */
    bool (*goes_on)(void *ctx);
    void *ctx;
    const struct pg_statement *kept[PG_KEPT_MAX]; /* that this connection's database knows */
    int kept_count;
    _Atomic int64_t last; /* when waiting for a connection ends; INT64_MAX: there is no hurry */
    char why[PG_WHY_MAX];
    char state[STATE_LENGTH + 1];
};

int64_t pg_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct pg_link *pg_link_new(const char *info, bool listens, char why[PG_WHY_MAX]) {
    struct pg_link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        why_not(why, PG_WHY_MAX, "There is no memory left; free some and try again.");
        return NULL;
    }
    atomic_init(&link->last, INT64_MAX);
    link->listens = listens;
    link->answer_ms = PG_ANSWER_MS;
    if (!pg_hosts_read(&link->hosts, info, why)) {
        pg_link_free(link);
        return NULL;
    }
    return link;
}

void pg_link_be_patient(struct pg_link *link, int64_t ms) {
    link->answer_ms = ms;
}

void pg_link_on_late(struct pg_link *link, bool (*goes_on)(void *ctx), void *ctx) {
    link->goes_on = goes_on;
    link->ctx = ctx;
}

static void leave(struct pg_link *link) {
    PQfinish(link->conn);
    link->conn = NULL;
    link->kept_count = 0;
    link->sent = link->late = link->doubted = false;
}

void pg_link_leave(struct pg_link *link) {
    leave(link);
}

void pg_link_free(struct pg_link *link) {
    if (link == NULL) {
        return;
    }
    leave(link);
    pg_hosts_free(&link->hosts);
    free(link);
}

const char *pg_link_why(const struct pg_link *link) {
    return link->why;
}

bool pg_link_is_up(const struct pg_link *link) {
    return link->conn != NULL && !link->late;
}

bool pg_link_is_silent(const struct pg_link *link) {
    return link->silent;
}

unsigned pg_link_host(const struct pg_link *link, unsigned *count) {
    *count = link->hosts.count;
    return link->hosts.at;
}

int pg_link_backend(const struct pg_link *link) {
    return link->conn != NULL ? PQbackendPID(link->conn) : 0;
}

bool pg_refused_with(const struct pg_link *link, const char *state) {
    return strcmp(link->state, state) == 0;
}

/* ---- waiting ---- */

static void note_why(struct pg_link *link, const char *text) {
    size_t len = strcspn(text, "\n");
    snprintf(link->why, sizeof link->why, "%.*s", (int)(len < 400 ? len : 400), text);
}

static bool settle(struct pg_link *link);

void pg_link_hurry(struct pg_link *link, int64_t ms) {
    atomic_store_explicit(&link->last, pg_now() + ms, memory_order_relaxed);
}

static int64_t left(const struct pg_link *link, int64_t until) {
    int64_t last = atomic_load_explicit(&link->last, memory_order_relaxed);
    return (until < last ? until : last) - pg_now();
}

/* False: not within that time. */
static bool wait_for(const struct pg_link *link, short events, int64_t until) {
    struct pollfd fd = {.fd = PQsocket(link->conn), .events = events};
    int64_t ms = until - pg_now();
    return fd.fd >= 0 && ms > 0 && poll(&fd, 1, (int)ms) > 0;
}

/* The same, unless there is a hurry. */
static bool wait_to_connect(const struct pg_link *link, short events, int64_t until) {
    int64_t ms;
    while (PQsocket(link->conn) >= 0 && (ms = left(link, until)) > 0) {
        if (wait_for(link, events, pg_now() + (ms < SLICE_MS ? ms : SLICE_MS))) {
            return true;
        }
    }
    return false;
}

/* "canceling wait for synchronous replication": what was committed may be gone after the standby's
 * promotion. The schema's notices are none of this kind. */
static void on_notice(void *arg, const PGresult *notice) {
    struct pg_link *link = arg;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && strcmp(severity, "WARNING") == 0) {
        const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
        link->doubted = true;
        note_why(link, text != NULL ? text : "a warning");
    }
}

static bool connect_until(struct pg_link *link, int64_t until) {
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    link->conn = PQconnectStartParams(link->hosts.names, link->hosts.values, 0);
    if (link->conn == NULL || PQstatus(link->conn) == CONNECTION_BAD) {
        return false;
    }
    PQsetNoticeReceiver(link->conn, on_notice, link);
    while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        if (!wait_to_connect(link, status == PGRES_POLLING_READING ? POLLIN : POLLOUT, until)) {
            note_why(link, "it does not answer in time");
            link->silent = true;
            return false;
        }
        status = PQconnectPoll(link->conn);
    }
    link->doubted = false; /* what it warns of while connecting is about no commit */
    return status == PGRES_POLLING_OK;
}

bool pg_link_try(struct pg_link *link, unsigned host, int64_t ms) {
    leave(link);
    link->silent = false;
    pg_hosts_choose(&link->hosts, host);
    if (connect_until(link, pg_now() + ms) && (!link->listens || pg_run_all(link, "LISTEN spar"))) {
        return true;
    }
    if (link->conn != NULL && !link->silent && PQerrorMessage(link->conn)[0] != '\0') {
        note_why(link, PQerrorMessage(link->conn));
    }
    leave(link);
    return false;
}

/* Goes on behind the host that was connected to last: that one has just failed. */
static bool try_all(struct pg_link *link) {
    bool silent = true;
    for (unsigned i = 0; i < link->hosts.count; i++) {
        if (pg_link_try(link, link->hosts.at + 1, PG_CONNECT_MS)) {
            return true;
        }
        silent = silent && link->silent;
    }
    link->silent = silent;
    return false;
}

bool pg_link_reach(struct pg_link *link, int64_t ms) {
    int64_t until = pg_now() + ms;
    do {
        if (link->late && settle(link)) {
            return true;
        }
        if (!link->late) {
            if (try_all(link)) {
                return true;
            }
            if (left(link, until) > 0) {
                poll(NULL, 0, PG_AGAIN_MS); /* the next host may be about to become the primary */
            }
        }
    } while (left(link, until) > 0);
    return false;
}

/* ---- statements ---- */

/* The next result, NULL behind the last; *good is false if it does not come. */
static PGresult *next_result(struct pg_link *link, int64_t until, bool *good) {
    while (PQisBusy(link->conn)) {
        if (!wait_for(link, POLLIN, until) || !PQconsumeInput(link->conn)) {
            note_why(link,
                     pg_now() >= until ? "it does not answer in time" : PQerrorMessage(link->conn));
            *good = false;
            return NULL;
        }
    }
    return PQgetResult(link->conn);
}

static bool is_good(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static void note_refusal(struct pg_link *link, const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    note_why(link, PQresultErrorMessage(result));
    snprintf(link->state, sizeof link->state, "%s", state != NULL ? state : "");
}

/* Who is late may be waiting for its standby: then nobody else can do better, and each statement
 * that was left to itself would hold one of the database's connections. */
static bool is_owed(struct pg_link *link, int64_t until) {
    link->late = PQstatus(link->conn) != CONNECTION_BAD && pg_now() >= until &&
                 link->goes_on != NULL && link->goes_on(link->ctx);
    return link->late;
}

/* Reads all that was asked, to its end: only then is it committed. Returns the last result. NULL,
 * and still `sent`: it is yet to come. */
static PGresult *read_answer(struct pg_link *link) {
    int64_t until = pg_now() + (link->late ? PG_LATE_MS : link->answer_ms);
    bool good = true;
    PGresult *last = NULL;
    PGresult *result;
    while (good && (result = next_result(link, until, &good)) != NULL) {
        PQclear(last);
        last = result;
        if (!is_good(result)) {
            note_refusal(link, result);
        }
    }
    if (!good && is_owed(link, until)) {
        PQclear(last);
        return NULL;
    }
    link->sent = link->late = false;
    if (!good || link->doubted || PQstatus(link->conn) == CONNECTION_BAD) {
        PQclear(last);
        leave(link);
        return NULL;
    }
    return last;
}

/* What pg_send_kept asked; its refusal means nothing to anybody. */
static bool settle(struct pg_link *link) {
    if (link->conn != NULL && link->sent) {
        PQclear(read_answer(link));
    }
    link->doubted = false; /* a warning between two statements is of neither */
    link->state[0] = '\0';
    return link->conn != NULL && !link->sent;
}

static const int binary[PG_PARAMS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1};

/* good: what libpq said of the sending. */
static bool is_sent(struct pg_link *link, bool good) {
    if (!good) {
        note_why(link, PQerrorMessage(link->conn));
        leave(link);
    }
    link->sent = good;
    return good;
}

static PGresult *finished(struct pg_link *link) {
    PGresult *result = read_answer(link);
    if (result != NULL && !is_good(result)) {
        PQclear(result);
        return NULL;
    }
    return result;
}

PGresult *pg_run(struct pg_link *link, const char *statement, const struct pg_params *params) {
    if (!settle(link) ||
        !is_sent(link, PQsendQueryParams(link->conn, statement, params->count, params->types,
                                         params->values, params->lengths, binary, 1) == 1)) {
        return NULL;
    }
    return finished(link);
}

/* One whose answer came too late to be seen is there already. */
static bool keep(struct pg_link *link, const struct pg_statement *statement,
                 const struct pg_params *params) {
    for (int i = 0; i < link->kept_count; i++) {
        if (link->kept[i] == statement) {
            return true;
        }
    }
    if (!is_sent(link, PQsendPrepare(link->conn, statement->name, statement->text, params->count,
                                     params->types) == 1)) {
        return false;
    }
    PGresult *result = finished(link);
    bool good = result != NULL || (pg_link_is_up(link) && pg_refused_with(link, "42P05"));
    PQclear(result);
    if (good && link->kept_count < PG_KEPT_MAX) {
        link->kept[link->kept_count++] = statement;
    }
    return good;
}

static bool start_kept(struct pg_link *link, const struct pg_statement *statement,
                       const struct pg_params *params) {
    return settle(link) && keep(link, statement, params) &&
           is_sent(link, PQsendQueryPrepared(link->conn, statement->name, params->count,
                                             params->values, params->lengths, binary, 1) == 1);
}

PGresult *pg_run_kept(struct pg_link *link, const struct pg_statement *statement,
                      const struct pg_params *params) {
    return start_kept(link, statement, params) ? finished(link) : NULL;
}

bool pg_send_kept(struct pg_link *link, const struct pg_statement *statement,
                  const struct pg_params *params) {
    return start_kept(link, statement, params) && PQflush(link->conn) >= 0;
}

bool pg_run_all(struct pg_link *link, const char *statements) {
    if (!settle(link)) {
        return false;
    }
    if (!PQsendQuery(link->conn, statements)) {
        note_why(link, PQerrorMessage(link->conn));
        leave(link);
        return false;
    }
    link->sent = true;
    PGresult *result = finished(link);
    PQclear(result);
    return result != NULL;
}

/* ---- notifications ---- */

bool pg_wait(struct pg_link *link, int wake_fd, int64_t ms) {
    eventfd_t count;
    if (!settle(link)) {
        return false;
    }
    struct pollfd fds[] = {{.fd = PQsocket(link->conn), .events = POLLIN},
                           {.fd = wake_fd, .events = POLLIN}};
    if (wake_fd >= 0 && poll(fds, 2, (int)ms) > 0 && fds[1].revents != 0) {
        eventfd_read(wake_fd, &count);
    }
    if (!PQconsumeInput(link->conn)) {
        note_why(link, PQerrorMessage(link->conn));
        leave(link);
        return false;
    }
    return true;
}

PGnotify *pg_next_notice(struct pg_link *link) {
    return link->conn != NULL ? PQnotifies(link->conn) : NULL;
}

/* ---- values ---- */

static void put_u64(uint8_t *to, uint64_t number) {
    u32_put(to, (uint32_t)(number >> 32));
    u32_put(to + U32_BYTES, (uint32_t)number);
}

static void add(struct pg_params *params, Oid type, const void *value, size_t len) {
    params->types[params->count] = type;
    params->values[params->count] = value;
    params->lengths[params->count++] = (int)len;
}

void pg_add_number(struct pg_params *params, int64_t number) {
    uint8_t *to = params->numbers[params->count];
    put_u64(to, (uint64_t)number);
    add(params, TYPE_INT8, to, sizeof(uint64_t));
}

void pg_add_bytes(struct pg_params *params, const void *bytes, size_t len) {
    add(params, TYPE_BYTEA, bytes, len);
}

void pg_add_text(struct pg_params *params, const char *text) {
    add(params, TYPE_TEXT, text, strlen(text));
}

static uint8_t *reserve(struct pg_array *array, size_t more) {
    if (array->failed) {
        return NULL;
    }
    if (more > array->capacity - array->len) {
        size_t capacity = 2 * (array->len + more);
        uint8_t *bytes = realloc(array->bytes, capacity);
        if (bytes == NULL) {
            array->failed = true;
            return NULL;
        }
        array->bytes = bytes;
        array->capacity = capacity;
    }
    uint8_t *at = array->bytes + array->len;
    array->len += more;
    return at;
}

/* Dimensions, whether there are NULLs, the elements' type; then of the one dimension its length and
 * first index. */
enum { ARRAY_HEAD = 20, ARRAY_LENGTH_AT = 12 };

void pg_array_begin(struct pg_array *array, Oid of) {
    array->len = 0;
    array->count = 0;
    array->failed = false;
    uint8_t *at = reserve(array, ARRAY_HEAD);
    if (at != NULL) {
        const uint32_t head[] = {1, 0, of, 0, 1};
        for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
            u32_put(at + i * U32_BYTES, head[i]);
        }
    }
}

void pg_array_bytes(struct pg_array *array, const void *bytes, size_t len) {
    uint8_t *at = reserve(array, U32_BYTES + len);
    if (at != NULL) {
        u32_put(at, (uint32_t)len);
        memcpy(at + U32_BYTES, bytes, len);
        array->count++;
    }
}

void pg_array_number(struct pg_array *array, int64_t number) {
    uint8_t bytes[sizeof(uint64_t)];
    put_u64(bytes, (uint64_t)number);
    pg_array_bytes(array, bytes, sizeof bytes);
}

void pg_array_text(struct pg_array *array, const char *text) {
    pg_array_bytes(array, text, strlen(text));
}

static Oid array_of(Oid of) {
    enum { BYTEA_ARRAY = 1001, TEXT_ARRAY = 1009, INT8_ARRAY = 1016 };
    return of == TYPE_INT8 ? INT8_ARRAY : of == TYPE_TEXT ? TEXT_ARRAY : BYTEA_ARRAY;
}

bool pg_add_array(struct pg_params *params, struct pg_array *array) {
    if (array->failed) {
        return false;
    }
    u32_put(array->bytes + ARRAY_LENGTH_AT, array->count);
    add(params, array_of(u32_get(array->bytes + 2 * (size_t)U32_BYTES)), array->bytes, array->len);
    return true;
}

void pg_array_free(struct pg_array *array) {
    free(array->bytes);
    *array = (struct pg_array){.len = 0};
}

int64_t pg_number(const PGresult *result, int row, int column) {
    const uint8_t *at = (const uint8_t *)PQgetvalue(result, row, column);
    switch (PQgetlength(result, row, column)) {
    case 8: return (int64_t)((uint64_t)u32_get(at) << 32 | u32_get(at + U32_BYTES));
    case 4: return (int32_t)u32_get(at);
    case 2: return (int16_t)(at[0] << 8 | at[1]);
    default: return 0;
    }
}
