/** Exit codes of the command line; INTERNAL is EX_SOFTWARE of sysexits.h: a fault of this program, not of its input. */
export const ExitCode = { OK: 0, CHECK_FAILED: 1, USAGE: 2, NUMERICAL: 3, INTERNAL: 70, INTERRUPTED: 130 } as const;
