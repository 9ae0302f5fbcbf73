/* SPDX-License-Identifier: ISC */
/*
 * Purpose: mailboxes keep each poster's order, wake their owner once per batch, lose nothing under
 * several posters, also if the owner looks before it is woken, and discard what comes after the
 * closing.
 */
#include "tests/support/test_main.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/worker/journal_mail.h"

enum { POSTERS = 4, EACH = 2000 };

struct owner {
    struct event_base *base;
    struct mailbox *mailbox;
    pthread_t thread;
    unsigned last[POSTERS]; /* number of the last mail from each poster */
    unsigned delivered, expected, out_of_order, foreign;
    unsigned discarded;
    unsigned looks;
    bool close_at_first, repost;
};

struct note {
    struct mail mail;
    struct owner *owner;
    unsigned poster, number;
};

static void note_discard(struct mail *mail) {
    struct note *note = (struct note *)mail;
    note->owner->discarded++;
    free(note);
}

static void note_post(struct owner *owner, unsigned poster, unsigned number);

static void note_deliver(struct mail *mail, void *arg) {
    struct note *note = (struct note *)mail;
    struct owner *owner = arg;
    if (!pthread_equal(owner->thread, pthread_self())) {
        owner->foreign++;
    }
    if (note->number != owner->last[note->poster] + 1) {
        owner->out_of_order++;
    }
    owner->last[note->poster] = note->number;
    owner->delivered++;
    if (owner->close_at_first) {
        mailbox_close(owner->mailbox);
    }
    if (owner->repost) {
        owner->repost = false;
        note_post(owner, 0, 2);
    }
    if (owner->delivered == owner->expected) {
        event_base_loopbreak(owner->base);
    }
    free(note);
}

static struct note *note_new(struct owner *owner, unsigned poster, unsigned number) {
    struct note *note = calloc(1, sizeof *note);
    if (note == NULL) {
        abort(); /* CUnit's assertions are for one thread only */
    }
    *note =
        (struct note){{.deliver = note_deliver, .discard = note_discard}, owner, poster, number};
    return note;
}

static void note_post(struct owner *owner, unsigned poster, unsigned number) {
    mailbox_post(owner->mailbox, &note_new(owner, poster, number)->mail);
}

static void owner_open(struct owner *owner) {
    *owner = (struct owner){.thread = pthread_self()};
    owner->base = event_base_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(owner->base);
    owner->mailbox = mailbox_new(owner->base, owner);
    CU_ASSERT_PTR_NOT_NULL_FATAL(owner->mailbox);
}

static void owner_close(struct owner *owner) {
    mailbox_free(owner->mailbox);
    event_base_free(owner->base);
}

static void test_order(void) {
    struct owner owner;
    owner_open(&owner);
    for (unsigned i = 1; i <= 5; i++) {
        note_post(&owner, 0, i);
    }
    CU_ASSERT_EQUAL(owner.delivered, 0);
    /* One wake-up for all five: a single turn delivers them, and nothing is then left to wake
     * for. */
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.delivered, 5);
    CU_ASSERT_EQUAL(owner.out_of_order, 0);
    event_base_loop(owner.base, EVLOOP_NONBLOCK);
    CU_ASSERT_EQUAL(owner.delivered, 5);
    owner_close(&owner);
}

static void test_post_while_delivering(void) {
    struct owner owner;
    owner_open(&owner);
    owner.repost = true;
    note_post(&owner, 0, 1);
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.delivered, 1);
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.delivered, 2);
    owner_close(&owner);
}

/* Who looks has what was posted by now, and the wake-up for it finds nothing more. */
static void test_look(void) {
    struct owner owner;
    owner_open(&owner);
    mailbox_look(owner.mailbox);
    CU_ASSERT_EQUAL(owner.delivered, 0);
    for (unsigned i = 1; i <= 3; i++) {
        note_post(&owner, 0, i);
    }
    mailbox_look(owner.mailbox);
    CU_ASSERT_EQUAL(owner.delivered, 3);
    CU_ASSERT_EQUAL(owner.out_of_order, 0);
    mailbox_look(owner.mailbox);
    event_base_loop(owner.base, EVLOOP_NONBLOCK);
    CU_ASSERT_EQUAL(owner.delivered, 3);
    note_post(&owner, 0, 4); /* wakes anew */
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.delivered, 4);
    owner_close(&owner);
}

