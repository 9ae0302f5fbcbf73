/* SPDX-License-Identifier: ISC */
/*
 * Purpose: a file beside its place: what a killed writer left goes, and another user's, who may
 * hold its lock for ever, is refused at once.
 */
#include "tests/support/test_main.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/beside.h"

enum { NOBODY = 65534 };

struct place {
    char folder[32], path[64], beside[96];
};

static void place_open(struct place *place) {
    strcpy(place->folder, "/tmp/spar-beside.XXXXXX");
    CU_ASSERT_PTR_NOT_NULL(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/file", place->folder);
    snprintf(place->beside, sizeof place->beside, "%s.spar-new", place->path);
}

static void place_close(const struct place *place) {
    unlink(place->beside);
    CU_ASSERT_EQUAL(rmdir(place->folder), 0);
}

static int leave(const struct place *place) {
    int fd = open(place->beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    CU_ASSERT_EQUAL(write(fd, "left", 4), 4);
    return fd;
}

static void test_left(void) {
    struct place place;
    char name[BESIDE_NAME_MAX];
    struct stat status;
    place_open(&place);
    close(leave(&place));
    int fd = beside_open(place.path, name);
    CU_ASSERT_STRING_EQUAL(name, place.beside);
    CU_ASSERT_EQUAL(fstat(fd, &status), 0);
    CU_ASSERT_EQUAL(status.st_size, 0);
    close(fd);
    place_close(&place);
}

static void test_others(void) {
    struct place place;
    char name[BESIDE_NAME_MAX];
    if (geteuid() != 0) {
        return; /* nobody else can give files away */
    }
    place_open(&place);
    int held = leave(&place);
    CU_ASSERT_EQUAL(fchown(held, NOBODY, NOBODY), 0);
    CU_ASSERT_EQUAL(flock(held, LOCK_EX), 0);
    CU_ASSERT_EQUAL(beside_open(place.path, name), -1);
    CU_ASSERT_EQUAL(errno, EACCES);
    close(held);
    place_close(&place);
}

int main(void) {
    static CU_TestInfo tests[] = {{"what was left goes", test_left},
                                  {"another user's is not waited for", test_others},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"beside", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    return test_main(suites);
}
