/* SPDX-License-Identifier: ISC */
/*
 * state.c: a room's memory: making, freeing and copying a state.
 *
 * Invariant: a copy shares nothing with its original but the pack, which is immutable and counted,
 * and the lines, of which each sees its own (lines.h).
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/lines.h"

void room_init(struct room *room) {
    *room = (struct room){.stage = STAGE_NEW, .driver = -1};
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        room->clock.reached[i] = -1;
    }
}

void room_free(struct room *room) {
    for (uint32_t i = 0; i < room->reveal_count; i++) {
        free(room->reveals[i].text);
    }
    for (uint8_t i = 0; i < room->sheet_count; i++) {
        free(room->sheets[i].marks);
    }
    for (uint8_t i = 0; i < room->verdict_count; i++) {
        for (int k = 0; k < VERDICT_TEXTS; k++) {
            free(room->verdicts[i].texts[k]);
        }
    }
    free(room->verdicts);
    free(room->seats);
    free(room->invites);
    free(room->formers);
    free(room->companions);
    free(room->sheets);
    lines_free(room);
    free(room->flags);
    free(room->moves);
    free(room->reveals);
    free(room->brief);
    board_free(&room->board);
    pack_unref(room->pack);
    room_init(room);
}

bool room_is_panel(const struct room *room, uint8_t seat) {
    return seat == SEAT_GUEST || (seat < room->seat_count && W_PANEL & 1 << room->seats[seat].role);
}

uint32_t room_version(const struct room *room) {
    return room->rules < 2 ? 1 : 2;
}

int room_candidate(const struct room *room) {
    for (int i = 0; i < room->seat_count; i++) {
        if (room->seats[i].role == ROLE_CANDIDATE) {
            return i;
        }
    }
    return -1;
}

/* A copy of count entries, or NULL; *good turns false if memory is out. */
static void *copy_array(const void *from, size_t count, size_t size, bool *good) {
    if (count == 0 || !*good) {
        return NULL;
    }
    void *copy = malloc(count * size);
    if (copy) {
        memcpy(copy, from, count * size);
    }
    *good = copy != NULL;
    return copy;
}

/* The counts are set only as far as what they count is owned, so that room_free may follow any
 * failure. */
static bool copy_flat(struct room *to, const struct room *from) {
    bool good = true;
    to->seats = copy_array(from->seats, from->seat_count, sizeof *from->seats, &good);
    to->invites = copy_array(from->invites, from->invite_count, sizeof *from->invites, &good);
    to->formers = copy_array(from->formers, from->former_count, sizeof *from->formers, &good);
    to->companions =
        copy_array(from->companions, from->companion_count, sizeof *from->companions, &good);
    to->flags = copy_array(from->flags, from->flag_count, sizeof *from->flags, &good);
    to->moves = copy_array(from->moves, from->move_count, sizeof *from->moves, &good);
    to->reveals = copy_array(from->reveals, from->reveal_count, sizeof *from->reveals, &good);
    to->brief = copy_array(from->brief, from->brief_len, 1, &good);
    to->verdicts = copy_array(from->verdicts, from->verdict_count, sizeof *from->verdicts, &good);
    to->sheets = copy_array(from->sheets, from->sheet_count, sizeof *from->sheets, &good);
    to->invite_cap = to->invite_count;
    to->former_cap = to->former_count;
    to->companion_cap = to->companion_count;
    to->flag_cap = to->flag_count;
    to->move_cap = to->move_count;
    to->reveal_cap = from->reveal_count;
    return good;
}

/* The texts of one verdict, whose copy still borrows them. False: out of memory, none is owned. */
static bool copy_verdict(struct room_verdict *to) {
    bool good = true;
    for (int i = 0; i < VERDICT_TEXTS; i++) {
        to->texts[i] = copy_array(to->texts[i], strlen(to->texts[i]) + 1, 1, &good);
    }
    for (int i = 0; i < VERDICT_TEXTS && !good; i++) {
        free(to->texts[i]);
    }
    return good;
}

static bool copy_deep(struct room *to, const struct room *from) {
    size_t items = from->pack ? (size_t)from->pack->item_count + 1 : 0;
    bool good = true;
    for (; to->reveal_count < from->reveal_count; to->reveal_count++) {
        const char *text = from->reveals[to->reveal_count].text;
        to->reveals[to->reveal_count].text = copy_array(text, strlen(text) + 1, 1, &good);
        if (!good) {
            return false;
        }
    }
    for (; to->verdict_count < from->verdict_count; to->verdict_count++) {
        if (!copy_verdict(&to->verdicts[to->verdict_count])) {
            return false;
        }
    }
    for (; to->sheet_count < from->sheet_count; to->sheet_count++) {
        to->sheets[to->sheet_count].marks =
            copy_array(from->sheets[to->sheet_count].marks, items, sizeof(struct room_mark), &good);
        if (!good) {
            return false;
        }
    }
    return true;
}

bool room_copy(struct room *to, const struct room *from) {
    *to = *from;
    lines_share(to);
    to->reveal_count = 0;
    to->sheet_count = 0;
    to->verdict_count = 0;
    bool good = board_copy(&to->board, &from->board);
    to->pack = from->pack ? pack_ref(from->pack) : NULL;
    if (copy_flat(to, from) && good && copy_deep(to, from)) {
        return true;
    }
    room_free(to);
    return false;
}