static void test_post_while_looking(void) {
    struct owner owner;
    owner_open(&owner);
    owner.repost = true;
    note_post(&owner, 0, 1);
    mailbox_look(owner.mailbox);
    CU_ASSERT_EQUAL(owner.delivered, 1);
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.delivered, 2);
    owner_close(&owner);
}

static void look_again(evutil_socket_t fd, short what, void *arg) {
    struct owner *owner = arg;
    (void)fd;
    (void)what;
    mailbox_look(owner->mailbox);
    owner->looks++;
}

/* In the turn in which the loop has seen the wake-up, but has not come to it. */
static void look_before_wake(bool closes) {
    struct owner owner;
    int ready[2];
    owner_open(&owner);
    CU_ASSERT_EQUAL_FATAL(pipe(ready), 0);
    struct event *look = event_new(owner.base, ready[0], EV_READ, look_again, &owner);
    event_add(look, NULL);
    CU_ASSERT_EQUAL(write(ready[1], "x", 1), 1); /* told of first, since it came first */
    note_post(&owner, 0, 1);
    owner.close_at_first = closes;
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.looks, 1);
    CU_ASSERT_EQUAL(owner.delivered, 1);
    note_post(&owner, 0, 2);
    mailbox_look(owner.mailbox);
    event_base_loop(owner.base, EVLOOP_NONBLOCK);
    CU_ASSERT_EQUAL(owner.delivered, closes ? 1 : 2);
    event_free(look);
    close(ready[0]);
    close(ready[1]);
    owner_close(&owner);
}

static void test_look_before_wake(void) {
    look_before_wake(false);
}

static void test_close_while_looking(void) {
    look_before_wake(true);
}

struct poster {
    struct owner *owner;
    unsigned index;
};

struct heard {
    struct call call; /* first */
    char *said;
};

static void hear_outcome(struct call *call, enum journal_outcome outcome, uint32_t head) {
    char *said = ((struct heard *)call)->said;
    sprintf(said + strlen(said), "%d/%u ", (int)outcome, head);
}

static void hear_rooms(struct call *call, const char *ids, uint32_t count) {
    char *said = ((struct heard *)call)->said;
    sprintf(said + strlen(said), "%.*s ", (int)count * ROOM_ID_BYTES, ids);
}

static void hear_history(struct call *call, bool exists, struct journal_batch *batch) {
    char *said = ((struct heard *)call)->said;
    sprintf(said + strlen(said), "%d%s ", exists, batch == NULL ? "-" : "+");
}

static uint64_t token_of(const struct heard *heard) {
    return (uint64_t)(uintptr_t)heard;
}

/* What the journal says is one mail, in its order, once it has said all; of which as much as may
 * be: more than the first memory for it takes. */
