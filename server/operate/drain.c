/* SPDX-License-Identifier: ISC */
/*
 * drain.c: looks at the list of servers, which each of them knows by its own beats.
 */
#include "server/operate/drain.h"

#include <inttypes.h>
#include <stdio.h>

static const struct node *seek(const struct node_list *list, const char *sought, uint32_t self) {
    return sought[0] != '\0' ? node_find(list, sought) : node_of(list, self);
}

bool drain_begin(struct drain *drain, struct journal *journal, const char *sought, int64_t now,
                 char *line) {
    struct node_list list;
    journal_node_list(journal, &list);
    const struct node *node = seek(&list, sought, journal_boot(journal));
    if (node == NULL) {
        snprintf(line, JOURNAL_LINE_MAX,
                 list.count == 0
                     ? "This server's journal is in its data folder, so there is no other; see "
                       "--journal."
                     : "There is no server of that address or lease; see 'spard nodes'.");
        return false;
    }
    *drain = (struct drain){.boot = node->boot,
                            .began = now,
                            .had = node->load.connections,
                            .self = node->boot == journal_boot(journal)};
    snprintf(drain->title, sizeof drain->title, "%s",
             node->address[0] != '\0' ? node->address : node->name);
    return true;
}

enum journal_said drain_look(const struct drain *drain, struct journal *journal, int64_t now,
                             char *line) {
    struct node_list list;
    journal_node_list(journal, &list);
    const struct node *node = node_of(&list, drain->boot);
    int64_t took = now - drain->began;
    if (node == NULL || (node->drains && node->load.connections == 0)) {
        snprintf(line, JOURNAL_LINE_MAX,
                 "%s has handed over its %" PRId64
                 " connections within %.1f s and takes nobody in; "
                 "stop it, or start it anew.",
                 drain->title, drain->had, (double)took / 1000);
        return JOURNAL_DONE;
    }
    snprintf(line, JOURNAL_LINE_MAX,
             "%s has %" PRId64 " connections yet; look whether it lives by 'spard nodes', and ask "
             "again.",
             drain->title, node->load.connections);
    return took < DRAIN_MAX_MS ? JOURNAL_GOES_ON : JOURNAL_NOT_DONE;
}
