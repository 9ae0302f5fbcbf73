/* SPDX-License-Identifier: ISC */
/*
 * Purpose: runs a program and kills it before its N-th call that changes files, all its threads at
 * once, so that a script can try each moment of an operation.
 *
 *     kill_at N PROGRAM [ARGUMENT]...     the exit status is the program's; 137: it was killed
 *
 * Counted are making, writing, syncing, cutting, renaming, linking and removing of files and
 * folders, what goes to standard output, and the end. A call like the one before it, on the same
 * descriptor, is the same moment. What the program starts is not looked at.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

enum { KILLED = 128 + SIGKILL, SYSCALL_STOP = SIGTRAP | 0x80 };

struct call {
    uint64_t number, first; /* first: of its arguments */
};

struct run {
    pid_t program;
    long count, at;
    struct call last;
};

static bool is_file(pid_t thread, uint64_t fd) {
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)thread, (int)fd);
    return fd == STDOUT_FILENO ||
           (stat(path, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)));
}

static bool changes(pid_t thread, const struct ptrace_syscall_info *info) {
    const __u64 *args = info->entry.args;
    switch (info->entry.nr) {
    case SYS_openat: return (args[2] & (O_CREAT | O_TRUNC)) != 0;
    case SYS_write:
    case SYS_pwrite64:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_ftruncate: return is_file(thread, args[0]);
#ifdef SYS_open
    case SYS_open: return (args[1] & (O_CREAT | O_TRUNC)) != 0;
    case SYS_rename:
    case SYS_link:
    case SYS_unlink:
    case SYS_mkdir:
    case SYS_rmdir:
#endif
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_renameat2:
    case SYS_linkat:
    case SYS_unlinkat:
    case SYS_mkdirat:
    case SYS_exit_group: return true;
    default: return false;
    }
}

/* At the entry of a call, in the thread that makes it. */
static void look(struct run *run, pid_t thread) {
    struct ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY || !changes(thread, &info)) {
        return;
    }
    struct call call = {info.entry.nr, info.entry.args[0]};
    bool same = call.number == run->last.number && call.first == run->last.first;
    run->last = call;
    if (!same && ++run->count == run->at) {
        kill(run->program, SIGKILL);
    }
}

static void go_on(struct run *run, pid_t thread, int status) {
    int stopped = WSTOPSIG(status);
    bool event = status >> 16 != 0 || stopped == SIGSTOP || stopped == SIGTRAP;
    if (stopped == SYSCALL_STOP) {
        look(run, thread);
    }
    ptrace(PTRACE_SYSCALL, thread, NULL, event || stopped == SYSCALL_STOP ? 0 : (long)stopped);
}

static int follow(struct run *run) {
    int status, end = EXIT_FAILURE;
    pid_t thread;
    while ((thread = waitpid(-1, &status, __WALL)) > 0) {
        if (WIFSTOPPED(status)) {
            go_on(run, thread, status);
        } else if (thread == run->program) {
            end = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
    }
    return end;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("kill_at N PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    struct run run = {.program = fork(), .at = strtol(argv[1], NULL, 10)};
    if (run.program == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        execvp(argv[2], &argv[2]);
        perror(argv[2]);
        return 2;
    }
    if (run.program < 0 || waitpid(run.program, NULL, 0) != run.program ||
        ptrace(PTRACE_SETOPTIONS, run.program, NULL,
               PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) != 0) {
        perror("kill_at");
        return 2;
    }
    ptrace(PTRACE_SYSCALL, run.program, NULL, NULL);
    return follow(&run);
}
