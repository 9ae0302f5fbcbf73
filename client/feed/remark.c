/* SPDX-License-Identifier: ISC */
/*
 * remark.c: what a marker sees of a recording, and the words in their places.
 *
 * Invariants: words stand by their times, and of one item never one after a word that was said
 * later; what is left of the recording folds without them as with them.
 */
#include "client/feed/remark.h"

#include <stdlib.h>
#include <string.h>

#include "certs/sign.h"

/* A section of the pack, which comes to a candidate's view when it opens. */
static bool is_section(const struct event *event) {
    switch (event->body.act) {
    case ACTION_ROOM_GUIDE:
    case ACTION_ROOM_PROMPT:
    case ACTION_ROOM_TITLES:
    case ACTION_ROOM_RUBRIC:
    case ACTION_ROOM_BRIEF: return true;
    default: return false;
    }
}

/* What everybody saw at once. */
static bool stays(const struct event *event) {
    return action_row(event->body.act)->audience == AUD_ALL;
}

static bool fold_original(struct remark *remark, struct certs_why *why) {
    const struct recording *rec = &remark->original;
    for (uint32_t i = 0; i < rec->count; i++) {
        if (room_apply(&remark->live, &rec->events[i], NULL, NULL) != APPLY_OK) {
            certs_why_set(
                why, "Event %u does not fit to those before it; fetch the recording again.", i + 1);
            return false;
        }
    }
    return true;
}

/* Seats from the marker's on have moved up by one. */
static void move_seats(struct event *event, uint8_t marker) {
    if (event->by != SEAT_SERVER && event->by >= marker) {
        event->by++;
    }
    if (event->body.has & F(seat) && event->body.seat >= marker) {
        event->body.seat++;
    }
    event->id = 0; /* it is not the marker's own */
}

static void put_join(struct remark *remark, const struct event *before) {
    struct body body = {.act = ACTION_SEAT_JOIN,
                        .has = F(seat) | F(role) | F(name) | F(session),
                        .seat = remark->seat,
                        .role = ROLE_COACH,
                        .name = span_of(remark->name),
                        .session = 1};
    remark->shown[remark->shown_count++] =
        (struct event){.at = before->at, .made = before->at, .by = SEAT_SERVER, .body = body};
}

static const struct event *find_event(const struct recording *rec, enum action act) {
    for (uint32_t i = 0; i < rec->count; i++) {
        if (rec->events[i].body.act == act) {
            return &rec->events[i];
        }
    }
    return NULL;
}

/* How many seats are taken before an event. */
static uint8_t seats_before(const struct recording *rec, const struct event *event) {
    int64_t seats = 0;
    for (const struct event *at = rec->events; at < event; at++) {
        if (at->body.act == ACTION_SEAT_JOIN && at->body.seat >= seats) {
            seats = at->body.seat + 1;
        }
    }
    return (uint8_t)seats;
}

/* All of it, in the order in which it became known. */
static void show_pack(struct remark *remark) {
    const struct recording *rec = &remark->original;
    for (uint32_t i = 0; i < rec->count; i++) {
        if (is_section(&rec->events[i])) {
            remark->shown[remark->shown_count++] = rec->events[i];
        }
    }
}

/* A pack comes to a candidate's view by and by; a marker has it from the opening on. The last words
 * are those before the debrief opens, or the room closes without one. */
static void show_events(struct remark *remark, const struct event *start) {
    const struct recording *rec = &remark->original;
    const struct event *debrief = find_event(rec, ACTION_DEBRIEF_OPEN);
    debrief = debrief ? debrief : find_event(rec, ACTION_ROOM_CLOSE);
    for (uint32_t i = 0; i < rec->count; i++) {
        const struct event *event = &rec->events[i];
        if (event == start) {
            put_join(remark, start);
        }
        if (event == debrief) {
            remark->last = remark->shown_count;
            remark->last_at = debrief->at;
        }
        if (stays(event)) {
            remark->shown[remark->shown_count] = *event;
            move_seats(&remark->shown[remark->shown_count++], remark->seat);
        }
        if (event == start) {
            remark->first = remark->shown_count;
            remark->first_at = start->at;
        }
        if (event->body.act == ACTION_ROOM_OPEN) {
            show_pack(remark);
        }
    }
    if (!debrief) {
        remark->last = remark->shown_count;
        remark->last_at = remark->live.at;
    }
}

