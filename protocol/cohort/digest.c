/* SPDX-License-Identifier: ISC */
/*
 * digest.c: the canonical hash of a cohort's state, to compare replicas. The fields go in the order
 * of cohort.h; what follows from others (the orders by key and id) is left out.
 */
#include <string.h>

#include "protocol/cohort/cohort.h"
#include "protocol/room/digest.h"

static void put_numbers(struct mp_writer *w, const int64_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        mp_put_int(w, numbers[i]);
    }
}
#define PUT(...) \
    put_numbers(w, (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / 8)

static void put_hash(struct mp_writer *w, const uint8_t *hash) {
    mp_put_bytes(w, (struct span){(const char *)hash, HASH_BYTES});
}

/* In one number, which without more time is what it was before there was any. */
static int64_t with_extra(uint16_t minutes, uint8_t extra) {
    return minutes + ((int64_t)extra << 16);
}

static void put_member(struct mp_writer *w, const struct cohort_member *m) {
    put_hash(w, m->key);
    mp_put_str(w, m->name);
    mp_put_str(w, m->room);
    PUT(m->pass_until);
    put_hash(w, m->pass);
    PUT(m->admission, m->avoids, m->reports, m->coming, m->comings, m->asks, m->passes, m->rooms);
    PUT(m->link, m->entered_at, m->state, m->why, m->role, m->level,
        with_extra(m->minutes, m->extra), m->wait, m->since, m->matched_for, m->here, m->session,
        m->boot, m->partner, m->partner_at);
    PUT((int64_t)m->packs, (int64_t)m->fresh, (int64_t)m->seen);
}

static void put_match(struct mp_writer *w, const struct cohort_match *m) {
    mp_put_str(w, m->room);
    PUT(m->member[0], m->member[1], m->came[0], m->came[1], m->pack,
        with_extra(m->minutes, m->extra), m->open, m->made_at, m->opened_at);
}

static void put_lists(struct mp_writer *w, const struct cohort *cohort) {
    for (uint32_t i = 0; i < cohort->link_count; i++) {
        const struct cohort_link *link = &cohort->links[i];
        PUT(link->role, link->withdrawn, link->made_at, link->asks, link->uses, link->used,
            link->until);
        put_hash(w, link->hash);
    }
    for (uint32_t i = 0; i < cohort->pack_count; i++) {
        const struct cohort_pack *pack = &cohort->packs[i];
        put_hash(w, pack->hash);
        PUT((int64_t)pack->kin, pack->used);
    }
    for (uint32_t i = 0; i < cohort->room_count; i++) {
        const struct cohort_room *room = &cohort->rooms[i];
        mp_put_str(w, room->id);
        mp_put_str(w, room->title);
        PUT(room->ended, room->idle, room->opened_at, room->ended_at, room->pair[0], room->pair[1],
            room->host, room->returns, room->came);
    }
    for (uint32_t i = 0; i < cohort->member_count; i++) {
        put_member(w, &cohort->members[i]);
    }
    for (uint32_t i = 0; i < cohort->waiting_count; i++) {
        mp_put_int(w, cohort->waiting[i]);
    }
    for (uint32_t i = 0; i < cohort->match_count; i++) {
        put_match(w, &cohort->matches[i]);
    }
    for (uint32_t i = 0; i < cohort->avoid_count; i++) {
        PUT(cohort->avoids[i].member, cohort->avoids[i].other);
    }
    for (uint32_t i = 0; i < cohort->former_count; i++) {
        PUT(cohort->formers[i].member);
        put_hash(w, cohort->formers[i].key);
    }
    for (uint32_t i = 0; i < cohort->report_count; i++) {
        const struct cohort_report *report = &cohort->reports[i];
        PUT(report->room, report->member, report->at, report->moment);
        mp_put_str(w, report->text);
    }
}

bool cohort_digest(const struct cohort *cohort, uint8_t out[HASH_BYTES]) {
    struct mp_writer writer;
    struct mp_writer *w = &writer;
    mp_writer_init(w);
    PUT(cohort->pos, cohort->at, cohort->opened_at, cohort->link_count, cohort->pack_count,
        cohort->room_count, cohort->member_count, cohort->waiting_count, cohort->match_count,
        cohort->avoid_count, cohort->report_count, cohort->former_count);
    mp_put_str(w, cohort->name);
    PUT(cohort->evening.start, cohort->evening.minutes, cohort->evening.by);
    mp_put_str(w, cohort->evening.text);
    mp_put_str(w, cohort->call);
    put_lists(w, cohort);
    bool good = !w->failed;
    if (good) {
        digest_bytes(w->data, w->len, out);
    }
    mp_writer_free(w);
    return good;
}
