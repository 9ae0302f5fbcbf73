/* SPDX-License-Identifier: ISC */
/*
 * cohort_lists.c: spar cohort list, members, rooms and sessions: what this client knows, and what a
 * cohort holds.
 */
#include <stdio.h>

#include "client/batch/json_line.h"
#include "client/cmd/cohort.h"
#include "client/cmd/zone.h"
#include "client/net/moment.h"
#include "client/net/say.h"
#include "client/store/cohorts_file.h"
#include "protocol/cohort/cohort.h"
#include "protocol/text/text.h"

/* ---- list ---- */

int cmd_cohort_list(const struct cohort_args *args, char **words) {
    struct cohorts_file cohorts;
    struct certs_why why;
    (void)words;
    if (!cohorts_file_read(&cohorts, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    for (size_t i = cohorts.count; i-- > 0;) {
        const struct cohorts_entry *entry = &cohorts.entries[i];
        char address[INVITE_TEXT_MAX];
        invite_address(&entry->at, address);
        if (args->json) {
            json_line_print(stdout, json_pack("{s:s,s:s,s:s,s:s}", "cohort", entry->at.room, "role",
                                              entry->at.role == ROLE_COACH ? "coach" : "student",
                                              "server", address, "name", entry->name));
        } else {
            say(stdout, "%s  %-7s  %s  %s\n", entry->at.room,
                entry->at.role == ROLE_COACH ? "coach" : "student", address, entry->name);
        }
    }
    if (cohorts.count == 0 && !args->json) {
        puts("No cohorts yet: this client has entered none.");
    }
    cohorts_file_free(&cohorts);
    return EXIT_DONE;
}

/* ---- members ---- */

enum entry_kind { ENTRY_LINK = 1, ENTRY_MEMBER, ENTRY_WAITING, ENTRY_PROMPT };

struct listing {
    bool json;
    int64_t kind; /* of the last line: a heading comes before another kind */
};

static const char *cohort_role(int64_t role) {
    return role == COHORT_COACH ? "coach" : "student";
}

void cohort_heading(const char *when, const char *rest) {
    char words[40];
    snprintf(words, sizeof words, "%s (%s)", when, zone_now().name);
    say(stdout, "%-12s  %-16s  %s\n", "ROOM", words, rest);
}

static void print_link(const struct message *message, const char *since) {
    char until[MOMENT_ZONE_SIZE] = "";
    say(stdout, "%3lld  for %s, since %s", (long long)message->entry.link,
        message->entry.role == COHORT_COACH ? "coaches" : "students", since);
    if (message->entry.uses > 0) {
        say(stdout, ", %lld of %lld used", (long long)message->entry.used,
            (long long)message->entry.uses);
    }
    if (message->entry.until > 0) {
        zone_row(message->entry.until, until);
        say(stdout, ", until %s", until);
    }
    say(stdout, "%s%s\n", message->entry.asks ? ", asks a coach" : "",
        message->entry.on ? "" : ", withdrawn");
}

static void print_entry(struct listing *listing, const struct message *message) {
    static const char *const headings[] = {[ENTRY_LINK] = "LINKS",
                                           [ENTRY_MEMBER] = "MEMBERS",
                                           [ENTRY_WAITING] = "WAITING",
                                           [ENTRY_PROMPT] = "PROMPTS"};
    char name[NAME_MAX_BYTES + 1];
    char since[MOMENT_ZONE_SIZE];
    int64_t kind = message->entry.kind;
    text_plain(message->entry.name, name, sizeof name);
    zone_row(message->entry.opened, since);
    if (kind != listing->kind) {
        if (listing->kind != 0) {
            say(stdout, "\n"); /* in a value it would be a space */
        }
        say(stdout, "%s", headings[kind]);
        if (listing->kind == 0) {
            say(stdout, " (times in %s)", zone_now().name);
        }
        say(stdout, "\n");
        listing->kind = kind;
    }
    if (kind == ENTRY_LINK) {
        print_link(message, since);
    } else if (kind == ENTRY_MEMBER) {
        static const char *const admissions[] = {[COHORT_ADMITTED] = ", cut off",
                                                 [COHORT_WAITS] = ", waits for a coach's yes",
                                                 [COHORT_SUSPENDED] = ", suspended"};
        say(stdout, "%3lld  %-7s  %s, since %s, by link %lld%s\n", (long long)message->entry.member,
            cohort_role(message->entry.role), name, since, (long long)message->entry.link,
            message->entry.on ? "" : admissions[message->entry.state]);
    } else if (kind == ENTRY_PROMPT) {
        say(stdout, "cohort:%s\n", name);
    } else {
        say(stdout, "%-11s  %s, since %s%s\n",
            message->entry.role == ROLE_NONE ? "either" : role_name((enum role)message->entry.role),
            name, since, message->entry.on ? "" : ", not connected");
    }
}

static void print_entry_json(const struct message *message) {
    static const char *const kinds[] = {[ENTRY_LINK] = "link",
                                        [ENTRY_MEMBER] = "member",
                                        [ENTRY_WAITING] = "waiting",
                                        [ENTRY_PROMPT] = "prompt"};
    static const char *const states[] = {
        [COHORT_ADMITTED] = "in", [COHORT_WAITS] = "asked", [COHORT_SUSPENDED] = "suspended"};
    int64_t kind = message->entry.kind;
    if (kind == ENTRY_PROMPT) {
        json_line_print(stdout,
                        json_pack("{s:s,s:s%}", "kind", kinds[kind], "prompt",
                                  message->entry.name.at == NULL ? "" : message->entry.name.at,
                                  (size_t)message->entry.name.len));
        return;
    }
    const char *role = kind == ENTRY_WAITING ? (message->entry.role == ROLE_NONE
                                                    ? "either"
                                                    : role_name((enum role)message->entry.role))
                                             : cohort_role(message->entry.role);
    json_line_print(stdout, json_pack("{s:s,s:I,s:I,s:s,s:b,s:s,s:I,s:s%}", "kind", kinds[kind],
                                      "link", (json_int_t)message->entry.link, "member",
                                      (json_int_t)message->entry.member, "role", role, "on",
                                      message->entry.on, "state", states[message->entry.state],
                                      "since", (json_int_t)message->entry.opened, "name",
                                      message->entry.name.at == NULL ? "" : message->entry.name.at,
                                      (size_t)message->entry.name.len));
}

static bool on_entry(void *ctx, const struct message *message) {
    struct listing *listing = ctx;
    if (message->kind == MESSAGE_ENTRY && listing->json) {
        print_entry_json(message);
    } else if (message->kind == MESSAGE_ENTRY) {
        print_entry(listing, message);
    }
    return message->kind == MESSAGE_END;
}

int cmd_cohort_members(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    struct listing listing = {.json = args->json};
    (void)words;
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {.kind = MESSAGE_ROSTER,
                                     .roster = {.id = 2, .cohort = span_of(ask.at.room)}};
    status = cohort_ask_put(&ask, &question, on_entry, &listing);
    cohort_ask_close(&ask);
    return status;
}

/* ---- rooms and sessions ---- */

static void print_session(const struct cohort_session *session, bool json) {
    char title[PACK_TITLE_MAX + 1];
    char names[NAMES_MAX_BYTES + 1];
    char opened[MOMENT_ZONE_SIZE];
    if (json) {
        json_line_print(stdout,
                        json_pack("{s:s,s:I,s:s,s:I,s:s,s:s}", "room", session->room, "opened",
                                  (json_int_t)session->opened, "stage", stage_name(session->stage),
                                  "events", (json_int_t)session->events, "title", session->title,
                                  "names", session->names));
        return;
    }
    text_plain(span_of(session->title), title, sizeof title);
    text_plain(span_of(session->names), names, sizeof names);
    zone_row(session->opened, opened);
    say(stdout, "%s  %-16s  %-8s  %s  (%s)\n", session->room, opened, stage_shown(session->stage),
        title, names);
}

/* open_only: those that have not been closed. */
static int list_sessions(const struct cohort_args *args, bool open_only) {
    struct cohort_ask ask = cmd_cohort_ask(args);
    struct cohort_sessions sessions;
    int status = cohort_ask_open(&ask);
    uint32_t shown = 0;
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = cohort_ask_sessions(&ask, &sessions);
    for (uint32_t i = 0; status == EXIT_DONE && i < sessions.count; i++) {
        if (!open_only || sessions.at[i].stage != STAGE_CLOSED) {
            if (shown == 0 && !args->json) {
                cohort_heading("OPENED", "STAGE     PROMPT (SEATS)");
            }
            print_session(&sessions.at[i], args->json);
            shown++;
        }
    }
    if (status == EXIT_DONE && shown == 0 && !args->json) {
        say(stdout, "%s\n",
            open_only ? "No room of the cohort is open." : "The cohort has had no rooms yet.");
    }
    cohort_sessions_free(&sessions);
    cohort_ask_close(&ask);
    return status;
}

int cmd_cohort_rooms(const struct cohort_args *args, char **words) {
    (void)words;
    return list_sessions(args, true);
}

int cmd_cohort_sessions(const struct cohort_args *args, char **words) {
    (void)words;
    return list_sessions(args, false);
}
