// SPDX-License-Identifier: Apache-2.0
/* Attempts that make another process of the same workload, one that is allowed more, do the work. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intruder.h"

#define SYS_PIDFD_OPEN 434
#define SYS_PIDFD_GETFD 438

/* The victim opens, again and again, what its memory names. Static programs have it at the same address. */
static volatile char wanted[256] = "/dev/null";

static int do_victim(char **words)
{
	(void)words;
	for (;;) {
		char text[64];
		int fd = open((const char *)wanted, O_RDONLY);
		ssize_t length = read(fd, text, sizeof(text));

		close(fd);
		if (length > 0)
			return write(STDOUT_FILENO, text, length) > 0 ? REACHED : IMPOSSIBLE;
		usleep(1000);
	}
}

static pid_t start_victim(char *program)
{
	char *arguments[] = { program, (char *)"victim", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv(program, arguments);
		_exit(IMPOSSIBLE);
	}
	usleep(100000);
	return pid;
}

static int do_write_memory(char **words)
{
	pid_t pid = start_victim(words[0]);
	struct iovec from = { words[1], strlen(words[1]) + 1 };
	struct iovec to = { (void *)wanted, from.iov_len };

	if (process_vm_writev(pid, &from, 1, &to, 1, 0) < 0) {
		kill(pid, SIGKILL);
		return failed("process_vm_writev");
	}
	return outcome(pid);
}

static int do_write_memory_file(char **words)
{
	pid_t pid = start_victim(words[0]);
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/proc/%d/mem", pid);
	fd = open(name, O_RDWR);
	if (fd < 0 || pwrite(fd, words[1], strlen(words[1]) + 1, (off_t)(uintptr_t)wanted) < 0) {
		kill(pid, SIGKILL);
		return failed("mem");
	}
	return outcome(pid);
}

static int do_trace(char **words)
{
	pid_t pid = start_victim(words[0]);
	size_t at;

	if (ptrace(PTRACE_ATTACH, pid, 0, 0)) {
		kill(pid, SIGKILL);
		return failed("ptrace");
	}
	waitpid(pid, NULL, __WALL);
	for (at = 0; at <= strlen(words[1]); at += sizeof(long)) {
		long word = 0;

		memcpy(&word, words[1] + at, strnlen(words[1] + at, sizeof(word)));
		ptrace(PTRACE_POKEDATA, pid, (char *)wanted + at, word);
	}
	ptrace(PTRACE_DETACH, pid, 0, 0);
	return outcome(pid);
}

/* Opens something and keeps it. */
static int do_holder(char **words)
{
	int fd = open(words[0], O_RDONLY);

	if (fd != 3)
		return failed("open");
	for (;;)
		pause();
}

/* Takes the descriptor of a process that was allowed to open what it stands for. */
static int do_steal_descriptor(char **words)
{
	char *arguments[] = { words[0], (char *)"holder", words[1], NULL };
	pid_t pid = fork();
	int fd;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv(words[0], arguments);
		_exit(IMPOSSIBLE);
	}
	usleep(100000);
	fd = syscall(SYS_PIDFD_GETFD, syscall(SYS_PIDFD_OPEN, pid, 0), 3, 0);
	kill(pid, SIGKILL);
	return fd < 0 ? failed("pidfd_getfd") : spill(fd);
}

const struct attempts sibling_attempts[] = {
	{ "victim", 0, do_victim },
	{ "write-memory", 2, do_write_memory },
	{ "write-memory-file", 2, do_write_memory_file },
	{ "trace", 2, do_trace },
	{ "holder", 1, do_holder },
	{ "steal-descriptor", 2, do_steal_descriptor },
	{ NULL, 0, NULL },
};
