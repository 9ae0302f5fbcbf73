/* SPDX-License-Identifier: ISC */
/*
 * rooms.c: puts the desk, the kinds and the requests of a worker together, and takes them apart.
 */
#include "server/worker/rooms.h"

#include "server/cohort/gate.h"
#include "server/room/pack_cache.h"
#include "server/room/voice.h"
#include "server/worker/pass_mail.h"

enum { FREED_BEFORE_SWEEP = 64 }; /* rooms, before packs are looked at */

/* Rooms come first in whatever is done for both kinds. */
static bool begin(struct rooms *rooms, const struct rooms_means *means) {
    struct desk *desk = &rooms->desk;
    rooms->room_means = (struct room_means){.gate = &cohort_gate,
                                            .gate_ctx = &rooms->cohorts,
                                            .passes = means->passes,
                                            .ctx = means->desk.ctx};
    rooms->cohort_means = (struct cohort_means){
        .appear_ms = means->appear_ms, .rooms = &rooms->rooms, .searches = &rooms->searches};
    rooms->searches = (struct past_prompts_searches){.desk = desk};
    requests_init(&rooms->requests, desk, &rooms->cohorts, &rooms->searches);
    if (!following_init(&rooms->cohorts, desk, &cohort_kind, 0, &rooms->cohort_means)) {
        return false;
    }
    if (!following_init(&rooms->rooms, desk, &room_kind, means->max_rooms, &rooms->room_means)) {
        following_free(&rooms->cohorts);
        return false;
    }
    return true;
}

bool rooms_init(struct rooms *rooms, const struct rooms_means *means) {
    *rooms = (struct rooms){.desk = {.wake = -1},
                            .boot_lost = means->boot_lost,
                            .cut = means->cut,
                            .drained = means->drained,
                            .boot = journal_boot(means->desk.journal)};
    if (!desk_init(&rooms->desk, &means->desk)) {
        return false;
    }
    rooms->desk.packs = pack_cache_new();
    if (rooms->desk.packs != NULL && begin(rooms, means)) {
        return true;
    }
    pack_cache_free(rooms->desk.packs);
    desk_free(&rooms->desk);
    return false;
}

void rooms_free(struct rooms *rooms) {
    following_free(&rooms->rooms);
    requests_free(&rooms->requests);
    following_free(&rooms->cohorts);
    past_prompts_forget(&rooms->searches);
    desk_free(&rooms->desk);
    pack_cache_free(rooms->desk.packs);
}

void rooms_sweep(struct rooms *rooms) {
    struct following *all = &rooms->rooms;
    following_turn_end(&rooms->desk);
    desk_sweep(&rooms->desk);
    if (all->freed >= FREED_BEFORE_SWEEP || (all->freed > 0 && all->table.count == 0)) {
        pack_cache_sweep(rooms->desk.packs);
        all->freed = 0;
    }
}

void rooms_turn(struct rooms *rooms) {
    desk_turn(&rooms->desk);
}

void rooms_retry(struct rooms *rooms) {
    following_retry(&rooms->desk);
}

void rooms_tick(struct rooms *rooms) {
    following_tick(&rooms->desk);
}

void rooms_leases(struct rooms *rooms) {
    uint32_t boot = journal_boot(rooms->desk.means.journal);
    if (boot != rooms->boot) {
        rooms->boot = boot;
        rooms->boot_lost(rooms->desk.means.ctx);
    }
    following_leases(&rooms->desk);
}

void rooms_cut(struct rooms *rooms, bool cut) {
    rooms->cut(rooms->desk.means.ctx, cut);
}

void rooms_drained(struct rooms *rooms) {
    rooms->drained(rooms->desk.means.ctx);
}

void rooms_trip(struct rooms *rooms, const char *said, uint32_t len) {
    if (said == NULL) {
        voice_lost(&rooms->rooms);
    } else {
        pass_heard(&rooms->rooms, said, (const uint8_t *)said + ROOM_ID_BYTES + 1, len);
    }
}

void rooms_events(struct rooms *rooms, struct journal_batch *batch) {
    following_events(&rooms->desk, batch);
}
