/* SPDX-License-Identifier: ISC */
/*
 * keys.c: that a member of a cohort is one person, whichever of the keys it has had they come by.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/hash.h"
#include "server/cohort/parts.h"
#include "server/room/replica.h"

int cohort_member_ever(const struct cohort *cohort, const uint8_t *key) {
    int member = cohort_member_of_key(cohort, key);
    return member >= 0 ? member : cohort_former_of_key(cohort, key);
}

/* Whether it is the member's key, or was. */
static bool is_key_of(const struct cohort *cohort, int member, const uint8_t *key) {
    if (memcmp(cohort->members[member].key, key, HASH_BYTES) == 0) {
        return true;
    }
    for (uint32_t i = 0; i < cohort->former_count; i++) {
        if (cohort->formers[i].member == member &&
            memcmp(cohort->formers[i].key, key, HASH_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

int cohort_seat_before(const struct cohort *cohort, const struct room *room,
                       const uint8_t key[HASH_BYTES]) {
    int member = cohort_member_of_key(cohort, key);
    int seat = -1;
    for (uint32_t i = 0; member >= 0 && seat < 0 && i < cohort->former_count; i++) {
        if (cohort->formers[i].member == member) {
            seat = room_seat_of_key(room, cohort->formers[i].key);
        }
    }
    return seat;
}

/* Whether one of the member's keys has a seat. */
static bool has_seat(const struct cohort *cohort, const struct room *room, int member) {
    const uint8_t *key = cohort->members[member].key;
    return room_seat_of_key(room, key) >= 0 || cohort_seat_before(cohort, room, key) >= 0;
}

const uint8_t *cohort_lost_key(const struct cohort *cohort, const struct room *room,
                               const uint8_t key[HASH_BYTES]) {
    int member = room->former_count == 0 ? -1 : cohort_member_ever(cohort, key);
    if (member < 0 || has_seat(cohort, room, member)) {
        return NULL;
    }
    for (int i = room->former_count; i > 0; i--) {
        if (is_key_of(cohort, member, room->formers[i - 1].key)) {
            return room->formers[i - 1].key;
        }
    }
    return NULL;
}

int cohort_kept_link(const struct cohort *cohort, const struct room *room, const char *id,
                     const uint8_t key[HASH_BYTES]) {
    int member = cohort_member_of_key(cohort, key);
    for (uint32_t i = member >= 0 ? cohort->former_count : 0; i > 0; i--) {
        uint8_t hash[HASH_BYTES];
        if (cohort->formers[i - 1].member != member) {
            continue;
        }
        digest_seat_for_key(id, cohort->formers[i - 1].key, hash);
        int link = room_invite_of_hash(room, hash);
        if (link >= 0 && room->invites[link].seat < 0) {
            return link;
        }
    }
    return -1;
}

bool cohort_may_look(const struct peer *peer, const struct room *room, const char *id) {
    const struct attendee *attendee = attendee_inside(peer, span_of(room->cohort));
    if (attendee == NULL || !attendee_is_coach(attendee)) {
        return false;
    }
    int kept = cohort_kept_link(&attendee->cohort->cohort, room, id, peer->key);
    return kept < 0 || room->invites[kept].role != ROLE_CANDIDATE;
}

/* The key goes behind those that are there, unless it is the first of them. Their new number. */
static uint32_t add_key(uint8_t *keys, uint32_t count, const uint8_t *key) {
    if (count > 0 && memcmp(keys, key, HASH_BYTES) == 0) {
        return count;
    }
    memcpy(keys + (size_t)count * HASH_BYTES, key, HASH_BYTES);
    return count + 1;
}

enum refusal cohort_ask_past(const struct cohort *cohort, const uint8_t key[HASH_BYTES],
                             struct past_prompts_searches *searches,
                             const struct past_prompts_question *question) {
    int member = cohort != NULL ? cohort_member_ever(cohort, key) : -1;
    uint32_t formers = member >= 0 ? cohort->former_count : 0;
    uint8_t *keys = malloc(((size_t)formers + 2) * HASH_BYTES);
    if (keys == NULL) {
        return REFUSAL_INTERNAL;
    }
    uint32_t count = add_key(keys, 0, key);
    if (member >= 0) {
        count = add_key(keys, count, cohort->members[member].key);
    }
    for (uint32_t i = 0; i < formers; i++) {
        if (cohort->formers[i].member == member) {
            count = add_key(keys, count, cohort->formers[i].key);
        }
    }
    enum refusal refusal = past_prompts_ask(searches, keys, count, question);
    free(keys);
    return refusal;
}
