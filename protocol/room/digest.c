/* SPDX-License-Identifier: ISC */
/*
 * digest.c: the canonical encoding of a state, and its hash, by which replicas are compared.
 *
 * An array of DIGEST_PARTS, and one more if a seat ever asked for a
 * companion: head, the pack's bodies, then one array for each list of the state. The
 * head and each entry of a list are byte strings that hold an array of their own. Bits that follow
 * from the reveals are not written.
 */
#include "protocol/room/digest.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/room/part.h"

enum {
    DIGEST_PARTS = 12,
    HEAD_FIELDS = 33 + 4 * PACK_PHASES_MAX + 2 * MOMENT_COUNT,
    MARK_FIELDS = 5
};

/* ---- writing ---- */

static struct span whole(const struct mp_writer *w) {
    return (struct span){w->data ? w->data : "", (uint32_t)w->len};
}

/* Ends an entry: its bytes go out, its writer is ready for the next. */
static void put_entry(struct mp_writer *w, struct mp_writer *entry) {
    mp_put_bytes(w, whole(entry));
    w->failed |= entry->failed;
    mp_writer_reset(entry);
}

static void put_numbers(struct mp_writer *w, const int64_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        mp_put_int(w, numbers[i]);
    }
}

static void put_counts(struct mp_writer *w, const uint32_t counts[MOMENT_COUNT]) {
    for (int i = 0; i < MOMENT_COUNT; i++) {
        mp_put_int(w, counts[i]);
    }
}

/* The mode, and above it a term of its own. */
static int64_t mode_and_term(const struct room *room) {
    return room->mode | (room->has_term ? (int64_t)(room->kept + 1) << 8 : 0);
}

static void put_head(struct mp_writer *w, const struct room *room) {
    const struct room_clock *clock = &room->clock;
    const int64_t numbers[] = {
        room->stage,       room->moments,     room->pos,           room->at,
        room->all_at,      room->opened_at,   mode_and_term(room), room->plan,
        room->rules,       room->unknown,     room->all_count,     clock->phase,
        clock->started_at, clock->entered_at, clock->paused_at,    clock->finished_at};
    mp_put_array(w, HEAD_FIELDS);
    put_numbers(w, numbers, sizeof numbers / sizeof *numbers);
    put_counts(w, room->panel_count);
    put_counts(w, room->own_total);
    put_numbers(w, clock->spent, PACK_PHASES_MAX);
    put_numbers(w, clock->budget, PACK_PHASES_MAX);
    put_numbers(w, clock->added, PACK_PHASES_MAX);
    put_numbers(w, clock->reached, PACK_PHASES_MAX);
    mp_put_str(w, room->prev);
    mp_put_str(w, room->next);
    mp_put_str(w, room->cohort);
    mp_put_int(w, room->brief_left);
    mp_put_int(w, room->clock.extra);
    mp_put_int(w, room->dropped);
    mp_put_int(w, room->handed_in);
    mp_put_str(w, room->call);
    mp_put_int(w, room->clock.held_at);
    put_numbers(w,
                (const int64_t[]){room->turn.asked, room->turn.agreed, room->turn.by,
                                  room->turn.with, room->turn.n},
                5);
    mp_put_int(w, room->changes);
    mp_put_int(w, room->driver);
}

static void put_seats(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->seat_count);
    for (uint8_t i = 0; i < room->seat_count; i++) {
        const struct room_seat *seat = &room->seats[i];
        int64_t hand = seat->hand | seat->watching << 1; /* the same as ever for who is in front */
        const int64_t numbers[] = {seat->role,    seat->here,     seat->session,   seat->boot,
                                   seat->last_id, seat->last_n,   seat->last_made, seat->shown_at,
                                   seat->since,   hand,           seat->hand_at,   seat->hold,
                                   seat->moved,   seat->moved_at, seat->own_past};
        mp_put_array(entry, 17 + MOMENT_COUNT);
        put_numbers(entry, numbers, 15);
        put_counts(entry, seat->own_count);
        mp_put_bytes(entry, (struct span){(const char *)seat->key, seat->claimed ? HASH_BYTES : 0});
        mp_put_str(entry, seat->name);
        put_entry(w, entry);
    }
}

static void put_invites(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->invite_count);
    for (uint8_t i = 0; i < room->invite_count; i++) {
        const struct room_invite *invite = &room->invites[i];
        mp_put_array(entry, invite->by < 0 ? 4 : 5);
        mp_put_int(entry, invite->role);
        mp_put_int(entry, invite->seat);
        mp_put_int(entry, invite->to);
        mp_put_bytes(entry, (struct span){(const char *)invite->hash, HASH_BYTES});
        if (invite->by >= 0) {
            mp_put_int(entry, invite->by);
        }
        put_entry(w, entry);
    }
}

static void put_formers(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->former_count);
    for (uint8_t i = 0; i < room->former_count; i++) {
        const struct room_former *former = &room->formers[i];
        mp_put_array(entry, 4);
        put_numbers(entry, (const int64_t[]){former->seat, former->out, former->invites}, 3);
        mp_put_bytes(entry, (struct span){(const char *)former->key, HASH_BYTES});
        put_entry(w, entry);
    }
}

static bool has_companions(const struct room *room) {
    for (uint8_t i = 0; i < room->seat_count; i++) {
        if (room->seats[i].companion_links > 0) {
            return true;
        }
    }
    return false;
}

