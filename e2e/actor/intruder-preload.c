// SPDX-License-Identifier: Apache-2.0
/* A library that does something in the program that loads it, before that begins. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void intrude(void)
{
	const char *path = getenv("INTRUDER_READS");
	char text[256];
	ssize_t length;
	int fd;

	if (!path) {
		puts("preloaded");
		fflush(stdout);
		_exit(0);
	}
	fd = open(path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, sizeof(text));
	_exit(length > 0 && write(STDOUT_FILENO, text, length) == length ? 0 : 1);
}
