/* SPDX-License-Identifier: ISC */
/*
 * option.h: the one table of what can be set; flags, file and help all come from it.
 */
#ifndef SPAR_SERVER_CONFIG_OPTION_H
#define SPAR_SERVER_CONFIG_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "server/config/config.h"

enum { CONFIG_WHY_MAX = 320 }; /* bytes for what is wrong with a value, with the NUL */

struct config_option {
    const char *name;     /* the long flag without dashes, and the key in the file */
    const char *argument; /* as the help names it; NULL: a switch, whose value is true or false */
    const char *help;
    /* Sets it from text; on false `why` (CONFIG_WHY_MAX bytes) ends the sentence "--name: …". */
    bool (*set)(struct config *config, const char *value, char *why);
};

/* Ends with a NULL name. */
extern const struct config_option config_options[];

/* NULL: no such option. */
const struct config_option *config_option_find(const char *name);
/* Sets what the file says over `config`; a repeated `listen` is a list. error as in config_load. */
bool config_file_read(struct config *config, const char *path, char *error)
    __attribute__((warn_unused_result));

#endif
