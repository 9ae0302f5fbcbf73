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

#include "protocol/text/text.h"
#include "server/config/config.h"
#include "server/journal/journal.h"
#include "server/operate/backup.h"

/* ---- arguments ---- */

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
    if (command->what != OPERATOR_CHECK) {
        if (*argc < 3 || argv[2][0] == '-') {
            snprintf(error, CONFIG_ERROR_MAX, "'spard %s' needs %s behind it; see --help.", argv[1],
                     command->what == OPERATOR_BACKUP ? "a folder" : "a room");
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
    show(good ? stdout : stderr, "spard: ", line, "\n");
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

/* Shows lines until the last one. */
static int follow(FILE *server) {
    char line[JOURNAL_LINE_MAX + 8];
    while (fgets(line, sizeof line, server) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (starts(line, "... ")) {
            show_far(line + 4);
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
    int status = follow(server);
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
                                                [OPERATOR_FORGET] = JOURNAL_FORGET};
    struct waiting waiting = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    struct journal_listener listener = {.ctx = &waiting, .events = on_events, .chore = on_chore};
    int id = journal_add_listener(journal, &listener);
    journal_post_chore(journal, id, chores[command->what], of, 1);
    await(&waiting);
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

/* A running server has a working folder of its own. */
static bool make_whole(const char *path, char *whole, size_t size) {
    char here[PATH_MAX];
    if (path[0] == '/') {
        return snprintf(whole, size, "%s", path) < (int)size;
    }
    return getcwd(here, sizeof here) != NULL &&
           snprintf(whole, size, "%s/%s", here, path) < (int)size;
}

int command_run(const struct operator_request *command, const char *data) {
    char whole[PATH_MAX];
    struct operator_request asked = *command;
    if (command->what == OPERATOR_BACKUP) {
        if (!make_whole(command->of, whole, sizeof whole) || strchr(whole, '\n') != NULL) {
            return show_end(false, "That folder's path is too long, or has a line's end in it.");
        }
        asked.of = whole;
    }
    int fd = reach(data);
    return fd >= 0 ? ask(fd, &asked) : without_server(&asked, data);
}
