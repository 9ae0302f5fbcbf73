/* SPDX-License-Identifier: ISC */
/*
 * person.c: see person.h. A cohort's member who has had several keys is one person: all of them go.
 */
#include "server/journal/person.h"

#include <string.h>

#include "protocol/wire/hash.h"

_Static_assert(ROOM_SEATS_MAX <= 32, "a set of seats is 32 bits");

static const struct span forgotten = {"forgotten", sizeof "forgotten" - 1};
static const struct span no_call = {"https://forgotten.invalid/",
                                    sizeof "https://forgotten.invalid/" - 1};

static bool is_key(const struct person *person, const struct body *body) {
    return (body->has & F(key)) != 0 && body->key.len == HASH_BYTES &&
           memcmp(body->key.at, person->key, HASH_BYTES) == 0;
}

static bool is_member(const struct person *person, const struct body *body) {
    return (body->has & F(member)) != 0 &&
           (person->members[body->member / 8] >> body->member % 8 & 1) != 0;
}

/* A seat is the key's from its join to the join of another. */
static void follow_seat(struct person *person, const struct body *body) {
    uint32_t seat = UINT32_C(1) << body->seat;
    if (!is_key(person, body)) {
        person->seats &= ~seat;
        return;
    }
    person->seats |= seat;
    memset(person->name, 0, sizeof person->name);
    memcpy(person->name, body->name.at, body->name.len);
}

void person_again(struct person *person) {
    person->seats = 0;
    memset(person->name, 0, sizeof person->name);
}

void person_begin(struct person *person) {
    person_again(person);
    person->part = PERSON_ABSENT;
    memset(person->members, 0, sizeof person->members);
}

static void add_part(struct person *person, enum person_part part) {
    person->part = part > person->part ? part : person->part;
}

void person_look(struct person *person, const struct event *event) {
    const struct body *body = &event->body;
    if (!is_key(person, body)) {
        return;
    }
    if ((body->has & F(member)) != 0) {
        person->members[body->member / 8] |= (uint8_t)(1 << body->member % 8);
        add_part(person, PERSON_WORDS);
    } else {
        bool coached = (body->has & F(role)) != 0 && body->role == ROLE_COACH;
        add_part(person, coached ? PERSON_WORDS : PERSON_WHOLE);
    }
}

static void put(struct body *body, field_set field, struct span *to, struct span text) {
    if ((body->has & field) != 0) {
        *to = text;
    }
}

static void blank(struct person *person, struct body *body) {
    put(body, F(name), &body->name, forgotten);
    put(body, F(text), &body->text, forgotten);
    put(body, F(keep), &body->keep, forgotten);
    put(body, F(change), &body->change, forgotten);
    put(body, F(drill), &body->drill, forgotten);
    put(body, F(call), &body->call, no_call);
    if ((body->has & F(key)) != 0) {
        struct span salt = {(const char *)person->salt, HASH_BYTES};
        digest_two(salt, body->key, person->stand_in);
        body->key = (struct span){(const char *)person->stand_in, HASH_BYTES};
    }
}

bool person_rewrite(struct person *person, struct event *event) {
    struct body *body = &event->body;
    bool joins = body->act == ACTION_SEAT_JOIN && (body->has & F(key)) != 0;
    if (joins) {
        follow_seat(person, body);
    }
    bool by = event->by < ROOM_SEATS_MAX && (person->seats >> event->by & 1) != 0;
    if (by || is_key(person, body) || is_member(person, body)) {
        blank(person, body);
        return true;
    }
    /* Others' events that name it: the server's, of who moved a seat. */
    bool named = !joins && (body->has & F(name)) != 0 && person->name[0] != '\0' &&
                 span_equal(body->name, person->name);
    if (named) {
        body->name = forgotten;
    }
    return named;
}
