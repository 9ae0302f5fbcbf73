/*
 * cmd_cohort.c: spar cohort: making cohorts, their links, and what is in them.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/cohort_ask.h"
#include "client/cohort_report.h"
#include "client/cohorts_file.h"
#include "client/host_link.h"
#include "client/identity.h"
#include "client/plain.h"
#include "client/report.h"
#include "protocol/cohort.h"

struct cohort_args {
    const char *cohort, *link, *role, *identity, *name, *format, *out;
    bool json;
};

static void print_line(json_t *row) {
    if (row != NULL) {
        (void)json_dumpf(row, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(row);
    }
}

static void print_moment(int64_t ms, char out[32]) {
    time_t seconds = (time_t)(ms / 1000);
    struct tm local;
    out[0] = '\0';
    if (localtime_r(&seconds, &local) != NULL) {
        strftime(out, 32, "%Y-%m-%d %H:%M", &local);
    }
}

/* ---- new ---- */

struct making {
    struct invite at;
    char students[RANDOM_SECRET_LENGTH + 1], coaches[RANDOM_SECRET_LENGTH + 1];
    bool bad;
};

static bool keep_secret(struct span secret, char *out) {
    if (!random_secret_valid(secret.at, secret.len)) {
        return false;
    }
    memcpy(out, secret.at, RANDOM_SECRET_LENGTH);
    out[RANDOM_SECRET_LENGTH] = '\0';
    return true;
}

static bool on_made(void *ctx, const struct message *message) {
    struct making *making = ctx;
    if (message->kind != MESSAGE_MADE) {
        return false;
    }
    making->bad = !keep_secret(message->made.students, making->students) ||
                  !keep_secret(message->made.coaches, making->coaches);
    memcpy(making->at.room, message->made.cohort.at, ROOM_ID_BYTES);
    return true;
}

static void write_link(const struct invite *cohort, enum role role, const char *secret,
                       char out[INVITE_TEXT_MAX]) {
    struct invite invite = *cohort;
    invite.is_host = false;
    invite.is_cohort = true;
    invite.role = role;
    snprintf(invite.secret, sizeof invite.secret, "%s", secret);
    invite_format(&invite, out);
}

static void print_made(const struct making *making, const char *name, bool json) {
    char students[INVITE_TEXT_MAX];
    char coaches[INVITE_TEXT_MAX];
    write_link(&making->at, ROLE_CANDIDATE, making->students, students);
    write_link(&making->at, ROLE_COACH, making->coaches, coaches);
    if (json) {
        print_line(json_pack("{s:s,s:s,s:s,s:s}", "cohort", making->at.room, "name", name,
                             "students", students, "coaches", coaches));
        return;
    }
    printf("Cohort \"%s\" (%s). Each link is good for many people, until you withdraw it.\n\n"
           "For the students:\n  spar pair '%s'\n\nFor the coaches:\n  spar coach '%s'\n",
           name, making->at.room, students, coaches);
}

static bool nothing_more(void *ctx, const struct message *message) {
    (void)ctx;
    return message->kind == MESSAGE_END;
}

/* The maker is a coach of it: enters with the new link, so that the key opens it from now on. */
static int enter_made(const struct cohort_args *args, const struct making *making,
                      struct cmd_net *net) {
    struct cohort_ask ask = {
        .identity = args->identity, .name = args->name, .net = *net, .at = making->at};
    ask.at.is_host = false;
    ask.at.is_cohort = true;
    ask.at.role = ROLE_COACH;
    memcpy(ask.at.secret, making->coaches, sizeof ask.at.secret);
    const struct message question = {.kind = MESSAGE_ROSTER,
                                     .roster = {.id = 2, .cohort = span_of(making->at.room)}};
    return cohort_ask_put(&ask, &question, nothing_more, NULL);
}

