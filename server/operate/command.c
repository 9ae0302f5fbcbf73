/* SPDX-License-Identifier: ISC */
/*
 * command.c: the operator's side of control.h, and the same without a server.
 */
#include "server/operate/command.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/text/base64url.h"
#include "protocol/text/text.h"
#include "server/journal/journal.h"
#include "server/operate/backup.h"
#include "server/operate/nodes.h"

/* ---- arguments ---- */

/* One key in 64 begins as an option does. */
static bool is_option(const char *text) {
    uint8_t key[HASH_BYTES];
    return text[0] == '-' && !base64url_read(text, strlen(text), key, sizeof key);
}

/* A running server has a working folder of its own. */
static bool make_whole(const char *path, char *whole, size_t size) {
    char here[PATH_MAX];
    if (path[0] == '/') {
        return snprintf(whole, size, "%s", path) < (int)size;
    }
    return getcwd(here, sizeof here) != NULL &&
           snprintf(whole, size, "%s/%s", here, path) < (int)size;
}

/* "2y", "180d", "12h" as hours; 0: it is none. */
static long hours_of(const char *text) {
    enum { DAY = 24, YEAR = 365 * DAY, MOST = 1000 };
    char *unit;
    long number = strtol(text, &unit, 10);
    long each = strcmp(unit, "y") == 0   ? YEAR
                : strcmp(unit, "d") == 0 ? DAY
                : strcmp(unit, "h") == 0 ? 1
                                         : 0;
    return number < 1 || number > (long)MOST * YEAR ? 0 : number * each;
}

/* --older TIME --exported FOLDER */
static bool take_prune(struct operator_request *command, int argc, char **argv, char *error) {
    char whole[PATH_MAX];
    bool good = argc > 5 && strcmp(argv[2], "--older") == 0 && hours_of(argv[3]) > 0 &&
                strcmp(argv[4], "--exported") == 0 && strchr(argv[5], '\n') == NULL &&
                make_whole(argv[5], whole, sizeof whole);
    if (good) {
        snprintf(command->text, sizeof command->text, "%ld %s", hours_of(argv[3]), whole);
        command->of = command->text;
    } else {
        snprintf(
            error, CONFIG_ERROR_MAX,
            "'spard prune' needs --older TIME (2y, 180d, 12h) and --exported FOLDER behind it, "
            "in this order; see --help.");
    }
    return good;
}

bool command_take(struct operator_request *command, int *argc, char **argv, char *error) {
    *command = (struct operator_request){.of = ""};
    if (*argc < 2) {
        return true;
    }
    command->what = operator_command_of(argv[1]);
    if (command->what == OPERATOR_NONE) {
        return true;
    }
    int taken = 1;
    if (command->what == OPERATOR_PRUNE) {
        if (!take_prune(command, *argc, argv, error)) {
            return false;
        }
        taken = 5;
    } else if (command->what == OPERATOR_NODES) {
        bool json = *argc > 2 && strcmp(argv[2], "--json") == 0;
        command->of = json ? "json" : "text";
        taken = json ? 2 : 1;
    } else if (command->what == OPERATOR_DRAIN && (*argc < 3 || is_option(argv[2]))) {
        taken = 1; /* the server of the data folder */
    } else if (command->what != OPERATOR_CHECK) {
        if (*argc < 3 || is_option(argv[2])) {
            snprintf(error, CONFIG_ERROR_MAX, "'spard %s' needs %s behind it; see --help.", argv[1],
                     command->what == OPERATOR_BACKUP ? "a folder" : "a room or a key");
            return false;
        }
        command->of = argv[2];
        taken = 2;
    }
    *argc -= taken;
    memmove(&argv[1], &argv[1 + taken], sizeof *argv * (size_t)*argc);
    return true;
}

/* ---- what is shown ---- */

static void show(FILE *to, const char *head, const char *line, const char *tail) {
    char plain[JOURNAL_LINE_MAX + PATH_MAX];
    text_plain(span_of(line), plain, sizeof plain);
    fprintf(to, "%s%s%s", head, plain, tail);
    fflush(to);
}

static void show_far(const char *line) {
    if (isatty(STDERR_FILENO)) {
        show(stderr, "\r\033[K", line, "");
    } else {
        show(stderr, "spard: ", line, "\n");
    }
}

