import { UsageError } from "../../solvers/errors.js";

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or directory",
  EACCES: "permission is denied",
  EPERM: "the operation is not permitted",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  EEXIST: "a part of the path is a file that exists",
  ENOTEMPTY: "it is a directory",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
};

const WAYS_OUT: Readonly<Record<string, string>> = {
  ENOENT: "check the spelling of the path",
  ENOSPC: "free some space or choose another directory",
  EDQUOT: "free some space or choose another directory",
  EACCES: "choose a path you may use",
  EPERM: "choose a path you may use",
  EROFS: "choose a path you may use",
};

/** The error of a failed file operation as one that names the path, the cause and the way out. */
export function fileError(operation: "read" | "write", path: string, cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const meaning = MEANINGS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const wayOut = WAYS_OUT[code];
  return new UsageError(`${path}: cannot ${operation} it, ${meaning}${wayOut === undefined ? "." : ` - ${wayOut}.`}`, {
    cause,
  });
}
