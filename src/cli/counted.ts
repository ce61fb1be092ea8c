/** "1 account", "3 accounts". `shown`: the number as it is written, where that is not as it is. */
export function counted(count: number, what: string, shown = String(count)): string {
  return `${shown} ${what}${count === 1 ? "" : "s"}`;
}
