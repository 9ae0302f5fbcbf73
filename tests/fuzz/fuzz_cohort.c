/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any sequence of events that a damaged journal could hold, folded as a cohort's. Two
 * bytes give the length of each event's map. Whatever comes out, the places of its members must
 * agree, and what is computed for the lobby must not crash and must be folded in its turn.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "protocol/wire/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { APPEAR = LOBBY_APPEAR_MS, BOOT = 1 };

static void must(bool good) {
    if (!good) {
        abort();
    }
}

static void check_places(const struct cohort *cohort) {
    uint32_t waiting = 0;
    uint32_t matched = 0;
    for (uint32_t i = 0; i < cohort->member_count; i++) {
        waiting += cohort->members[i].state == LOBBY_WAITING;
        matched += cohort->members[i].state == LOBBY_MATCHED;
        must(cohort_member_of_key(cohort, cohort->members[i].key) == (int)i);
    }
    must(waiting == cohort->waiting_count && matched == 2 * cohort->match_count);
    must(waiting + matched <= COHORT_WAITING_MAX);
}

/* Appends what lobby_next asks for. */
static bool act(struct cohort *cohort, const struct lobby_step *step, int64_t now,
                uint32_t number) {
    char room[] = "fuzzed000000";
    struct body body = {.act = ACTION_PAIR_LEAVE, .has = F(member) | F(why)};
    struct event event;
    room[ROOM_ID_BYTES - 1] = (char)('a' + number % 26);
    room[ROOM_ID_BYTES - 2] = (char)('a' + number / 26 % 26);
    body.member = step->member;
    body.why = LOBBY_WHY_EXPIRED;
    if (step->kind == LOBBY_OVERDUE) {
        body = (struct body){.act = ACTION_PAIR_FREE, .has = F(target)};
        body.target = span_of(step->match->room);
    } else if (step->kind == LOBBY_PAIR) {
        body = (struct body){.act = ACTION_PAIR_MATCH,
                             .has = F(member) | F(other) | F(target) | F(pick) | F(minutes),
                             .member = step->pair.interviewer,
                             .other = step->pair.candidate,
                             .pick = step->pair.pack,
                             .minutes = step->pair.minutes,
                             .target = span_of(room)};
    }
    struct command command = {.seat = SEAT_SERVER, .body = body};
    enum refusal refusal = cohort_decide(cohort, &command, now, &event);
    if (refusal == REFUSAL_COHORT_FULL || refusal == REFUSAL_SAME) {
        return false; /* a full log, or a room's id that the input holds */
    }
    must(refusal == REFUSAL_NONE);
    return cohort_apply(cohort, &event) == APPLY_OK;
}

static void compute(struct cohort *cohort) {
    static char names[COHORT_NAMES_MAX_BYTES + 1];
    struct lobby_step step;
    uint32_t place;
    uint32_t count;
    struct leases leases = leases_of_one(BOOT);
    static uint8_t wants[COHORT_WAITING_MAX * U32_BYTES];
    struct lobby_advice advice;
    int64_t now = cohort->at;
    lobby_names(cohort, &count, names);
    must(lobby_wants(cohort, count, wants) == (size_t)count * U32_BYTES);
    lobby_advise(cohort, 0, &leases, &advice);
    lobby_place(cohort, 0, &place, &count);
    for (uint32_t i = 0; i < 200 && now >= 0; i++) {
        lobby_next(cohort, now, &leases, APPEAR, &step);
        if (step.kind == LOBBY_NOTHING) {
            now = lobby_next_moment(cohort, now, &leases, APPEAR);
        } else if (!act(cohort, &step, now, i)) {
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mp_reader r;
    uint8_t digest[HASH_BYTES];
    struct cohort *cohort = malloc(sizeof *cohort);
    if (!cohort || mp_reader_init(&r) != MP_OK) {
        free(cohort);
        return 0;
    }
    cohort_init(cohort);
    while (size >= 2) {
        size_t len = (size_t)data[0] << 8 | data[1];
        struct event event;
        data += 2;
        size -= 2;
        len = len > size ? size : len;
        if (event_read_stored(&r, data, len, &event)) {
            event.pos = cohort->pos + 1;
            (void)!cohort_apply(cohort, &event);
        }
        data += len;
        size -= len;
    }
    check_places(cohort);
    compute(cohort);
    check_places(cohort);
    must(cohort_digest(cohort, digest));
    cohort_free(cohort);
    free(cohort);
    mp_reader_free(&r);
    return 0;
}
