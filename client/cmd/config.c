/* SPDX-License-Identifier: ISC */
/*
 * config.c: spar config: the defaults of one's own, each checked before it is written down.
 */
#include <stdio.h>
#include <string.h>

#include "client/cmd/cmd.h"
#include "client/cmd/pair_options.h"
#include "client/net/say.h"
#include "client/pack/choice.h"
#include "client/store/settings.h"
#include "protocol/text/text.h"

bool cmd_name(const char *given, char out[NAME_MAX_BYTES + 1]) {
    const char *set = getenv("SPAR_NAME");
    struct settings settings = {0};
    bool asked = (given != NULL && given[0] != '\0') || (set != NULL && set[0] != '\0');
    if (!asked) {
        cmd_settings(&settings);
        given = settings.value[SETTING_NAME];
    }
    identity_name(given, out);
    return asked;
}

bool cmd_bell(void) {
    struct settings settings;
    cmd_settings(&settings);
    return strcmp(settings.value[SETTING_BELL], "off") != 0;
}

/* ---- checks; each says what is wrong in one sentence ---- */

static bool check_name(const char *value, char *why) {
    char name[NAME_MAX_BYTES + 1];
    text_plain(span_of(value), name, sizeof name);
    snprintf(why, PAIR_OPTIONS_WHY_MAX,
             "A name should have 1 to %d bytes, and no control characters.", NAME_MAX_BYTES);
    return name[strspn(name, " ")] != '\0' && strcmp(name, value) == 0;
}

static bool check_bell(const char *value, char *why) {
    snprintf(why, PAIR_OPTIONS_WHY_MAX, "The bell is on or off.");
    return strcmp(value, "on") == 0 || strcmp(value, "off") == 0;
}

static bool check_pack(const char *value, char *why) {
    struct pack *pack = strchr(value, '/') == NULL ? pack_choice_read(value, stderr) : NULL;
    snprintf(why, PAIR_OPTIONS_WHY_MAX,
             "\"%.40s\" is no prompt that 'spar pack list' names; a file is given with --pack.",
             value);
    pack_unref(pack);
    return pack != NULL;
}

static bool check_plan(const char *value, char *why) {
    snprintf(why, PAIR_OPTIONS_WHY_MAX,
             "A plan's id is such as standard; 'spar pack show' "
             "lists those of a prompt.");
    return strlen(value) <= ID_MAX_BYTES &&
           strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(value);
}

static bool check(enum setting setting, const char *value, char *why) {
    struct pair_wants wants = {0};
    switch (setting) {
    case SETTING_NAME: return check_name(value, why);
    case SETTING_BELL: return check_bell(value, why);
    case SETTING_HOST_PACK: return check_pack(value, why);
    case SETTING_HOST_PLAN: return check_plan(value, why);
    case SETTING_PAIR_ROLE: return pair_options_role(value, &wants, why);
    case SETTING_PAIR_LEVEL: return pair_options_level(value, &wants, why);
    case SETTING_PAIR_MINUTES: return pair_options_minutes(value, &wants, why);
    case SETTING_PAIR_EXTRA: return pair_options_extra(value, &wants, why);
    case SETTING_PAIR_WAIT: return pair_options_wait(value, &wants, why);
    default: return false;
    }
}

/* Of a file that was edited by hand; the others are judged where they are used. */
static const enum setting judged[] = {SETTING_NAME, SETTING_BELL};

void cmd_settings(struct settings *out) {
    struct certs_why why;
    if (!settings_read(out, &why)) {
        (void)args_fail(EXIT_FAILED, "%s", why.text);
    }
    for (size_t i = 0; i < sizeof judged / sizeof *judged; i++) {
        char complaint[PAIR_OPTIONS_WHY_MAX];
        char *value = out->value[judged[i]];
        if (value[0] != '\0' && !check(judged[i], value, complaint)) {
            (void)args_fail(EXIT_FAILED, "Your setting %s is left out. %s", settings_key(judged[i]),
                            complaint);
            value[0] = '\0';
        }
    }
}

/* ---- the command ---- */

static int list(void) {
    struct settings settings;
    struct certs_why why;
    char path[IDENTITY_PATH_MAX];
    if (!settings_path(path, &why)) {
        return args_fail(EXIT_FAILED, "%s", why.text);
    }
    cmd_settings(&settings);
    say(stdout, "In %s:\n", path);
    for (int i = 0; i < SETTING_COUNT; i++) {
        char value[SETTING_MAX_BYTES + 1];
        text_plain(span_of(settings.value[i]), value, sizeof value);
        say(stdout, "  %-13s %-18s %s\n", settings_key((enum setting)i), value[0] ? value : "-",
            settings_what((enum setting)i));
    }
    return EXIT_DONE;
}

static int show(enum setting setting) {
    struct settings settings;
    cmd_settings(&settings);
    if (settings.value[setting][0] == '\0') {
        return args_fail(EXIT_FAILED, "%s is not set.", settings_key(setting));
    }
    char value[SETTING_MAX_BYTES + 1];
    text_plain(span_of(settings.value[setting]), value, sizeof value);
    say(stdout, "%s\n", value);
    return EXIT_DONE;
}

static int set(enum setting setting, const char *value) {
    char complaint[PAIR_OPTIONS_WHY_MAX];
    struct certs_why why;
    if (value != NULL && (strlen(value) > SETTING_MAX_BYTES || value[0] == '\0' ||
                          !check(setting, value, complaint))) {
        return args_fail(EXIT_USAGE, "%s",
                         value[0] == '\0' ? "Give a value, or take the setting away with --unset."
                         : strlen(value) > SETTING_MAX_BYTES ? "That is too long for a setting."
                                                             : complaint);
    }
    return settings_put(setting, value, &why) ? EXIT_DONE : args_fail(EXIT_FAILED, "%s", why.text);
}

static const char about[] =
    "Shows your settings, shows one, or sets one. What a command line gives outranks\n"
    "them. They are lines 'key: value' in $XDG_CONFIG_HOME/spar/settings, or in\n"
    "~/.config/spar/settings, which may be edited too.";

int cmd_config(int argc, char **argv) {
    bool unset = false;
    const struct args_option rows[] = {ARGS_FLAG("unset", &unset, "take the setting away")};
    const struct args_spec spec = {
        .usage = "config [KEY [VALUE]] [OPTION]",
        .about = about,
        ARGS_OPTIONS(rows),
        .max = 2,
    };
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    const char *key = argv[rest];
    const char *value = key == NULL ? NULL : argv[rest + 1];
    if (key == NULL) {
        return unset ? args_fail(EXIT_USAGE, "Say which setting to take away.") : list();
    }
    enum setting setting = settings_find(key);
    if (setting == SETTING_COUNT) {
        return args_fail(EXIT_USAGE, "There is no setting \"%.40s\"; 'spar config' lists all.",
                         key);
    }
    if (unset && value != NULL) {
        return args_fail(EXIT_USAGE, "Give a value or --unset, not both.");
    }
    return unset || value != NULL ? set(setting, value) : show(setting);
}
