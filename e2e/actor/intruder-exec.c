// SPDX-License-Identifier: Apache-2.0
/* Ways to execute a program. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intruder.h"

extern char **environ;

/* What a program that was not to run says. */
static int do_evil(char **words)
{
	(void)words;
	return puts("evil ran") < 0 ? IMPOSSIBLE : REACHED;
}

/* What it may do. */
static int do_benign(char **words)
{
	(void)words;
	return IMPOSSIBLE;
}

/* Says so only as the program that is not to run: the one that may run is the same file in another place. */
static int do_won(char **words)
{
	char exe[256] = { 0 };

	(void)words;
	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0 || !strstr(exe, "forbidden"))
		return IMPOSSIBLE;
	return puts("race won") < 0 ? IMPOSSIBLE : REACHED;
}

static int run(const char *path, char **arguments)
{
	execve(path, arguments, environ);
	return failed(path);
}

static int do_run(char **words)
{
	return run(words[0], words);
}

static int do_run_named(char **words)
{
	return run(words[0], words + 1);
}

static int do_descriptor(char **words)
{
	int fd = open(words[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return failed("open");
	syscall(SYS_execveat, fd, "", words, environ, AT_EMPTY_PATH);
	return failed("execveat");
}

static int do_path_descriptor(char **words)
{
	int fd = open(words[0], O_PATH | O_CLOEXEC);

	if (fd < 0)
		return failed("open");
	syscall(SYS_execveat, fd, "", words, environ, AT_EMPTY_PATH);
	return failed("execveat");
}

static int do_deleted(char **words)
{
	int fd = open(words[0], O_PATH | O_CLOEXEC);

	if (fd < 0 || unlink(words[0]))
		return failed("unlink");
	syscall(SYS_execveat, fd, "", words, environ, AT_EMPTY_PATH);
	return failed("execveat");
}

static int do_proc_descriptor(char **words)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", open(words[0], O_PATH));
	return run(name, words);
}

/* By the root or the working directory of another process. */
static int do_sibling_root(char **words)
{
	char name[4096];
	pid_t sibling = fork();
	pid_t pid;
	int result;

	if (sibling == 0) {
		pause();
		_exit(0);
	}
	snprintf(name, sizeof(name), "/proc/%d/%s%s", sibling, words[0], words[1]);
	pid = fork();
	if (pid == 0)
		_exit(run(name, words + 1));
	result = outcome(pid);
	kill(sibling, SIGKILL);
	waitpid(sibling, NULL, 0);
	return result;
}

static void *run_in_thread(void *argument)
{
	char **words = argument;

	_exit(run(words[0], words));
}

static int do_thread(char **words)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run_in_thread, words);
	pthread_join(thread, NULL);
	return IMPOSSIBLE;
}

static int do_vfork(char **words)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(run(words[0], words));
	return outcome(pid);
}

static int do_daemon(char **words)
{
	int status = REFUSED;
	int pipes[2];
	pid_t pid;

	if (pipe(pipes))
		return failed("pipe");
	pid = fork();
	if (pid == 0) {
		setsid();
		if (fork() > 0)
			_exit(0);
		usleep(1000);
		pid = fork();
		if (pid == 0)
			_exit(run(words[0], words));
		status = outcome(pid);
		_exit(write(pipes[1], &status, sizeof(status)) < 0);
	}
	waitpid(pid, NULL, 0);
	return read(pipes[0], &status, sizeof(status)) == sizeof(status) ? status : IMPOSSIBLE;
}

static int run_in_clone(void *argument)
{
	char **words = argument;

	return run(words[0], words);
}

/* A child that is no child of its maker, and shares all that can be shared. */
static int do_clone_parent(char **words)
{
	static char stack[65536];
	pid_t middle = fork();

	if (middle == 0) {
		clone(run_in_clone, stack + sizeof(stack) - 16,
		      CLONE_PARENT | CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, words);
		_exit(IMPOSSIBLE);
	}
	for (;;) {
		int status;
		pid_t pid = wait(&status);

		if (pid < 0)
			return IMPOSSIBLE;
		if (pid != middle)
			return WIFEXITED(status) ? WEXITSTATUS(status) : REFUSED;
	}
}

