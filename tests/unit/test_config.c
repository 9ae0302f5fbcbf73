/* SPDX-License-Identifier: ISC */
/*
 * Purpose: what flags, file and defaults come to, at each bound and one past it, and the one
 * sentence that each mistake gets.
 */
#include "tests/support/test_main.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/limits.h"
#include "server/config/config.h"
#include "server/config/host_link.h"
#include "tests/support/temp.h"

enum { WORDS_MAX = 80 };

static struct config config;
static char error[CONFIG_ERROR_MAX];

/* Loads from words parted by single spaces. */
static enum config_result load(const char *line) {
    static char copy[8192];
    char *argv[WORDS_MAX + 2] = {(char[]){"spard"}};
    int argc = 1;
    char *rest = NULL;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL && argc <= WORDS_MAX;
         word = strtok_r(NULL, " ", &rest)) {
        argv[argc++] = word;
    }
    optind = 0;
    return config_load(&config, argc, argv, error);
}

static void expect_wrong(const char *line, const char *sentence) {
    CU_ASSERT_EQUAL(load(line), CONFIG_WRONG);
    if (strcmp(error, sentence) != 0) {
        printf("\n    said     \"%s\"\n    expected \"%s\"", error, sentence);
    }
    CU_ASSERT_STRING_EQUAL(error, sentence);
}

static void expect_ready(const char *line) {
    enum config_result result = load(line);
    if (result != CONFIG_READY) {
        printf("\n    %s: %s", line, error);
    }
    CU_ASSERT_EQUAL(result, CONFIG_READY);
}

static void expect_listen(unsigned index, const char *address, unsigned port) {
    char text[INET6_ADDRSTRLEN] = "";
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    unsigned got = 0;
    CU_ASSERT_FATAL(index < config.listen_count);
    memcpy(&v4, &config.listens[index].address, sizeof v4);
    memcpy(&v6, &config.listens[index].address, sizeof v6);
    if (v4.sin_family == AF_INET) {
        inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        got = ntohs(v4.sin_port);
        CU_ASSERT_EQUAL(config.listens[index].length, sizeof v4);
    } else {
        inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
        got = ntohs(v6.sin6_port);
        CU_ASSERT_EQUAL(config.listens[index].length, sizeof v6);
    }
    CU_ASSERT_STRING_EQUAL(text, address);
    CU_ASSERT_EQUAL(got, port);
}

static void test_defaults(void) {
    unsetenv("STATE_DIRECTORY");
    expect_ready("");
    CU_ASSERT_EQUAL(config.listen_count, 1);
    expect_listen(0, "0.0.0.0", CONFIG_PORT);
    CU_ASSERT_STRING_EQUAL(config.data, "spar-data");
    CU_ASSERT_STRING_EQUAL(config.cert, "");
    CU_ASSERT_STRING_EQUAL(config.public_name, "");
    CU_ASSERT_STRING_EQUAL(config.address, "");
    CU_ASSERT(config.workers >= 1 && config.workers <= CONFIG_WORKERS_MAX);
    CU_ASSERT_EQUAL(config.clock_rate, 1);
    CU_ASSERT_EQUAL(config.log_level, LOG_LEVEL_INFO);
    CU_ASSERT_FALSE(config.open_hosting);
    setenv("STATE_DIRECTORY", "/var/lib/spard:/var/lib/other", 1);
    expect_ready("");
    CU_ASSERT_STRING_EQUAL(config.data, "/var/lib/spard");
    expect_ready("--data here");
    CU_ASSERT_STRING_EQUAL(config.data, "here");
    unsetenv("STATE_DIRECTORY");
}

static void expect_address(const char *flags, const char *address) {
    char out[NODE_ADDRESS_MAX + 1];
    expect_ready(flags);
    host_address(&config, out);
    CU_ASSERT_STRING_EQUAL(out, address);
}

