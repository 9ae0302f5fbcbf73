/* SPDX-License-Identifier: ISC */
/*
 * evening.c: tells the members of their group's next evening: when, who comes and who is missing.
 * Like all that is told of a cohort, the present truth, whenever it differs from what was told
 * last.
 */
#include <string.h>

#include "server/cohort/parts.h"
#include "server/peer/send.h"

enum { MS_A_MINUTE = 60000 };

static void make_lists(const struct cohort_replica *replica, struct evening_lists *lists) {
    const struct keyhash *key = &desk_of(replica)->key;
    if (lists->made) {
        return;
    }
    size_t names = evening_names(&replica->cohort, false, &lists->coming, lists->names);
    /* Before it begins nobody is missing. */
    bool begun = desk_now(desk_of(replica)) >= replica->cohort.evening.start;
    size_t absent =
        begun ? evening_names(&replica->cohort, true, &lists->missing, lists->absent) : 0;
    lists->absent[absent] = '\0';
    lists->hash = keyhash(key, lists->names, names) ^ 3 * keyhash(key, lists->absent, absent);
    lists->made = true;
}

/* What this attendee would be told, as a number that is never 0. */
static uint64_t truth(const struct attendee *attendee, const struct evening_lists *lists) {
    const struct cohort *cohort = &attendee->cohort->cohort;
    const struct cohort_evening *evening = &cohort->evening;
    const struct keyhash *key = &desk_of(attendee->cohort)->key;
    const int64_t numbers[] = {evening->start, evening->minutes, evening->by,
                               cohort->members[attendee->member].coming, lists->coming};
    uint64_t hash = lists->hash ^ keyhash(key, numbers, sizeof numbers) ^
                    5 * keyhash(key, evening->text, strlen(evening->text));
    return hash | 1;
}

void cohort_tell_evening(struct attendee *attendee, struct evening_lists *lists) {
    struct cohort_replica *replica = attendee->cohort;
    const struct cohort *cohort = &replica->cohort;
    const struct cohort_evening *evening = &cohort->evening;
    int64_t now = desk_now(desk_of(replica));
    bool over =
        evening->start == 0 || now >= evening->start + (int64_t)evening->minutes * MS_A_MINUTE;
    if (attendee->peer == NULL || (over && attendee->told.evening == 0)) {
        return;
    }
    /* Where many are told, what changes is gathered, as the queue is. */
    if (attendee->told.evening != 0 && cohort->waiting_count > COHORT_TELL_EAGER &&
        now < replica->told_at + COHORT_TELL_MS) {
        replica->tell_owed = true;
        return;
    }
    make_lists(replica, lists);
    uint64_t hash = over ? 0 : truth(attendee, lists);
    if (hash == attendee->told.evening) {
        return;
    }
    struct message message = {.kind = MESSAGE_PLANNED};
    message.planned.cohort = span_of(replica->followed.id);
    if (!over) {
        message.planned.start = evening->start;
        message.planned.minutes = evening->minutes;
        message.planned.text = span_of(evening->text);
        message.planned.name = span_of(cohort->members[evening->by].name);
        message.planned.mine = cohort->members[attendee->member].coming;
        message.planned.coming = lists->coming;
        message.planned.names = span_of(lists->names);
        message.planned.missing = span_of(lists->absent);
    }
    attendee->told.evening = hash;
    send_message(desk_of(replica), attendee->peer, &message);
}
