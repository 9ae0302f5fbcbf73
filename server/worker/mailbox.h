/* SPDX-License-Identifier: ISC */
/*
 * mailbox.h: how threads talk: any thread posts, the owner's event_base delivers, in posting order.
 *
 * A mail is a struct of the sender's own that begins with `struct mail`; its functions say what to
 * do with it. Whoever holds a mail owns it: the sender until mailbox_post, the mailbox until
 * deliver or discard, which must free it. However many mails are posted between two loop turns, the
 * owner is woken once; an idle mailbox costs no wake-up.
 */
#ifndef SPAR_SERVER_WORKER_MAILBOX_H
#define SPAR_SERVER_WORKER_MAILBOX_H

#include <bsd/sys/queue.h>
#include <stdbool.h>

struct event_base;
struct mailbox;

struct mail {
    STAILQ_ENTRY(mail) next;
    /* On the owner's thread, from its event loop; `owner` as given to mailbox_new. */
    void (*deliver)(struct mail *mail, void *owner);
    /* The mailbox is closed: free the mail (and close what it carries). On any thread. */
    void (*discard)(struct mail *mail);
};

/* A mailbox that delivers on `base`, which outlives it. NULL: no memory or no descriptor. */
struct mailbox *mailbox_new(struct event_base *base, void *owner)
    __attribute__((warn_unused_result));
/* Any thread, also the owner's, where it is delivered later too, never inside this call. Never
 * blocks for long. */
void mailbox_post(struct mailbox *mailbox, struct mail *mail);
/* The owner's thread, from the top of its event loop: delivers what was posted by now, for which
 * the loop would come to the wake-up later. What its mails post themselves stays for then. Costs a
 * lock if there is nothing, also once it is closed. */
void mailbox_look(struct mailbox *mailbox);
/* The owner's thread (or after it ended): discards what is undelivered, and whatever is posted from
 * now on. Threads may still post until mailbox_free. */
void mailbox_close(struct mailbox *mailbox);
/* Closes if need be, and frees. Nobody may post any more. NULL is allowed. Before
 * event_base_free. */
void mailbox_free(struct mailbox *mailbox);

#endif