/* Where clients find this server alone: its own name, else the links'; the port is named always. */
static void test_address(void) {
    char longest[2 * CONFIG_PUBLIC_MAX] = "--listen 127.0.0.1:65535 --address ";
    size_t head = strlen(longest);
    memset(longest + head, 'a', CONFIG_PUBLIC_MAX - 1);
    expect_ready(longest);
    char out[NODE_ADDRESS_MAX + 1];
    host_address(&config, out);
    CU_ASSERT_EQUAL(strlen(out), CONFIG_PUBLIC_MAX - 1 + strlen(":65535"));
    CU_ASSERT_STRING_EQUAL(out + CONFIG_PUBLIC_MAX - 1, ":65535");
    expect_address("--listen 127.0.0.1:8000", "127.0.0.1:8000");
    expect_address("--listen [::1]:8000", "[::1]:8000");
    expect_address("--listen 127.0.0.1:0", "");
    expect_address("--listen 127.0.0.1:0 --public spar.example:443", "spar.example:443");
    expect_address("--listen 127.0.0.1:8000 --public spar.example", "spar.example:8000");
    expect_address("--listen :8000 --public spar.example:443 --address two.spar.example",
                   "two.spar.example:8000");
    expect_address("--public spar.example:443 --address [2001:db8::2]:444", "[2001:db8::2]:444");
}

static void test_flags(void) {
    expect_ready("--listen 127.0.0.1:0 --listen [::1]:443 --listen :8000 --listen localhost"
                 " --data d --cert c.pem --key k.pem --public spar.example:443 --workers 3"
                 " --max-connections 5 --max-rooms 6 --tokens 8 --per-key 9 --per-address 10 "
                 "--rooms-per-hour 11 "
                 "--max-output-all 11 --max-output 1537 --appear-within 7 "
                 "--open-hosting "
                 "--clock-rate 60"
                 " --log-level debug");
    CU_ASSERT_EQUAL(config.listen_count, 4);
    expect_listen(0, "127.0.0.1", 0);
    expect_listen(1, "::1", 443);
    expect_listen(2, "0.0.0.0", 8000);
    expect_listen(3, "127.0.0.1", CONFIG_PORT);
    CU_ASSERT_STRING_EQUAL(config.listens[1].text, "[::1]:443");
    CU_ASSERT_STRING_EQUAL(config.data, "d");
    CU_ASSERT_STRING_EQUAL(config.cert, "c.pem");
    CU_ASSERT_STRING_EQUAL(config.key, "k.pem");
    CU_ASSERT_STRING_EQUAL(config.public_name, "spar.example:443");
    CU_ASSERT_EQUAL(config.workers, 3);
    CU_ASSERT_EQUAL(config.max_connections, 5);
    CU_ASSERT_EQUAL(config.max_rooms, 6);
    CU_ASSERT_EQUAL(config.tokens, 8);
    CU_ASSERT_EQUAL(config.per_key, 9);
    CU_ASSERT_EQUAL(config.rooms_per_hour, 11);
    CU_ASSERT_EQUAL(config.per_address, 10);
    CU_ASSERT_EQUAL(config.max_output_all, 11);
    CU_ASSERT_EQUAL(config.max_output, 1537);
    CU_ASSERT_EQUAL(config.appear_within, 7);
    CU_ASSERT_EQUAL(config.clock_rate, 60);
    CU_ASSERT(config.open_hosting);
    CU_ASSERT_EQUAL(config.log_level, LOG_LEVEL_DEBUG);
    CU_ASSERT_EQUAL(load("--version"), CONFIG_SHOWN);
    CU_ASSERT_EQUAL(load("--help"), CONFIG_SHOWN);
}

