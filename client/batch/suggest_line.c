/* SPDX-License-Identifier: ISC */
/*
 * suggest_line.c: each suggestion once, when it comes; nothing while the past is still coming in.
 */
#include "client/batch/suggest_line.h"

#include "protocol/room/suggest.h"

static json_t *one(const struct pack *pack, uint8_t index) {
    const struct pack_suggest *rule = &pack->suggests[index];
    bool flag = rule->flag[0] != '\0';
    return json_pack("{s:s,s:s,s:s,s:s}", "id", rule->id, flag ? "flag" : "item",
                     flag ? rule->flag : rule->mark, "title", suggest_title(pack, index), "text",
                     rule->text);
}

json_t *suggest_line_new(const struct model *model, int64_t now, uint32_t *said) {
    uint8_t due[PACK_SUGGESTS_MAX];
    bool asked = model->role != ROLE_CANDIDATE && model->room.pos >= model->joined_n;
    uint8_t count = asked ? suggest_due(&model->room, now, due) : 0;
    json_t *lines = json_array();
    for (uint8_t i = 0; i < count; i++) {
        if (!(*said >> due[i] & 1)) {
            *said |= UINT32_C(1) << due[i];
            json_array_append_new(lines, one(model->room.pack, due[i]));
        }
    }
    return lines;
}
