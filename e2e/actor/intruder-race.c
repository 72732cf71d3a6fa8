// SPDX-License-Identifier: Apache-2.0
/* Attempts that win if a second task is quick enough. */
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
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intruder.h"

#define SYS_OPENAT2 437

struct open_how {
	uint64_t flags, mode, resolve;
};

static pid_t start(void (*run)(void *), void *argument)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(argument);
		_exit(0);
	}
	return pid;
}

struct flip {
	const char *link, *one, *other;
};

/* The link is replaced, never missing. */
static void flip_forever(void *argument)
{
	const struct flip *flip = argument;
	char next[256];
	int turn;

	snprintf(next, sizeof(next), "%s.next", flip->link);
	for (turn = 0;; turn++) {
		unlink(next);
		if (symlink(turn & 1 ? flip->one : flip->other, next) || rename(next, flip->link))
			_exit(1);
		usleep(1);
	}
}

static int spill_secret(int fd)
{
	char text[64];
	ssize_t length = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[length > 0 ? length : 0] = 0;
	if (!strstr(text, "classified"))
		return REFUSED;
	return write(STDOUT_FILENO, text, length) > 0 ? REACHED : IMPOSSIBLE;
}

static int do_link_race(char **words)
{
	struct flip flip = { words[0], words[1], words[2] };
	int tries = atoi(words[3]);
	pid_t flipper;
	int result = REFUSED;

	unlink(flip.link);
	if (symlink(flip.one, flip.link))
		return failed("symlink");
	flipper = start(flip_forever, &flip);
	while (tries-- > 0 && result != REACHED) {
		int fd = open(flip.link, O_RDONLY);

		if (fd >= 0)
			result = spill_secret(fd);
	}
	kill(flipper, SIGKILL);
	waitpid(flipper, NULL, 0);
	return result;
}

/* The link is flipped between a program that may run and one that may not. */
static int do_exec_link_race(char **words)
{
	struct flip flip = { words[0], words[1], words[2] };
	int tries = atoi(words[3]);
	pid_t flipper;
	int result = REFUSED;

	unlink(flip.link);
	if (symlink(flip.one, flip.link))
		return failed("symlink");
	flipper = start(flip_forever, &flip);
	while (tries-- > 0 && result != REACHED) {
		pid_t pid = vfork();

		if (pid == 0) {
			execl(flip.link, flip.link, "won", NULL);
			_exit(REFUSED);
		}
		result = outcome(pid);
	}
	kill(flipper, SIGKILL);
	waitpid(flipper, NULL, 0);
	return result;
}

static void *flip_flags(void *argument)
{
	volatile uint64_t *flags = argument;

	for (;;) {
		*flags = O_WRONLY | O_APPEND;
		*flags = O_RDONLY;
	}
	return NULL;
}

static void flip_flags_forever(void *argument)
{
	flip_flags(argument);
}

static int flip_by_clone(void *argument)
{
	flip_flags(argument);
	return 0;
}

static int try_openat2(const char *path, struct open_how *how, int tries)
{
	while (tries-- > 0) {
		int fd = syscall(SYS_OPENAT2, AT_FDCWD, path, how, sizeof(*how));

		/* The other one must have its turn, on one processor as well. */
		if (tries % 16 == 0)
			usleep(1000);
		if (fd < 0)
			continue;
		if (write(fd, "scribbled\n", 10) == 10)
			return REACHED;
		close(fd);
	}
	return REFUSED;
}

/* The flags of openat2 are in memory: here in that of a thread, of a process that shares it, or of one that shares a
 * page. */
static int do_openat2_race(char **words)
{
	static char stack[65536];
	struct open_how *how = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_t thread;
	pid_t flipper = 0;
	int result;

	if (how == MAP_FAILED)
		return failed("mmap");
	if (!strcmp(words[2], "thread"))
		pthread_create(&thread, NULL, flip_flags, &how->flags);
	else if (!strcmp(words[2], "clone"))
		flipper = clone(flip_by_clone, stack + sizeof(stack) - 16, CLONE_VM | SIGCHLD, &how->flags);
	else
		flipper = start(flip_flags_forever, &how->flags);
	result = try_openat2(words[0], how, atoi(words[1]));
	if (flipper > 0)
		kill(flipper, SIGKILL);
	_exit(result);
}