static void test_bounds(void) {
    expect_ready("--workers 1");
    expect_ready("--workers 60");
    expect_wrong("--workers 61", "--workers: '61' is not a whole number from 1 to 60.");
    expect_wrong("--workers 0", "--workers: '0' is not a whole number from 1 to 60.");
    expect_ready("--clock-rate 3600");
    expect_wrong("--clock-rate 3601", "--clock-rate: '3601' is not a whole number from 1 to 3600.");
    expect_ready("--max-connections 1000000 --max-rooms 1000000");
    expect_wrong("--max-connections 1000001",
                 "--max-connections: '1000001' is not a whole number from 1 to 1000000.");
    expect_wrong("--max-rooms 4294967297",
                 "--max-rooms: '4294967297' is not a whole number from 1 to 1000000.");
    expect_ready("--keep 3660d");
    CU_ASSERT_EQUAL(config.keep_hours, CONFIG_KEEP_MAX);
    expect_wrong("--keep 3661d", "--keep: '3661d' is not from 1 to 3660 of those.");
    expect_wrong("--keep 0h", "--keep: '0h' is not from 1 to 87840 of those.");
    expect_wrong("--keep 180", "--keep: '180' is not a time like 180d or 12h, nor ever.");
    expect_wrong("--keep 1d --journal postgresql:///spar",
                 "keep: a journal that several servers share cannot remove anything yet; leave it "
                 "out.");
    expect_ready("--keep 12h");
    CU_ASSERT_EQUAL(config.keep_hours, 12);
    expect_ready("--appear-within 3600");
    expect_wrong("--appear-within 3601",
                 "--appear-within: '3601' is not a whole number from 1 to 3600.");
    expect_wrong("--appear-within 0", "--appear-within: '0' is not a whole number from 1 to 3600.");
    expect_ready("");
    CU_ASSERT_EQUAL(config.appear_within, 60);
    static const char one[] = "--listen :0 ";
    char line[(CONFIG_LISTEN_MAX + 1) * (sizeof one - 1) + 1];
    for (size_t i = 0; i < CONFIG_LISTEN_MAX + 1; i++) {
        snprintf(line + i * (sizeof one - 1), sizeof one, "%s", one);
    }
    expect_ready(line + sizeof one - 1);
    expect_wrong(line, "--listen: no more than 8 addresses are possible.");
    expect_ready("--listen :65535");
    expect_wrong("--listen :65536", "--listen: ':65536' is not an address and port like "
                                    "192.0.2.1:7447 or [2001:db8::1]:7447.");
}

static void test_relays(void) {
    static const char four[] = "--turn-secret /s --turn turn:t:1 --turn turn:t:2 --turn turn:t:3 "
                               "--turn turn:t:4 --turn turn:t:5";
    char line[sizeof four];
    expect_wrong(four, "--turn: no more than 4 relays are possible.");
    snprintf(line, sizeof line, "%.*s", (int)(sizeof four - sizeof " --turn turn:t:5"), four);
    expect_ready(line);
    expect_ready("--turn turn:a --turn turns:b --turn-secret /s --relay-only");
    CU_ASSERT_STRING_EQUAL(config.turn, "turn:a\nturns:b");
    CU_ASSERT_STRING_EQUAL(config.turn_secret, "/s");
    CU_ASSERT_TRUE(config.relay_only);
    expect_ready("");
    CU_ASSERT_FALSE(config.relay_only);
    expect_wrong("--turn stun:a", "--turn: 'stun:a' is not a relay like "
                                  "turn:turn.example:3478?transport=udp.");
    expect_wrong("--turn turn:a", "turn-secret is missing: a relay and the secret shared with it "
                                  "are given together.");
    expect_wrong("--turn-secret /s", "turn is missing: a relay and the secret shared with it are "
                                     "given together.");
    expect_wrong("--relay-only", "relay-only needs a relay: give --turn and --turn-secret.");
}

