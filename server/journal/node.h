/* SPDX-License-Identifier: ISC */
/*
 * node.h: the servers on a journal, as each of them says by its beat that it is. Pure.
 */
#ifndef SPAR_SERVER_JOURNAL_NODE_H
#define SPAR_SERVER_JOURNAL_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"

enum {
    NODE_NAME_MAX = 64,            /* bytes of a machine's name; the rest is cut off */
    NODE_LIST_MAX = 2 * NODES_MAX, /* the dead that nobody has ended yet are listed, too */
    NODE_DEAD_MS = 3000            /* without a beat */
};

/* What a server carries now. */
struct node_load {
    int64_t connections, rooms;
};

struct node {
    uint32_t boot;                      /* the number of its lease */
    char name[NODE_NAME_MAX + 1];       /* of its machine */
    char address[NODE_ADDRESS_MAX + 1]; /* where clients reach it; "": not known */
    char app[APP_MAX_BYTES + 1];        /* its program and version; "": one too old to say */
    uint32_t form;                      /* the newest form of what is stored that it can read */
    struct node_load load;              /* by its last beat */
    int64_t behind;   /* notices of others, told of by their beats, that it had not heard then */
    int64_t age_ms;   /* of its last beat, by the rows' clock */
    int64_t ahead_us; /* that the clock by which its rooms go is ahead of the rows' */
    bool drains;      /* it hands its people over, and takes nobody in */
};

struct node_list {
    uint32_t count;
    struct node at[NODE_LIST_MAX];
};

/* Whether it counts as alive. */
bool node_lives(const struct node *node);
/* Where clients may go instead of the server of that boot: the addresses of those that live and
 * take people in, with a line's end between two. What does not fit is left out. */
void node_name_others(const struct node_list *list, uint32_t boot, char text[NODES_TEXT_MAX + 1]);
/* NULL: there is none. sought: an address, or a lease's number in digits. */
const struct node *node_find(const struct node_list *list, const char *sought);
const struct node *node_of(const struct node_list *list, uint32_t boot);

#endif
