/** The version of all parts. */
export const VERSION = '0.1.0';
