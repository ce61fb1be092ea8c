/** What is there already, or will be: of most requests it is there, and each promise would take its turn. */
export type Soon<T> = T | Promise<T>;

/** At once where the value is there. */
export function whenThere<T, U>(soon: Soon<T>, go: (value: T) => Soon<U>): Soon<U> {
  return soon instanceof Promise ? soon.then(go) : go(soon);
}
