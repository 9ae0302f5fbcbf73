/* SPDX-License-Identifier: ISC */
/*
 * rooms_file.c: the list of known rooms.
 */
#include "client/store/rooms_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/store/safe_file.h"
#include "protocol/text/base64url.h"

static bool read_line(const char *line, struct rooms_entry *out) {
    char room[ROOM_ID_BYTES + 1];
    char role[16];
    char address[INVITE_TEXT_MAX];
    char pin[PIN_LENGTH + 1];
    char why[INVITE_WHY_MAX];
    char seat[4];
    char key[PIN_LENGTH + 1] = "-";
    char *end;
    memset(out, 0, sizeof *out);
    if (sscanf(line, "%12s %15s %3s %399s %43s %43s", room, role, seat, address, pin, key) < 5 ||
        strlen(room) != ROOM_ID_BYTES ||
        !invite_parse_address(address, strlen(address), &out->at, why)) {
        return false;
    }
    unsigned long index = strtoul(seat, &end, 10);
    if (*end != '\0' || index >= ROOM_SEATS_MAX) {
        return false;
    }
    memcpy(out->at.room, room, sizeof room);
    out->at.role = role_find(role, strlen(role));
    out->seat = (uint8_t)index;
    out->at.has_pin = strcmp(pin, "-") != 0;
    out->has_key = pin_read(key, strlen(key), &out->key);
    return out->at.role != ROLE_NONE &&
           (!out->at.has_pin || base64url_read(pin, strlen(pin), out->at.pin, HASH_BYTES));
}

void rooms_file_free(struct rooms_file *rooms) {
    free(rooms->entries);
    *rooms = (struct rooms_file){0};
}

static bool take_line(void *ctx, char *line) {
    struct rooms_file *rooms = ctx;
    rooms->count += read_line(line, &rooms->entries[rooms->count]);
    return rooms->count < ROOMS_FILE_MAX;
}

bool rooms_file_read(struct rooms_file *rooms, struct certs_why *why) {
    *rooms = (struct rooms_file){.entries = calloc(ROOMS_FILE_MAX, sizeof *rooms->entries)};
    if (rooms->entries == NULL) {
        certs_why_set(why, "Out of memory.");
        return false;
    }
    if (!safe_file_read("rooms", "The list of rooms", take_line, rooms, why)) {
        rooms_file_free(rooms);
        return false;
    }
    return true;
}

/* Whether an entry is about the same seat; one without a key is, if room and seat are the same. */
static bool same_seat(const struct rooms_entry *entry, const struct rooms_entry *other) {
    return strcmp(entry->at.room, other->at.room) == 0 &&
           (entry->has_key ? pin_equal(&entry->key, &other->key) : entry->seat == other->seat);
}

static void put_entry(struct rooms_file *rooms, const struct rooms_entry *fresh) {
    size_t i = 0;
    while (i < rooms->count && !same_seat(&rooms->entries[i], fresh)) {
        i++;
    }
    if (i == rooms->count && rooms->count == ROOMS_FILE_MAX) {
        i = 0;
    }
    if (i < rooms->count) {
        rooms->count--;
        memmove(&rooms->entries[i], &rooms->entries[i + 1],
                (rooms->count - i) * sizeof *rooms->entries);
    }
    rooms->entries[rooms->count++] = *fresh;
}

static void write_entries(FILE *file, const void *ctx) {
    const struct rooms_file *rooms = ctx;
    for (size_t i = 0; i < rooms->count; i++) {
        const struct rooms_entry *entry = &rooms->entries[i];
        char address[INVITE_TEXT_MAX];
        char pin[PIN_LENGTH + 1] = "-";
        char key[PIN_LENGTH + 1] = "-";
        invite_address(&entry->at, address);
        if (entry->at.has_pin) {
            base64url_write(entry->at.pin, HASH_BYTES, pin);
        }
        if (entry->has_key) {
            pin_write(&entry->key, key);
        }
        fprintf(file, "%s %s %d %s %s %s\n", entry->at.room, role_name(entry->at.role), entry->seat,
                address, pin, key);
    }
}

bool rooms_file_add(const struct invite *room, uint8_t seat, const struct pin *key,
                    struct certs_why *why) {
    const struct rooms_entry entry = {.at = *room, .seat = seat, .has_key = true, .key = *key};
    struct rooms_file rooms;
    if (!rooms_file_read(&rooms, why)) {
        return false;
    }
    put_entry(&rooms, &entry);
    bool good = safe_file_write("rooms", "The list of rooms", write_entries, &rooms, why);
    rooms_file_free(&rooms);
    return good;
}

bool rooms_file_learn(const struct invite *found, size_t count, const struct pin *key,
                      struct certs_why *why) {
    struct rooms_file rooms;
    if (!rooms_file_read(&rooms, why)) {
        return false;
    }
    size_t before = rooms.count;
    for (size_t i = 0; i < count && rooms.count < ROOMS_FILE_MAX; i++) {
        if (rooms_file_find(&rooms, found[i].room, key) == NULL) {
            memmove(&rooms.entries[1], rooms.entries, rooms.count * sizeof *rooms.entries);
            rooms.entries[0] = (struct rooms_entry){.at = found[i], .has_key = true, .key = *key};
            rooms.count++;
        }
    }
    bool good = rooms.count == before ||
                safe_file_write("rooms", "The list of rooms", write_entries, &rooms, why);
    rooms_file_free(&rooms);
    return good;
}

const struct rooms_entry *rooms_file_find(const struct rooms_file *rooms, const char *room,
                                          const struct pin *key) {
    for (size_t i = rooms->count; i-- > 0;) {
        const struct rooms_entry *entry = &rooms->entries[i];
        if (strcmp(entry->at.room, room) == 0 &&
            (key == NULL || !entry->has_key || pin_equal(&entry->key, key))) {
            return entry;
        }
    }
    return NULL;
}