static void test_wrong_flags(void) {
    expect_wrong("--wrokers 2", "--wrokers is no option of spard; spard --help lists them.");
    expect_wrong("-x", "-x is no option of spard; spard --help lists them.");
    expect_wrong("--data", "--data needs a value; spard --help says which.");
    expect_wrong("start", "'start' is not understood: spard takes options only; see spard --help.");
    expect_wrong("--workers two", "--workers: 'two' is not a whole number from 1 to 60.");
    expect_wrong("--workers -1", "--workers: '-1' is not a whole number from 1 to 60.");
    expect_wrong("--log-level loud",
                 "--log-level: 'loud' is not a level: error, warn, info or debug.");
    expect_wrong("--cert c", "key is missing: a certificate and its key are given together.");
    expect_wrong("--key k", "cert is missing: a certificate and its key are given together.");
    expect_wrong("--listen example.org:1", "--listen: 'example.org:1' is not an address and port "
                                           "like 192.0.2.1:7447 or [2001:db8::1]:7447.");
    expect_wrong("--listen [::1", "--listen: '[::1' is not an address and port like "
                                  "192.0.2.1:7447 or [2001:db8::1]:7447.");
    expect_wrong("--public https://x", "--public: 'https://x' is not a host name with or without a "
                                       "port, like spar.example:7447.");
    expect_wrong("--public x:0", "--public: 'x:0' is not a host name with or without a port, like "
                                 "spar.example:7447.");
    expect_ready("--public [2001:db8::1]:443");
    expect_ready("--public 192.0.2.1");
    expect_wrong("--address x:0", "--address: 'x:0' is not a host name with or without a port, "
                                  "like spar.example:7447.");
}

/* A path at its bound and one past it; none at all. */
static void test_long_paths(void) {
    static char path[PATH_MAX + 1];
    memset(path, 'p', PATH_MAX);
    char *argv[] = {(char[]){"spard"}, (char[]){"--data"}, path, NULL};
    path[PATH_MAX - 1] = '\0';
    optind = 0;
    CU_ASSERT_EQUAL(config_load(&config, 3, argv, error), CONFIG_READY);
    path[PATH_MAX - 1] = 'p';
    optind = 0;
    CU_ASSERT_EQUAL(config_load(&config, 3, argv, error), CONFIG_WRONG);
    CU_ASSERT_STRING_EQUAL(error, "--data: a path of 4096 bytes is too long; 4095 are possible.");
    path[0] = '\0';
    optind = 0;
    CU_ASSERT_EQUAL(config_load(&config, 3, argv, error), CONFIG_WRONG);
}

static char folder[TEMP_PATH_SIZE], file_path[TEMP_PATH_SIZE];

static int make_folder(void) {
    temp_make(folder);
    temp_path(folder, "spard.yaml", file_path);
    return 0;
}

static int remove_folder(void) {
    temp_remove(folder);
    return 0;
}

static enum config_result load_file(const char *yaml, const char *flags) {
    char line[TEMP_PATH_SIZE + 256];
    temp_write(file_path, yaml, strlen(yaml));
    snprintf(line, sizeof line, "%s --config %s", flags, file_path);
    return load(line);
}

/* complaint: what follows the file's name. */
static void expect_wrong_file(const char *yaml, const char *complaint) {
    CU_ASSERT_EQUAL(load_file(yaml, ""), CONFIG_WRONG);
    size_t len = strlen(file_path);
    CU_ASSERT_FATAL(strncmp(error, file_path, len) == 0);
    if (strcmp(error + len, complaint) != 0) {
        printf("\n    said     \"%s\"\n    expected \"%s\"", error + len, complaint);
    }
    CU_ASSERT_STRING_EQUAL(error + len, complaint);
}

static void test_file(void) {
    CU_ASSERT_EQUAL(load_file("# a comment\nlisten: ['127.0.0.1:1', \"[::1]:2\"]\nworkers: 4\n"
                              "open-hosting: true\ndata: /srv/spar\nlog-level: warn\n",
                              ""),
                    CONFIG_READY);
    CU_ASSERT_EQUAL(config.listen_count, 2);
    expect_listen(1, "::1", 2);
    CU_ASSERT_EQUAL(config.workers, 4);
    CU_ASSERT(config.open_hosting);
    CU_ASSERT_STRING_EQUAL(config.data, "/srv/spar");
    CU_ASSERT_EQUAL(config.log_level, LOG_LEVEL_WARN);
    /* Flags outrank the file, wherever --config stands. */
    CU_ASSERT_EQUAL(load_file("turn: [turn:a, turn:b]\nturn-secret: /s\n", "--turn turn:c"),
                    CONFIG_READY);
    CU_ASSERT_STRING_EQUAL(config.turn, "turn:c");
    CU_ASSERT_EQUAL(load_file("turn:\n  - turn:a\n  - turn:b\nturn-secret: /s\n", ""),
                    CONFIG_READY);
    CU_ASSERT_STRING_EQUAL(config.turn, "turn:a\nturn:b");
    CU_ASSERT_EQUAL(load_file("listen: 127.0.0.1:1\nworkers: 4\n", "--workers 2 --listen :9"),
                    CONFIG_READY);
    CU_ASSERT_EQUAL(config.workers, 2);
    CU_ASSERT_EQUAL(config.listen_count, 1);
    expect_listen(0, "0.0.0.0", 9);
    CU_ASSERT_EQUAL(load_file("", ""), CONFIG_READY);
    CU_ASSERT_EQUAL(load_file("# only a comment\n", ""), CONFIG_READY);
}

