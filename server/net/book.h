/* SPDX-License-Identifier: ISC */
/*
 * book.h: who is connected, by address and by key, and what each address may still spend.
 *
 * The one thing that all threads of a server change together, so it has a lock; it is asked when
 * somebody comes, says hello, takes or loses a place, goes, and for each message of somebody who
 * has no place: never on the way of those who are in a room.
 *
 * A place is a seat in a room or in a cohort. What costs is counted for an address only while
 * nobody there has a place: a class behind one address, or everybody behind a proxy, is no flood.
 */
#ifndef SPAR_SERVER_NET_BOOK_H
#define SPAR_SERVER_NET_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/limits.h"
#include "server/net/address.h"
#include "server/net/bucket.h"

struct book;

struct book_sizes {
    unsigned per_key;          /* connections of one key */
    unsigned per_address;      /* connections of one address where nobody has a place */
    unsigned strangers;        /* connections of all that have no place */
    struct bucket_size rooms;  /* of a key: BOOK_ROOM for each that it opens */
    struct bucket_size tokens; /* of an address where nobody has a place */
};

/* What a room costs a key, in tokens of which `rooms.rate` come back a second: so the rate is rooms
 * an hour. */
enum { BOOK_ROOM = 3600 };

/* NULL: out of memory. */
struct book *book_new(const struct book_sizes *sizes) __attribute__((warn_unused_result));
void book_free(struct book *book); /* NULL is fine */

/* A proxy has no bounds: whom it speaks for comes once that is known, and the proxy goes.
 *
 * One more connection from there. False: too many for an address where nobody has a place, or no
 * memory; it is not counted. now: monotonic ms. */
bool book_come(struct book *book, const struct address *from, int64_t now)
    __attribute__((warn_unused_result));
/* It has gone. placed: it had a place. */
void book_go(struct book *book, const struct address *from, bool placed, int64_t now);
/* It has taken its first place, or lost its last. */
void book_place(struct book *book, const struct address *from, bool placed);
/* Whether so many connections have no place that the rest is kept for those who have one. */
bool book_is_crowded(struct book *book);

/* One more connection of a key. False: it has too many, or no memory; it is not counted. */
bool book_key_come(struct book *book, const uint8_t key[HASH_BYTES], int64_t now)
    __attribute__((warn_unused_result));
void book_key_go(struct book *book, const uint8_t key[HASH_BYTES], int64_t now);

/* Takes what one more room costs from a key that is connected. 0: taken; else the ms until it can
 * be. A server that starts anew has forgotten what was opened. */
int64_t book_room(struct book *book, const uint8_t key[HASH_BYTES], int64_t now)
    __attribute__((warn_unused_result));

/* Takes tokens from an address, as bucket_take and bucket_charge do; nothing where somebody has a
 * place. */
int64_t book_take(struct book *book, const struct address *from, int64_t now, uint32_t cost)
    __attribute__((warn_unused_result));
void book_charge(struct book *book, const struct address *from, int64_t now, uint32_t cost);

#endif
