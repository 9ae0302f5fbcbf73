/* SPDX-License-Identifier: ISC */
/*
 * draft_file.h: the draft of a verdict or a rating, which lives on its author's machine until it is
 * handed in.
 *
 * One file for each seat of a room, drafts/ROOM-SEAT.json in Spar's data folder, readable by its
 * owner alone: on one machine two may sit in a room, and neither may find the other's. It stays
 * after handing in, which nothing takes back.
 */
#ifndef SPAR_CLIENT_STORE_DRAFT_FILE_H
#define SPAR_CLIENT_STORE_DRAFT_FILE_H

#include "certs/why.h"
#include "protocol/room/room.h"

struct verdict_draft {
    int recommend;                         /* enum recommend; -1: not said yet */
    int level;                             /* enum level; 0: not said yet */
    uint8_t scores[PACK_COMPETENCIES_MAX]; /* 1..PACK_SCORES, 0: none; of a candidate the ratings */
    int64_t moments[PACK_COMPETENCIES_MAX]; /* ms of room time of the evidence; 0: none */
    char texts[VERDICT_TEXTS][TEXT_MAX_BYTES + 1];
    bool begun; /* something has been said */
};

/* Reads the draft of a room; without a file it is empty. False: `why` says why. */
bool draft_file_read(const char *room, uint8_t seat, struct verdict_draft *draft,
                     struct certs_why *why) __attribute__((warn_unused_result));
/* When the draft of a room was last written, in ns; 0: there is none. A recording that is looked at
 * beside the room may have changed it. */
int64_t draft_file_stamp(const char *room, uint8_t seat) __attribute__((warn_unused_result));
/* Writes it, whole or not at all. */
bool draft_file_write(const char *room, uint8_t seat, const struct verdict_draft *draft,
                      struct certs_why *why) __attribute__((warn_unused_result));

#endif
