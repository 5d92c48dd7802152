/** Exit codes of the command line. */
export const ExitCode = { OK: 0, CHECK_FAILED: 1, USAGE: 2, NUMERICAL: 3, INTERRUPTED: 130 } as const;
