/* SPDX-License-Identifier: ISC */
/*
 * target.c: starting, pinning, reading and stopping a measured server.
 */
#include "tests/bench/target.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SERVER_PROCESSOR = 0 };

static void run_child(const char *const argv[], int out) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(SERVER_PROCESSOR, &set);
    sched_setaffinity(0, sizeof set, &set);
    dup2(out, STDOUT_FILENO);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    fprintf(stderr, "bench: cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

bool target_spawn(struct target *target, const char *const argv[], char *line, size_t size) {
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    target->pid = fork();
    if (target->pid == 0) {
        run_child(argv, ends[1]);
    }
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    bool ok = out != NULL && fgets(line, (int)size, out) != NULL;
    if (out != NULL) {
        fclose(out);
    }
    return ok;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void target_stop(struct target *target) {
    kill(target->pid, SIGTERM);
    waitpid(target->pid, NULL, 0);
    if (nftw(target->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0) {
        fprintf(stderr, "bench: %s is left behind\n", target->folder);
    }
}

int64_t target_cpu(const struct target *target) {
    clockid_t clock;
    struct timespec used = {0};
    if (clock_getcpuclockid(target->pid, &clock) == 0) {
        clock_gettime(clock, &used);
    }
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

/* Clock ticks of user and system: its own, and those of children that have ended. *parent: whose
 * child it is; 0: it is gone. Fields as in proc(5), the first of them the one behind the name. */
static int64_t ticks_of(long pid, long *parent) {
    enum { PARENT = 1, OWN = 11, FIELDS = 15 };
    char path[64], line[1024] = "";
    int64_t ticks = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "r");
    const char *rest = file != NULL && fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    if (file != NULL) {
        fclose(file);
    }
    *parent = 0;
    for (int i = 0; rest != NULL && i < FIELDS; i++) {
        rest = strchr(rest + 1, ' ');
        int64_t value = rest == NULL || i == 0 ? 0 : strtoll(rest + 1, NULL, 10);
        *parent = i == PARENT ? (long)value : *parent;
        ticks += i >= OWN ? value : 0;
    }
    return ticks;
}

int64_t target_cpu_of_family(pid_t pid) {
    long parent;
    int64_t ticks = ticks_of(pid, &parent);
    DIR *all = opendir("/proc");
    const struct dirent *entry;
    while (all != NULL && (entry = readdir(all)) != NULL) {
        long child = strtol(entry->d_name, NULL, 10);
        int64_t its = child > 0 ? ticks_of(child, &parent) : 0;
        ticks += child > 0 && parent == pid ? its : 0;
    }
    if (all != NULL) {
        closedir(all);
    }
    return ticks * (1000000000 / sysconf(_SC_CLK_TCK));
}

int64_t target_resident(const struct target *target) {
    char path[64], line[128] = "";
    snprintf(path, sizeof path, "/proc/%d/statm", (int)target->pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    char *second = fgets(line, sizeof line, file) != NULL ? strchr(line, ' ') : NULL;
    fclose(file);
    int64_t resident = second != NULL ? strtol(second, NULL, 10) : 0;
    return resident * sysconf(_SC_PAGESIZE);
}

/* What it answers, as a text: at most so many bytes. */
static void ask_metrics(const struct target *target, char *out, size_t size) {
    static const char question[] = "GET /metrics HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(target->metrics),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    size_t len = 0;
    ssize_t got = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, question, sizeof question - 1, MSG_NOSIGNAL) == sizeof question - 1) {
        while (got > 0 && len + 1 < size) {
            got = recv(fd, out + len, size - 1 - len, 0);
            len += got > 0 ? (size_t)got : 0;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    out[len] = '\0';
}

int64_t target_metric(const struct target *target, const char *name) {
    static char text[65536];
    char line[96];
    ask_metrics(target, text, sizeof text);
    snprintf(line, sizeof line, "\n%s ", name);
    const char *at = strstr(text, line);
    return at != NULL ? strtoll(at + strlen(line), NULL, 10) : 0;
}
