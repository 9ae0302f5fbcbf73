/* SPDX-License-Identifier: ISC */
/*
 * Purpose: reads the state that snapshots of version 1 hold. No server ever sent one, and none
 * will: a seat that comes again gets the events that it lacks, and folds them.
 */
#include <stdlib.h>
#include <string.h>

#include "protocol/room/lines.h"
#include "protocol/room/part.h"
#include "protocol/room/view.h"
#include "tests/support/snapshot_v1.h"

enum { SNAPSHOT_PARTS = 11 };

/* Values of one array, in order; the first fault sticks. */
struct values {
    const msgpack_object *at;
    uint32_t left;
    bool bad;
};

static struct values values_of(const msgpack_object *array) {
    if (array->type != MSGPACK_OBJECT_ARRAY) {
        return (struct values){.bad = true};
    }
    return (struct values){array->via.array.ptr, array->via.array.size, false};
}

static const msgpack_object *take(struct values *v) {
    static const msgpack_object nothing = {.type = MSGPACK_OBJECT_NIL};
    if (v->bad || v->left == 0) {
        v->bad = true;
        return &nothing;
    }
    v->left--;
    return v->at++;
}

static int64_t take_int(struct values *v, int64_t min, int64_t max) {
    const msgpack_object *value = take(v);
    int64_t number = 0;
    if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER && value->via.u64 <= INT64_MAX) {
        number = (int64_t)value->via.u64;
    } else if (value->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) {
        number = value->via.i64;
    } else {
        v->bad = true;
    }
    if (v->bad || number < min || number > max) {
        v->bad = true;
        return min;
    }
    return number;
}

static struct span take_bytes(struct values *v, uint32_t max) {
    const msgpack_object *value = take(v);
    if (value->type != MSGPACK_OBJECT_BIN || value->via.bin.size > max) {
        v->bad = true;
        return (struct span){"", 0};
    }
    return (struct span){value->via.bin.ptr, value->via.bin.size};
}

static struct span take_text(struct values *v, uint32_t max) {
    const msgpack_object *value = take(v);
    if (value->type != MSGPACK_OBJECT_STR || value->via.str.size > max ||
        memchr(value->via.str.ptr, '\0', value->via.str.size)) {
        v->bad = true;
        return (struct span){"", 0};
    }
    return (struct span){value->via.str.ptr, value->via.str.size};
}

static int64_t take_time(struct values *v) {
    return take_int(v, 0, TIME_MAX_MS);
}

static uint32_t take_count(struct values *v) {
    return (uint32_t)take_int(v, 0, UINT32_MAX);
}

/* The author: a seat that exists, or the server. */
static uint8_t take_author(struct values *v, const struct room *room) {
    int64_t by = take_int(v, 0, SEAT_SERVER);
    v->bad |= by >= room->seat_count && by != SEAT_SERVER;
    return (uint8_t)by;
}

/* A phase of the room's framework. */
static uint8_t take_phase(struct values *v, const struct room *room) {
    return (uint8_t)take_int(v, 0, room->pack ? room->pack->phase_count - 1 : 0);
}

static void read_clock(struct room_clock *clock, struct values *v) {
    clock->phase = (uint8_t)take_int(v, 0, PACK_PHASES_MAX - 1);
    clock->started_at = take_time(v);
    clock->entered_at = take_time(v);
    clock->paused_at = take_time(v);
    clock->finished_at = take_time(v);
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        clock->spent[i] = take_time(v);
    }
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        clock->budget[i] = take_int(v, 0, PHASE_BUDGET_MAX_MS);
    }
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        clock->added[i] = take_int(v, -PHASE_BUDGET_MAX_MS, PHASE_BUDGET_MAX_MS);
        int64_t budget = clock->budget[i] + clock->added[i];
        v->bad |= budget < 0 || budget > PHASE_BUDGET_MAX_MS;
    }
    for (int i = 0; i < PACK_PHASES_MAX; i++) {
        clock->reached[i] = take_int(v, -1, TIME_MAX_MS);
    }
}

static void read_head(struct room *room, struct values *v) {
    room->stage = (enum stage)take_int(v, STAGE_NEW, STAGE_CLOSED);
    room->opened = take_int(v, 0, 1) != 0;
    room->pos = take_count(v);
    room->at = take_time(v);
    room->all_at = take_time(v);
    room->opened_at = take_time(v);
    room->mode = (uint32_t)take_int(v, 0, MODE_TRAINING | MODE_GUIDED);
    room->plan = (uint8_t)take_int(v, 0, PACK_PLANS_MAX);
    room->all_count = take_count(v);
    room->panel_count[MOMENT_DEBRIEF] = take_count(v);
    room->panel_count[MOMENT_NEVER] = take_count(v);
    room->own_total[MOMENT_DEBRIEF] = take_count(v);
    read_clock(&room->clock, v);
    room->rules = 1;
    room->moments = room->clock.started_at > 0 ? view_opens(ACTION_CLOCK_START) : 0;
    room->moments |= room->opened ? view_opens(ACTION_DEBRIEF_OPEN) : 0;
}

