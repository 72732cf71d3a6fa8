// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"

static int (*performer)(void);

static int take_setting(const char *word)
{
	if (!strcmp(word, "tty"))
		return take_terminal() ? errno : 0;
	if (!strncmp(word, "cwd=", 4))
		return chdir(word + 4) ? errno : 0;
	if (!strncmp(word, "uid=", 4))
		return become_user(atoi(word + 4)) ? errno : 0;
	return REPORTED_ELSEWHERE;
}

int prepare(char **words, const struct output *output)
{
	for (; *words; words++) {
		int error = take_setting(*words);

		if (error > 0)
			return error;
		if (error == REPORTED_ELSEWHERE)
			break;
	}
	if (!*words)
		return EINVAL;
	if (!strcmp(*words, "open")) {
		performer = perform_open;
		return prepare_open(words + 1);
	}
	if (!strcmp(*words, "exec")) {
		performer = perform_execute;
		return prepare_execute(words + 1, output);
	}
	performer = perform_socket;
	if (prepare_socket(words) == 0)
		return 0;
	if (errno != ENOSYS)
		return errno;
	performer = perform_change;
	return prepare_change(words);
}

int perform(void)
{
	return performer();
}