static void test_wrong_files(void) {
    expect_wrong_file("workers: 4\nworkrs: 5\n", ":2:1: 'workrs' is no setting; spard --help lists "
                                                 "them, to be written without dashes.");
    expect_wrong_file("data: d\nworkers:  many\n",
                      ":2:11: workers: 'many' is not a whole number from 1 to 60.");
    expect_wrong_file("listen:\n  - ':1'\n  - nowhere\n",
                      ":3:5: listen: 'nowhere' is not an address and port like 192.0.2.1:7447 or "
                      "[2001:db8::1]:7447.");
    expect_wrong_file("workers: [1, 2]\n", ":1:1: workers: a single value is expected here.");
    expect_wrong_file("open-hosting: yes\n",
                      ":1:15: open-hosting: 'yes' is neither true nor false.");
    expect_wrong_file("- workers\n", ":1:3: settings are written as `name: value`, one a line.");
    expect_wrong_file("config: other.yaml\n",
                      ":1:1: 'config' is no setting; spard --help lists them, "
                      "to be written without dashes.");
    expect_wrong_file("workers: 4\n---\nworkers: 5\n",
                      ":2:1: a second document begins here; a file holds one.");
    CU_ASSERT_EQUAL(load_file("workers: 4\nworkers: 5\n", ""), CONFIG_WRONG);
    CU_ASSERT_PTR_NOT_NULL(strstr(error, ":2:1: "));
    CU_ASSERT_EQUAL(load_file("workers: 4\ndata: 'open\n", ""), CONFIG_WRONG);
    CU_ASSERT_PTR_NOT_NULL(strstr(error, ":2:"));
    CU_ASSERT_PTR_NULL(strchr(error, '\n'));
    CU_ASSERT_EQUAL(load_file("cert: c\n", ""), CONFIG_WRONG);
}

static void test_unreadable_files(void) {
    static char big[65536 + 2];
    expect_wrong("--config /dev/null/spar.yaml",
                 "The configuration file /dev/null/spar.yaml cannot be read: Not a directory.");
    expect_wrong("--config /", "The configuration file / cannot be read: Is a directory.");
    memset(big, '#', sizeof big - 1);
    big[65536] = '\0';
    CU_ASSERT_EQUAL(load_file(big, ""), CONFIG_READY);
    big[65536] = '#';
    CU_ASSERT_EQUAL(load_file(big, ""), CONFIG_WRONG);
    CU_ASSERT_PTR_NOT_NULL(strstr(error, "longer than 64 KiB"));
}

int main(void) {
    static CU_TestInfo flags[] = {{"defaults", test_defaults},
                                  {"every flag", test_flags},
                                  {"where it is found alone", test_address},
                                  {"bounds", test_bounds},
                                  {"mistakes", test_wrong_flags},
                                  {"long paths", test_long_paths},
                                  {"relays for voice", test_relays},
                                  CU_TEST_INFO_NULL};
    static CU_TestInfo files[] = {{"settings", test_file},
                                  {"mistakes, with their place", test_wrong_files},
                                  {"files that cannot be read", test_unreadable_files},
                                  CU_TEST_INFO_NULL};
    static CU_SuiteInfo suites[] = {{"flags", NULL, NULL, NULL, NULL, flags},
                                    {"file", make_folder, remove_folder, NULL, NULL, files},
                                    CU_SUITE_INFO_NULL};
    return test_main(suites);
}