static void read_pack(struct room *room, struct span public_body, struct span panel_body,
                      struct values *v) {
    struct pack_fault fault;
    if (public_body.len == 0) {
        v->bad |= room->stage != STAGE_NEW;
        return;
    }
    room->pack = pack_read(public_body, panel_body, &fault);
    v->bad |= !room->pack || room->stage == STAGE_NEW ||
              room->clock.phase >= room->pack->phase_count || room->plan > room->pack->plan_count;
}

/* Readers of one entry each. Values are taken one statement at a time: an initializer has no
 * order. */
typedef void entry_reader(struct room *room, struct values *v);

static void read_seat(struct room *room, struct values *v) {
    struct room_seat *seat = &room->seats[room->seat_count];
    seat->role = (enum role)take_int(v, ROLE_INTERVIEWER, ROLE_COACH);
    seat->here = take_int(v, 0, 1) != 0;
    seat->session = take_count(v);
    seat->boot = take_count(v);
    seat->last_id = take_count(v);
    seat->last_n = take_count(v);
    seat->last_made = take_time(v);
    seat->shown_at = take_time(v);
    seat->since = take_time(v);
    seat->own_count[MOMENT_DEBRIEF] = take_count(v);
    seat->own_count[MOMENT_NEVER] = take_count(v);
    struct span key = take_bytes(v, HASH_BYTES);
    struct span name = take_text(v, NAME_MAX_BYTES);
    v->bad |= key.len != 0 && key.len != HASH_BYTES;
    seat->claimed = key.len == HASH_BYTES;
    memcpy(seat->key, key.at, v->bad ? 0 : key.len);
    memcpy(seat->name, name.at, name.len);
    room->seat_count++;
}

static void read_invite(struct room *room, struct values *v) {
    struct room_invite *invite = &room->invites[room->invite_count];
    invite->role = (enum role)take_int(v, ROLE_INTERVIEWER, ROLE_COACH);
    invite->seat = (int8_t)take_int(v, -1, room->seat_count - 1);
    invite->by = -1;
    invite->to = -1;
    struct span hash = take_bytes(v, HASH_BYTES);
    v->bad |= hash.len != HASH_BYTES;
    if (!v->bad) {
        memcpy(invite->hash, hash.at, HASH_BYTES);
        room->invite_count++;
    }
}

static void read_sheet(struct room *room, struct values *v) {
    uint8_t owner = take_author(v, room);
    bool twice = room_sheet_of(room, owner) != NULL;
    bool late = owner == SEAT_SERVER && room->sheet_count > 0;
    uint8_t items = room->pack->item_count;
    if (v->bad || twice || late || v->left != 4U * items) {
        v->bad = true;
        return;
    }
    struct room_mark *marks = calloc(items + 1U, sizeof *marks);
    if (!marks) {
        v->bad = true;
        return;
    }
    room->sheets[room->sheet_count++] = (struct room_sheet){.owner = owner, .marks = marks};
    for (uint8_t i = 0; i < items; i++) {
        marks[i].mark = (uint8_t)take_int(v, MARK_NOT_YET, MARK_RAISED);
        marks[i].by = take_author(v, room);
        marks[i].at = take_time(v);
        marks[i].n = take_count(v);
    }
}

static void read_line(struct room *room, struct values *v) {
    struct room_line line = {.kind = (enum line_kind)take_int(v, LINE_NOTE_MINE, LINE_WHISPER)};
    line.by = take_author(v, room);
    line.phase = take_phase(v, room);
    line.at = take_time(v);
    line.n = take_count(v);
    v->bad |= !lines_add(room, &line, take_text(v, TEXT_MAX_BYTES));
}

static void read_flag(struct room *room, struct values *v) {
    struct room_flag *flag = &room->flags[room->flag_count];
    flag->flag = (uint8_t)take_int(v, 0, PACK_FLAGS_MAX - 1);
    flag->by = take_author(v, room);
    flag->on = take_int(v, 0, 1) != 0;
    flag->at = take_time(v);
    flag->n = take_count(v);
    v->bad |= flag->flag >= room->pack->flag_count;
    for (uint32_t i = 0; i < room->flag_count; i++) {
        v->bad |= room->flags[i].flag == flag->flag;
    }
    room->flag_count++;
}

