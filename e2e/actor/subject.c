// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

extern char **environ;

/* GO REPORT TAG SETTINGS... OPERATION */
int be_subject(char **words)
{
	const int go = atoi(words[0]);
	const struct output output = { .fd = atoi(words[1]), .tag = words[2] };
	int error = prepare(words + 3, &output);
	char byte;

	if (error) {
		say_failed(&output, "prepare", error);
		return 1;
	}
	say_number(&output, "ready", getpid());
	if (read(go, &byte, 1) != 1)
		return 1;
	error = perform();
	if (error != REPORTED_ELSEWHERE)
		say_number(&output, "errno", error);
	return 0;
}

/* The arguments of a loader are what it loads, so what it is to do stands in its environment. */
static void become_loader(char **words, const struct output *output)
{
	static char value[64];

	snprintf(value, sizeof(value), "%s %s %s", words[0], words[1], words[2]);
	setenv("ACTOR_SUBJECT", value, 1);
	execve(words[3], words + 5, environ);
	say_failed(output, "exec-loader", errno);
	_exit(1);
}

/* GO REPORT TAG EXE SETTINGS... OPERATION: this program's place in the tree is what it is for. */
int fork_subject(char **words)
{
	const struct output output = { .fd = atoi(words[1]), .tag = words[2] };
	char *exe = words[3];
	pid_t child = fork();
	int status;

	if (child == 0 && words[4] && !strcmp(words[4], "load"))
		become_loader(words, &output);
	if (child == 0) {
		/* EXE subject GO REPORT TAG ...: as many words as stood before, EXE moved to the front. */
		words[3] = words[2];
		words[2] = words[1];
		words[1] = words[0];
		words[0] = "subject";
		words[-1] = exe;
		execve(exe, words - 1, environ);
		say_failed(&output, "exec-subject", errno);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0) {
		say_failed(&output, "fork-subject", errno);
		return 1;
	}
	if (WIFSIGNALED(status))
		say_number(&output, "killed", WTERMSIG(status));
	else
		say_number(&output, "ended", WEXITSTATUS(status));
	return 0;
}
