/* SPDX-License-Identifier: ISC */
/*
 * cohort.h: the parts of spar cohort, one function each, and the command line that they share.
 */
#ifndef SPAR_CLIENT_CMD_COHORT_H
#define SPAR_CLIENT_CMD_COHORT_H

#include "client/cmd/cohort_ask.h"

/* As given on the command line; NULL: not given. */
struct cohort_args {
    const char *cohort, *link, *role, *identity, *name, *format, *out;
    const char *uses, *until, *at, *ics;
    bool json, asks, undo, yes;
};

/* What asks the cohort that the options name. */
struct cohort_ask cmd_cohort_ask(const struct cohort_args *args);

/* Each takes the words behind its name, ended by NULL, and returns the exit status. */
int cmd_cohort_new(const struct cohort_args *args, char **words);
int cmd_cohort_link(const struct cohort_args *args, char **words);
int cmd_cohort_move(const struct cohort_args *args, char **words);
int cmd_cohort_withdraw(const struct cohort_args *args, char **words);
int cmd_cohort_list(const struct cohort_args *args, char **words);
int cmd_cohort_offer(const struct cohort_args *args, char **words);
int cmd_cohort_members(const struct cohort_args *args, char **words);
int cmd_cohort_rooms(const struct cohort_args *args, char **words);
int cmd_cohort_sessions(const struct cohort_args *args, char **words);
int cmd_cohort_export(const struct cohort_args *args, char **words);
int cmd_cohort_report(const struct cohort_args *args, char **words);

/* The head of a list of rooms, which names the zone of its times once. */
void cohort_heading(const char *when, const char *rest);
int cmd_cohort_evening(const struct cohort_args *args, char **words);
int cmd_cohort_avoid(const struct cohort_args *args, char **words);
int cmd_cohort_tell(const struct cohort_args *args, char **words);
int cmd_cohort_reports(const struct cohort_args *args, char **words);
int cmd_cohort_suspend(const struct cohort_args *args, char **words);
int cmd_cohort_admit(const struct cohort_args *args, char **words);
int cmd_cohort_call(const struct cohort_args *args, char **words);

/* Reads the recordings of a folder and writes the report. format: enum report_format, not Markdown;
 * out: a file, NULL: standard output. Returns the exit status; complains on stderr. */
int cohort_report_run(const char *folder, int format, const char *out);

#endif
