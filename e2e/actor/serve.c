// SPDX-License-Identifier: Apache-2.0
/*
 * Standard input, one request a line, words encoded as in a report:
 *   subject TAG PARENT EXE [settings] OPERATION   PARENT is executed, forks, and its child executes EXE
 *   go TAG                                        lets that subject perform
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"
#include "report.h"

#define MAX_SUBJECTS 4096
#define MAX_WORDS 256
/* Words of a request before those that go on to the subject: subject TAG PARENT EXE. */
#define HEAD 4

extern char **environ;

static int go_fds[MAX_SUBJECTS];

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void decode(char *word)
{
	char *to = word;

	for (; *word; word++) {
		int high = *word == '%' ? digit(word[1]) : -1;
		int low = high < 0 ? -1 : digit(word[2]);

		if (low >= 0) {
			*to++ = high << 4 | low;
			word += 2;
		} else if (*word != '%') {
			*to++ = *word;
		}
	}
	*to = 0;
}

static int split(char *line, char **words)
{
	int count = 0;

	for (char *word = strtok(line, " \n"); word && count < MAX_WORDS - 1; word = strtok(NULL, " \n")) {
		decode(word);
		words[count++] = word;
	}
	words[count] = NULL;
	return count;
}

static void become_parent(char **words, int go)
{
	static char *arguments[MAX_WORDS + 8];
	static char go_text[16], report_text[16];
	const struct output output = { .fd = STDOUT_FILENO, .tag = words[1] };
	int count = 0;

	snprintf(go_text, sizeof(go_text), "%d", go);
	snprintf(report_text, sizeof(report_text), "%d", STDOUT_FILENO);
	fcntl(go, F_SETFD, 0);
	signal(SIGCHLD, SIG_DFL);
	arguments[count++] = words[2];
	arguments[count++] = "fork";
	arguments[count++] = go_text;
	arguments[count++] = report_text;
	arguments[count++] = words[1];
	for (char **word = words + HEAD - 1; *word; word++)
		arguments[count++] = *word;
	execve(words[2], arguments, environ);
	say_failed(&output, "exec-parent", errno);
	_exit(1);
}

static void start_subject(char **words)
{
	const struct output output = { .fd = STDOUT_FILENO, .tag = words[1] };
	int tag = atoi(words[1]);
	int ends[2];
	pid_t child;

	if (tag < 0 || tag >= MAX_SUBJECTS || pipe2(ends, O_CLOEXEC)) {
		say_failed(&output, "pipe", errno);
		return;
	}
	child = fork();
	if (child == 0)
		become_parent(words, ends[0]);
	if (child < 0)
		say_failed(&output, "fork", errno);
	close(ends[0]);
	go_fds[tag] = ends[1];
}

static void release(int tag)
{
	if (tag < 0 || tag >= MAX_SUBJECTS || !go_fds[tag])
		return;
	if (write(go_fds[tag], "g", 1) != 1)
		perror("actor: go");
	close(go_fds[tag]);
	go_fds[tag] = 0;
}

int serve(void)
{
	static char line[REPORT_BYTES];
	static char *words[MAX_WORDS];

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	open_listeners();
	while (fgets(line, sizeof(line), stdin)) {
		int count = split(line, words);

		if (count > HEAD && !strcmp(words[0], "subject"))
			start_subject(words);
		else if (count == 2 && !strcmp(words[0], "go"))
			release(atoi(words[1]));
		else
			fprintf(stderr, "actor: expected 'subject' or 'go', got '%s' with %d words\n", words[0], count);
	}
	return 0;
}
