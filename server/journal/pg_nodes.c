/* SPDX-License-Identifier: ISC */
/*
 * pg_nodes.c: the servers on a journal in PostgreSQL, as anybody may read them.
 */
#include <stdio.h>

#include "protocol/text/why.h"
#include "server/journal/pg_parts.h"

enum column { BOOT, NAME, ADDRESS, APP, FORM, CONNECTIONS, ROOMS, BEHIND, AGE, DRAINS, AHEAD };

void pg_nodes_take(const PGresult *result, struct node_list *list) {
    list->count = 0;
    for (int i = 0; i < PQntuples(result) && list->count < NODE_LIST_MAX; i++) {
        struct node *node = &list->at[list->count++];
        *node =
            (struct node){.boot = (uint32_t)pg_number(result, i, BOOT),
                          .form = (uint32_t)pg_number(result, i, FORM),
                          .load = {pg_number(result, i, CONNECTIONS), pg_number(result, i, ROOMS)},
                          .behind = pg_number(result, i, BEHIND),
                          .age_ms = pg_number(result, i, AGE),
                          .ahead_us = pg_number(result, i, AHEAD),
                          .drains = pg_number(result, i, DRAINS) != 0};
        snprintf(node->name, sizeof node->name, "%s", PQgetvalue(result, i, NAME));
        snprintf(node->address, sizeof node->address, "%s", PQgetvalue(result, i, ADDRESS));
        snprintf(node->app, sizeof node->app, "%s", PQgetvalue(result, i, APP));
    }
}

bool journal_postgres_nodes(const char *info, struct node_list *list, char *error) {
    struct pg_link *link = pg_info_link(info, false, error);
    if (link == NULL) {
        return false;
    }
    PGresult *result = NULL;
    if (pg_link_reach(link, 0)) {
        struct pg_params params = {.count = 0};
        result =
            pg_run(link, "SELECT " PG_NODE_COLUMNS " FROM spar.node n ORDER BY n.boot", &params);
    }
    bool good = result != NULL;
    if (good) {
        pg_nodes_take(result, list);
    } else {
        why_not(error, PG_WHY_MAX,
                "The servers cannot be read from the journal's database: %s; has one of them ever "
                "been started on it, and is it as new as this program?",
                pg_link_why(link));
    }
    PQclear(result);
    pg_link_free(link);
    return good;
}