static void read_move(struct room *room, struct values *v) {
    struct room_move *move = &room->moves[room->move_count++];
    struct span wire = take_text(v, ID_MAX_BYTES);
    move->act = action_find(wire.at, wire.len);
    move->phase = take_phase(v, room);
    move->by = take_author(v, room);
    move->ms = take_int(v, -CLOCK_ADD_MAX_MS, CLOCK_ADD_MAX_MS);
    move->at = take_time(v);
    v->bad |= move->act < ACTION_CLOCK_START || move->act > ACTION_CLOCK_FINISH;
}

static void read_reveal(struct room *room, struct values *v) {
    struct room_reveal *reveal = &room->reveals[room->reveal_count++];
    reveal->curveball = take_int(v, 0, 1) != 0;
    reveal->by = take_author(v, room);
    reveal->phase = take_phase(v, room);
    reveal->at = take_time(v);
    reveal->n = take_count(v);
    struct span id = take_text(v, ID_MAX_BYTES);
    memcpy(reveal->id, id.at, id.len);
    reveal->text = part_text(take_text(v, TEXT_MAX_BYTES));
    v->bad |= !reveal->text;
}

/* One entry, which is a byte string that holds an array, by its reader. */
static bool read_entry(struct mp_reader *r, struct span bytes, struct room *room,
                       entry_reader *reader) {
    if (mp_reader_parse(r, bytes.at, bytes.len) != MP_OK) {
        return false;
    }
    struct values v = values_of(&r->root);
    reader(room, &v);
    return !v.bad && v.left == 0;
}

/* One list (only a room that has been opened, and so has a pack, has entries): memory for its
 * entries first, unless `list` is NULL, then each entry. */
static bool read_list(struct mp_reader *r, struct values *parts, struct room *room, void **list,
                      size_t size, uint32_t max, entry_reader *reader) {
    struct values entries = values_of(take(parts));
    uint32_t count = entries.left;
    if (parts->bad || entries.bad || count > max || (count && room->stage == STAGE_NEW)) {
        return false;
    }
    if (list && count && !(*list = calloc(count, size))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct span bytes = take_bytes(&entries, UINT32_MAX);
        if (entries.bad || !read_entry(r, bytes, room, reader)) {
            return false;
        }
    }
    return true;
}

static bool read_lists(struct mp_reader *r, struct values *parts, struct room *room) {
    bool good = read_list(r, parts, room, (void **)&room->seats, sizeof *room->seats,
                          ROOM_SEATS_MAX, read_seat) &&
                read_list(r, parts, room, (void **)&room->invites, sizeof *room->invites,
                          ROOM_INVITES_MAX, read_invite) &&
                read_list(r, parts, room, (void **)&room->sheets, sizeof *room->sheets,
                          ROOM_SHEETS_MAX, read_sheet) &&
                read_list(r, parts, room, NULL, 0, ROOM_NOTES_MAX, read_line) &&
                read_list(r, parts, room, (void **)&room->flags, sizeof *room->flags,
                          PACK_FLAGS_MAX, read_flag) &&
                read_list(r, parts, room, (void **)&room->moves, sizeof *room->moves,
                          ROOM_MOVES_MAX, read_move) &&
                read_list(r, parts, room, (void **)&room->reveals, sizeof *room->reveals,
                          ROOM_REVEALS_MAX, read_reveal);
    room->invite_cap = room->invite_count;
    room->flag_cap = room->flag_count;
    room->move_cap = room->move_count;
    room->reveal_cap = room->reveal_count;
    return good;
}

static bool read_parts(struct mp_reader *outer, struct mp_reader *inner, struct room *room) {
    struct values parts = values_of(&outer->root);
    if (parts.left != SNAPSHOT_PARTS) {
        return false;
    }
    take_int(&parts, 1, 1);
    struct span head = take_bytes(&parts, UINT32_MAX);
    struct span public_body = take_bytes(&parts, PACK_BODY_MAX);
    struct span panel_body = take_bytes(&parts, PACK_BODY_MAX);
    if (parts.bad || !read_entry(inner, head, room, read_head)) {
        return false;
    }
    read_pack(room, public_body, panel_body, &parts);
    if (parts.bad || !read_lists(inner, &parts, room)) {
        return false;
    }
    if (room->pack) {
        prompt_match_reveals(room);
    }
    return true;
}

bool snapshot_v1_read(struct room *room, const void *bytes, size_t len) {
    struct mp_reader outer;
    struct mp_reader inner = {.zone = NULL};
    room_init(room);
    bool good = mp_reader_init(&outer) == MP_OK && mp_reader_init(&inner) == MP_OK &&
                mp_reader_parse(&outer, bytes, len) == MP_OK && read_parts(&outer, &inner, room);
    mp_reader_free(&outer);
    mp_reader_free(&inner);
    if (!good) {
        room_free(room);
    }
    return good;
}
