/* SPDX-License-Identifier: ISC */
/*
 * mine_cohort.c: what cohorts hold of the own key, a file each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/batch/json_event.h"
#include "client/cmd/mine.h"
#include "client/net/say.h"
#include "client/store/cohorts_file.h"
#include "protocol/cohort/cohort.h"

/* ---- asking one ---- */

struct asking {
    json_t *whole; /* what its file says */
    int64_t member;
    struct mp_reader reader;
    bool failed;
};

static json_t *text(struct span span) {
    return json_stringn(span.at == NULL ? "" : span.at, span.len);
}

static void take_entered(struct asking *asking, const struct message *message) {
    bool coach = message->entered.role == COHORT_COACH;
    asking->member = message->entered.member;
    json_object_set_new(asking->whole, "name", text(message->entered.name));
    json_object_set_new(asking->whole, "role", json_string(coach ? "coach" : "student"));
    json_object_set_new(asking->whole, "member", json_integer(asking->member));
    json_object_set_new(asking->whole, "events", json_array());
}

/* What the numbers of a wait and of a match mean to who was in them. */
static void add_words(const struct asking *asking, json_t *row, const struct body *body,
                      const struct message *message) {
    if (body->act == ACTION_PAIR_WAIT && (body->has & F(role)) == 0) {
        json_object_set_new(row, "role", json_string("either"));
    } else if (body->act == ACTION_PAIR_MATCH) {
        enum role role = body->member == asking->member ? ROLE_INTERVIEWER : ROLE_CANDIDATE;
        json_object_set_new(row, "role", json_string(role_name(role)));
        json_object_set_new(row, "partner", text(message->own.name));
        json_object_set_new(row, "title", text(message->own.title));
    }
}

static void take_own(struct asking *asking, const struct message *message) {
    struct mp_reader *reader = &asking->reader;
    struct span bytes = message->own.event;
    struct event event;
    if (mp_reader_parse(reader, bytes.at, bytes.len) != MP_OK ||
        !event_read_sent(reader, &reader->root, &event)) {
        asking->failed = true;
        return;
    }
    json_t *row = json_cohort_event(&event);
    add_words(asking, row, &event.body, message);
    asking->failed |= json_array_append_new(json_object_get(asking->whole, "events"), row) != 0;
}

static bool on_answer(void *ctx, const struct message *message) {
    struct asking *asking = ctx;
    if (message->kind == MESSAGE_ENTERED) {
        take_entered(asking, message);
    } else if (message->kind == MESSAGE_OWN) {
        take_own(asking, message);
    }
    return message->kind == MESSAGE_END;
}

/* Enters by the key alone, so that nobody becomes a member by saving what there is of them, and
 * keeps the name. */
static int ask(struct cmd_net *net, const struct invite *at, struct asking *asking,
               enum refusal *refused) {
    char name[NAME_MAX_BYTES + 1];
    (void)cmd_name(NULL, name);
    const struct message question = {.kind = MESSAGE_MINE,
                                     .mine = {.id = 2, .cohort = span_of(at->room)}};
    const struct message enter = {
        .kind = MESSAGE_ENTER,
        .enter = {.id = 1, .cohort = span_of(at->room), .name = span_of(name), .keep = true}};
    const struct cmd_ask put = {.server = at,
                                .question = &question,
                                .enter = &enter,
                                .refused = refused,
                                .answer = on_answer,
                                .ctx = asking};
    return cmd_ask(net, &put);
}

/* ---- saving it ---- */

/* An older server, and a cohort that the key is not in, have nothing to give: that is no fault. */
static int refuse(json_t *row, const struct invite *at, enum refusal why) {
    bool nothing = why == REFUSAL_UNKNOWN_MESSAGE || why == REFUSAL_NO_SUCH_COHORT;
    const char *sentence =
        why == REFUSAL_UNKNOWN_MESSAGE
            ? "This server is too old to give what the cohort's log has of you; have it updated."
        : why == REFUSAL_NO_SUCH_COHORT ? "The key is no member of this cohort."
                                        : refusal_sentence(why);
    json_object_set_new(row, "why", json_string(sentence));
    return nothing ? EXIT_DONE : args_fail(EXIT_REFUSED, "Cohort %s: %s", at->room, sentence);
}

