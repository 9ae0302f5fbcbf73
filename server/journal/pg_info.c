/* SPDX-License-Identifier: ISC */
/*
 * pg_info.c: where the database is, as the operator says it: a connection string, or a file of one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "protocol/text/why.h"
#include "server/journal/pg_parts.h"

enum { INFO_MAX = 4096 }; /* bytes of a connection string */

/* A file's first line; nobody else may read a password. */
static bool read_file(const char *path, char text[INFO_MAX], char *error) {
    struct stat status;
    FILE *file = fopen(path, "re");
    bool read = file != NULL && fgets(text, INFO_MAX, file) != NULL;
    if (file != NULL && (fstat(fileno(file), &status) != 0 || status.st_mode & 077)) {
        read = why_not(error, PG_WHY_MAX,
                       "Others can read %.200s, which may hold a password; chmod 600 it.", path);
    } else if (!read) {
        why_not(error, PG_WHY_MAX,
                "The journal's connection string cannot be read from %.200s: %s; name a file that "
                "holds one, or give it as postgresql://….",
                path, file != NULL ? "it is empty" : strerror(errno));
    }
    if (file != NULL) {
        fclose(file);
    }
    if (read) {
        text[strcspn(text, "\n")] = '\0';
    }
    return read;
}

static bool is_uri(const char *text) {
    return strncmp(text, "postgres://", 11) == 0 || strncmp(text, "postgresql://", 13) == 0;
}

struct pg_link *pg_info_link(const char *info, bool listens, char why[PG_WHY_MAX]) {
    char text[INFO_MAX];
    if (is_uri(info)) {
        return pg_link_new(info, listens, why);
    }
    return read_file(info, text, why) ? pg_link_new(text, listens, why) : NULL;
}

bool pg_connect(struct postgres *pg, const char *info, char why[PG_WHY_MAX]) {
    pg->link = pg_info_link(info, true, why);
    pg->aside = pg->link != NULL ? pg_info_link(info, false, why) : NULL;
    if (pg->aside == NULL) {
        return false;
    }
    pg_link_on_late(pg->link, pg_lease_while_late, pg);
    return pg_link_reach(pg->link, 0) ||
           why_not(why, PG_WHY_MAX,
                   "The journal's database cannot be reached: %s; look whether it runs, and takes "
                   "this user.",
                   pg_link_why(pg->link));
}
