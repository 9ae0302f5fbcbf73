/* SPDX-License-Identifier: ISC */
/*
 * prompts_file.c: the list of prompts one has had.
 */
#include "client/store/prompts_file.h"

#include <stdio.h>
#include <string.h>

#include "client/store/safe_file.h"

static bool take_line(void *ctx, char *line) {
    struct prompts_file *prompts = ctx;
    size_t len = strlen(line);
    if (len > 0 && len <= ID_MAX_BYTES) {
        memcpy(prompts->ids[prompts->count++], line, len + 1);
    }
    return prompts->count < PROMPTS_FILE_MAX;
}

void prompts_file_read(struct prompts_file *prompts) {
    struct certs_why why;
    prompts->count = 0;
    (void)!safe_file_read("prompts", "The list of prompts", take_line, prompts, &why);
}

bool prompts_file_has(const struct prompts_file *prompts, const char *id) {
    for (int i = 0; i < prompts->count; i++) {
        if (strcmp(prompts->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void put_ids(FILE *file, const void *ctx) {
    const struct prompts_file *prompts = ctx;
    for (int i = 0; i < prompts->count; i++) {
        fprintf(file, "%s\n", prompts->ids[i]);
    }
}

void prompts_file_add(const char *id) {
    struct prompts_file prompts;
    struct certs_why why;
    prompts_file_read(&prompts);
    if (prompts_file_has(&prompts, id)) {
        return;
    }
    if (prompts.count == PROMPTS_FILE_MAX) {
        memmove(prompts.ids[0], prompts.ids[1], sizeof prompts.ids - sizeof prompts.ids[0]);
        prompts.count--;
    }
    snprintf(prompts.ids[prompts.count++], sizeof prompts.ids[0], "%s", id);
    (void)!safe_file_write("prompts", "The list of prompts", put_ids, &prompts, &why);
}
