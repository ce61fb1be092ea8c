/** Calls that change what is on a disk, whatever they are given. */
const CHANGING =
  /^(rename|renameat|renameat2|unlink|unlinkat|rmdir|mkdir|mkdirat|mknod|mknodat|link|linkat|symlink|symlinkat|chmod|fchmod|fchmodat|chown|fchown|lchown|fchownat|truncate|ftruncate|utime|utimes|utimensat|futimesat|setxattr|lsetxattr|fsetxattr|removexattr|creat|io_uring_setup)$/;
const OPENING = /^(open|openat|openat2)$/;
const FOR_WRITING = /\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b/;
const NO_DISK = /"\/(dev|proc|sys)\//;

/** The calls in an `strace -f` log that write to a disk, or try to. Throws when the log shows no reading either: then nothing was watched. */
export function writingCalls(log: string): string[] {
  const calls = log.split("\n").flatMap((line) => {
    const name = /^(?:\d+ +)?([a-z_0-9]+)\(/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, line }];
  });
  if (!calls.some(({ name }) => OPENING.test(name))) throw new Error("the log of system calls shows no open at all");
  return calls
    .filter(({ name, line }) => (CHANGING.test(name) || (OPENING.test(name) && FOR_WRITING.test(line))) && !NO_DISK.test(line))
    .map(({ line }) => line);
}
