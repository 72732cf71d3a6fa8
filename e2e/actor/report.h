// SPDX-License-Identifier: Apache-2.0
/* One line of a report: words separated by blanks, each percent-encoded, an empty one as a lone '%'. No C library
 * needed. */
#ifndef ACTOR_REPORT_H
#define ACTOR_REPORT_H

#define REPORT_BYTES 16384

/* The variable that tells an executed copy to say so: "FD TAG". */
#define REPORT_VARIABLE "ACTOR_REPORT"

struct report {
	unsigned long length;
	char text[REPORT_BYTES];
};

static inline void report_char(struct report *report, char c)
{
	if (report->length < REPORT_BYTES - 1)
		report->text[report->length++] = c;
}

static inline int is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
	       c == '_' || c == '-' || c == ':';
}

static inline void report_word(struct report *report, const char *word)
{
	const char *digits = "0123456789ABCDEF";

	if (report->length)
		report_char(report, ' ');
	if (!*word)
		report_char(report, '%');
	for (; *word; word++) {
		unsigned char c = *word;

		if (is_plain(c)) {
			report_char(report, c);
			continue;
		}
		report_char(report, '%');
		report_char(report, digits[c >> 4]);
		report_char(report, digits[c & 15]);
	}
}

static inline void report_number(struct report *report, unsigned long number)
{
	char digits[24];
	int at = sizeof(digits) - 1;

	digits[at] = 0;
	do {
		digits[--at] = '0' + number % 10;
		number /= 10;
	} while (number);
	report_word(report, digits + at);
}

/* A number at the start of a text; *rest is what follows it. */
static inline int leading_number(const char *text, const char **rest)
{
	int number = 0;

	while (*text >= '0' && *text <= '9')
		number = number * 10 + (*text++ - '0');
	if (rest)
		*rest = text;
	return number;
}

#endif
