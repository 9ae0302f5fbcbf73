/* SPDX-License-Identifier: ISC */
/*
 * move.c: finds out which of the two is the folder, and what its server is known by.
 */
#include "server/operate/move.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/keypair.h"
#include "certs/pin.h"
#include "protocol/text/base64url.h"
#include "protocol/text/text.h"
#include "server/config/host_link.h"
#include "server/journal/move.h"

enum { EXIT_USAGE = 2, PLAIN_MAX = JOURNAL_LINE_MAX + PATH_MAX };

struct moving {
    char path[PATH_MAX + 16];
    char host[BASE64URL_LENGTH(HASH_BYTES) + 1];
    char pin[PIN_LENGTH + 1];
    struct journal_fact facts[2];
    size_t fact_count;
};

static void show(FILE *to, const char *line) {
    char plain[PLAIN_MAX];
    text_plain(span_of(line), plain, sizeof plain);
    fprintf(to, "spard: %s\n", plain);
    fflush(to);
}

static void told(void *ctx, const char *line) {
    (void)ctx;
    show(stderr, line);
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool has(const char *folder, const char *name, char path[PATH_MAX + 16]) {
    snprintf(path, PATH_MAX + 16, "%s/%s", folder, name);
    return access(path, R_OK) == 0;
}

/* The key is there unless the server has one elsewhere (--key). */
static bool learn_facts(struct moving *moving, const char *folder, char *line) {
    char path[PATH_MAX + 16];
    struct seat_secret secret;
    struct certs_why why = {0};
    if (!has(folder, "host.secret", path)) {
        snprintf(line, JOURNAL_LINE_MAX,
                 "%.700s has no host.secret: name a server's data folder, or copy host.secret and "
                 "server.pem of one of the database's servers there, so that its links stay good.",
                 folder);
        return false;
    }
    if (!host_secret_open(folder, &secret, line)) {
        return false;
    }
    base64url_write(secret.hash, HASH_BYTES, moving->host);
    moving->facts[moving->fact_count++] = (struct journal_fact){
        "host", moving->host, "its host secret is another; copy the others' file host.secret."};
    if (!has(folder, "server.pem", path)) {
        return true;
    }
    struct keypair *pair = keypair_load(path, NULL, &why);
    struct pin pin;
    if (pair == NULL || !pin_of_certificate(keypair_certificate(pair), &pin)) {
        keypair_free(pair);
        snprintf(line, JOURNAL_LINE_MAX, "%s", why.text);
        return false;
    }
    pin_write(&pin, moving->pin);
    keypair_free(pair);
    moving->facts[moving->fact_count++] = (struct journal_fact){
        "pin", moving->pin, "its key is another; copy the others' file server.pem."};
    return true;
}

static bool run(const char *folder, const char *info, bool out, char *line) {
    struct moving moving = {.fact_count = 0};
    if (!learn_facts(&moving, folder, line)) {
        return false;
    }
    /* A move that was done has left it by another name; moving.path names the journal in any case.
     */
    bool was_there = has(folder, "journal.db.moved", moving.path);
    bool there = has(folder, "journal.db", moving.path) || was_there;
    struct journal_move move = {.path = moving.path,
                                .info = info,
                                .facts = moving.facts,
                                .fact_count = moving.fact_count,
                                .told = told};
    if (out && !there) {
        snprintf(line, JOURNAL_LINE_MAX, "%.900s has no journal.db that can be read.", folder);
        return false;
    }
    return out ? journal_move_out(&move, line) : journal_move_in(&move, line);
}

bool move_is_asked(int argc, char **argv) {
    return argc > 1 && strcmp(argv[1], "move") == 0;
}

int move_run(int argc, char **argv) {
    char line[JOURNAL_LINE_MAX] = "";
    if (argc != 4 || is_folder(argv[2]) == is_folder(argv[3])) {
        show(stderr, "'spard move' needs a data folder and a database behind it, or a database and "
                     "a data folder; see --help.");
        return EXIT_USAGE;
    }
    bool out = is_folder(argv[2]);
    bool good = run(out ? argv[2] : argv[3], out ? argv[3] : argv[2], out, line);
    show(good ? stdout : stderr, line);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
