/* SPDX-License-Identifier: ISC */
/*
 * Purpose: the client's key: made once, the same afterwards; its folder; the name that others see.
 */
#include "client/net/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certs/pin.h"
#include "client/store/rooms_file.h"
#include "tests/support/temp.h"
#include "tests/support/test_main.h"

static char folder[TEMP_PATH_SIZE];

static int use_folder(void) {
    temp_make(folder);
    return setenv("XDG_DATA_HOME", folder, 1);
}

static int drop_folder(void) {
    temp_remove(folder);
    return 0;
}

static void test_made_once(void) {
    struct certs_why why;
    struct pin first;
    struct pin second;
    char path[IDENTITY_PATH_MAX];
    struct stat stat_now;
    struct keypair *pair = identity_open(NULL, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_TRUE(pin_of_key(keypair_key(pair), &first));
    keypair_free(pair);
    pair = identity_open(NULL, &why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pair);
    CU_ASSERT_TRUE(pin_of_key(keypair_key(pair), &second));
    keypair_free(pair);
    CU_ASSERT_TRUE(pin_equal(&first, &second));
    CU_ASSERT_TRUE_FATAL(identity_path("key.pem", path, &why));
    CU_ASSERT_EQUAL_FATAL(stat(path, &stat_now), 0);
    CU_ASSERT_EQUAL(stat_now.st_mode & 0777, 0600);
}

static void test_bad_file(void) {
    struct certs_why why = {{0}};
    CU_ASSERT_PTR_NULL(identity_open("/dev/null/key.pem", &why));
    CU_ASSERT_TRUE(strlen(why.text) > 20);
}

static void test_no_folder(void) {
    struct certs_why why = {{0}};
    char path[IDENTITY_PATH_MAX];
    const char *before = getenv("HOME");
    char *home = strdup(before == NULL ? "/" : before);
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    CU_ASSERT_FALSE(identity_path("key.pem", path, &why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why.text, "HOME"));
    setenv("HOME", home, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    free(home);
}

static void test_name(void) {
    char name[NAME_MAX_BYTES + 1];
    char given[NAME_MAX_BYTES + 8];
    setenv("SPAR_NAME", "Env", 1);
    identity_name("Given", name);
    CU_ASSERT_STRING_EQUAL(name, "Given");
    identity_name(NULL, name);
    CU_ASSERT_STRING_EQUAL(name, "Env");
    unsetenv("SPAR_NAME");
    identity_name(NULL, name);
    CU_ASSERT_TRUE(strlen(name) > 0);
    memset(given, 'a', sizeof given);
    given[NAME_MAX_BYTES] = '\0';
    identity_name(given, name);
    CU_ASSERT_EQUAL(strlen(name), NAME_MAX_BYTES);
    /* One past the bound falls inside a two-byte character: all of it goes. */
    memcpy(given + NAME_MAX_BYTES - 1, "\xc3\xa4", 3);
    identity_name(given, name);
    CU_ASSERT_EQUAL(strlen(name), NAME_MAX_BYTES - 1);
    identity_name("\033[31mR\xe2\x80\x8b\xff\xc3\xa4", name);
    CU_ASSERT_STRING_EQUAL(name, "R\xc3\xa4");
    identity_name("\xff", name);
    CU_ASSERT_STRING_EQUAL(name, "somebody");
}

static const struct pin mine = {{1}}, second = {{2}}, third = {{3}};

static void test_rooms(void) {
    struct certs_why why;
    struct rooms_file rooms;
    struct invite invite = {.host = "::1", .port = 7443, .room = "aaaaaaaaaaaa", .has_pin = true};
    invite.role = ROLE_COACH;
    memset(invite.pin, 7, sizeof invite.pin);
    CU_ASSERT_TRUE_FATAL(rooms_file_add(&invite, 2, &mine, &why));
    memcpy(invite.room, "bbbbbbbbbbbb", ROOM_ID_BYTES);
    invite.has_pin = false;
    CU_ASSERT_TRUE_FATAL(rooms_file_add(&invite, 3, &mine, &why));
    memcpy(invite.room, "aaaaaaaaaaaa", ROOM_ID_BYTES);
    CU_ASSERT_TRUE_FATAL(rooms_file_add(&invite, 4, &mine, &why));
    CU_ASSERT_TRUE_FATAL(rooms_file_read(&rooms, &why));
    CU_ASSERT_EQUAL(rooms.count, 2);
    const struct rooms_entry *entry = rooms_file_find(&rooms, "aaaaaaaaaaaa", &mine);
    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    CU_ASSERT_EQUAL(entry->seat, 4);
    CU_ASSERT_STRING_EQUAL(entry->at.host, "::1");
    CU_ASSERT_FALSE(entry->at.has_pin);
    CU_ASSERT_PTR_NULL(rooms_file_find(&rooms, "cccccccccccc", NULL));
    rooms_file_free(&rooms);
}

/* Two keys of one machine in one room; and a line of an older file, which names no key. */
static void test_rooms_of_keys(void) {
    struct certs_why why;
    struct rooms_file rooms;
    struct invite invite = {.host = "::1", .port = 7443, .room = "dddddddddddd"};
    char path[IDENTITY_PATH_MAX];
    invite.role = ROLE_INTERVIEWER;
    CU_ASSERT_TRUE_FATAL(rooms_file_add(&invite, 0, &mine, &why));
    invite.role = ROLE_CANDIDATE;
    CU_ASSERT_TRUE_FATAL(rooms_file_add(&invite, 1, &second, &why));
    CU_ASSERT_TRUE_FATAL(rooms_file_read(&rooms, &why));
    CU_ASSERT_EQUAL(rooms_file_find(&rooms, "dddddddddddd", &mine)->seat, 0);
    CU_ASSERT_EQUAL(rooms_file_find(&rooms, "dddddddddddd", &mine)->at.role, ROLE_INTERVIEWER);
    CU_ASSERT_EQUAL(rooms_file_find(&rooms, "dddddddddddd", &second)->seat, 1);
    CU_ASSERT_EQUAL(rooms_file_find(&rooms, "dddddddddddd", NULL)->seat, 1);
    CU_ASSERT_PTR_NULL(rooms_file_find(&rooms, "dddddddddddd", &third));
    rooms_file_free(&rooms);

    CU_ASSERT_TRUE_FATAL(identity_path("rooms", path, &why));
    FILE *file = fopen(path, "a");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file, "eeeeeeeeeeee coach 5 [::1]:7443 -\n");
    fclose(file);
    CU_ASSERT_TRUE_FATAL(rooms_file_read(&rooms, &why));
    CU_ASSERT_EQUAL(rooms_file_find(&rooms, "eeeeeeeeeeee", &third)->seat, 5);
    size_t count = rooms.count;
    rooms_file_free(&rooms);
    memcpy(invite.room, "eeeeeeeeeeee", ROOM_ID_BYTES);
    CU_ASSERT_TRUE_FATAL(rooms_file_add(&invite, 5, &third, &why));
    CU_ASSERT_TRUE_FATAL(rooms_file_read(&rooms, &why));
    CU_ASSERT_EQUAL(rooms.count, count); /* now it names the key */
    CU_ASSERT_PTR_NULL(rooms_file_find(&rooms, "eeeeeeeeeeee", &mine));
    CU_ASSERT_EQUAL(rooms_file_find(&rooms, "eeeeeeeeeeee", &third)->seat, 5);
    rooms_file_free(&rooms);
}

static CU_TestInfo tests[] = {{"a key is made once and kept", test_made_once},
                              {"a bad place is named", test_bad_file},
                              {"no folder at all", test_no_folder},
                              {"the name that others see", test_name},
                              {"rooms are remembered", test_rooms},
                              {"two keys in one room", test_rooms_of_keys},
                              CU_TEST_INFO_NULL};
static CU_SuiteInfo suites[] = {{"identity", use_folder, drop_folder, NULL, NULL, tests},
                                CU_SUITE_INFO_NULL};

int main(void) {
    return test_main(suites);
}