bool remark_begin(struct remark *remark, struct recording *original, const char *name,
                  struct certs_why *why) {
    memset(remark, 0, sizeof *remark);
    remark->original = *original;
    memset(original, 0, sizeof *original);
    room_init(&remark->live);
    memcpy(remark->name, name, strnlen(name, NAME_MAX_BYTES));
    const struct event *start = find_event(&remark->original, ACTION_CLOCK_START);
    if (recording_is_remarking(&remark->original)) {
        certs_why_set(why, "This is a re-marking already; give the recording that it was made of.");
        return false;
    }
    if (!fold_original(remark, why)) {
        return false;
    }
    if (!start || !remark->live.pack) {
        certs_why_set(why, "The interview never started: there is nothing to mark.");
        return false;
    }
    if (remark->live.seat_count >= ROOM_SEATS_MAX) {
        certs_why_set(why, "All %d seats of the room were taken, so no marker can join it.",
                      ROOM_SEATS_MAX);
        return false;
    }
    remark->seat = seats_before(&remark->original, start);
    remark->shown = calloc((size_t)remark->original.count + 1, sizeof *remark->shown);
    if (!remark->shown) {
        certs_why_set(why, "Out of memory.");
        return false;
    }
    show_events(remark, start);
    return true;
}

void remark_free(struct remark *remark) {
    free(remark->words);
    free(remark->shown);
    room_free(&remark->live);
    recording_free(&remark->original);
    memset(remark, 0, sizeof *remark);
}

static bool same_thing(const struct remark_word *a, const struct remark_word *b) {
    return a->is_flag == b->is_flag && a->index == b->index;
}

/* Takes out what was said of the same thing then or later. */
static void take_back(struct remark *remark, const struct remark_word *word) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < remark->word_count; i++) {
        if (!same_thing(&remark->words[i], word) || remark->words[i].at < word->at) {
            remark->words[kept++] = remark->words[i];
        }
    }
    remark->word_count = kept;
}

/* What has been said of the thing up to now. */
static int said(const struct remark *remark, const struct remark_word *word) {
    int value = 0;
    for (uint32_t i = 0; i < remark->word_count; i++) {
        value = same_thing(&remark->words[i], word) ? remark->words[i].value : value;
    }
    return value;
}

static bool grow(struct remark *remark) {
    if (remark->word_count < remark->word_cap) {
        return true;
    }
    uint32_t cap = remark->word_cap ? 2 * remark->word_cap : 64;
    struct remark_word *words = realloc(remark->words, cap * sizeof *words);
    if (words) {
        remark->words = words;
        remark->word_cap = cap;
    }
    return words != NULL;
}

bool remark_say(struct remark *remark, struct remark_word word, struct certs_why *why) {
    if (word.at < remark->first_at) {
        certs_why_set(why, "Marks can be set from the start of the interview on; n goes there.");
        return false;
    }
    if (!grow(remark)) {
        certs_why_set(why, "Out of memory; the mark was not taken.");
        return false;
    }
    word.at = word.at > remark->last_at ? remark->last_at : word.at;
    take_back(remark, &word);
    if (said(remark, &word) == word.value) {
        return true; /* said before, or nothing to say */
    }
    uint32_t place = remark->word_count++;
    for (; place > 0 && remark->words[place - 1].at > word.at; place--) {
        remark->words[place] = remark->words[place - 1];
    }
    remark->words[place] = word;
    return true;
}

static struct body body_of(const struct remark *remark, const struct remark_word *word) {
    const struct pack *pack = remark->live.pack;
    if (word->is_flag) {
        return (struct body){.act = ACTION_FLAG_SET,
                             .has = F(flag) | F(on),
                             .flag = span_of(pack->flags[word->index].id),
                             .on = word->value};
    }
    return (struct body){.act = ACTION_MARK_SET,
                         .has = F(item) | F(mark),
                         .item = span_of(pack->items[word->index].id),
                         .mark = word->value};
}

