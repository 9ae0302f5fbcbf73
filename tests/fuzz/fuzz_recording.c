/* SPDX-License-Identifier: ISC */
/*
 * Purpose: any bytes as a recording file, as they are and again with their chain mended: a changed
 * event would else end in the chain's check, and nothing behind it would ever be reached. The
 * events that either gives must be numbered from 1, whatever the fault, can be folded, and as far
 * as they fold a report can be written of them. What can be marked anew is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/feed/recording_fold.h"
#include "client/feed/remark.h"
#include "client/report/report.h"
#include "protocol/wire/frame.h"
#include "protocol/wire/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

static void report(const struct model *model) {
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_MARKDOWN, REPORT_HTML,
                                                 REPORT_JSON};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct report report;
        struct out out;
        out_init(&out);
        check(report_collect(&report, model, "damaged") == REPORT_OK);
        check(report_write(&report, formats[i], &out) && out.len > 0);
        report_free(&report);
        out_free(&out);
    }
}

static void fold(const struct recording *rec) {
    struct model model;
    for (uint32_t i = 0; i < rec->count; i++) {
        check(rec->events[i].pos == i + 1);
    }
    check(recording_fold(rec, &model) <= rec->count);
    if (model.room.pack != NULL) {
        report(&model);
    }
    model_free(&model);
}

/* Whatever can be marked anew folds, with marks at the first and the last moment. */
static void mark_anew(struct recording *rec) {
    struct remark remark;
    struct room room;
    struct certs_why why;
    uint32_t count;
    if (remark_begin(&remark, rec, "Mara", &why)) {
        check(!remark_say(&remark, (struct remark_word){.value = 1, .at = remark.first_at - 1},
                          &why));
        for (int i = 0; i < 2; i++) {
            struct remark_word word = {.is_flag = i == 1 && remark.live.pack->flag_count > 0,
                                       .value = 1,
                                       .at = i == 0 ? remark.first_at : INT64_MAX};
            check(remark_say(&remark, word, &why));
        }
        struct event *events = remark_events(&remark, &count);
        check(events != NULL);
        room_init(&room);
        for (uint32_t i = 0; i < count; i++) {
            check(room_apply(&room, &events[i], NULL, NULL) == APPLY_OK);
        }
        room_free(&room);
        free(events);
    }
    remark_free(&remark);
}

static enum recording_fault take(const void *data, size_t size, struct recording *rec) {
    char *bytes = malloc(size ? size : 1);
    check(bytes != NULL);
    if (size) {
        memcpy(bytes, data, size);
    }
    enum recording_fault fault = recording_parse(rec, bytes, size);
    check(recording_fault_text(fault)[0] != '\0');
    fold(rec);
    struct recording again;
    bytes = malloc(size ? size : 1);
    check(bytes != NULL);
    if (size) {
        memcpy(bytes, data, size);
    }
    check(recording_parse(&again, bytes, size) == fault);
    mark_anew(&again);
    return fault;
}

/* Appends the record with its number and chain set right. False: it cannot be told where its number
 * stands. */
static bool mend_record(const struct message *message, struct recording *rec,
                        struct mp_writer *out) {
    char event[FRAME_PAYLOAD_MAX];
    uint8_t before[HASH_BYTES];
    uint32_t len = message->record.event.len;
    memcpy(event, message->record.event.at, len);
    if (event_n_at(event, len) == 0) {
        return false;
    }
    memcpy(before, rec->chain, HASH_BYTES);
    event_patch_n(event, len, rec->count + 1);
    struct message mended = {.kind = MESSAGE_RECORD, .room = span_of(rec->room)};
    mended.record.n = rec->count + 1;
    mended.record.event = (struct span){event, len};
    mended.record.chain = (struct span){(const char *)before, HASH_BYTES};
    if (!message_write(out, &mended)) {
        return false; /* its length has left no place for the rest of the frame */
    }
    digest_chain(before, event, len, rec->chain);
    rec->count++;
    return true;
}

/* Every frame that can be read as a record, in order. */
static void mend_records(const uint8_t *data, size_t size, struct recording *rec,
                         struct mp_writer *out) {
    struct mp_reader reader;
    const uint8_t *payload;
    size_t len;
    size_t used;
    check(mp_reader_init(&reader) == MP_OK);
    while (size > 0 && frame_next(data, size, &payload, &len, &used) == FRAME_WHOLE) {
        struct message message;
        if (message_read(&reader, payload, len, &message) == MSG_OK &&
            message.kind == MESSAGE_RECORD) {
            (void)mend_record(&message, rec, out);
        }
        data += used;
        size -= used;
    }
    mp_reader_free(&reader);
}

/* The same events as a recording whose head, chain and end are good. */
static void take_mended(const uint8_t *data, size_t size, const struct recording *given) {
    struct recording rec = {.version = SPAR_RECORDING_VERSION, .role = ROLE_CANDIDATE};
    struct recording again;
    struct mp_writer out;
    bool named = strspn(given->room, "abcdefghijklmnopqrstuvwxyz0123456789") == ROOM_ID_BYTES;
    memcpy(rec.room, named ? given->room : "abcdefghij12", ROOM_ID_BYTES);
    if (named) { /* so the rest of its head was sound, too */
        rec.seat = given->seat;
        rec.role = given->role;
    }
    mp_writer_init(&out);
    check(recording_write_head(&out, &rec, 1000));
    mend_records(data, size, &rec, &out);
    check(recording_write_end(&out, &rec));
    enum recording_fault fault = take(out.data, out.len, &again);
    check(fault == RECORDING_OK || fault == RECORDING_DAMAGED);
    check((fault == RECORDING_OK) == (again.count == rec.count));
    recording_free(&again);
    mp_writer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct recording rec;
    (void)take(data, size, &rec);
    take_mended(data, size, &rec);
    recording_free(&rec);
    return 0;
}
