/* SPDX-License-Identifier: ISC */
/*
 * args.h: the command line of one subcommand from a table of its options, and the exit codes.
 */
#ifndef SPAR_CLIENT_CMD_ARGS_H
#define SPAR_CLIENT_CMD_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/* What a shell gets back, for every subcommand alike. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,        /* said why on stderr */
    EXIT_USAGE = 2,         /* the command line or a line of batch input is wrong */
    EXIT_REFUSED = 3,       /* the server refused */
    EXIT_DAMAGED = 4,       /* a recording is not whole */
    EXIT_NO_CONNECTION = 5, /* no connection, or with a stranger */
    EXIT_GO_ON = -1         /* args_parse: nothing to exit for */
};

/* One long option: a row of ARGS_FLAG or ARGS_TEXT. */
struct args_option {
    const char *name, *value; /* value: its name in the help, "MINUTES"; NULL for a flag */
    const char *help;
    bool *flag;        /* set if it is given */
    const char **text; /* takes the value; NULL for a flag */
};
#define ARGS_FLAG(name, to, help) \
    { name, NULL, help, to, NULL }
#define ARGS_TEXT(name, value, to, help) \
    { name, value, help, NULL, to }
/* The name that goes with every seat. */
#define ARGS_NAME(to) \
    ARGS_TEXT("name", "NAME", to, "the name that the others see ('spar config name')")

struct args_spec {
    const char *usage; /* "join LINK [OPTION]..." */
    const char *about; /* a few sentences for the help */
    const struct args_option *options;
    size_t option_count; /* at most ARGS_OPTIONS_MAX */
    int min, max;        /* of the words that are no options; max -1: any number */
};
#define ARGS_OPTIONS(rows) .options = (rows), .option_count = sizeof(rows) / sizeof(rows)[0]
enum { ARGS_OPTIONS_MAX = 24 };

/* Parses argv (argv[0]: the subcommand). EXIT_GO_ON: *rest is the index of the first of the other
 * words in argv, which has been reordered. Otherwise the status to exit with: help was printed, or
 * a complaint. */
int args_parse(const struct args_spec *spec, int argc, char **argv, int *rest)
    __attribute__((warn_unused_result));
/* "spar: SENTENCE" on stderr; returns status, for `return args_fail(...)`. */
int args_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints words of one's own on stdout, at 80 columns, each line from column `indent` on. */
void args_wrapped(const char *text, int indent);

/* Says that `what` could not be written to `path` (NULL: to stdout), for the reason `error` (0: not
 * known), and returns EXIT_FAILED. If stdout's reader has gone, as after `| head`, it had what it
 * wanted: EXIT_DONE without a word, as if it had read all of it, for it may have by a hair. */
int args_lost(const char *what, const char *path, int error);

#endif
