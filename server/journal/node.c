/* SPDX-License-Identifier: ISC */
/*
 * node.c: finds servers in the list of all.
 */
#include "server/journal/node.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

bool node_lives(const struct node *node) {
    return node->age_ms < NODE_DEAD_MS;
}

static void add_name(char text[NODES_TEXT_MAX + 1], const char *address) {
    size_t len = strlen(text);
    size_t more = strlen(address);
    if (more > 0 && len + 1 + more <= NODES_TEXT_MAX) {
        snprintf(text + len, NODES_TEXT_MAX + 1 - len, "%s%s", len > 0 ? "\n" : "", address);
    }
}

void node_name_others(const struct node_list *list, uint32_t boot, char text[NODES_TEXT_MAX + 1]) {
    text[0] = '\0';
    for (uint32_t i = 0; i < list->count; i++) {
        const struct node *node = &list->at[i];
        if (node->boot != boot && node_lives(node) && !node->drains) {
            add_name(text, node->address);
        }
    }
}

const struct node *node_of(const struct node_list *list, uint32_t boot) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->at[i].boot == boot) {
            return &list->at[i];
        }
    }
    return NULL;
}

const struct node *node_find(const struct node_list *list, const char *sought) {
    char number[16];
    for (uint32_t i = 0; i < list->count; i++) {
        snprintf(number, sizeof number, "%u", list->at[i].boot);
        if (strcmp(number, sought) == 0 || strcmp(list->at[i].address, sought) == 0) {
            return &list->at[i];
        }
    }
    return NULL;
}
