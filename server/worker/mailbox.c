/* SPDX-License-Identifier: ISC */
/*
 * mailbox.c: a locked queue and an eventfd in the owner's event loop.
 *
 * Invariant: `awake` is true from the write that wakes the owner until the owner takes the queue,
 * so that exactly one write happens per taken queue. Mails run outside the lock.
 */
#include "server/worker/mailbox.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

STAILQ_HEAD(mail_queue, mail);

struct mailbox {
    pthread_mutex_t lock;
    struct mail_queue queue; /* under lock */
    bool awake;              /* under lock */
    bool closed;             /* under lock */
    int wake_fd;
    struct event *wake;
    void *owner;
};

static void wake_owner(int fd) {
    uint64_t one = 1;
    ssize_t written;
    do {
        written = write(fd, &one, sizeof one);
    } while (written < 0 && errno == EINTR);
    /* EAGAIN means the counter is full, so the owner is awake all the more. */
}

static void clear_wake(int fd) {
    uint64_t count;
    ssize_t got;
    do {
        got = read(fd, &count, sizeof count);
    } while (got < 0 && errno == EINTR);
}

static void take_queue(struct mailbox *mailbox, struct mail_queue *taken) {
    STAILQ_INIT(taken);
    pthread_mutex_lock(&mailbox->lock);
    STAILQ_CONCAT(taken, &mailbox->queue);
    mailbox->awake = false;
    pthread_mutex_unlock(&mailbox->lock);
}

static void discard_queue(struct mail_queue *queue) {
    struct mail *mail;
    while ((mail = STAILQ_FIRST(queue)) != NULL) {
        STAILQ_REMOVE_HEAD(queue, next);
        mail->discard(mail);
    }
}

static bool is_closed(struct mailbox *mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    bool closed = mailbox->closed;
    pthread_mutex_unlock(&mailbox->lock);
    return closed;
}

/* A mail may close the mailbox: the rest of what was taken is then discarded, not delivered. */
static void deliver_queue(struct mailbox *mailbox, struct mail_queue *queue) {
    struct mail *mail;
    while ((mail = STAILQ_FIRST(queue)) != NULL) {
        STAILQ_REMOVE_HEAD(queue, next);
        mail->deliver(mail, mailbox->owner);
        if (is_closed(mailbox)) {
            discard_queue(queue);
            return;
        }
    }
}

static void deliver_all(struct mailbox *mailbox) {
    struct mail_queue taken;
    /* Cleared before taking: a post after the taking writes again and is not lost. */
    clear_wake(mailbox->wake_fd);
    take_queue(mailbox, &taken);
    deliver_queue(mailbox, &taken);
}

static void on_wake(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    deliver_all(arg);
}

static bool is_awake(struct mailbox *mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    bool awake = mailbox->awake;
    pthread_mutex_unlock(&mailbox->lock);
    return awake;
}

/* Whoever posted may be about to write, or the loop about to come to on_wake: it then finds nothing
 * or what was posted since. */
void mailbox_look(struct mailbox *mailbox) {
    if (is_awake(mailbox)) {
        deliver_all(mailbox);
    }
}

static bool watch(struct mailbox *mailbox, struct event_base *base) {
    mailbox->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (mailbox->wake_fd < 0) {
        return false;
    }
    mailbox->wake = event_new(base, mailbox->wake_fd, EV_READ | EV_PERSIST, on_wake, mailbox);
    if (mailbox->wake != NULL && event_add(mailbox->wake, NULL) == 0) {
        return true;
    }
    if (mailbox->wake != NULL) {
        event_free(mailbox->wake);
    }
    close(mailbox->wake_fd);
    return false;
}

struct mailbox *mailbox_new(struct event_base *base, void *owner) {
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL) {
        return NULL;
    }
    mailbox->owner = owner;
    STAILQ_INIT(&mailbox->queue);
    pthread_mutex_init(&mailbox->lock, NULL);
    if (!watch(mailbox, base)) {
        pthread_mutex_destroy(&mailbox->lock);
        free(mailbox);
        return NULL;
    }
    return mailbox;
}

void mailbox_post(struct mailbox *mailbox, struct mail *mail) {
    pthread_mutex_lock(&mailbox->lock);
    bool closed = mailbox->closed;
    bool wake = !closed && !mailbox->awake;
    mailbox->awake = mailbox->awake || wake;
    if (!closed) {
        STAILQ_INSERT_TAIL(&mailbox->queue, mail, next);
    }
    pthread_mutex_unlock(&mailbox->lock);
    if (closed) {
        mail->discard(mail);
    } else if (wake) {
        wake_owner(mailbox->wake_fd);
    }
}

void mailbox_close(struct mailbox *mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    bool was_closed = mailbox->closed;
    mailbox->closed = true;
    pthread_mutex_unlock(&mailbox->lock);
    if (was_closed) {
        return;
    }
    struct mail_queue left;
    take_queue(mailbox, &left);
    discard_queue(&left);
    event_del(mailbox->wake);
}

void mailbox_free(struct mailbox *mailbox) {
    if (mailbox == NULL) {
        return;
    }
    mailbox_close(mailbox);
    event_free(mailbox->wake);
    close(mailbox->wake_fd);
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}
