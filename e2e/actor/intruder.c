// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intruder.h"

const char *own_path;

int failed(const char *step)
{
	int error = errno;

	fprintf(stderr, "%s: %s\n", step, strerror(error));
	return error == EPERM || error == EACCES ? REFUSED : IMPOSSIBLE;
}

int spill(int fd)
{
	char text[256];
	ssize_t length = read(fd, text, sizeof(text));

	if (length <= 0)
		return length < 0 ? failed("read") : IMPOSSIBLE;
	return write(STDOUT_FILENO, text, length) == length ? REACHED : IMPOSSIBLE;
}

int scribble(int fd)
{
	return write(fd, "scribbled\n", 10) == 10 ? REACHED : failed("write");
}

int read_file(const char *path)
{
	int fd = open(path, O_RDONLY);

	return fd < 0 ? failed(path) : spill(fd);
}

int write_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	return fd < 0 ? failed(path) : scribble(fd);
}

int outcome(int pid)
{
	int status;

	if (pid < 0)
		return failed("fork");
	if (waitpid(pid, &status, __WALL) < 0)
		return failed("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : REFUSED;
}

static const struct attempts *const all[] = {
	open_attempts,	 race_attempts, uring_attempts,	 exec_attempts,
	source_attempts, low_attempts,	socket_attempts, sibling_attempts,
};

int main(int argc, char **argv)
{
	size_t table;

	if (argc < 2)
		return IMPOSSIBLE;
	own_path = argv[0];
	for (table = 0; table < sizeof(all) / sizeof(*all); table++) {
		const struct attempts *entry;

		for (entry = all[table]; entry->name; entry++) {
			if (!strcmp(entry->name, argv[1]) && argc - 2 >= entry->words)
				return entry->run(argv + 2);
		}
	}
	fprintf(stderr, "no such attempt: %s\n", argv[1]);
	return IMPOSSIBLE;
}
