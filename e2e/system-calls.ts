/** Calls that change what is on a disk, whatever they are given. */
const CHANGING = new Set(
  [
    "rename renameat renameat2 unlink unlinkat rmdir mkdir mkdirat mknod mknodat link linkat symlink symlinkat creat truncate ftruncate",
    "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr removexattr",
  ].flatMap((names) => names.split(" ")),
);
const OPENING = new Set(["open", "openat", "openat2"]);
const FOR_WRITING = /\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)\b/;
/** A ring that the kernel works through by itself: what it does shows in no log. Node's other rings only watch sockets and pipes. */
const UNSEEN = /\bIORING_SETUP_SQPOLL\b/;
const NO_DISK = /"\/(dev|proc|sys)\//;

/** The calls in an `strace -f` log that write to a disk, or try to. Throws when the log shows no reading either: then nothing was watched. */
export function writingCalls(log: string): string[] {
  const calls = log.split("\n").flatMap((line) => {
    const name = /^(?:\d+ +)?([a-z_0-9]+)\(/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, line }];
  });
  if (!calls.some(({ name }) => OPENING.has(name))) throw new Error("the log of system calls shows no open at all");
  const writes = calls.filter(({ name, line }) => CHANGING.has(name) || (OPENING.has(name) && FOR_WRITING.test(line)) || UNSEEN.test(line));
  return writes.filter(({ line }) => !NO_DISK.test(line)).map(({ line }) => line);
}