static int copy_of(const char *path)
{
	char block[65536];
	int from = open(path, O_RDONLY);
	int to = memfd_create("intruder", 0);
	ssize_t length;

	if (from < 0 || to < 0)
		return -1;
	while ((length = read(from, block, sizeof(block))) > 0) {
		if (write(to, block, length) != length)
			return -1;
	}
	return to;
}

static int do_memfd(char **words)
{
	int fd = copy_of(words[0]);

	if (fd < 0)
		return failed("memfd");
	syscall(SYS_execveat, fd, "", words, environ, AT_EMPTY_PATH);
	return failed("execveat");
}

/* The same bytes, but for the name of the program that the kernel is to load first. */
static int do_interpreter(char **words)
{
	char block[65536];
	char *name;
	int from = open(words[0], O_RDONLY);
	int to = open(words[1], O_CREAT | O_TRUNC | O_WRONLY, 0755);
	ssize_t length = read(from, block, sizeof(block));

	if (from < 0 || to < 0 || length <= 0)
		return failed("copy");
	name = memmem(block, length, "/lib/ld-musl-x86_64.so.1", 25);
	if (!name || strlen(words[2]) > 24)
		return IMPOSSIBLE;
	memset(name, 0, 25);
	strcpy(name, words[2]);
	do {
		if (write(to, block, length) != length)
			return failed("write");
		length = read(from, block, sizeof(block));
	} while (length > 0);
	close(to);
	/* Its own name, and what it is asked for: not what it names. */
	words[2] = words[1];
	return run(words[1], words + 2);
}

static const struct {
	const char *name;
	int flag;
} namespaces[] = {
	{ "user", CLONE_NEWUSER }, { "mount", CLONE_NEWNS }, { "net", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },   { "uts", CLONE_NEWUTS },  { "cgroup", CLONE_NEWCGROUP },
};

static int do_namespaces(char **words)
{
	int flags = 0;
	size_t i;

	for (i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++) {
		if (strstr(words[0], namespaces[i].name))
			flags |= namespaces[i].flag;
	}
	return unshare(flags) ? failed("unshare") : run(words[1], words + 1);
}

static int do_traced(char **words)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(run(words[0], words));
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, pid, 0, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : REFUSED;
}

/* An exec that the kernel gives up for its environment, after it has asked about the program but not about its loader.
 */
static int do_after_failed_exec(char **words)
{
	static char big[200000];
	char *too_much[] = { big, NULL };
	char *own[] = { words[0], NULL };

	memset(big, 'x', sizeof(big) - 1);
	execve(words[0], own, too_much);
	if (errno != E2BIG)
		return failed(words[0]);
	return run(words[1], words + 1);
}

static int do_many_arguments(char **words)
{
	int count = atoi(words[3]);
	char **arguments = calloc(count + 3, sizeof(*arguments));
	int i;

	arguments[0] = words[0];
	arguments[1] = words[1];
	for (i = 0; i < count; i++)
		arguments[2 + i] = words[2];
	return run(words[0], arguments);
}

static int do_long_name(char **words)
{
	int length = atoi(words[2]);
	char *name = calloc(length + 1, 1);
	char *arguments[] = { name, words[1], NULL };

	memset(name, 'n', length);
	return run(words[0], arguments);
}

const struct attempts exec_attempts[] = {
	{ "evil", 0, do_evil },
	{ "benign", 0, do_benign },
	{ "won", 0, do_won },
	{ "run", 1, do_run },
	{ "run-named", 2, do_run_named },
	{ "descriptor", 1, do_descriptor },
	{ "path-descriptor", 1, do_path_descriptor },
	{ "deleted", 1, do_deleted },
	{ "proc-descriptor", 1, do_proc_descriptor },
	{ "sibling-root", 2, do_sibling_root },
	{ "thread", 1, do_thread },
	{ "vfork", 1, do_vfork },
	{ "daemon", 1, do_daemon },
	{ "clone-parent", 1, do_clone_parent },
	{ "namespaces", 2, do_namespaces },
	{ "traced", 1, do_traced },
	{ "after-failed-exec", 2, do_after_failed_exec },
	{ "many-arguments", 4, do_many_arguments },
	{ "long-name", 3, do_long_name },
	{ "memfd", 1, do_memfd },
	{ "interpreter", 3, do_interpreter },
	{ NULL, 0, NULL },
};