static void test_journal_mail(void) {
    enum { MANY = 40 };
    struct owner owner;
    char said[16 * MANY] = "", expected[16 * MANY] = "";
    owner_open(&owner);
    struct rooms_line line = {.mailbox = owner.mailbox};
    struct journal_listener listener = rooms_line_listener(&line);
    struct heard heard = {{.appended = hear_outcome, .rooms = hear_rooms, .history = hear_history},
                          said};
    listener.told(listener.ctx); /* with nothing said there is none */
    CU_ASSERT_PTR_NULL(line.mail);
    for (uint32_t i = 0; i < MANY; i++) {
        listener.appended(listener.ctx, token_of(&heard), JOURNAL_CONFLICT, i);
        sprintf(expected + strlen(expected), "%d/%u ", (int)JOURNAL_CONFLICT, i);
    }
    listener.rooms(listener.ctx, token_of(&heard), "abcdefghij12zyxwvutsrq98", 2);
    listener.rooms(listener.ctx, token_of(&heard), NULL, 0);
    listener.history(listener.ctx, token_of(&heard), false, NULL);
    snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s",
             "abcdefghij12zyxwvutsrq98  0- ");
    event_base_loop(owner.base, EVLOOP_NONBLOCK);
    CU_ASSERT_STRING_EQUAL(said, "");
    listener.told(listener.ctx);
    event_base_loop(owner.base, EVLOOP_NONBLOCK);
    CU_ASSERT_STRING_EQUAL(said, expected);
    listener.rooms(listener.ctx, token_of(&heard), "abcdefghij12", 1);
    listener.told(listener.ctx);
    owner_close(&owner); /* undelivered, it is freed */
    CU_ASSERT_STRING_EQUAL(said, expected);
}

static void *post_many(void *arg) {
    const struct poster *poster = arg;
    for (unsigned i = 1; i <= EACH; i++) {
        note_post(poster->owner, poster->index, i);
    }
    return NULL;
}

static void many_posters(bool looks) {
    struct owner owner;
    owner_open(&owner);
    owner.expected = POSTERS * EACH;
    pthread_t threads[POSTERS];
    struct poster posters[POSTERS];
    for (unsigned i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){&owner, i};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, post_many, &posters[i]), 0);
    }
    while (looks && owner.delivered < owner.expected / 2) {
        mailbox_look(owner.mailbox);
    }
    if (owner.delivered < owner.expected) {
        event_base_dispatch(owner.base);
    }
    for (unsigned i = 0; i < POSTERS; i++) {
        pthread_join(threads[i], NULL);
    }
    CU_ASSERT_EQUAL(owner.delivered, POSTERS * EACH);
    CU_ASSERT_EQUAL(owner.out_of_order, 0);
    CU_ASSERT_EQUAL(owner.foreign, 0);
    owner_close(&owner);
}

static void test_many_posters(void) {
    many_posters(false);
}

/* Each look may come between a post and its wake-up. What it has not found wakes all the same. */
static void test_many_posters_and_looks(void) {
    many_posters(true);
}

static void test_close(void) {
    struct owner owner;
    owner_open(&owner);
    note_post(&owner, 0, 1);
    note_post(&owner, 0, 2);
    mailbox_close(owner.mailbox);
    CU_ASSERT_EQUAL(owner.discarded, 2);
    note_post(&owner, 0, 3);
    CU_ASSERT_EQUAL(owner.discarded, 3);
    event_base_loop(owner.base, EVLOOP_NONBLOCK);
    CU_ASSERT_EQUAL(owner.delivered, 0);
    owner_close(&owner);
}

static void test_close_while_delivering(void) {
    struct owner owner;
    owner_open(&owner);
    owner.close_at_first = true;
    for (unsigned i = 1; i <= 3; i++) {
        note_post(&owner, 0, i);
    }
    event_base_loop(owner.base, EVLOOP_ONCE);
    CU_ASSERT_EQUAL(owner.delivered, 1);
    CU_ASSERT_EQUAL(owner.discarded, 2);
    owner_close(&owner);
}

int main(void) {
    static CU_TestInfo tests[] = {
        {"a batch comes in order in one turn", test_order},
        {"a mail posted while delivering comes in a later turn", test_post_while_delivering},
        {"who looks need not be woken", test_look},
        {"a mail posted while looking comes later", test_post_while_looking},
        {"a look before a wake-up that is seen", test_look_before_wake},
        {"a mail that is looked at may close, too", test_close_while_looking},
        {"all that the journal says is one mail", test_journal_mail},
        {"several posters lose nothing", test_many_posters},
        {"nor if the owner looks meanwhile", test_many_posters_and_looks},
        {"closing discards", test_close},
        {"a mail may close its mailbox", test_close_while_delivering},
        CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"mailbox", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
