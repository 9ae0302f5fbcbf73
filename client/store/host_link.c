/* SPDX-License-Identifier: ISC */
/*
 * host_link.c: finding a host link.
 */
#include "client/store/host_link.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/net/identity.h"

const char *host_link_find(char *line, size_t size) {
    const char *link = getenv("SPAR_HOST_LINK");
    if (link != NULL && link[0] != '\0') {
        return link;
    }
    char path[IDENTITY_PATH_MAX];
    struct certs_why why;
    FILE *file = identity_path("host.link", path, &why) ? fopen(path, "re") : NULL;
    bool read = file != NULL && fgets(line, (int)size, file) != NULL;
    if (file != NULL) {
        fclose(file);
    }
    return read ? line : NULL;
}