struct swap {
	char *volatile *place;
	char *one, *other;
};

static void *swap_forever(void *argument)
{
	struct swap *swap = argument;

	for (;;) {
		*swap->place = swap->one;
		*swap->place = swap->other;
	}
	return NULL;
}

/* A thread that shares this memory until the exec exchanges an argument for one that is not allowed. */
static int race_arguments(const char *program, char *allowed, char *wanted)
{
	char *arguments[] = { (char *)program, allowed, NULL };
	struct swap swap = { (char *volatile *)&arguments[1], allowed, wanted };
	pthread_t thread;

	pthread_create(&thread, NULL, swap_forever, &swap);
	execv(program, arguments);
	return errno == EPERM || errno == EACCES ? REFUSED : IMPOSSIBLE;
}

/* The list ends before the argument, or behind it. */
static int race_list(const char *program, char *allowed, char *wanted)
{
	char *arguments[] = { (char *)program, wanted, allowed, NULL };
	struct swap swap = { (char *volatile *)&arguments[1], allowed, wanted };
	pthread_t thread;

	arguments[1] = allowed;
	arguments[2] = NULL;
	pthread_create(&thread, NULL, swap_forever, &swap);
	execv(program, arguments);
	return errno == EPERM || errno == EACCES ? REFUSED : IMPOSSIBLE;
}

static int do_list_race(char **words)
{
	int tries = atoi(words[3]);

	while (tries-- > 0) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(race_list(words[0], words[1], words[2]));
		if (outcome(pid) == REACHED)
			return REACHED;
	}
	return REFUSED;
}

/* What a program of many names is asked to be. */
static int do_name_race(char **words)
{
	int tries = atoi(words[4]);

	while (tries-- > 0) {
		pid_t pid = fork();

		if (pid == 0) {
			char *arguments[] = { words[1], words[3], NULL };
			struct swap swap = { (char *volatile *)&arguments[0], words[1], words[2] };
			pthread_t thread;

			pthread_create(&thread, NULL, swap_forever, &swap);
			execv(words[0], arguments);
			_exit(REFUSED);
		}
		outcome(pid);
	}
	return REFUSED;
}

static int do_arguments_race(char **words)
{
	int tries = atoi(words[3]);

	while (tries-- > 0) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(race_arguments(words[0], words[1], words[2]));
		if (outcome(pid) == REACHED)
			return REACHED;
	}
	return REFUSED;
}

static pthread_barrier_t barrier;
static const char *stormed;
static int won;

static void *storm(void *argument)
{
	int tries = 40;

	(void)argument;
	pthread_barrier_wait(&barrier);
	while (tries-- > 0) {
		int fd = open(stormed, O_RDONLY);

		if (fd >= 0)
			__atomic_fetch_add(&won, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static int do_storm(char **words)
{
	pthread_t threads[64];
	int i;

	stormed = words[0];
	pthread_barrier_init(&barrier, NULL, 64);
	for (i = 0; i < 64; i++)
		pthread_create(&threads[i], NULL, storm, NULL);
	for (i = 0; i < 64; i++)
		pthread_join(threads[i], NULL);
	return won > 0 ? read_file(stormed) : REFUSED;
}

const struct attempts race_attempts[] = {
	{ "link-race", 4, do_link_race },
	{ "exec-link-race", 4, do_exec_link_race },
	{ "openat2-race", 3, do_openat2_race },
	{ "arguments-race", 4, do_arguments_race },
	{ "list-race", 4, do_list_race },
	{ "name-race", 5, do_name_race },
	{ "storm", 1, do_storm },
	{ NULL, 0, NULL },
};
