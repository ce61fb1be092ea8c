/** A generator that was never begun ends without a word: `unread` is called then. */
export function readOnce<T>(body: AsyncGenerator<T>, unread: () => void): AsyncIterable<T> {
  let hasBegun = false;
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        hasBegun = true;
        return body.next();
      },
      return: async () => {
        if (!hasBegun) unread();
        return body.return(undefined);
      },
    }),
  };
}
