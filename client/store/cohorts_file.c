/* SPDX-License-Identifier: ISC */
/*
 * cohorts_file.c: the list of known cohorts.
 */
#include "client/store/cohorts_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certs/pin.h"
#include "client/store/safe_file.h"
#include "protocol/text/base64url.h"
#include "protocol/text/text.h"

static enum role role_of(const char *word) {
    return strcmp(word, "students") == 0  ? ROLE_CANDIDATE
           : strcmp(word, "coaches") == 0 ? ROLE_COACH
                                          : ROLE_NONE;
}

static bool read_line(char *line, struct cohorts_entry *out) {
    char id[ROOM_ID_BYTES + 1];
    char role[16];
    char address[INVITE_TEXT_MAX];
    char pin[PIN_LENGTH + 1];
    char why[INVITE_WHY_MAX];
    int name = 0;
    memset(out, 0, sizeof *out);
    if (sscanf(line, "%12s %15s %399s %43s %n", id, role, address, pin, &name) != 4 || name == 0 ||
        !span_is_id(span_of(id)) ||
        !invite_parse_address(address, strlen(address), &out->at, why)) {
        return false;
    }
    memcpy(out->at.room, id, sizeof id);
    snprintf(out->name, sizeof out->name, "%s", line + name);
    out->at.is_cohort = true;
    out->at.role = role_of(role);
    out->at.has_pin = strcmp(pin, "-") != 0;
    return out->at.role != ROLE_NONE &&
           (!out->at.has_pin || base64url_read(pin, strlen(pin), out->at.pin, HASH_BYTES));
}

void cohorts_file_free(struct cohorts_file *cohorts) {
    free(cohorts->entries);
    *cohorts = (struct cohorts_file){0};
}

static bool take_line(void *ctx, char *line) {
    struct cohorts_file *cohorts = ctx;
    cohorts->count += read_line(line, &cohorts->entries[cohorts->count]);
    return cohorts->count < COHORTS_FILE_MAX;
}

bool cohorts_file_read(struct cohorts_file *cohorts, struct certs_why *why) {
    *cohorts = (struct cohorts_file){.entries = calloc(COHORTS_FILE_MAX, sizeof *cohorts->entries)};
    if (cohorts->entries == NULL) {
        certs_why_set(why, "Out of memory.");
        return false;
    }
    if (!safe_file_read("cohorts", "The list of cohorts", take_line, cohorts, why)) {
        cohorts_file_free(cohorts);
        return false;
    }
    return true;
}

static void put_entry(struct cohorts_file *cohorts, const struct invite *cohort, const char *name) {
    size_t i = 0;
    while (i < cohorts->count && strcmp(cohorts->entries[i].at.room, cohort->room) != 0) {
        i++;
    }
    if (i == cohorts->count && cohorts->count == COHORTS_FILE_MAX) {
        i = 0;
    }
    if (i < cohorts->count) {
        cohorts->count--;
        memmove(&cohorts->entries[i], &cohorts->entries[i + 1],
                (cohorts->count - i) * sizeof *cohorts->entries);
    }
    struct cohorts_entry *entry = &cohorts->entries[cohorts->count++];
    *entry = (struct cohorts_entry){.at = *cohort};
    entry->at.secret[0] = '\0';
    text_plain(span_of(name), entry->name, sizeof entry->name);
}

static void write_entries(FILE *file, const void *ctx) {
    const struct cohorts_file *cohorts = ctx;
    for (size_t i = 0; i < cohorts->count; i++) {
        const struct cohorts_entry *entry = &cohorts->entries[i];
        char address[INVITE_TEXT_MAX];
        char pin[PIN_LENGTH + 1] = "-";
        invite_address(&entry->at, address);
        if (entry->at.has_pin) {
            base64url_write(entry->at.pin, HASH_BYTES, pin);
        }
        fprintf(file, "%s %s %s %s %s\n", entry->at.room, invite_role(&entry->at), address, pin,
                entry->name);
    }
}

bool cohorts_file_add(const struct invite *cohort, const char *name, struct certs_why *why) {
    struct cohorts_file cohorts;
    if (!cohorts_file_read(&cohorts, why)) {
        return false;
    }
    put_entry(&cohorts, cohort, name);
    bool good = safe_file_write("cohorts", "The list of cohorts", write_entries, &cohorts, why);
    cohorts_file_free(&cohorts);
    return good;
}

const struct cohorts_entry *cohorts_file_find(const struct cohorts_file *cohorts, const char *word,
                                              enum role role) {
    for (size_t i = cohorts->count; i-- > 0;) {
        const struct cohorts_entry *entry = &cohorts->entries[i];
        if ((role == ROLE_NONE || entry->at.role == role) &&
            (word == NULL || strcmp(entry->at.room, word) == 0 || strcmp(entry->name, word) == 0)) {
            return entry;
        }
    }
    return NULL;
}
