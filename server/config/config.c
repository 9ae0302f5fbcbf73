/* SPDX-License-Identifier: ISC */
/*
 * config.c: defaults, then the file, then the flags; what only shows once all is known is checked
 * last.
 */
#include "server/config/config.h"

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/limits.h"
#include "server/config/option.h"

enum {
    OPTIONS_MAX = 48, /* the rows of config_options, three more, and the end */
    FLAGS_MAX = 64,
    FLAG_CONFIG = 1000, /* values beyond any index into config_options */
    FLAG_HELP,
    FLAG_VERSION
};

/* A flag as it stood on the command line. */
struct flag {
    const struct config_option *option;
    const char *value;
};

struct flags {
    struct flag all[FLAGS_MAX];
    unsigned count;
    const char *config;
};

static const char default_listen[] = "0.0.0.0:7447";
static const char default_data[] = "spar-data";

static enum config_result wrong(char *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum config_result wrong(char *error, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(error, CONFIG_ERROR_MAX, format, args);
    va_end(args);
    return CONFIG_WRONG;
}

static void show_help(void) {
    printf(
        "Usage: spard [OPTION]...\n"
        "       spard check | backup FOLDER | forget ROOM|KEY [--data FOLDER]\n"
        "       spard move FROM TO\n"
        "       spard prune --older TIME --exported FOLDER [--data FOLDER]\n"
        "       spard nodes [--json] [--data FOLDER | --journal URI|FILE]\n"
        "       spard drain [NODE] [--data FOLDER]\n"
        "Keeps rooms for mock interviews. The first line on standard output is the link that lets\n"
        "somebody host a room; the log goes to standard error.\n\n");
    printf(
        "check reads every checksum of the journal; backup makes a whole copy of one moment;\n"
        "forget removes a room, or all that a key is part of, for good. A server that runs\n"
        "there goes on meanwhile. move brings a whole journal from a data folder into a database\n"
        "(as for --journal), or back, while no server runs on either. prune removes rooms from a\n"
        "database in which nothing has happened for so long (2y, 180d) and whose recordings are "
        "in\n"
        "the folder, as ROOM.spar. nodes lists the servers over one database.\n"
        "drain has one of them (default: that of FOLDER) hand its people over to the others.\n\n");
    for (const struct config_option *option = config_options; option->name != NULL; option++) {
        char flag[64];
        snprintf(flag, sizeof flag, "--%s%s%s", option->name, option->argument != NULL ? " " : "",
                 option->argument != NULL ? option->argument : "");
        printf("  %-24s %s\n", flag, option->help);
    }
    printf("  %-24s %s\n", "--older TIME", "of prune: without an event for so long");
    printf("  %-24s %s\n", "--exported FOLDER", "of prune: where the recordings are");
    printf("  %-24s %s\n", "--json", "of nodes: for programs");
    printf("  %-24s %s\n", "--config FILE", "the same settings as YAML; flags outrank it");
    printf("  %-24s %s\n", "--help, --version", "print what they say and exit");
    printf("\nWithout --listen: %s. Without --data: $STATE_DIRECTORY, or else ./%s.\n",
           default_listen, default_data);
}

static void make_table(struct option table[OPTIONS_MAX]) {
    int n = 0;
    for (; config_options[n].name != NULL; n++) {
        table[n] = (struct option){
            config_options[n].name,
            config_options[n].argument != NULL ? required_argument : no_argument, NULL, n + 1};
        if (n + 5 > OPTIONS_MAX) {
            abort(); /* a row too many: raise the bound */
        }
    }
    table[n++] = (struct option){"config", required_argument, NULL, FLAG_CONFIG};
    table[n++] = (struct option){"help", no_argument, NULL, FLAG_HELP};
    table[n++] = (struct option){"version", no_argument, NULL, FLAG_VERSION};
    table[n] = (struct option){NULL, 0, NULL, 0};
}

static enum config_result keep_flag(struct flags *flags, int code, char *error) {
    if (code == FLAG_CONFIG) {
        flags->config = optarg;
        return CONFIG_READY;
    }
    if (flags->count == FLAGS_MAX) {
        return wrong(error, "There are more than %d flags: put the settings into a --config file.",
                     FLAGS_MAX);
    }
    flags->all[flags->count++] =
        (struct flag){&config_options[code - 1], optarg != NULL ? optarg : "true"};
    return CONFIG_READY;
}

/* A letter that is no flag may stand in the midst of a word, so it is named by itself. */
static enum config_result unknown_flag(const char *word, char *error) {
    if (isprint(optopt)) {
        return wrong(error, "-%c is no option of spard; spard --help lists them.", optopt);
    }
    return wrong(error, "%.80s is no option of spard; spard --help lists them.", word);
}

static enum config_result take_flag(struct flags *flags, int code, const char *word, char *error) {
    switch (code) {
    case FLAG_HELP: show_help(); return CONFIG_SHOWN;
    case FLAG_VERSION: printf("spard %s\n", SPAR_VERSION); return CONFIG_SHOWN;
    case ':': return wrong(error, "%.80s needs a value; spard --help says which.", word);
    case '?': return unknown_flag(word, error);
    default: return keep_flag(flags, code, error);
    }
}

static enum config_result read_flags(struct flags *flags, int argc, char **argv, char *error) {
    struct option table[OPTIONS_MAX];
    make_table(table);
    opterr = 0;
    int code;
    while ((code = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        enum config_result result = take_flag(flags, code, argv[optind - 1], error);
        if (result != CONFIG_READY) {
            return result;
        }
    }
    if (optind < argc) {
        return wrong(error,
                     "'%.80s' is not understood: spard takes options only; see spard --help.",
                     argv[optind]);
    }
    return CONFIG_READY;
}

static void set_defaults(struct config *config) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    memset(config, 0, sizeof *config);
    config->workers = processors < 1                    ? 1
                      : processors > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX
                                                        : (unsigned)processors;
    config->clock_rate = 1;
    config->max_connections = 10000;
    config->max_rooms = 10000;
    config->tokens = CONN_TOKENS;
    config->per_key = CONN_PER_KEY;
    config->rooms_per_hour = ROOMS_PER_HOUR;
    config->per_address = CONN_PER_ADDRESS;
    config->max_output_all = CONN_OUTPUT_ALL_MAX / (1024 * 1024);
    config->max_output = CONN_OUTPUT_MAX / 1024;
    config->appear_within = LOBBY_APPEAR_MS / 1000;
    config->log_level = LOG_LEVEL_INFO;
}

/* The first --listen and the first --turn replace what the file listed. */
static bool apply_flags(struct config *config, const struct flags *flags, char *error) {
    char why[CONFIG_WHY_MAX];
    bool listens = false;
    bool relays = false;
    for (unsigned i = 0; i < flags->count; i++) {
        const struct flag *flag = &flags->all[i];
        if (!listens && strcmp(flag->option->name, "listen") == 0) {
            config->listen_count = 0;
            listens = true;
        } else if (!relays && strcmp(flag->option->name, "turn") == 0) {
            config->turn[0] = '\0';
            relays = true;
        }
        if (!flag->option->set(config, flag->value, why)) {
            snprintf(error, CONFIG_ERROR_MAX, "--%s: %s", flag->option->name, why);
            return false;
        }
    }
    return true;
}

/* systemd may give several folders, parted by colons; the first is for the data. */
static bool default_folder(struct config *config) {
    const char *state = getenv("STATE_DIRECTORY");
    if (state == NULL || state[0] == '\0') {
        state = default_data;
    }
    size_t len = strcspn(state, ":");
    if (len >= sizeof config->data) {
        return false;
    }
    memcpy(config->data, state, len);
    config->data[len] = '\0';
    return true;
}

static bool complete(struct config *config, char *error) {
    char why[CONFIG_WHY_MAX];
    if ((config->cert[0] == '\0') != (config->key[0] == '\0')) {
        wrong(error, "%s is missing: a certificate and its key are given together.",
              config->cert[0] == '\0' ? "cert" : "key");
        return false;
    }
    if (config->journal[0] != '\0' && config->keep_hours > 0) {
        wrong(error, "keep: a journal that several servers share cannot remove anything yet; leave "
                     "it out.");
        return false;
    }
    if ((config->turn[0] == '\0') != (config->turn_secret[0] == '\0')) {
        wrong(error, "%s is missing: a relay and the secret shared with it are given together.",
              config->turn[0] == '\0' ? "turn" : "turn-secret");
        return false;
    }
    if (config->relay_only && config->turn[0] == '\0') {
        wrong(error, "relay-only needs a relay: give --turn and --turn-secret.");
        return false;
    }
    if (config->data[0] == '\0' && !default_folder(config)) {
        wrong(error, "STATE_DIRECTORY is too long a path: give --data.");
        return false;
    }
    if (config->listen_count > 0) {
        return true;
    }
    return config_option_find("listen")->set(config, default_listen, why);
}

enum config_result config_load(struct config *config, int argc, char **argv, char *error) {
    struct flags flags = {.count = 0};
    error[0] = '\0';
    enum config_result result = read_flags(&flags, argc, argv, error);
    if (result != CONFIG_READY) {
        return result;
    }
    set_defaults(config);
    if ((flags.config != NULL && !config_file_read(config, flags.config, error)) ||
        !apply_flags(config, &flags, error) || !complete(config, error)) {
        return CONFIG_WRONG;
    }
    return CONFIG_READY;
}
