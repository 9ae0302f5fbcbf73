/* SPDX-License-Identifier: ISC */
/*
 * book.c: a hash table of parties under one lock. A party is an address or a key that is connected,
 * or one that has spent something and has not got it back yet, so that coming again does not fill
 * its bucket: an address of tokens, a key of rooms.
 *
 * Invariants: placed <= here; `strangers` is the sum of here - placed over all addresses.
 */
#include "server/net/book.h"

#include <bsd/sys/queue.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/keyhash.h"

enum { CHAINS = 4096, ID_BYTES = 1 + HASH_BYTES };

struct party {
    LIST_ENTRY(party) of_chain;
    uint8_t id[ID_BYTES];
    unsigned here, placed;
    struct bucket bucket;
};
LIST_HEAD(chain, party);

struct book {
    pthread_mutex_t lock;
    struct keyhash key;
    struct book_sizes sizes;
    unsigned strangers;
    struct chain chains[CHAINS];
};

struct book *book_new(const struct book_sizes *sizes) {
    struct book *book = calloc(1, sizeof *book);
    if (book != NULL) {
        pthread_mutex_init(&book->lock, NULL);
        keyhash_init(&book->key);
        book->sizes = *sizes;
    }
    return book;
}

void book_free(struct book *book) {
    if (book == NULL) {
        return;
    }
    for (int i = 0; i < CHAINS; i++) {
        struct party *party;
        while ((party = LIST_FIRST(&book->chains[i])) != NULL) {
            LIST_REMOVE(party, of_chain);
            free(party);
        }
    }
    pthread_mutex_destroy(&book->lock);
    free(book);
}

static void id_of_address(const struct address *from, uint8_t id[ID_BYTES]) {
    memset(id, 0, ID_BYTES);
    memcpy(id, from->id, ADDRESS_ID_BYTES);
}

static void id_of_key(const uint8_t *key, uint8_t id[ID_BYTES]) {
    id[0] = 'k'; /* no address begins so */
    memcpy(id + 1, key, HASH_BYTES);
}

static struct chain *chain_of(struct book *book, const uint8_t *id) {
    return &book->chains[keyhash(&book->key, id, ID_BYTES) % CHAINS];
}

static struct party *find(struct book *book, const uint8_t *id) {
    struct party *party;
    LIST_FOREACH(party, chain_of(book, id), of_chain) {
        if (memcmp(party->id, id, ID_BYTES) == 0) {
            return party;
        }
    }
    return NULL;
}

static const struct bucket_size *size_of(const struct book *book, const uint8_t *id) {
    return id[0] == 'k' ? &book->sizes.rooms : &book->sizes.tokens;
}

static void drop_if_idle(struct book *book, struct party *party, int64_t now) {
    if (party->here == 0 && bucket_is_full(&party->bucket, size_of(book, party->id), now)) {
        LIST_REMOVE(party, of_chain);
        free(party);
    }
}

/* NULL: out of memory. Who has gone and has got back what it spent makes room first. */
static struct party *find_or_add(struct book *book, const uint8_t *id, int64_t now) {
    struct party *party = find(book, id);
    struct party *after;
    if (party != NULL) {
        return party;
    }
    LIST_FOREACH_SAFE(party, chain_of(book, id), of_chain, after) {
        drop_if_idle(book, party, now);
    }
    party = calloc(1, sizeof *party);
    if (party != NULL) {
        memcpy(party->id, id, ID_BYTES);
        bucket_fill(&party->bucket, size_of(book, id), now);
        LIST_INSERT_HEAD(chain_of(book, id), party, of_chain);
    }
    return party;
}

bool book_come(struct book *book, const struct address *from, int64_t now) {
    uint8_t id[ID_BYTES];
    id_of_address(from, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find_or_add(book, id, now);
    bool welcome = party != NULL &&
                   (from->is_proxy || party->placed > 0 || party->here < book->sizes.per_address);
    if (welcome) {
        party->here++;
        book->strangers++;
    }
    pthread_mutex_unlock(&book->lock);
    return welcome;
}

void book_go(struct book *book, const struct address *from, bool placed, int64_t now) {
    uint8_t id[ID_BYTES];
    id_of_address(from, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find(book, id);
    if (party != NULL) {
        party->here--;
        party->placed -= placed;
        book->strangers -= !placed;
        drop_if_idle(book, party, now);
    }
    pthread_mutex_unlock(&book->lock);
}

void book_place(struct book *book, const struct address *from, bool placed) {
    uint8_t id[ID_BYTES];
    id_of_address(from, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find(book, id);
    if (party != NULL) {
        party->placed += placed ? 1U : -1U;
        book->strangers += placed ? -1U : 1U;
    }
    pthread_mutex_unlock(&book->lock);
}

bool book_is_crowded(struct book *book) {
    pthread_mutex_lock(&book->lock);
    bool crowded = book->strangers > book->sizes.strangers;
    pthread_mutex_unlock(&book->lock);
    return crowded;
}

bool book_key_come(struct book *book, const uint8_t key[HASH_BYTES], int64_t now) {
    uint8_t id[ID_BYTES];
    id_of_key(key, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find_or_add(book, id, now);
    bool welcome = party != NULL && party->here < book->sizes.per_key;
    if (welcome) {
        party->here++;
    }
    pthread_mutex_unlock(&book->lock);
    return welcome;
}

void book_key_go(struct book *book, const uint8_t key[HASH_BYTES], int64_t now) {
    uint8_t id[ID_BYTES];
    id_of_key(key, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find(book, id);
    if (party != NULL) {
        party->here--;
        drop_if_idle(book, party, now);
    }
    pthread_mutex_unlock(&book->lock);
}

int64_t book_room(struct book *book, const uint8_t key[HASH_BYTES], int64_t now) {
    uint8_t id[ID_BYTES];
    id_of_key(key, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find(book, id);
    int64_t wait =
        party == NULL ? 0 : bucket_take(&party->bucket, &book->sizes.rooms, now, BOOK_ROOM);
    pthread_mutex_unlock(&book->lock);
    return wait;
}

int64_t book_take(struct book *book, const struct address *from, int64_t now, uint32_t cost) {
    uint8_t id[ID_BYTES];
    int64_t wait = 0;
    id_of_address(from, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find(book, id);
    if (party != NULL && party->placed == 0 && !from->is_proxy) {
        wait = bucket_take(&party->bucket, &book->sizes.tokens, now, cost);
    }
    pthread_mutex_unlock(&book->lock);
    return wait;
}

void book_charge(struct book *book, const struct address *from, int64_t now, uint32_t cost) {
    uint8_t id[ID_BYTES];
    id_of_address(from, id);
    pthread_mutex_lock(&book->lock);
    struct party *party = find(book, id);
    if (party != NULL && party->placed == 0 && !from->is_proxy) {
        (void)bucket_charge(&party->bucket, &book->sizes.tokens, now, cost);
    }
    pthread_mutex_unlock(&book->lock);
}
