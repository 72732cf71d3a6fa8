// SPDX-License-Identifier: Apache-2.0
/*
 * storm INTERVAL-MS KIND PATH PAUSE-US [KIND PATH PAUSE-US]...: one process for each kind, doing the same thing again
 * and again: opens PATH to read (read) or to write (write), opens one after another of PATH0 to PATH9999 (fresh),
 * executes PATH (exec), forks only (fork), opens the two files of PATH ("ONE:OTHER"), of which at any time one is
 * denied, in turn (turn: refused means that it is the other one now), makes and connects a TCP (tcp) or UDP (udp)
 * socket to the port PATH of 127.0.0.1, or makes a UDP one and sends (send). Every interval a line says for each:
 * passed, refused, failed otherwise, its error, longest and total wait in microseconds, and the 50th and 99th
 * percentile of the waits, all since the start but the longest. Ends with its input. With a negative interval the
 * processes work in turn, each for that long. "@RATE" for a pause is so many operations a second.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORKERS 16
/* 64 powers of two, each in 16 steps. */
#define BUCKETS 1024
/* A process that keeps to a rate is woken up for several operations, */
#define BURST_NS 200000ul
/* and gives up what it is behind by more than this. */
#define BEHIND_NS 500000000ul

struct tally {
	atomic_ulong passed, refused, failed, total_ns, longest_ns;
	atomic_int error, resting;
	atomic_ulong buckets[BUCKETS];
};

static unsigned long now_ns(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1000000000ul + at.tv_nsec;
}

static unsigned bucket_of(unsigned long ns)
{
	unsigned power;

	if (ns < 16)
		return ns;
	power = 63 - __builtin_clzl(ns);
	return (power - 3) * 16 + ((ns >> (power - 4)) & 15);
}

