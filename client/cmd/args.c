/* SPDX-License-Identifier: ISC */
/*
 * args.c: options by getopt_long from a table; help printed from the same table.
 */
#include "client/cmd/args.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/net/say.h"
#include "client/store/safe_file.h"

enum { INDENT = 25, WIDTH = 80 };

int args_fail(int status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("spar: ", stderr);
    say_list(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return status;
}

int args_lost(const char *what, const char *path, int error) {
    if (path == NULL && safe_file_unread(stdout)) {
        return EXIT_DONE;
    }
    return args_fail(EXIT_FAILED, "%s could not be written (%s).", what,
                     error == 0 ? "some of it was lost" : strerror(error));
}

/* The first line begins where the cursor stands, at column `indent`. */
void args_wrapped(const char *text, int indent) {
    int column = indent;
    while (*text != '\0') {
        int len = (int)strcspn(text, " ");
        if (column > indent && column + 1 + len > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        column += printf("%s%.*s", column > indent ? " " : "", len, text);
        text += len + (text[len] == ' ');
    }
    putchar('\n');
}

static void print_help(const struct args_spec *spec) {
    fputs("Usage: spar ", stdout);
    args_wrapped(spec->usage, 12);
    printf("\n%s\n", spec->about);
    if (spec->option_count > 0) {
        puts("\nOptions:");
    }
    for (size_t i = 0; i < spec->option_count; i++) {
        const struct args_option *option = &spec->options[i];
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->value == NULL ? "" : " ",
                 option->value == NULL ? "" : option->value);
        printf("  %-*s ", INDENT - 3, left);
        args_wrapped(option->help, INDENT);
    }
    printf("  %-*s show this\n", INDENT - 3, "--help");
}

static int usage_error(const struct args_spec *spec, const char *what, const char *word) {
    const char *end = strchr(spec->usage, ' ');
    int len = end == NULL ? (int)strlen(spec->usage) : (int)(end - spec->usage);
    return args_fail(EXIT_USAGE, "%s%s; see 'spar %.*s --help'.", what, word, len, spec->usage);
}

static void fill_table(const struct args_spec *spec, struct option *table) {
    size_t i = 0;
    for (; i < spec->option_count && i < ARGS_OPTIONS_MAX; i++) {
        table[i] = (struct option){.name = spec->options[i].name,
                                   .has_arg = spec->options[i].text == NULL ? no_argument
                                                                            : required_argument};
    }
    table[i++] = (struct option){.name = "help", .val = 'h'};
    table[i] = (struct option){0};
}

int args_parse(const struct args_spec *spec, int argc, char **argv, int *rest) {
    struct option table[ARGS_OPTIONS_MAX + 2];
    fill_table(spec, table);
    optind = 0;
    opterr = 0;
    int index = -1;
    int found;
    while ((found = getopt_long(argc, argv, ":h", table, &index)) != -1) {
        if (found == 'h') {
            print_help(spec);
            return EXIT_DONE;
        }
        if (found != 0) {
            const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
            return usage_error(spec, found == ':' ? "A value is missing after " : "Unknown option ",
                               word);
        }
        const struct args_option *option = &spec->options[index];
        if (option->text != NULL) {
            *option->text = optarg;
        } else {
            *option->flag = true;
        }
    }
    int count = argc - optind;
    if (count < spec->min) {
        return usage_error(spec, "Something is missing: spar ", spec->usage);
    }
    if (spec->max >= 0 && count > spec->max) {
        return usage_error(spec, "One word too many: ", argv[optind + spec->max]);
    }
    *rest = optind;
    return EXIT_GO_ON;
}