static int put(struct mine_cohorts *all, const struct invite *at, const json_t *whole,
               json_t *row) {
    char file[64];
    snprintf(file, sizeof file, "%s.json", at->room);
    int status = mine_put(all->folder, file, whole);
    if (status == EXIT_DONE) {
        all->saved++;
        json_object_set(row, "name", json_object_get(whole, "name"));
        json_object_set_new(row, "file", json_string(file));
    }
    return status;
}

static int save(struct mine_cohorts *all, const struct invite *at, json_t *row) {
    char address[INVITE_TEXT_MAX];
    enum refusal refused = REFUSAL_COUNT; /* not refused */
    invite_address(at, address);
    struct asking asking = {.whole = json_pack("{s:s,s:s}", "server", address, "cohort", at->room)};
    asking.failed = mp_reader_init(&asking.reader) != MP_OK || asking.whole == NULL;
    int status = asking.failed ? EXIT_DONE : ask(all->net, at, &asking, &refused);
    if (asking.failed) {
        status = args_fail(EXIT_FAILED, "What cohort %s has of you cannot be read.", at->room);
    } else if (refused != REFUSAL_COUNT) {
        status = refuse(row, at, refused);
    } else if (status == EXIT_DONE) {
        status = put(all, at, asking.whole, row);
    }
    mp_reader_free(&asking.reader);
    json_decref(asking.whole);
    return status;
}

/* ---- all of them ---- */

static bool has_answered(const struct mine_cohorts *all, const struct invite *at) {
    for (size_t i = 0; i < all->server_count; i++) {
        if (invite_same_server(&all->servers[i], at)) {
            return true;
        }
    }
    return false;
}

static json_t *add_row(struct mine_cohorts *all, const struct cohorts_entry *entry) {
    char address[INVITE_TEXT_MAX];
    invite_address(&entry->at, address);
    json_t *row =
        json_pack("{s:s,s:s,s:s,s:s}", "server", address, "cohort", entry->at.room, "name",
                  entry->name, "role", entry->at.role == ROLE_COACH ? "coach" : "student");
    return json_array_append_new(all->listed, row) == 0 ? row : NULL;
}

static int save_each(struct mine_cohorts *all, const struct cohorts_file *cohorts) {
    int worst = EXIT_DONE;
    for (size_t i = 0; i < cohorts->count; i++) {
        const struct invite *at = &cohorts->entries[i].at;
        json_t *row = add_row(all, &cohorts->entries[i]);
        bool asked = has_answered(all, at);
        int status = row == NULL ? args_fail(EXIT_FAILED, "Out of memory.")
                     : asked     ? save(all, at, row)
                                 : EXIT_DONE;
        worst = status > worst ? status : worst;
        bool saved = json_object_get(row, "file") != NULL;
        if (row != NULL && !saved && json_object_get(row, "why") == NULL) {
            json_object_set_new(row, "why",
                                json_string(asked
                                                ? "It could not be saved."
                                                : "Its server was not asked, or gave no answer."));
        }
        say(stderr, "%zu of %zu  %s/%s.json%s\n", i + 1, cohorts->count, all->folder, at->room,
            saved ? "" : ": not saved");
    }
    return worst;
}

/* Links of cohorts that this client has not written down, as for a key from elsewhere. False: out
 * of memory. */
static bool add_links(struct cohorts_file *cohorts, const struct mine_cohorts *all) {
    size_t most = cohorts->count + all->server_count;
    struct cohorts_entry *entries = reallocarray(cohorts->entries, most + 1, sizeof *entries);
    cohorts->entries = entries != NULL ? entries : cohorts->entries;
    for (size_t i = 0; entries != NULL && i < all->server_count; i++) {
        const struct invite *at = &all->servers[i];
        if (at->is_cohort && cohorts_file_find(cohorts, at->room, ROLE_NONE) == NULL) {
            entries[cohorts->count++] = (struct cohorts_entry){.at = *at};
        }
    }
    return entries != NULL;
}

int mine_cohorts_save(struct mine_cohorts *all) {
    struct cohorts_file cohorts;
    struct certs_why why;
    if (!cohorts_file_read(&cohorts, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    all->listed = json_array();
    int worst = all->listed != NULL && add_links(&cohorts, all)
                    ? save_each(all, &cohorts)
                    : args_fail(EXIT_FAILED, "Out of memory.");
    cohorts_file_free(&cohorts);
    return worst;
}
