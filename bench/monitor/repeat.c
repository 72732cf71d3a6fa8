// SPDX-License-Identifier: Apache-2.0
/*
 * repeat KIND COUNT PATH: waits for a line on standard input, then makes COUNT times the same call: getpid, which
 * nobody watches, open (and close), stat, a name socket (and close), connect to a socket that is not there, tcp (a
 * refused connection), fork (and exit), or exec (of PATH, after a fork). Prints nanoseconds of CPU per turn: what else
 * the machine does meanwhile counts for little.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void turn(char kind, const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/dev/null/x" };
	struct sockaddr_in refused = { .sin_family = AF_INET,
				       .sin_port = htons(9),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct stat found;
	int fd;

	switch (kind) {
	case 'g':
		syscall(SYS_getpid);
		break;
	case 'o':
		close(open(path, O_RDONLY | O_CLOEXEC));
		break;
	case 's':
		stat(path, &found);
		break;
	case 'n':
		close(socket(AF_INET, SOCK_DGRAM, 0));
		break;
	case 'c':
		fd = socket(AF_UNIX, SOCK_STREAM, 0);
		connect(fd, (struct sockaddr *)&to, sizeof(to));
		close(fd);
		break;
	case 't':
		fd = socket(AF_INET, SOCK_STREAM, 0);
		connect(fd, (struct sockaddr *)&refused, sizeof(refused));
		close(fd);
		break;
	case 'e':
		if (vfork() == 0) {
			execl(path, path, NULL);
			_exit(127);
		}
		wait(NULL);
		break;
	case 'f':
		if (vfork() == 0)
			_exit(0);
		wait(NULL);
		break;
	}
}

/* Of this process and of those it has made. */
static double cpu_ns(void)
{
	struct timespec own;
	struct rusage made;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
	getrusage(RUSAGE_CHILDREN, &made);
	return own.tv_sec * 1e9 + own.tv_nsec + (made.ru_utime.tv_sec + made.ru_stime.tv_sec) * 1e9 +
	       (made.ru_utime.tv_usec + made.ru_stime.tv_usec) * 1e3;
}

int main(int argc, char **argv)
{
	double start;
	long count;
	char line[16];

	if (argc != 4 || !fgets(line, sizeof(line), stdin))
		return 2;
	count = atol(argv[2]);
	for (long i = 0; i < count / 10; i++)
		turn(argv[1][0], argv[3]);
	start = cpu_ns();
	for (long i = 0; i < count; i++)
		turn(argv[1][0], argv[3]);
	printf("%.1f\n", (cpu_ns() - start) / count);
	return 0;
}
