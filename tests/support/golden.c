/* SPDX-License-Identifier: ISC */
/*
 * Purpose: reads, writes and compares the golden files of pictures.
 */
#include "tests/support/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test_main.h"

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    char *text = calloc(1, 1 << 16);
    if (text && fread(text, 1, (1 << 16) - 1, file) == 0) {
        text[0] = '\0';
    }
    fclose(file);
    return text;
}

static void compare(const char *path, const char *drawn) {
    if (getenv("SPAR_UPDATE_GOLDEN")) {
        FILE *file = fopen(path, "wb");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        fputs(drawn, file);
        fclose(file);
    }
    char *golden = read_file(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(golden);
    if (strcmp(golden, drawn) != 0) {
        fprintf(stderr, "\n%s differs; drawn:\n%s", path, drawn);
    }
    CU_ASSERT_STRING_EQUAL(golden, drawn);
    free(golden);
}

void golden_expect(const char *name, const struct paint *paint) {
    char path[4096];
    const char *source = getenv("SPAR_SOURCE");
    snprintf(path, sizeof path, "%s/tests/golden/%s.txt", source ? source : ".", name);
    char *drawn = paint_dump(paint);
    CU_ASSERT_PTR_NOT_NULL_FATAL(drawn);
    compare(path, drawn);
    free(drawn);
}
