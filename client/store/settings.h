/* SPDX-License-Identifier: ISC */
/*
 * settings.h: the defaults of one's own: a file of lines "key: value" that people may edit too.
 * What is given on a command line, or by a variable of the environment, outranks it.
 */
#ifndef SPAR_CLIENT_STORE_SETTINGS_H
#define SPAR_CLIENT_STORE_SETTINGS_H

#include <stdbool.h>

#include "certs/why.h"
#include "client/net/identity.h"

enum setting {
#define SETTING(name, key, what) SETTING_##name,
#include "client/store/settings.def"
#undef SETTING
    SETTING_COUNT
};
enum { SETTING_MAX_BYTES = 255 };

struct settings {
    char value[SETTING_COUNT][SETTING_MAX_BYTES + 1]; /* "": not set */
};

/* The key of a setting, and what it settles. */
const char *settings_key(enum setting setting);
const char *settings_what(enum setting setting);
/* SETTING_COUNT: there is none of that key. */
enum setting settings_find(const char *key);
/* $XDG_CONFIG_HOME/spar/settings, or ~/.config/spar/settings. False: `why` says why not. */
bool settings_path(char out[IDENTITY_PATH_MAX], struct certs_why *why)
    __attribute__((warn_unused_result));
/* Reads the file; there need be none. False: something in it is no setting, `why` says where; the
 * rest has been read. */
bool settings_read(struct settings *out, struct certs_why *why) __attribute__((warn_unused_result));
/* Sets one, or (value NULL) takes it away; all other lines stay as they are. False: `why` says why,
 * and the old file stays. */
bool settings_put(enum setting setting, const char *value, struct certs_why *why)
    __attribute__((warn_unused_result));

#endif
