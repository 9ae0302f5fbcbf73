/* SPDX-License-Identifier: ISC */
/*
 * main.c: finds the subcommand and runs it. What it printed has been written, or the exit status
 * says that it was not.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cmd/cmd.h"
#include "client/cmd/link_word.h"

static const struct {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
#define COMMAND(name, summary) {#name, summary, cmd_##name},
#include "client/cmd/commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out) {
    fputs("Usage: spar COMMAND [ARGUMENT]...\n\n"
          "A room for mock interviews: host one, join one, replay it afterwards.\n\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    fputs("\n'spar COMMAND --help' lists a command's options. Exit status: 0 done, 1 failed,\n"
          "2 wrong usage, 3 refused by the server, 4 damaged recording, 5 no connection.\n",
          out);
}

static int run(const char *name, int argc, char **argv) {
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return commands[i].run(argc, argv);
        }
    }
    return args_fail(EXIT_USAGE, "There is no command \"%.40s\"; see 'spar --help'.", name);
}

/* Whoever starts a program may have closed these; a file or a connection that got such a number
 * would be taken for the output. Writing to a read-only descriptor fails, as to a closed one. */
static bool keep_standard_files(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd) {
            return false;
        }
    }
    return true;
}

static int run_words(int argc, char **argv) {
    char help[] = "--help";
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0) {
        puts("spar " SPAR_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        (strcmp(name, "help") == 0 && argc < 3)) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(name, "help") == 0) {
        char *words[] = {argv[2], help, NULL};
        return run(argv[2], 2, words);
    }
    return run(name, argc - 1, argv + 1);
}

int main(int argc, char **argv) {
    /* For the screen alone: what people type and files hold is read and written alike everywhere.
     */
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    if (!keep_standard_files() || !link_words_hide(argc, argv)) {
        return EXIT_FAILED;
    }
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    int status = run_words(argc, argv);
    errno = 0;
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    return written || status != EXIT_DONE ? status : args_lost("The output", NULL, errno);
}