static int show_end(bool good, const char *line) {
    if (isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    if (line[0] != '\0') {
        show(good ? stdout : stderr, "spard: ", line, "\n");
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- a running server ---- */

/* -1: none runs there. */
static int reach(const char *data) {
    struct sockaddr_un address;
    int fd = control_address(data, &address) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool starts(const char *line, const char *head) {
    return strncmp(line, head, strlen(head)) == 0;
}

/* A server may see other folders than this command: under the package's unit it has a /tmp of its
 * own, which goes when it stops. */
static bool is_out_of_sight(const struct operator_request *command) {
    return command->what == OPERATOR_BACKUP && access(command->of, F_OK) != 0 && errno == ENOENT;
}

/* Shows lines until the last one. */
static int follow(FILE *server, const struct operator_request *command) {
    char line[JOURNAL_LINE_MAX + 8];
    while (fgets(line, sizeof line, server) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (starts(line, "... ")) {
            show_far(line + 4);
        } else if (starts(line, "row ")) {
            show(stdout, "", line + 4, "\n");
        } else if (starts(line, "ok ") && is_out_of_sight(command)) {
            return show_end(false,
                            "The server has written the copy where nobody else sees it, as in the "
                            "/tmp that its unit gives it; name a folder below its data folder.");
        } else if (starts(line, "ok ") || starts(line, "no ")) {
            return show_end(starts(line, "ok "), line + 3);
        }
    }
    return show_end(false, "The server ended before it was done; look at its log, and try again.");
}

static int ask(int fd, const struct operator_request *command) {
    FILE *server = fdopen(fd, "r+");
    if (server == NULL) {
        close(fd);
        return show_end(false, "There is no memory for that.");
    }
    fprintf(server, "%s %s\n", operator_command_word(command->what), command->of);
    fflush(server);
    int status = follow(server, command);
    fclose(server);
    return status;
}

/* ---- without a server ---- */

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool over;
    enum journal_said said;
    char line[JOURNAL_LINE_MAX];
};

static void on_chore(void *ctx, uint64_t token, enum journal_said said, const char *line) {
    struct waiting *waiting = ctx;
    (void)token;
    if (said == JOURNAL_GOES_ON) {
        show_far(line);
        return;
    }
    pthread_mutex_lock(&waiting->lock);
    waiting->over = true;
    waiting->said = said;
    snprintf(waiting->line, sizeof waiting->line, "%s", line);
    pthread_cond_signal(&waiting->ended);
    pthread_mutex_unlock(&waiting->lock);
}

static void on_events(void *ctx, struct journal_batch *batch) {
    (void)ctx;
    (void)batch;
}

static void await(struct waiting *waiting) {
    pthread_mutex_lock(&waiting->lock);
    while (!waiting->over) {
        pthread_cond_wait(&waiting->ended, &waiting->lock);
    }
    pthread_mutex_unlock(&waiting->lock);
}

static int do_here(struct journal *journal, const struct operator_request *command,
                   const char *of) {
    static const enum journal_chore chores[] = {[OPERATOR_CHECK] = JOURNAL_CHECK,
                                                [OPERATOR_BACKUP] = JOURNAL_BACKUP,
                                                [OPERATOR_FORGET] = JOURNAL_FORGET,
                                                [OPERATOR_PRUNE] = JOURNAL_PRUNE};
    struct waiting waiting = {.lock = PTHREAD_MUTEX_INITIALIZER,
                              .ended = PTHREAD_COND_INITIALIZER,
                              .said = JOURNAL_NOT_DONE};
    struct journal_listener listener = {.ctx = &waiting, .events = on_events, .chore = on_chore};
    int id = journal_add_listener(journal, &listener);
    if (journal_post_chore(journal, id, chores[command->what], of, 1)) {
        await(&waiting);
    } else {
        snprintf(waiting.line, sizeof waiting.line, "There is no memory for that.");
    }
    journal_close(journal);
    return show_end(waiting.said == JOURNAL_DONE, waiting.line);
}

static int without_server(const struct operator_request *command, const char *data) {
    char path[PATH_MAX + 16], copy[PATH_MAX + 16], line[JOURNAL_LINE_MAX] = "";
    const char *of = command->of;
    snprintf(path, sizeof path, "%s/journal.db", data);
    if (access(path, R_OK | W_OK) != 0) {
        snprintf(
            line, sizeof line,
            "%.900s is no journal that can be read (%s); name the server's folder with --data.",
            path, strerror(errno));
        return show_end(false, line);
    }
    struct journal *journal = journal_sqlite_open(path, NULL, line);
    if (journal == NULL) {
        return show_end(false, line);
    }
    if (command->what == OPERATOR_BACKUP) {
        if (!backup_begin(data, of, copy, sizeof copy, line)) {
            journal_close(journal);
            return show_end(false, line);
        }
        of = copy;
    }
    return do_here(journal, command, of);
}

/* None runs on the folder, but the database tells of all. */
static int list_nodes(const struct config *config, bool json) {
    struct node_list list;
    struct out out;
    char line[JOURNAL_LINE_MAX];
    if (!journal_postgres_nodes(config->journal, &list, line)) {
        return show_end(false, line);
    }
    out_init(&out);
    nodes_write(&out, &list, 0, 0, json);
    if (!out.failed) {
        fputs(out.data, stdout);
    }
    out_free(&out);
    bool well = nodes_are_well(&list, 0, line);
    return show_end(well, line);
}

int command_run(const struct operator_request *command, const struct config *config) {
    char whole[PATH_MAX];
    struct operator_request asked = *command;
    asked.of = command->of == command->text ? asked.text : command->of;
    if (command->what == OPERATOR_BACKUP) {
        if (!make_whole(command->of, whole, sizeof whole) || strchr(whole, '\n') != NULL) {
            return show_end(false, "That folder's path is too long, or has a line's end in it.");
        }
        asked.of = whole;
    }
    int fd = reach(config->data);
    if (fd < 0 && command->what == OPERATOR_NODES) {
        return config->journal[0] != '\0'
                   ? list_nodes(config, strcmp(command->of, "json") == 0)
                   : show_end(false, "No server runs on that data folder; name it with --data, or "
                                     "the servers' database with --journal.");
    }
    if (fd < 0 && command->what == OPERATOR_DRAIN) {
        return show_end(false, "No server runs on that data folder; name the folder of one of the "
                               "servers with --data.");
    }
    if (fd < 0 && config->journal[0] != '\0') {
        return show_end(false,
                        "A journal in a database is asked by one of its servers, and none runs "
                        "on that data folder; start it.");
    }
    return fd >= 0 ? ask(fd, &asked) : without_server(&asked, config->data);
}