static void put_companions(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, (uint32_t)room->companion_count + room->seat_count);
    for (uint8_t i = 0; i < room->companion_count; i++) {
        const struct room_companion *companion = &room->companions[i];
        mp_put_array(entry, 6);
        put_numbers(
            entry,
            (const int64_t[]){companion->seat, companion->kind, companion->taken, companion->until},
            4);
        mp_put_bytes(entry, (struct span){(const char *)companion->link, HASH_BYTES});
        mp_put_bytes(entry, (struct span){(const char *)companion->key, HASH_BYTES});
        put_entry(w, entry);
    }
    for (uint8_t i = 0; i < room->seat_count; i++) {
        mp_put_int(entry, room->seats[i].companion_links);
        put_entry(w, entry);
    }
}

static void put_sheets(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->sheet_count);
    for (uint8_t i = 0; i < room->sheet_count; i++) {
        const struct room_sheet *sheet = &room->sheets[i];
        mp_put_array(entry, 1U + MARK_FIELDS * room->pack->item_count);
        mp_put_int(entry, sheet->owner);
        for (uint8_t item = 0; item < room->pack->item_count; item++) {
            const struct room_mark *mark = &sheet->marks[item];
            put_numbers(entry,
                        (const int64_t[]){mark->mark, mark->was, mark->by, mark->at, mark->n},
                        MARK_FIELDS);
        }
        put_entry(w, entry);
    }
}

static void put_lines(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->line_count);
    for (uint32_t i = 0; i < room->line_count; i++) {
        const struct room_line *line = &room->lines[i];
        mp_put_array(entry, 9);
        put_numbers(entry,
                    (const int64_t[]){line->kind, line->by, line->phase, line->at, line->n,
                                      line->struck, line->changes, line->changed_at},
                    8);
        mp_put_str(entry, line->text);
        put_entry(w, entry);
    }
}

static void put_flags(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->flag_count);
    for (uint32_t i = 0; i < room->flag_count; i++) {
        const struct room_flag *flag = &room->flags[i];
        mp_put_array(entry, 6);
        put_numbers(
            entry,
            (const int64_t[]){flag->flag, flag->by, flag->on, flag->corrected, flag->at, flag->n},
            6);
        put_entry(w, entry);
    }
}

static void put_moves(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->move_count);
    for (uint16_t i = 0; i < room->move_count; i++) {
        const struct room_move *move = &room->moves[i];
        mp_put_array(entry, 5);
        mp_put_str(entry, action_row(move->act)->wire);
        put_numbers(entry, (const int64_t[]){move->phase, move->by, move->ms, move->at}, 4);
        put_entry(w, entry);
    }
}

static void put_reveals(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->reveal_count);
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        const struct room_reveal *reveal = &room->reveals[i];
        mp_put_array(entry, 9);
        put_numbers(entry,
                    (const int64_t[]){reveal->curveball, reveal->by, reveal->phase, reveal->at,
                                      reveal->n, reveal->answer, reveal->answered_by},
                    7);
        mp_put_str(entry, reveal->id);
        mp_put_str(entry, reveal->text);
        put_entry(w, entry);
    }
}

static void put_verdicts(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    mp_put_array(w, room->verdict_count);
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        const struct room_verdict *verdict = &room->verdicts[i];
        mp_put_array(entry, 7 + 2 * PACK_COMPETENCIES_MAX + VERDICT_TEXTS);
        put_numbers(entry,
                    (const int64_t[]){verdict->by, verdict->rating, verdict->late,
                                      verdict->recommend, verdict->level, verdict->at, verdict->n},
                    7);
        for (int k = 0; k < PACK_COMPETENCIES_MAX; k++) {
            mp_put_int(entry, verdict->scores[k]);
            mp_put_int(entry, verdict->moments[k]);
        }
        for (int k = 0; k < VERDICT_TEXTS; k++) {
            mp_put_str(entry, verdict->texts[k]);
        }
        put_entry(w, entry);
    }
}

/* All sections that it was read from, each in a byte string: they say what is known of it. While
 * parts of the panel's are to come, those that are there stand in its place. */
static void put_pack(struct mp_writer *w, struct mp_writer *entry, const struct room *room) {
    const struct pack *pack = room->pack;
    mp_put_array(w, pack ? PACK_SECTIONS : 0);
    for (int section = 0; pack && section < PACK_SECTIONS; section++) {
        if (pack_has(pack, (enum pack_section)section)) {
            pack_write(entry, pack, (enum pack_section)section);
        } else if (section == SECTION_PANEL && room->brief_left > 0) {
            mp_put_raw(entry, room->brief, room->brief_len);
        }
        put_entry(w, entry);
    }
}

static void put_room(struct mp_writer *w, const struct room *room) {
    struct mp_writer entry;
    mp_writer_init(&entry);
    mp_put_array(w, DIGEST_PARTS + has_companions(room));
    put_head(&entry, room);
    put_entry(w, &entry);
    put_pack(w, &entry, room);
    put_seats(w, &entry, room);
    put_invites(w, &entry, room);
    put_sheets(w, &entry, room);
    put_lines(w, &entry, room);
    put_flags(w, &entry, room);
    put_moves(w, &entry, room);
    put_reveals(w, &entry, room);
    put_verdicts(w, &entry, room);
    board_put(&entry, &room->board);
    put_entry(w, &entry);
    put_formers(w, &entry, room);
    if (has_companions(room)) {
        put_companions(w, &entry, room);
    }
    mp_writer_free(&entry);
}

bool digest_room(const struct room *room, uint8_t out[HASH_BYTES]) {
    struct mp_writer w;
    mp_writer_init(&w);
    put_room(&w, room);
    bool good = !w.failed;
    if (good) {
        digest_bytes(w.data, w.len, out);
    }
    mp_writer_free(&w);
    return good;
}
