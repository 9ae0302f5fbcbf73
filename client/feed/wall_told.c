/* SPDX-License-Identifier: ISC */
/*
 * wall_told.c: see wall_told.h.
 */
#include "client/feed/wall_told.h"

#include <stdio.h>

#include "protocol/text/text.h"

static void asked_words(const struct message *message, char out[WALL_TOLD_SIZE]) {
    char name[NAME_MAX_BYTES + 1];
    long long member = (long long)message->asked.member;
    text_plain(message->asked.name, name, sizeof name);
    snprintf(out, WALL_TOLD_SIZE,
             "%s asks to be let in: 'spar cohort admit %lld' or 'suspend %lld'.", name, member,
             member);
}

static void reported_words(const struct message *message, char out[WALL_TOLD_SIZE]) {
    char name[NAME_MAX_BYTES + 1];
    char text[COHORT_REPORT_MAX_BYTES + 1];
    text_plain(message->reported.name, name, sizeof name);
    text_plain(message->reported.text, text, sizeof text);
    snprintf(out, WALL_TOLD_SIZE, "%s reports room %.*s: %s", name, (int)message->room.len,
             message->room.at, text);
}

static void called_words(const struct message *message, char out[WALL_TOLD_SIZE]) {
    char link[ROOM_CALL_MAX_BYTES + 1];
    text_plain(message->called.call, link, sizeof link);
    if (link[0] != '\0') {
        snprintf(out, WALL_TOLD_SIZE, "The cohort's call: %s", link);
    } else {
        snprintf(out, WALL_TOLD_SIZE, "The cohort's link to a call was taken away.");
    }
}

void wall_told_words(const struct message *message, char out[WALL_TOLD_SIZE]) {
    switch (message->kind) {
    case MESSAGE_ASKED: asked_words(message, out); break;
    case MESSAGE_REPORTED: reported_words(message, out); break;
    default: called_words(message, out);
    }
}
