/* SPDX-License-Identifier: ISC */
/*
 * config.h: what the operator asked for: flags, then a YAML file named by --config, then defaults.
 *
 * A flag outranks the file whatever their order. Every mistake is answered with one sentence that
 * names the flag, or the file with line and column, and says what would be right. Nothing is opened
 * or bound here.
 */
#ifndef SPAR_SERVER_CONFIG_CONFIG_H
#define SPAR_SERVER_CONFIG_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "protocol/limits.h"
#include "server/base/log.h"

enum config_limits {
    CONFIG_LISTEN_MAX = 8,
    CONFIG_LISTEN_TEXT_MAX = 272, /* ADDR:PORT as written, with the NUL */
    CONFIG_PUBLIC_MAX = 256,      /* HOST[:PORT], with the NUL */
    CONFIG_WORKERS_MAX = 60,      /* each listens to the journal, which takes 64 listeners */
    CONFIG_CLOCK_RATE_MAX = 3600,
    CONFIG_CONNECTIONS_MAX = 1000000,
    CONFIG_ROOMS_MAX = 1000000,
    CONFIG_TOKENS_MAX = 1000000,
    CONFIG_OUTPUT_MIN = 1536, /* KiB: more than one is caught up by at once */
    CONFIG_OUTPUT_MAX = 1024 * 1024,
    CONFIG_APPEAR_MAX = 3600,
    CONFIG_KEEP_MAX = TERM_HOURS_MAX, /* hours */
    CONFIG_ERROR_MAX = 512,           /* bytes for the sentence about a mistake, with the NUL */
    CONFIG_PORT = 7447                /* when none is given */
};

struct config_listen {
    struct sockaddr_storage address; /* ready to bind; port 0: the system chooses */
    socklen_t length;
    char text[CONFIG_LISTEN_TEXT_MAX]; /* as written, for messages */
};

struct config {
    struct config_listen listens[CONFIG_LISTEN_MAX];
    unsigned listen_count; /* at least 1 */
    char data[PATH_MAX];   /* data folder; made if missing by whoever opens it */
    /* Connection string or URI of a database that several servers share, or the path of a file that
     * holds it; "": journal.db in the data folder. */
    char journal[PATH_MAX];
    char cert[PATH_MAX]; /* "": self-made; else key is set too */
    char key[PATH_MAX];
    /* HOST or HOST:PORT for the links; "": the first listen address. */
    char public_name[CONFIG_PUBLIC_MAX];
    /* The same for this server alone, where public_name leads to several; "": as in the links. */
    char address[CONFIG_PUBLIC_MAX];
    struct config_listen metrics;  /* for Prometheus; text "": nowhere */
    char proxy[CONFIG_PUBLIC_MAX]; /* address of a proxy in front; "": none */
    char packs[PATH_MAX];          /* folder of *.pack files beside the packs built in; "": none */
    /* Relays for voice, each with the line's end before it but for the first; "": none. */
    char turn[TURN_URIS_MAX * (TURN_URI_MAX_BYTES + 1) + 1];
    char turn_secret[PATH_MAX]; /* file of the secret shared with them; set if they are */
    bool relay_only;            /* voice goes by them alone */
    char web_root[PATH_MAX];    /* folder of the page's files; "": those built in */
    unsigned workers;           /* 1..CONFIG_WORKERS_MAX; default: the processors of the machine */
    unsigned clock_rate;        /* room-clock ms per real ms, 1..CONFIG_CLOCK_RATE_MAX */
    unsigned max_connections;
    unsigned tokens;         /* that come back to a connection each second */
    unsigned per_key;        /* connections of one key */
    unsigned per_address;    /* connections of an address where nobody has a place */
    unsigned rooms_per_hour; /* that one key opens */
    unsigned max_output_all; /* MiB that may wait for all readers together */
    unsigned max_output;     /* KiB that may wait for one reader */
    unsigned max_rooms;      /* rooms loaded at once */
    unsigned appear_within;  /* s of room time, 1..CONFIG_APPEAR_MAX, that somebody paired has to
                                appear in */
    unsigned keep_hours;     /* that a log is kept once nothing more happens in it; 0: for good */
    bool open_hosting;       /* strangers may host */
    enum log_level log_level;
};

enum config_result {
    CONFIG_READY, /* config is complete */
    CONFIG_SHOWN, /* --help or --version was answered on stdout: exit 0 */
    CONFIG_WRONG  /* the sentence is in `error`: exit 2 */
};

/* Fills `config` from the command line (permutes argv as getopt does; once per process or after
 * optind = 0), the file that --config names, the environment's STATE_DIRECTORY (data folder under
 * systemd) and defaults. error: CONFIG_ERROR_MAX bytes, no newline. Main thread. */
enum config_result config_load(struct config *config, int argc, char **argv, char *error)
    __attribute__((warn_unused_result));

#endif