static int make(const struct cohort_args *args, const char *name, struct making *making) {
    struct cmd_net net;
    char plain[NAME_MAX_BYTES + 1];
    plain_text(span_of(name), plain, sizeof plain);
    const struct message question = {
        .kind = MESSAGE_COHORT,
        .cohort = {.id = 1, .secret = span_of(making->at.secret), .name = span_of(plain)}};
    if (!cmd_net_open(&net, args->identity)) {
        return EXIT_FAILED;
    }
    const struct cmd_ask ask = {
        .server = &making->at, .question = &question, .answer = on_made, .ctx = making};
    int status = cmd_ask(&net, &ask);
    if (status == EXIT_DONE && making->bad) {
        status = args_fail(EXIT_FAILED, "The server sent links that cannot open anything; update "
                                        "the older side.");
    }
    if (status == EXIT_DONE) {
        print_made(making, plain, args->json);
        status = enter_made(args, making, &net);
    }
    cmd_net_close(&net);
    return status;
}

static int run_new(const struct cohort_args *args, char **words) {
    struct making making = {.bad = false};
    char line[INVITE_TEXT_MAX];
    char why[INVITE_WHY_MAX];
    const char *link = args->link != NULL ? args->link : host_link_find(line, sizeof line);
    if (words[0] == NULL || words[0][0] == '\0' || strlen(words[0]) > NAME_MAX_BYTES) {
        return args_fail(EXIT_USAGE,
                         "Give the cohort's name, of 1 to %d bytes: spar cohort new NAME.",
                         NAME_MAX_BYTES);
    }
    if (link == NULL) {
        return args_fail(EXIT_USAGE, "Give the server's host link with --link, or set "
                                     "SPAR_HOST_LINK.");
    }
    if (!invite_parse(link, &making.at, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (!making.at.is_host) {
        return args_fail(EXIT_USAGE, "%s", invite_use(&making.at));
    }
    return make(args, words[0], &making);
}

/* ---- list ---- */

static int run_list(const struct cohort_args *args, char **words) {
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
            print_line(json_pack("{s:s,s:s,s:s,s:s}", "cohort", entry->at.room, "role",
                                 entry->at.role == ROLE_COACH ? "coach" : "student", "server",
                                 address, "name", entry->name));
        } else {
            printf("%s  %-7s  %s  %s\n", entry->at.room,
                   entry->at.role == ROLE_COACH ? "coach" : "student", address, entry->name);
        }
    }
    if (cohorts.count == 0 && !args->json) {
        puts("No cohorts yet: this client has entered none.");
    }
    cohorts_file_free(&cohorts);
    return EXIT_DONE;
}

/* ---- link and withdraw ---- */

struct linking {
    struct cohort_ask *ask;
    bool json, bad;
};

static bool on_linked(void *ctx, const struct message *message) {
    struct linking *linking = ctx;
    char secret[RANDOM_SECRET_LENGTH + 1];
    char text[INVITE_TEXT_MAX];
    if (message->kind != MESSAGE_LINKED) {
        return false;
    }
    linking->bad = !keep_secret(message->linked.secret, secret);
    if (linking->bad) {
        return true;
    }
    enum role role = (enum role)message->linked.role;
    write_link(&linking->ask->at, role, secret, text);
    if (linking->json) {
        print_line(json_pack("{s:I,s:s,s:s}", "link", (json_int_t)message->linked.link, "role",
                             role == ROLE_COACH ? "coaches" : "students", "text", text));
    } else {
        printf("Link %lld, for %s:\n  spar %s '%s'\n", (long long)message->linked.link,
               role == ROLE_COACH ? "coaches" : "students", role == ROLE_COACH ? "coach" : "pair",
               text);
    }
    return true;
}

