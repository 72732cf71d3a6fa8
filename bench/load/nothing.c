// SPDX-License-Identifier: Apache-2.0
/* A program to execute. */
int main(void)
{
	return 0;
}
