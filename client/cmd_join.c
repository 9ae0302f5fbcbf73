/*
 * cmd_join.c: spar join LINK.
 */
#include "client/cmd.h"

int cmd_join(int argc, char **argv) {
    struct cmd_room_options options = {0};
    const struct args_option rows[] = {
        {"name", "NAME", "the name that the others see ($SPAR_NAME, else the login name)", NULL,
         &options.name},
        {"identity", "FILE", "the key to join with, made if it is missing", NULL,
         &options.identity},
        {"batch", NULL, "no screen: JSON lines in and out", &options.batch, NULL},
    };
    const struct args_spec spec = {
        "join LINK [OPTION]...",
        "Takes the seat that the link is for. The first key that uses a link owns its seat: with "
        "the\n"
        "same key you can come back with the same link, nobody else can.\n\n"
        "With --batch each line of standard input is one JSON object:\n"
        "  {\"do\":\"mark.set\",\"item\":\"clarify-volume\",\"mark\":\"raised\",\"at\":65000}\n"
        "      a command; \"at\" (with every kind of line): not before so many ms of the\n"
        "      interview, pauses left out\n"
        "  {\"wait\":\"stage\",\"stage\":\"running\"}    hold what follows until then\n"
        "  {\"wait\":\"event\",\"do\":\"seat.join\",\"role\":\"candidate\"}\n"
        "      until an event with these fields has come, after those that earlier waits took\n"
        "  {\"wait\":\"sync\"}        until every own command is confirmed\n"
        "  {\"invite\":\"coach\"}     ask for one more link\n"
        "  {\"digest\":true}        print the hash of the room's state as this seat sees it\n"
        "  {\"end\":true}           leave; the end of the input does the same\n"
        "Printed are {\"event\":…}, {\"refused\":…}, {\"kept\":…}, {\"link\":…}, {\"digest\":…}\n"
        "and {\"state\":…}, one a line.",
        rows,
        sizeof rows / sizeof rows[0],
        1,
        1};
    int rest;
    int status = args_parse(&spec, argc, argv, &rest);
    if (status != EXIT_GO_ON) {
        return status;
    }
    struct invite invite;
    char why[INVITE_WHY_MAX];
    if (!invite_parse(argv[rest], &invite, why)) {
        return args_fail(EXIT_USAGE, "%s", why);
    }
    if (invite.is_host) {
        return args_fail(EXIT_USAGE, "This link is for hosting; use 'spar host LINK' with it.");
    }
    options.invite = &invite;
    return cmd_room_run(&options);
}