static unsigned long bucket_ns(unsigned bucket)
{
	unsigned power = bucket / 16 + 3;

	return bucket < 16 ? bucket : (1ul << power) | ((unsigned long)(bucket & 15) << (power - 4));
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int open_fresh(const char *prefix)
{
	static unsigned next;
	char path[4096];

	snprintf(path, sizeof(path), "%s%u", prefix, next++ % 10000);
	return open_file(path, O_RDONLY);
}

/* Without a path the child executes nothing. */
static int execute(char *path)
{
	char *argv[] = { path, NULL }, *envp[] = { NULL };
	volatile int error = 0;
	int status;
	pid_t child = vfork();

	if (child == 0) {
		if (path) {
			execve(path, argv, envp);
			error = errno;
		}
		_exit(127);
	}
	if (child < 0)
		return errno;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return error;
}

/* A connection that is refused by nobody listening has passed. */
static int use_socket(const char *kind, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(atoi(port)),
				  .sin_addr = { htonl(0x7f000001) } };
	int fd = socket(AF_INET, (strcmp(kind, "tcp") ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	int result = 0;

	if (fd < 0)
		return errno;
	if (!strcmp(kind, "send"))
		result = sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	else
		result = connect(fd, (struct sockaddr *)&to, sizeof(to));
	result = result < 0 && errno != ECONNREFUSED ? errno : 0;
	close(fd);
	return result;
}

static int take_turns(char *paths)
{
	static char *names[2];
	static int turn, denied = -1;
	int before, error;

	if (!names[0]) {
		names[0] = strtok(paths, ":");
		names[1] = strtok(NULL, ":");
	}
	error = open_file(names[turn], O_RDONLY);
	if (error && error != EACCES && error != EPERM)
		return error;
	before = denied;
	denied = error ? turn : !turn;
	turn = !turn;
	return before < 0 || before == denied ? 0 : EACCES;
}

static int perform(const char *kind, char *path)
{
	if (!strcmp(kind, "turn"))
		return take_turns(path);
	if (!strcmp(kind, "read"))
		return open_file(path, O_RDONLY);
	if (!strcmp(kind, "write"))
		return open_file(path, O_WRONLY);
	if (!strcmp(kind, "fresh"))
		return open_fresh(path);
	if (!strcmp(kind, "exec"))
		return execute(path);
	if (!strcmp(kind, "fork"))
		return execute(NULL);
	return use_socket(kind, path);
}

static unsigned long keep_pace(unsigned long due, unsigned long step)
{
	unsigned long now = now_ns();
	struct timespec at;

	due += step;
	if (due + BEHIND_NS < now)
		return now;
	if (due > now + BURST_NS) {
		at.tv_sec = due / 1000000000ul;
		at.tv_nsec = due % 1000000000ul;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	}
	return due;
}

static void work(struct tally *tally, char **words)
{
	unsigned long step = words[2][0] == '@' ? 1000000000ul / atoi(words[2] + 1) : 0;
	unsigned pause = step ? 0 : atoi(words[2]);
	unsigned long due = now_ns();

	for (;;) {
		unsigned long start, ns;
		int error;

		if (tally->resting) {
			usleep(1000);
			continue;
		}
		start = now_ns();
		error = perform(words[0], words[1]);

		ns = now_ns() - start;
		if (!error) {
			tally->passed++;
		} else if (error == EACCES || error == EPERM) {
			tally->refused++;
		} else {
			tally->error = error;
			tally->failed++;
		}
		tally->total_ns += ns;
		tally->buckets[bucket_of(ns)]++;
		if (ns > tally->longest_ns)
			tally->longest_ns = ns;
		if (step)
			due = keep_pace(due, step);
		else if (pause)
			usleep(pause);
	}
}

static unsigned long percentile_ns(struct tally *tally, double share)
{
	unsigned long all = 0, seen = 0;

	for (int i = 0; i < BUCKETS; i++)
		all += tally->buckets[i];
	for (int i = 0; i < BUCKETS; i++) {
		seen += tally->buckets[i];
		if (seen > all * share)
			return bucket_ns(i);
	}
	return 0;
}

static void report(struct tally *tallies, int count)
{
	char line[MAX_WORKERS * 256];
	int length = 0;

	for (int i = 0; i < count; i++) {
		struct tally *tally = &tallies[i];
		unsigned long longest = atomic_exchange(&tally->longest_ns, 0);

		length += snprintf(line + length, sizeof(line) - length, "%s%lu %lu %lu %d %lu %lu %.1f %.1f",
				   i ? "," : "", tally->passed, tally->refused, tally->failed, tally->error,
				   longest / 1000, tally->total_ns / 1000, percentile_ns(tally, 0.5) / 1e3,
				   percentile_ns(tally, 0.99) / 1e3);
	}
	line[length++] = '\n';
	if (write(STDOUT_FILENO, line, length) < 0)
		exit(1);
}

int main(int argc, char **argv)
{
	int count = (argc - 2) / 3, interval = argc > 1 ? atoi(argv[1]) : 0;
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	int in_turn = interval < 0, turn = 0;
	struct tally *tallies;
	char bytes[64];

	if (in_turn)
		interval = -interval;
	if (count < 1 || count > MAX_WORKERS || interval < 1)
		return 2;
	tallies = mmap(NULL, count * sizeof(*tallies), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tallies == MAP_FAILED)
		return 1;
	/* Ending the group must not end whoever started us. */
	setpgid(0, 0);
	for (int i = 0; i < count; i++) {
		tallies[i].resting = in_turn && i != 0;
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(&tallies[i], argv + 2 + 3 * i);
	}
	for (;;) {
		if (poll(&input, 1, interval) > 0 && read(STDIN_FILENO, bytes, sizeof(bytes)) <= 0)
			break;
		if (in_turn) {
			tallies[turn].resting = 1;
			turn = (turn + 1) % count;
			tallies[turn].resting = 0;
		}
		report(tallies, count);
	}
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	report(tallies, count);
	return 0;
}