static int run_link(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = {
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
    struct linking linking = {.ask = &ask, .json = args->json};
    const char *role = args->role != NULL ? args->role : words[0];
    bool students = role != NULL && strcmp(role, "students") == 0;
    if (!students && (role == NULL || strcmp(role, "coaches") != 0)) {
        return args_fail(EXIT_USAGE, "Say for whom: --role students or --role coaches.");
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {.kind = MESSAGE_LINK,
                                     .link = {.id = 2,
                                              .cohort = span_of(ask.at.room),
                                              .role = students ? COHORT_STUDENT : COHORT_COACH}};
    status = cohort_ask_put(&ask, &question, on_linked, &linking);
    cohort_ask_close(&ask);
    return status == EXIT_DONE && linking.bad
               ? args_fail(EXIT_FAILED, "The server sent a link that cannot open anything; update "
                                        "the older side.")
               : status;
}

static int run_withdraw(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = {
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
    char *end = NULL;
    long number = words[0] == NULL ? -1 : strtol(words[0], &end, 10);
    if (words[0] == NULL || end == words[0] || *end != '\0' || number < 0 ||
        number >= COHORT_LINKS_MAX) {
        return args_fail(EXIT_USAGE, "Give the number of the link, as 'spar cohort members' lists "
                                     "it: spar cohort withdraw NUMBER.");
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const struct message question = {
        .kind = MESSAGE_WITHDRAW,
        .withdraw = {.id = 2, .cohort = span_of(ask.at.room), .link = number}};
    status = cohort_ask_put(&ask, &question, nothing_more, NULL);
    cohort_ask_close(&ask);
    if (status == EXIT_DONE && !args->json) {
        printf("Link %ld is withdrawn; who came in by it is cut off.\n", number);
    }
    return status;
}

/* ---- members ---- */

enum entry_kind { ENTRY_LINK = 1, ENTRY_MEMBER, ENTRY_WAITING };

struct listing {
    bool json;
    int64_t kind; /* of the last line: a heading comes before another kind */
};

static const char *cohort_role(int64_t role) {
    return role == COHORT_COACH ? "coach" : "student";
}

static void print_entry(struct listing *listing, const struct message *message) {
    static const char *const headings[] = {
        [ENTRY_LINK] = "LINKS", [ENTRY_MEMBER] = "MEMBERS", [ENTRY_WAITING] = "WAITING"};
    char name[NAME_MAX_BYTES + 1];
    char since[32];
    int64_t kind = message->entry.kind;
    plain_text(message->entry.name, name, sizeof name);
    print_moment(message->entry.opened, since);
    if (kind != listing->kind) {
        printf("%s%s\n", listing->kind == 0 ? "" : "\n", headings[kind]);
        listing->kind = kind;
    }
    if (kind == ENTRY_LINK) {
        printf("%3lld  for %s, since %s%s\n", (long long)message->entry.link,
               message->entry.role == COHORT_COACH ? "coaches" : "students", since,
               message->entry.on ? "" : ", withdrawn");
    } else if (kind == ENTRY_MEMBER) {
        printf("%-7s  %s, since %s, by link %lld%s\n", cohort_role(message->entry.role), name,
               since, (long long)message->entry.link, message->entry.on ? "" : ", cut off");
    } else {
        printf("%-11s  %s, since %s%s\n",
               message->entry.role == ROLE_NONE ? "either"
                                                : role_name((enum role)message->entry.role),
               name, since, message->entry.on ? "" : ", not connected");
    }
}

static void print_entry_json(const struct message *message) {
    static const char *const kinds[] = {
        [ENTRY_LINK] = "link", [ENTRY_MEMBER] = "member", [ENTRY_WAITING] = "waiting"};
    int64_t kind = message->entry.kind;
    const char *role = kind == ENTRY_WAITING ? (message->entry.role == ROLE_NONE
                                                    ? "either"
                                                    : role_name((enum role)message->entry.role))
                                             : cohort_role(message->entry.role);
    print_line(json_pack("{s:s,s:I,s:I,s:s,s:b,s:I,s:s%}", "kind", kinds[kind], "link",
                         (json_int_t)message->entry.link, "member",
                         (json_int_t)message->entry.member, "role", role, "on", message->entry.on,
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

static int run_members(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = {
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
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

/* ---- rooms, sessions, export ---- */

static void print_session(const struct cohort_session *session, bool json) {
    char title[PACK_TITLE_MAX + 1];
    char names[NAMES_MAX_BYTES + 1];
    char opened[32];
    if (json) {
        print_line(json_pack("{s:s,s:I,s:s,s:I,s:s,s:s}", "room", session->room, "opened",
                             (json_int_t)session->opened, "stage", stage_name(session->stage),
                             "events", (json_int_t)session->events, "title", session->title,
                             "names", session->names));
        return;
    }
    plain_text(span_of(session->title), title, sizeof title);
    plain_text(span_of(session->names), names, sizeof names);
    print_moment(session->opened, opened);
    printf("%s  %s  %-8s  %s  (%s)\n", session->room, opened, stage_name(session->stage), title,
           names);
}

/* open_only: those that have not been closed. */
static int list_sessions(const struct cohort_args *args, bool open_only) {
    struct cohort_ask ask = {
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
    struct cohort_sessions sessions;
    int status = cohort_ask_open(&ask);
    uint32_t shown = 0;
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = cohort_ask_sessions(&ask, &sessions);
    for (uint32_t i = 0; status == EXIT_DONE && i < sessions.count; i++) {
        if (!open_only || sessions.at[i].stage != STAGE_CLOSED) {
            print_session(&sessions.at[i], args->json);
            shown++;
        }
    }
    if (status == EXIT_DONE && shown == 0 && !args->json) {
        puts(open_only ? "No room of the cohort is open." : "The cohort has had no rooms yet.");
    }
    cohort_sessions_free(&sessions);
    cohort_ask_close(&ask);
    return status;
}

static int run_rooms(const struct cohort_args *args, char **words) {
    (void)words;
    return list_sessions(args, true);
}

static int run_sessions(const struct cohort_args *args, char **words) {
    (void)words;
    return list_sessions(args, false);
}

/* All recordings into a folder; one that fails is said and does not stop the others. */
static int export_all(struct cohort_ask *ask, const struct cohort_sessions *sessions,
                      const char *folder, bool json) {
    int worst = EXIT_DONE;
    for (uint32_t i = 0; i < sessions->count; i++) {
        const struct cohort_session *session = &sessions->at[i];
        char path[IDENTITY_PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s.spar", folder, session->room) >= (int)sizeof path) {
            return args_fail(EXIT_USAGE, "The folder's name is too long.");
        }
        int status = cohort_ask_fetch(ask, session, path);
        worst = status > worst ? status : worst;
        if (status == EXIT_DONE && json) {
            print_line(json_pack("{s:s,s:s,s:I}", "room", session->room, "file", path, "events",
                                 (json_int_t)session->events));
        } else if (status == EXIT_DONE) {
            printf("%u of %u  %s: %u events\n", i + 1, sessions->count, path, session->events);
            fflush(stdout);
        }
    }
    return worst;
}

static int run_export(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = {
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
    struct cohort_sessions sessions;
    if (words[0] == NULL) {
        return args_fail(EXIT_USAGE, "Give the folder for the recordings: spar cohort export DIR.");
    }
    if (mkdir(words[0], 0700) != 0 && errno != EEXIST) {
        return args_fail(EXIT_USAGE, "The folder %s cannot be made (%s).", words[0],
                         strerror(errno));
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = cohort_ask_sessions(&ask, &sessions);
    if (status == EXIT_DONE) {
        status = export_all(&ask, &sessions, words[0], args->json);
    }
    cohort_sessions_free(&sessions);
    cohort_ask_close(&ask);
    return status;
}

/* ---- the report ---- */

/* Where the recordings of a cohort are kept for its report, with a / at the end. */
static bool own_folder(const struct cohort_ask *ask, char out[IDENTITY_PATH_MAX]) {
    char name[64];
    struct certs_why why;
    snprintf(name, sizeof name, "cohorts.d/%s/", ask->at.room);
    return identity_path(name, out, &why);
}

/* Fetches what may have changed: a closed room's recording that is here stays. */
static int fetch_for_report(struct cohort_ask *ask, const char *folder) {
    struct cohort_sessions sessions;
    int worst = cohort_ask_sessions(ask, &sessions);
    for (uint32_t i = 0; worst == EXIT_DONE && i < sessions.count; i++) {
        char path[IDENTITY_PATH_MAX + 32];
        snprintf(path, sizeof path, "%s%s.spar", folder, sessions.at[i].room);
        if (sessions.at[i].stage != STAGE_CLOSED || access(path, F_OK) != 0) {
            worst = cohort_ask_fetch(ask, &sessions.at[i], path);
        }
    }
    cohort_sessions_free(&sessions);
    return worst;
}

static int run_report(const struct cohort_args *args, char **words) {
    struct cohort_ask ask = {
        .cohort = args->cohort, .identity = args->identity, .name = args->name};
    const char *name = args->format ? args->format : args->json ? "json" : "text";
    char folder[IDENTITY_PATH_MAX];
    enum report_format format;
    if (!report_format_find(name, &format) || format == REPORT_MARKDOWN) {
        return args_fail(EXIT_USAGE, "There is no format \"%.40s\": use text, html or json.", name);
    }
    if (words[0] != NULL) {
        return cohort_report_run(words[0], format, args->out);
    }
    int status = cohort_ask_open(&ask);
    if (status != EXIT_GO_ON) {
        return status;
    }
    status = own_folder(&ask, folder)
                 ? fetch_for_report(&ask, folder)
                 : args_fail(EXIT_FAILED, "No folder for Spar's files: set HOME or XDG_DATA_HOME.");
    cohort_ask_close(&ask);
    return status == EXIT_DONE ? cohort_report_run(folder, format, args->out) : status;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    int (*run)(const struct cohort_args *args, char **words);
} parts[] = {{"new", run_new},           {"list", run_list},     {"link", run_link},
             {"withdraw", run_withdraw}, {"rooms", run_rooms},   {"members", run_members},
             {"sessions", run_sessions}, {"export", run_export}, {"report", run_report}};
enum { PARTS = sizeof parts / sizeof parts[0] };

int cmd_cohort(int argc, char **argv) {
    struct cohort_args args = {0};
    const struct args_option rows[] = {
        {"cohort", "LINK|NAME", "which one; else the newest that this client coaches", NULL,
         &args.cohort},
        {"link", "LINK", "new: the server's host link", NULL, &args.link},
        {"role", "ROLE", "link: students or coaches", NULL, &args.role},
        {"json", NULL, "one JSON object a line", &args.json, NULL},
        {"format", "FORMAT", "report: text (as it is without this), html or json", NULL,
         &args.format},
        {"out", "FILE", "report: write to FILE instead of standard output", NULL, &args.out},
        {"name", "NAME", "the name that the others see ($SPAR_NAME, else the login name)", NULL,
         &args.name},
        {"identity", "FILE", "the key to go in with, made if it is missing", NULL, &args.identity},
    };
    const struct args_spec spec = {
        "cohort new NAME | list | link | withdraw NUMBER | members | rooms | sessions | export DIR "
        "| report "
        "[DIR]",
        "new       makes a cohort and prints its two links: for students and for coaches\n"
        "list      names the cohorts that this client has entered\n"
        "link      makes one more link; --role says for whom\n"
        "withdraw  makes a link worthless and cuts off at once whoever came in by it\n"
        "members   lists the links with their numbers, the members, and who waits for a partner\n"
        "rooms     lists the rooms of the cohort that are open\n"
        "sessions  lists all its rooms, past ones too\n"
        "export    saves every recording into the folder DIR\n"
        "report    one page about all interviews: items missed, times, people, flags; of the\n"
        "          recordings in DIR, or else it fetches those of the cohort",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        2};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (strcmp(parts[i].name, argv[rest]) == 0) {
            return parts[i].run(&args, argv + rest + 1);
        }
    }
    return args_fail(EXIT_USAGE, "\"spar cohort\" has no part \"%.40s\"; see 'spar cohort --help'.",
                     argv[rest]);
}
