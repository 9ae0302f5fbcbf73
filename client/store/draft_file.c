/* SPDX-License-Identifier: ISC */
/*
 * draft_file.c: a draft as one line of JSON.
 */
#include "client/store/draft_file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/net/identity.h"
#include "client/store/safe_file.h"

static const char *const text_keys[VERDICT_TEXTS] = {"keep", "change", "drill"};

static void draft_init(struct verdict_draft *draft) {
    *draft = (struct verdict_draft){.recommend = -1};
}

static void name_of(const char *room, uint8_t seat, char out[64]) {
    snprintf(out, 64, "drafts/%.*s-%u.json", ROOM_ID_BYTES, room, seat);
}

static int64_t whole(const json_t *value, int64_t min, int64_t max, int64_t none) {
    int64_t number = json_is_integer(value) ? json_integer_value(value) : none;
    return number < min || number > max ? none : number;
}

/* What cannot be read of it is as if it had not been said. */
static void take_json(const json_t *json, struct verdict_draft *draft) {
    const json_t *scores = json_object_get(json, "scores");
    const json_t *moments = json_object_get(json, "moments");
    draft->begun = true;
    draft->recommend = (int)whole(json_object_get(json, "recommend"), 0, RECOMMEND_STRONG_YES, -1);
    draft->level = (int)whole(json_object_get(json, "level"), 0, 3, 0);
    for (size_t i = 0; i < PACK_COMPETENCIES_MAX; i++) {
        draft->scores[i] = (uint8_t)whole(json_array_get(scores, i), 0, PACK_SCORES, 0);
        draft->moments[i] = whole(json_array_get(moments, i), 0, TIME_MAX_MS, 0);
    }
    for (int i = 0; i < VERDICT_TEXTS; i++) {
        const char *text = json_string_value(json_object_get(json, text_keys[i]));
        if (text && strlen(text) <= TEXT_MAX_BYTES) {
            snprintf(draft->texts[i], sizeof draft->texts[i], "%s", text);
        }
    }
}

bool draft_file_read(const char *room, uint8_t seat, struct verdict_draft *draft,
                     struct certs_why *why) {
    char name[64];
    char path[IDENTITY_PATH_MAX];
    name_of(room, seat, name);
    draft_init(draft);
    if (!identity_path(name, path, why)) {
        return false;
    }
    json_t *json = json_load_file(path, 0, NULL);
    bool good = json_is_object(json) || access(path, F_OK) != 0;
    if (json_is_object(json)) {
        take_json(json, draft);
    } else if (!good) {
        certs_why_set(why, "The draft %s cannot be read; move it away to begin anew.", path);
    }
    json_decref(json);
    return good;
}

int64_t draft_file_stamp(const char *room, uint8_t seat) {
    char name[64];
    char path[IDENTITY_PATH_MAX];
    struct certs_why why;
    struct stat stat_;
    name_of(room, seat, name);
    if (!identity_path(name, path, &why) || stat(path, &stat_) != 0) {
        return 0;
    }
    return (int64_t)stat_.st_mtim.tv_sec * 1000000000 + stat_.st_mtim.tv_nsec;
}

static void put_draft(FILE *file, const void *ctx) {
    char *text = json_dumps(ctx, JSON_COMPACT);
    fprintf(file, "%s\n", text ? text : "");
    free(text);
}

bool draft_file_write(const char *room, uint8_t seat, const struct verdict_draft *draft,
                      struct certs_why *why) {
    char name[64];
    json_t *scores = json_array();
    json_t *moments = json_array();
    for (int i = 0; i < PACK_COMPETENCIES_MAX; i++) {
        json_array_append_new(scores, json_integer(draft->scores[i]));
        json_array_append_new(moments, json_integer(draft->moments[i]));
    }
    json_t *json = json_pack("{s:i,s:i,s:o,s:o}", "recommend", draft->recommend, "level",
                             draft->level, "scores", scores, "moments", moments);
    for (int i = 0; json && i < VERDICT_TEXTS; i++) {
        json_object_set_new(json, text_keys[i], json_string(draft->texts[i]));
    }
    if (!json) {
        certs_why_set(why, "Out of memory.");
        return false;
    }
    name_of(room, seat, name);
    bool good = safe_file_write(name, "The draft", put_draft, json, why);
    json_decref(json);
    return good;
}