struct event *remark_events(const struct remark *remark, uint32_t *count) {
    struct event *events =
        calloc((size_t)remark->shown_count + remark->word_count + 1, sizeof *events);
    uint32_t next = 0;
    *count = 0;
    for (uint32_t i = 0; events && i <= remark->shown_count; i++) {
        bool here = i >= remark->first && i <= remark->last;
        bool all = i == remark->last;
        while (here && next < remark->word_count &&
               (all || remark->words[next].at < remark->shown[i].at)) {
            const struct remark_word *word = &remark->words[next++];
            events[(*count)++] = (struct event){.at = word->at,
                                                .made = word->at,
                                                .by = remark->seat,
                                                .id = next,
                                                .body = body_of(remark, word)};
        }
        if (i < remark->shown_count) {
            events[(*count)++] = remark->shown[i];
        }
    }
    for (uint32_t i = 0; i < *count; i++) {
        events[i].pos = i + 1;
    }
    return events;
}

bool remark_resume(struct remark *remark, const struct recording *before, struct certs_why *why) {
    const struct recording *original = &remark->original;
    if (before->of.len != HASH_BYTES || strcmp(before->room, original->room) != 0 ||
        memcmp(before->of.at, original->chain, HASH_BYTES) != 0) {
        certs_why_set(why, "It marks another recording than this one; choose another with --out.");
        return false;
    }
    bool good = true;
    for (uint32_t i = 0; good && i < before->count; i++) {
        const struct event *event = &before->events[i];
        bool is_flag = event->body.act == ACTION_FLAG_SET;
        int index = is_flag ? pack_flag_find(remark->live.pack, event->body.flag)
                            : pack_item_find(remark->live.pack, event->body.item);
        if ((is_flag || event->body.act == ACTION_MARK_SET) && index >= 0) {
            int64_t value = is_flag ? event->body.on : event->body.mark;
            good = remark_say(
                remark, (struct remark_word){is_flag, (uint8_t)index, (uint8_t)value, event->at},
                why);
        }
    }
    return good;
}

static bool write_frames(const struct remark *remark, struct recording *rec, int64_t at,
                         struct mp_writer *out) {
    struct event *events = remark_events(remark, &rec->count);
    bool good = events && recording_write_head(out, rec, at);
    for (uint32_t i = 0; good && i < rec->count; i++) {
        good = recording_write_event(out, rec->room, &events[i], events[i].by == rec->seat,
                                     rec->chain);
    }
    free(events);
    return good;
}

bool remark_seal(const struct remark *remark, EVP_PKEY *key, int64_t at, struct mp_writer *out) {
    struct public_key public_key;
    struct signature signature;
    uint8_t digest[HASH_BYTES];
    struct recording rec = {
        .version = SPAR_RECORDING_VERSION,
        .seat = remark->seat,
        .role = ROLE_COACH,
        .of = {(const char *)remark->original.chain, HASH_BYTES},
        .by = span_of(remark->name),
    };
    memcpy(rec.room, remark->original.room, sizeof rec.room);
    if (!sign_key_export(key, &public_key)) {
        return false;
    }
    rec.key = (struct span){(const char *)public_key.bytes, (uint32_t)public_key.size};
    recording_chain_start(rec.of, rec.by, rec.chain);
    if (!write_frames(remark, &rec, at, out)) {
        return false;
    }
    recording_signed_digest(&rec, digest);
    if (!sign_digest(key, recording_purpose(&rec), digest, &signature)) {
        return false;
    }
    rec.sign = (struct span){(const char *)signature.bytes, (uint32_t)signature.size};
    return recording_write_end(out, &rec);
}

int64_t remark_moment(const struct room *room, int64_t running_ms) {
    int64_t run = 0;
    int64_t open = -1; /* since when it runs; -1: it stands */
    for (uint16_t i = 0; i < room->move_count; i++) {
        const struct room_move *move = &room->moves[i];
        enum clock_runs runs = clock_runs_after(move);
        if (runs == CLOCK_RUNS) {
            open = move->at;
        } else if (runs == CLOCK_STANDS && open >= 0) {
            if (running_ms <= run + move->at - open) {
                return open + running_ms - run;
            }
            run += move->at - open;
            open = -1;
        }
    }
    return open >= 0 && running_ms <= run + room->at - open ? open + running_ms - run : -1;
}
